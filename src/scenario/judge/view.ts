/**
 * The evidence of a run, sorted so that verifiers can ask it questions: what the system under test asked of our
 * servers, which messages it sent, what it decided.
 *
 * @module
 */
import { z } from 'zod';
import { readDsn } from '../../mail/dsn.ts';
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { readMdn } from '../../mail/mdn.ts';
import { messageIdKey } from '../../mail/message-id.ts';
import { type CertificateFact, EDGE_MACHINE, type Facts, type RunFacts, runSchema } from '../facts.ts';
import type { BlobReader, Event } from '../transcript.ts';
import { type Dissected, dissect } from './dissect.ts';

/** One question to a server of ours, as text: `CERT d5.d05.example`, `LDAP d05-l1 (mail=…)`, `HTTP GET /root.crl`. */
export interface Asked {
  readonly event: number;
  readonly at: number;
  readonly text: string;
  readonly transport?: string;
}

/** A message that the system under test handed to a mail server of ours. */
export interface Arrived extends Dissected {
  readonly event: number;
  readonly at: number;
  readonly host: string;
  readonly blob: string;
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
}

/** A message that a step put into the edge of the system under test. */
export interface Sent {
  readonly event: number;
  readonly at: number;
  readonly id: string;
  readonly part: 'main' | 'control';
  readonly to: readonly string[];
  readonly messageId: string;
  /** Whether it asks for a notice of final delivery. */
  readonly requests: boolean;
}

/** What the system under test decided for one recipient: seen from inside. */
export interface Decided {
  readonly event: number;
  readonly to: string;
  readonly verdict: string;
  readonly code: string | undefined;
  readonly cure: string | undefined;
  readonly sentence: string | undefined;
}

/** A negative notice that the system under test gave its own user: seen from inside. */
export interface Noticed {
  readonly event: number;
  readonly at: number;
  readonly address: string;
  readonly code: string;
}

/** A stage that a message reached, at the system under test or at a peer. */
export interface Staged {
  readonly event: number;
  readonly at: number;
  readonly host: string;
  readonly stage: string;
  readonly address: string | undefined;
  readonly messageId: string;
}

/** A notice of the system that a peer of ours received, opened and trusted. */
export interface Answered {
  readonly event: number;
  readonly at: number;
  /** Message-ID of the notice itself. */
  readonly messageId: string;
  readonly about: string | undefined;
  /** `processed`, `dispatched`, …; `dsn` for a delivery status notification. */
  readonly disposition: string;
  readonly finalDelivery: boolean;
}

/** What the system put away, and why: seen from inside. */
export interface PutAway {
  readonly event: number;
  readonly stage: 'quarantined' | 'deferred' | 'refused';
  readonly codes: readonly string[];
}

export interface RunView {
  readonly run: RunFacts;
  readonly events: readonly Event[];
  readonly blob: BlobReader;
  readonly asked: readonly Asked[];
  readonly arrived: readonly Arrived[];
  readonly sent: readonly Sent[];
  readonly decided: readonly Decided[];
  readonly noticed: readonly Noticed[];
  readonly staged: readonly Staged[];
  readonly answered: readonly Answered[];
  readonly putAway: readonly PutAway[];
  /** Findings that the system under test reported, by code. */
  readonly reported: readonly {
    readonly event: number;
    readonly code: string;
    readonly address: string | undefined;
  }[];
}

const dnsSummary = z.looseObject({ transport: z.string(), name: z.string(), type: z.string() });
const ldapSummary = z.looseObject({
  op: z.string(),
  filter: z.string().optional(),
  base: z.string().optional(),
});
const httpSummary = z.looseObject({ method: z.string(), url: z.string() });
const smtpSummary = z.looseObject({
  op: z.string(),
  mailFrom: z.string().optional(),
  rcptTo: z.array(z.string()).optional(),
});
const stepSummary = z.looseObject({
  step: z.string(),
  id: z.string(),
  part: z.enum(['main', 'control']),
  to: z.array(z.string()).optional(),
  messageId: z.string().default(''),
  requests: z.boolean().default(false),
});
const causeSchema = z.looseObject({ code: z.string() });
const decisionSummary = z.looseObject({
  to: z.string(),
  direction: z.enum(['out', 'in']),
  verdict: z.string(),
  firstCause: causeSchema.optional(),
  sentence: z.string().optional(),
  cure: z.looseObject({ text: z.string() }).optional(),
  candidates: z.array(z.looseObject({ notes: z.array(causeSchema).default([]) })).default([]),
  notes: z.array(causeSchema).default([]),
});
const messageSummary = z.looseObject({
  stage: z.string(),
  messageId: z.string().default(''),
  address: z.string().optional(),
  told: z.string().optional(),
  causes: z.array(z.string()).default([]),
  cause: causeSchema.optional(),
});

/** The first event of a run. @throws {z.ZodError} when it is not one */
export const runFacts = (events: readonly Event[]): RunFacts =>
  runSchema.parse(events.find((event) => event.kind === 'run')?.summary);

