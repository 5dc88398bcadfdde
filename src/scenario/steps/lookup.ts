import { decideRecipient } from '../../agent/recipient.ts';
import { referenceAgent } from '../../agent/reference.ts';
import type { DiscoveryParts } from '../../discovery/parts.ts';
import { isAddressLevel, referenceDiscovery } from '../../discovery/reference.ts';
import type { Candidate } from '../../discovery/types.ts';
import type { Json } from '../../net/host.ts';
import type { CandidateDecision } from '../../trust/decision.ts';
import type { LookedUp } from '../looked-up.ts';
import type { Step } from '../schema.ts';
import type { StepContext, StepKind } from './step.ts';

type Asked = Extract<Step, { lookup: unknown }>['lookup'];

/** Searches for the certificates of an address as a sender would, decides about them, and writes down what came. */
export const lookup: StepKind<'lookup'> = {
  kind: 'lookup',
  async run({ lookup: asked }, context) {
    const { host, part, looker } = context;
    const parts = { ...referenceAgent, discovery: searchParts(asked) };
    const { discovery, decision } = await decideRecipient(looker.address, asked.name, looker.context, parts);
    const decided = new Map(decision.candidates.map((candidate) => [candidate.cert, candidate]));
    for (const candidate of discovery.candidates) tell(candidate, context);
    const { outcome, level, names, servers, why } = discovery;
    const summary: LookedUp = {
      step: 'lookup',
      id: asked.id,
      part,
      name: asked.name,
      ...(asked.level && { only: asked.level }),
      outcome,
      ...(level && { level }),
      verdict: decision.verdict,
      ...(decision.firstCause && { cause: decision.firstCause }),
      ...(decision.cure && { cure: decision.cure.text }),
      ...(why !== undefined && { why }),
      certificates: discovery.candidates.map((candidate) =>
        foundAt(candidate, decided.get(candidate.sha256)),
      ),
      notes: [...discovery.notes],
      names: [...names],
      servers: [...servers],
      events: discovery.steps.flatMap(({ event }) => (event > 0 ? [event] : [])),
    };
    host.events.emit({ kind: 'step', summary: summary as unknown as Json });
  },
};

function foundAt(
  candidate: Candidate,
  decided: CandidateDecision | undefined,
): LookedUp['certificates'][number] {
  const { sha256, where, level, bytes, certificate } = candidate;
  return {
    sha256,
    where,
    level,
    octets: bytes.length,
    addresses: [...(certificate?.emails ?? [])],
    domains: [...(certificate?.dnsNames ?? [])],
    state: decided?.state ?? 'refused',
    ...(decided && decided.fate !== 'usable' ? { fate: decided.fate } : {}),
    notes: [...(decided?.notes ?? candidate.notes)],
  };
}

/** Keeps the octets among the evidence. */
function tell({ sha256, bytes, certificate }: Candidate, { host, case: caseId }: StepContext): void {
  const summary = {
    sha256,
    role: 'published',
    case: caseId,
    ...(certificate && { serial: certificate.serial }),
  };
  host.events.emit({ kind: 'cert', blob: bytes, summary });
}

/** The reference search, at one place only or with the letters as they are written. */
function searchParts({ name, level, verbatim }: Asked): DiscoveryParts {
  const order = level ? [level] : referenceDiscovery.order;
  if (!verbatim) return { ...referenceDiscovery, order };
  const domain = name.slice(name.lastIndexOf('@') + 1);
  return {
    ...referenceDiscovery,
    order,
    ownerName: (at, names) => {
      const owner = referenceDiscovery.ownerName(at, names);
      if (owner === undefined) return undefined;
      return isAddressLevel(at) ? name.replace(/@(?=[^@]*$)/, '.') : domain;
    },
    ldap: {
      ...referenceDiscovery.ldap,
      filter: (at, _names, escaped) => `(mail=${escaped(isAddressLevel(at) ? name : domain)})`,
    },
  };
}
