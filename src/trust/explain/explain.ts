/**
 * Why mail from one address does, or does not, reach another and get its confirmation back: everything that was looked
 * at, then one first cause in one sentence and what would make it pass (hisp-behaviour §13).
 *
 * @module
 */
import { discoverySummary, explainStep, LEVEL_TEXT } from '../../discovery/explain-text.ts';
import type { Discovery, Outcome } from '../../discovery/types.ts';
import { findingText } from '../../outcome/check.ts';
import { explainedDecision } from './decision-view.ts';
import type { ExplainFacts, TransportFacts, WayFacts } from './facts.ts';
import { capital, domainOf } from './names.ts';
import type { ExplainedStep, ExplainedWay, Explanation, FirstCause, Mark } from './schema.ts';
import { type Step, stepsOf } from './steps.ts';

/** Explains. Pure: the same facts give the same explanation. */
export function explain(facts: ExplainFacts): Explanation {
  const { from, to } = facts;
  const sides = { from, to };
  const told = [facts.there, facts.back].map((way) => ({
    way,
    steps: stepsOf(way, sides, facts.elsewhere),
  }));
  const first = firstOf(told);
  const ways = told.map(({ way, steps }) => explainedWay(way, steps));
  const mark = worst(ways.map((one) => one.mark));
  const verdict = VERDICT[mark];
  return {
    schema: 1,
    from,
    to,
    at: new Date(facts.at).toISOString(),
    ms: Math.round(facts.ms),
    verdict,
    headline: first ? first.sentence : clear(verdict, facts),
    ...(first && { first }),
    ways,
  };
}

const VERDICT = {
  fail: 'refused',
  unknown: 'undetermined',
  unseen: 'unseen',
  skip: 'unseen',
  pass: 'reaches',
} as const;

const ORDER: readonly Mark[] = ['fail', 'unknown', 'unseen', 'pass'];
const worst = (marks: readonly Mark[]): Mark => ORDER.find((mark) => marks.includes(mark)) ?? 'unseen';

function clear(verdict: Explanation['verdict'], { from, to, there, back }: ExplainFacts): string {
  if (verdict === 'reaches') return `Mail from ${from} reaches ${to}, and its confirmation comes back.`;
  const stranger = domainOf(there.accept.known && back.encrypt.known ? from : to);
  return `Nothing that can be seen from here stands between ${from} and ${to}; what ${stranger} trusts is for ${stranger} to say.`;
}

/** The first definite no on the way there, else on the way back; else the first that nobody could tell. */
function firstOf(told: readonly { readonly way: WayFacts; readonly steps: readonly Step[] }[]) {
  for (const mark of ['fail', 'unknown'] as const) {
    for (const { way, steps } of told) {
      const step = steps.find((one) => one.mark === mark);
      if (step?.reason && step.cure) return firstCause(way, step, step.reason, step.cure);
    }
  }
  return undefined;
}

function firstCause(
  way: WayFacts,
  step: Step,
  reason: NonNullable<Step['reason']>,
  cure: NonNullable<Step['cure']>,
): FirstCause {
  const what = step.plain ?? reason.text;
  const said = inContext(way, step, what);
  const sentence = way.id === 'there' ? `${capital(said)}.` : `The confirmation does not come back: ${said}.`;
  return { way: way.id, step: step.id, reason, sentence: sentence.replace(/\.\.$/, '.'), cure };
}

/** Who cannot do what, for whom, and why. */
function inContext({ from, to }: WayFacts, { id, mark }: Step, what: string): string {
  const open = mark === 'unknown';
  switch (id) {
    case 'encrypt':
      return `${domainOf(from)} ${open ? 'cannot tell yet whether it may' : 'cannot'} encrypt to ${to}, because ${what}`;
    case 'accept':
      return `${domainOf(to)} ${open ? 'cannot tell yet whether to trust' : 'does not trust'} the signature of ${from}, because ${what}`;
    case 'sign':
    case 'open':
      return what;
    case 'route':
      return `${open ? `nobody can tell where mail for ${to} goes` : `mail for ${to} has nowhere to go`}, because ${what}`;
  }
}

function explainedWay(way: WayFacts, steps: readonly Step[]): ExplainedWay {
  const { id, from, to, encrypt, accept, transport, anchors } = way;
  return {
    id,
    title: id === 'there' ? 'The message' : 'The confirmation',
    from,
    to,
    mark: worst(steps.map(({ mark }) => mark)),
    steps: steps.map(({ plain: _, ...step }): ExplainedStep => step),
    discovery: lookedUp(way.discovery),
    ...(encrypt.known && { encrypt: explainedDecision(encrypt.value, anchors.outgoing, way) }),
    ...(accept.known && accept.value && { accept: explainedDecision(accept.value, anchors.incoming, way) }),
    ...(transport.known && { transport: transported(transport.value) }),
  };
}

const FOUND: Readonly<Record<Outcome, readonly [Mark, string]>> = {
  found: ['pass', 'found'],
  absent: ['skip', 'nothing there'],
  unknown: ['unknown', 'no answer'],
};

const lookedUp = (discovery: Discovery): ExplainedWay['discovery'] => ({
  address: discovery.address,
  outcome: discovery.outcome,
  summary: discoverySummary(discovery),
  steps: discovery.steps.map((step) => {
    const [mark, outcome] = FOUND[step.outcome];
    return {
      level: LEVEL_TEXT[step.level],
      question: step.question,
      ...(step.server !== undefined && { server: step.server }),
      mark,
      outcome,
      detail: step.detail,
      ms: step.ms,
      exchanges: explainStep(step)
        .slice(1)
        .map((line) => line.trim()),
    };
  }),
  notes: discovery.notes.map(findingText),
});

const KEY_TRANSPORT: Readonly<Record<string, readonly [string, string]>> = {
  'oaep-sha1': [
    'RSAES-OAEP with SHA-1 and MGF1-SHA-1',
    'the default, because every peer that takes OAEP opens it, older .NET stacks open no other, and the digest here signs nothing (REQ-AS-23, REQ-AS-24)',
  ],
  'oaep-sha256': [
    'RSAES-OAEP with SHA-256 and MGF1-SHA-256',
    'set for this domain; older .NET stacks cannot open it (REQ-AS-23)',
  ],
  pkcs1: [
    'RSAES-PKCS1-v1_5',
    'set for this domain; validators of DirectTrust senders refuse it from 2026 on (REQ-AS-24)',
  ],
};

function transported({ cipher, keyTransport }: TransportFacts): NonNullable<ExplainedWay['transport']> {
  const [name, why] = KEY_TRANSPORT[keyTransport] ?? [keyTransport, 'set for this domain'];
  return { cipher: cipher.toUpperCase().replace(/^AES(?=\d)/, 'AES-'), keyTransport: name, why };
}