/** Pure: equal evidence gives an equal view. @throws {z.ZodError} when the first event does not describe the run */
export function viewOf(events: readonly Event[], blob: BlobReader): RunView {
  const run = runFacts(events);
  const { facts } = run;
  const { addresses } = facts.sut;
  const ofSut = ({ peer }: Event): boolean =>
    peer !== undefined && (addresses.includes(peer.host) || addresses.includes('*'));
  const bySut = (event: Event): boolean => event.host === facts.sut.host;
  const atUs = events.filter((event) => event.dir === 'in' && ofSut(event) && !bySut(event));
  return {
    run,
    events,
    blob,
    asked: atUs.flatMap((event) => askedOf(event, facts)),
    arrived: atUs
      .flatMap((event) => arrivedOf(event, blob))
      .filter(({ mailFrom }) => ofRole(mailFrom, facts)),
    sent: pick(events, 'step', stepSummary, (event, step) =>
      step.step === 'send' || step.step === 'deliver' ? [sentOf(event, step)] : [],
    ),
    decided: pick(events.filter(bySut), 'decision', decisionSummary, (event, decision) =>
      decision.direction === 'out'
        ? [
            {
              event: event.n,
              to: decision.to.toLowerCase(),
              verdict: decision.verdict,
              code: decision.firstCause?.code,
              cure: decision.cure?.text,
              sentence: decision.sentence,
            },
          ]
        : [],
    ),
    noticed: pick(events.filter(bySut), 'message', messageSummary, (event, message) =>
      message.told === 'failure' && message.address && message.cause
        ? [{ ...when(event), address: message.address.toLowerCase(), code: message.cause.code }]
        : [],
    ),
    staged: pick(events, 'message', messageSummary, (event, message) => [
      {
        ...when(event),
        host: event.host,
        stage: message.stage,
        address: message.address?.toLowerCase(),
        messageId: message.messageId,
      },
    ]),
    answered: pick(events, 'message', messageSummary, (event, { stage }) =>
      stage === 'noticed' && !bySut(event) && event.blob ? answerIn(event, blob(event.blob)) : [],
    ),
    putAway: pick(events.filter(bySut), 'message', messageSummary, (event, { stage, causes }) =>
      stage === 'quarantined' || stage === 'deferred' || stage === 'refused'
        ? [{ event: event.n, stage, codes: causes }]
        : [],
    ),
    reported: pick(events.filter(bySut), 'decision', decisionSummary, (event, decision) =>
      [...decision.notes, ...decision.candidates.flatMap(({ notes }) => notes)].map((finding) => ({
        event: event.n,
        code: finding.code,
        address: decision.to,
      })),
    ),
  };
}

/** Notices have no reverse-path, so nobody can be told by it. */
const ofRole = (mailFrom: string, { sut: { domains } }: Facts): boolean =>
  domains === undefined ||
  mailFrom === '' ||
  domains.includes(mailFrom.slice(mailFrom.lastIndexOf('@') + 1).toLowerCase());

const sentOf = (event: Event, { id, part, to, messageId, requests }: z.infer<typeof stepSummary>): Sent => ({
  ...when(event),
  id,
  part,
  to: to ?? [],
  messageId,
  requests,
});

const when = (event: Event) => ({ event: event.n, at: Date.parse(event.t) });

function pick<S, T>(
  events: readonly Event[],
  kind: Event['kind'],
  schema: z.ZodType<S>,
  read: (event: Event, summary: S) => readonly T[],
): T[] {
  return events.flatMap((event) => {
    if (event.kind !== kind) return [];
    const parsed = schema.safeParse(event.summary);
    return parsed.success ? read(event, parsed.data) : [];
  });
}

function askedOf(event: Event, facts: Facts): Asked[] {
  switch (event.kind) {
    case 'dns': {
      const query = dnsSummary.parse(event.summary);
      return [{ ...when(event), text: `${query.type} ${query.name}`, transport: query.transport }];
    }
    case 'ldap': {
      const request = ldapSummary.parse(event.summary);
      const server = facts.hosts[event.host] ? event.host : 'unknown';
      if (request.op === 'search')
        return [{ ...when(event), text: `LDAP ${server} ${request.filter ?? ''}`.trim() }];
      return request.op === 'connect' ? [{ ...when(event), text: `LDAP ${server}` }] : [];
    }
    case 'http': {
      const request = httpSummary.parse(event.summary);
      return [{ ...when(event), text: `HTTP ${request.method} ${pathOf(request.url)}` }];
    }
    default:
      return [];
  }
}

const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/, '') || '/';

function arrivedOf(event: Event, blob: BlobReader): Arrived[] {
  if (event.kind !== 'smtp' || !event.blob || event.host === EDGE_MACHINE) return [];
  const summary = smtpSummary.parse(event.summary);
  if (summary.op !== 'message') return [];
  return [
    {
      ...when(event),
      host: event.host,
      blob: event.blob,
      mailFrom: summary.mailFrom ?? '',
      rcptTo: (summary.rcptTo ?? []).map((address) => address.toLowerCase()),
      ...dissect(blob(event.blob)),
    },
  ];
}

function answerIn(event: Event, message: Uint8Array): Answered[] {
  try {
    const entity = readEntity(message);
    const mdn = readMdn(entity);
    const dsn = mdn ? undefined : readDsn(entity);
    if (!mdn && !dsn) return [];
    return [
      {
        ...when(event),
        messageId: messageIdKey(entity.header('message-id')) ?? '',
        about: (mdn ?? dsn)?.originalMessageId,
        disposition: mdn ? (mdn.disposition?.type ?? 'none') : 'dsn',
        finalDelivery: mdn?.finalDelivery ?? false,
      },
    ];
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

/** The certificate that a message names by issuer and serial number, or by key identifier. */
export function certificateNamed(
  facts: Facts,
  named: { readonly issuer?: string; readonly serial?: string; readonly ski?: string },
): CertificateFact | undefined {
  return facts.certificates.find((fact) =>
    named.ski ? fact.ski === named.ski : fact.issuer === named.issuer && fact.serial === named.serial,
  );
}

/** The messages of one part: those with a recipient that a step of this part addressed. */
export function arrivedFor(view: RunView, part: Sent['part']): Arrived[] {
  const addressed = new Set(
    view.sent
      .filter((sent) => sent.part === part)
      .flatMap((sent) => sent.to.map((address) => address.toLowerCase())),
  );
  return view.arrived.filter((message) => message.rcptTo.some((address) => addressed.has(address)));
}
