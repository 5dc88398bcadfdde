import { open } from '../../src/agent/inbound.ts';
import { prepare } from '../../src/agent/outbound.ts';
import type { AgentParts } from '../../src/agent/parts.ts';
import { referenceAgent } from '../../src/agent/reference.ts';
import {
  type AgentContext,
  type DomainPolicy,
  defaultPolicy,
  type Envelope,
  type LocalKey,
} from '../../src/agent/types.ts';
import { matches, readEnveloped } from '../../src/cms/enveloped.ts';
import type { DnsAnswer, Resolver } from '../../src/dns/client.ts';
import { composeMessage, type MessageParts } from '../../src/mail/compose.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { cmsOf } from '../../src/mail/signed.ts';
import type { Host, Observation } from '../../src/net/host.ts';
import { simNetwork } from '../../src/net/sim/network.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { type AnchorEntry, anchorOf, anchorSets } from '../../src/trust/anchors.ts';
import { createTrustCache } from '../../src/trust/reference.ts';
import { CRL, crlOf, fetcher, leaf, NOW, root } from '../trust/fixtures.ts';

/** Certificates published in DNS, by owner name; an Error there is a name server that fails. */
export type Published = Record<string, readonly Uint8Array[] | 'SERVFAIL' | 'silence'>;

export const resolverOver = (published: Published, host: Host): Resolver => ({
  async query(name, type, options): Promise<DnsAnswer> {
    const found = type === 'CERT' ? published[name] : undefined;
    const base = { name, type, records: [], chain: [], exchanges: [], ttl: 0 };
    if (found === 'silence') {
      await new Promise<void>((resolve) => void host.timer(options?.deadlineMs ?? 10_000, resolve));
      return { ...base, outcome: 'unknown', why: 'no answer' };
    }
    if (found === 'SERVFAIL') return { ...base, outcome: 'unknown', why: 'SERVFAIL from 10.0.0.53:53' };
    if (!found) return { ...base, outcome: 'nxdomain' };
    const records = found.map((payload) => ({
      name,
      ttl: 300,
      data: { type: 'CERT' as const, certType: 1, keyTag: 0, algorithm: 0, payload },
    }));
    return { ...base, outcome: 'answer', records };
  },
});

export interface Party {
  /** Owners (address or domain) and their keys. */
  readonly keys: Record<string, readonly Issued[]>;
  /** Trusted both ways. */
  readonly anchors: Record<string, readonly Issued[]>;
  readonly outgoing?: Record<string, readonly Issued[]>;
  readonly parts?: AgentParts;
  readonly policy?: Partial<DomainPolicy>;
  readonly web?: Record<string, Uint8Array | undefined>;
  readonly answersOurs?: AgentContext['answersOurs'];
}

const entries = (sets: Record<string, readonly Issued[]>, incoming: boolean): AnchorEntry[] =>
  Object.entries(sets).flatMap(([domain, anchors]) =>
    anchors.map(({ certificate }) => ({
      domain,
      anchor: anchorOf(certificate, 'community'),
      incoming,
      outgoing: true,
    })),
  );

export function contextOf(party: Party, published: Published, host: Host): AgentContext {
  const local = (issued: Issued): LocalKey => ({
    certificate: issued.certificate,
    privateKey: issued.key.privateKey,
  });
  return {
    host,
    fetcher: fetcher({ [CRL]: crlOf(root), ...party.web }),
    keys: (owner) => (party.keys[owner] ?? []).map(local),
    anchors: anchorSets([...entries(party.anchors, true), ...entries(party.outgoing ?? {}, false)]),
    policy: () => ({ ...defaultPolicy, ...party.policy }),
    cache: createTrustCache(),
    resolver: resolverOver(published, host),
    ...(party.parts && { parts: party.parts }),
    ...(party.answersOurs && { answersOurs: party.answersOurs }),
  };
}

/** Which of these certificates the message is encrypted to. */
export function encryptedTo(bytes: Uint8Array, certificates: readonly Certificate[]): Certificate[] {
  const { recipients } = readEnveloped(cmsOf(readEntity(bytes)));
  return certificates.filter((certificate) => recipients.some((info) => matches(info, certificate)));
}

/** Runs on a host of its own, on virtual time. */
export async function onHost<T>(work: (host: Host, seen: Observation[]) => Promise<T>): Promise<T> {
  const seen: Observation[] = [];
  const network = simNetwork({ seed: 1, epoch: NOW, sink: (_, event) => seen.push(event) });
  const host = network.host('hisp', { addresses: ['10.0.0.9'] });
  try {
    return await network.run(() => work(host, seen), { virtualMs: 600_000, realMs: 20_000 });
  } finally {
    await network.close();
  }
}

export const alice = leaf({ emails: ['alice@a.example'], subject: { CN: 'alice' } });
export const bob = leaf();
export const carol = leaf({ emails: [], dnsNames: ['c.example'], subject: { CN: 'c' }, profile: 'domain' });

export const everybody: Published = {
  'bob.b.example': [bob.certificate.der],
  'c.example': [carol.certificate.der],
};

export const sender: Party = { keys: { 'alice@a.example': [alice] }, anchors: { 'a.example': [root] } };
export const receiver: Party = {
  keys: { 'bob@b.example': [bob], 'c.example': [carol] },
  anchors: { 'b.example': [root], 'c.example': [root] },
};

export const text = (parts: Partial<MessageParts> = {}): Uint8Array =>
  composeMessage({
    from: 'alice@a.example',
    to: ['bob@b.example'],
    subject: 'Referral',
    date: NOW,
    messageId: 'm-1@a.example',
    text: 'Dear Bob',
    ...parts,
  });

export const send = (
  bytes: Uint8Array,
  to: readonly string[],
  party: Party = sender,
  published: Published = everybody,
) => onHost((host) => prepare({ from: 'alice@a.example', to, bytes }, contextOf(party, published, host)));

export const receive = (envelope: Pick<Envelope, 'mailFrom' | 'rcptTo' | 'bytes'>, party: Party = receiver) =>
  onHost((host) => open(envelope.bytes, envelope, contextOf(party, {}, host)));

export const withParts = (change: Partial<AgentParts>): AgentParts => ({ ...referenceAgent, ...change });
