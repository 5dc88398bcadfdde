/**
 * What changed at a domain: pure, from what is known of it and one more observation.
 *
 * What nobody could tell changes nothing. A condition is told when it comes to hold and once more when it is over; one
 * that may pass by itself only after it was seen several times in a row. The first look has no changes, but what is
 * wrong already is told.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { dueNotices, endsText, noticeKey } from '../trust/expiry/due.ts';
import type { DatedThing } from '../trust/expiry/thing.ts';
import { ADVICE, type ConditionKind, type WatchEvent } from './event.ts';
import { type Observation, observationSchema, shortHash, type TrustFact } from './observation.ts';
import { isAbout, type Signal, signalsOf } from './signals.ts';

const { certificates } = observationSchema.shape.discovery.shape;
const { anchors } = observationSchema.shape.trust.element.shape;

/** What is known of a domain, from all that was seen of it. JSON. */
export const standingSchema = z.object({
  certificates: certificates.optional(),
  /** By eyes. */
  trust: z.record(z.string(), z.object({ trusted: z.boolean(), anchors })),
  /** Names of the mail servers. */
  exchangers: z.array(z.string()).optional(),
  /** Conditions that hold, by kind and subject. `runs`: how often in a row they were seen. */
  conditions: z.record(z.string(), z.object({ since: z.number(), runs: z.int(), told: z.boolean() })),
  /** Thresholds in days that were told or passed over, by certificate and end. */
  ends: z.record(z.string(), z.array(z.number())),
});

export type Standing = z.output<typeof standingSchema>;

export interface Compared {
  readonly standing: Standing;
  readonly events: readonly WatchEvent[];
}

export interface CompareRules {
  /** How often in a row a passing condition is seen before it is told. */
  readonly confirm: number;
}

type Told = Omit<WatchEvent, 'id' | 'domain' | 'at'>;

export const NOTHING_KNOWN: Standing = { trust: {}, conditions: {}, ends: {} };

/** @param before undefined: the domain was never looked at */
export function compare(before: Standing | undefined, seen: Observation, rules: CompareRules): Compared {
  const known = before ?? NOTHING_KNOWN;
  const certificate = certificatesOf(known, seen);
  const trust = trustOf(known, seen);
  const mail = mailOf(known, seen);
  const conditions = conditionsOf(known, seen, rules);
  const ends = endsOf(known, seen);
  const told = [...certificate.told, ...trust.told, ...mail.told, ...conditions.told, ...ends.told];
  return {
    standing: {
      ...certificate.next,
      ...mail.next,
      trust: trust.next,
      conditions: conditions.next,
      ends: ends.next,
    },
    events: told.map((one) => ({
      ...one,
      id: eventId(seen, one),
      domain: seen.domain,
      at: seen.at,
    })),
  };
}

/** Whether a condition waits to be seen again before it is told. */
export const isPending = ({ conditions }: Standing): boolean =>
  Object.values(conditions).some(({ told }) => !told);

const eventId = ({ domain, at }: Observation, { kind, over, subject, eyes = '', text }: Told): string =>
  createHash('sha256')
    .update([domain, at, kind, over, subject, eyes, text].join('\n'))
    .digest('hex')
    .slice(0, 32);

function certificatesOf(known: Standing, { domain, discovery }: Observation) {
  const last = known.certificates;
  // gone is a condition of its own; what comes back as it was did not change
  if (discovery.state !== 'found') return { next: last ? { certificates: last } : {}, told: [] };
  const now = discovery.certificates;
  const next = { certificates: now };
  if (!last) return { next, told: [] };
  const added = now.filter((one) => !last.some(({ sha256 }) => sha256 === one.sha256));
  const removed = last.filter((one) => !now.some(({ sha256 }) => sha256 === one.sha256));
  if (added.length === 0 && removed.length === 0) return { next, told: [] };
  const names = (list: typeof now): string =>
    list
      .map(({ subject = 'one that cannot be read', sha256 }) => `${subject} (${shortHash(sha256)}…)`)
      .join(', ');
  const text = [
    ...(added.length > 0 ? [`new: ${names(added)}`] : []),
    ...(removed.length > 0 ? [`no longer published: ${names(removed)}`] : []),
  ].join('; ');
  const told: Told = {
    kind: 'certificate-changed',
    over: false,
    subject: added[0]?.sha256 ?? removed[0]!.sha256,
    text: `the certificates of ${domain} changed: ${text}`,
    todo: ADVICE['certificate-changed'],
  };
  return { next, told: [told] };
}

function trustOf(known: Standing, seen: Observation) {
  const each = seen.trust.map((fact) => trustBy(fact, known.trust[fact.eyes], seen));
  return {
    next: {
      ...known.trust,
      ...Object.fromEntries(each.flatMap(({ eyes, next }) => (next ? [[eyes, next]] : []))),
    },
    told: each.flatMap(({ told }) => told),
  };
}

function trustBy(fact: TrustFact, last: Standing['trust'][string] | undefined, seen: Observation) {
  const { eyes, verdict, why = 'no reason was told', held } = fact;
  const { domain, discovery } = seen;
  const left = (last?.anchors ?? []).filter(({ sha256 }) => !held.includes(shortHash(sha256)));
  const told: Told[] = left.map(({ name, source }) => ({
    kind: 'anchor-left',
    over: false,
    subject: name,
    eyes,
    text: `${name}, which certificates of ${domain} lead to, is no longer an anchor of ${eyes} (it came from ${source})`,
    todo: ADVICE['anchor-left'],
  }));
  // without a certificate there is nothing to trust; an answer that is missing is not a no
  if (discovery.state !== 'found' || verdict === 'undetermined') {
    const next = last && { ...last, anchors: last.anchors.filter((one) => !left.includes(one)) };
    return { eyes, next, told };
  }
  const trusted = verdict === 'trusted';
  if (last?.trusted && !trusted && left.length === 0)
    told.push({
      kind: 'trust-lost',
      over: false,
      subject: '',
      eyes,
      text: `${eyes} trusted ${domain} and does not any more: ${why}`,
      todo: ADVICE['trust-lost'],
    });
  if (last && !last.trusted && trusted)
    told.push({ kind: 'trust-gained', over: false, subject: '', eyes, text: `${eyes} trusts ${domain} now` });
  return { eyes, next: { trusted, anchors: fact.anchors }, told };
}

function mailOf(known: Standing, { domain, mail }: Observation) {
  const last = known.exchangers;
  if (mail.state !== 'found') return { next: last ? { exchangers: last } : {}, told: [] };
  const now = [...new Set(mail.hosts.map(({ host }) => host.toLowerCase()))].sort();
  const next = { exchangers: now };
  if (!last || last.join() === now.join()) return { next, told: [] };
  const told: Told = {
    kind: 'mx-changed',
    over: false,
    subject: '',
    text: `the mail servers of ${domain} were ${last.join(', ')} and are ${now.join(', ')}`,
    todo: ADVICE['mx-changed'],
  };
  return { next, told: [told] };
}

function conditionsOf(known: Standing, seen: Observation, { confirm }: CompareRules) {
  const signals = signalsOf(seen);
  const next: Record<string, Standing['conditions'][string]> = {};
  const told: Told[] = [];
  for (const [key, condition] of Object.entries(known.conditions)) {
    const [kind, subject] = partsOf(key);
    const about = signals.find((signal) => isAbout(signal, kind, subject));
    if (about?.state === 'unknown') next[key] = condition;
    // a server that is not there any more is neither well nor ill
    if (about?.state === 'well' && condition.told) told.push({ kind, over: true, subject, text: about.text });
  }
  for (const { kind, subject, state, text, fleeting } of signals) {
    if (state !== 'holds') continue;
    const key = keyOf({ kind, subject });
    const before = known.conditions[key];
    const runs = (before?.runs ?? 0) + 1;
    const due = !before?.told && (!fleeting || runs >= confirm);
    next[key] = { since: before?.since ?? seen.at, runs, told: before?.told === true || due };
    if (due) told.push({ kind, over: false, subject, text, todo: ADVICE[kind] });
  }
  return { next, told };
}

const keyOf = ({ kind, subject }: Pick<Signal, 'kind' | 'subject'>): string => `${kind}|${subject}`;
const partsOf = (key: string): [ConditionKind, string] => {
  const bar = key.indexOf('|');
  return [key.slice(0, bar) as ConditionKind, key.slice(bar + 1)];
};

function endsOf({ ends }: Standing, { domain, at, discovery }: Observation) {
  if (discovery.state !== 'found') return { next: ends, told: [] };
  const things = discovery.certificates.flatMap(({ sha256, subject = domain, notBefore, notAfter }) =>
    notAfter === undefined
      ? []
      : [
          {
            key: sha256,
            kind: 'leaf',
            title: subject,
            holder: domain,
            domain,
            ...(notBefore === undefined ? {} : { begins: notBefore }),
            ends: notAfter,
            effect: '',
            todo: ADVICE['certificate-ends'],
          } satisfies DatedThing,
        ],
  );
  const noted = new Map(Object.entries(ends).map(([key, days]) => [key, new Set(days)]));
  const due = dueNotices(things, noted, at);
  const next = Object.fromEntries(
    things.map((thing) => {
      const key = noticeKey(thing);
      const fresh = due.find((one) => one.thing === thing);
      return [key, [...(ends[key] ?? []), ...(fresh ? [...fresh.skipped, fresh.days] : [])]];
    }),
  );
  const told = due.map(
    ({ thing }): Told => ({
      kind: 'certificate-ends',
      over: false,
      subject: thing.key,
      text: `the certificate of ${thing.title} (${shortHash(thing.key)}…) ${endsText(thing.ends, at)}`,
      todo: thing.todo,
    }),
  );
  return { next, told };
}
