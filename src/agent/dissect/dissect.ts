/**
 * Taking a Direct message apart, from the envelope to the last attachment: each stage with its verdict and the reason
 * for it. What the agent does for a recipient stops at the first refusal; this goes as deep as the octets allow.
 *
 * @module
 */

import { hash } from 'node:crypto';
import type { DecryptionKey } from '../../cms/enveloped.ts';
import { addressKey } from '../../mail/address.ts';
import { type Entity, readEntity } from '../../mail/entity.ts';
import { unwrap } from '../../mail/wrap.ts';
import type { Cause } from '../../outcome/cause.ts';
import { type Finding, isObserved } from '../../outcome/check.ts';
import { rollUp } from '../../outcome/status.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import type { Profile, RevocationPolicy } from '../../trust/decision.ts';
import { referenceAgent } from '../reference.ts';
import { decideSigner, subjectsOf } from '../signer-trust.ts';
import { type AgentContext, defaultPolicy } from '../types.ts';
import { mimeStage, noticeStage, wrappingStage } from './content.ts';
import { encryptionStage } from './encryption.ts';
import { failed, prevented } from './finding.ts';
import {
  type Layer,
  type Read,
  readEnvelope,
  reading,
  readLayer,
  readSignature,
  type Signature,
} from './layers.ts';
import { signatureStage } from './signature.ts';
import { type AnyStage, type Dissection, STAGES, type TrustStage } from './stage.ts';

export interface DissectInput {
  /** An e-mail, a MIME entity, or a CMS object; DER, BER or PEM. */
  readonly bytes: Uint8Array;
  readonly keys: readonly DecryptionKey[];
  /** Whom the reader trusts; none: nothing is said of trust. */
  readonly anchors: readonly Anchor[];
  /** Milliseconds since 1970 UTC: the time that counts for certificates. */
  readonly at: number;
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
  readonly sources: Pick<AgentContext, 'fetcher' | 'cache'>;
}

/** Never throws for what the octets may hold. */
export async function dissect(input: DissectInput): Promise<Dissection> {
  const { keys, profile } = input;
  const outermost = readLayer(input.bytes);
  if ('cause' in outermost) {
    return concluded([{ ...empty.encryption, ...failed(outermost.cause) }], 'the file cannot be read');
  }
  const outer = outermost.value;
  const envelope = outer.kind === 'enveloped' ? readEnvelope(outer.cms, keys) : undefined;
  const encryption = encryptionStage(outer, envelope, keys, profile);
  const inside = insideOf(outer, envelope);
  if (!inside) return concluded([encryption], 'the message was not decrypted');
  if ('cause' in inside) {
    return concluded(
      [encryption, { ...empty.signature, ...failed(inside.cause) }],
      'the content cannot be read',
    );
  }
  const layer = inside.value;
  const signature = layer.kind === 'plain' ? undefined : readSignature(layer);
  const before = [encryption, signatureStage(layer, signature, profile)];
  const content = contentOf(layer, signature);
  if (!content) return concluded(before, 'the signature cannot be read');
  if ('cause' in content) {
    return concluded(
      [...before, { ...empty.wrapping, ...failed(content.cause) }],
      'what was signed cannot be read',
    );
  }
  return behindSignature(input, outer, signature, content.value, before);
}

async function behindSignature(
  input: DissectInput,
  outer: Layer,
  signature: Read<Signature> | undefined,
  entity: Entity,
  before: readonly AnyStage[],
): Promise<Dissection> {
  const unwrapped = reading(() => unwrap(entity));
  const wrapped = 'value' in unwrapped ? unwrapped.value : undefined;
  const wrapping =
    'cause' in unwrapped
      ? { ...empty.wrapping, ...failed(unwrapped.cause) }
      : wrappingStage(wrapped !== undefined, entity.contentType.type);
  const read = wrapped ? reading(() => readEntity(wrapped)) : { value: entity };
  if ('cause' in read) {
    return concluded(
      [...before, wrapping, { ...empty.mime, ...failed(read.cause) }],
      'the message cannot be read',
    );
  }
  const mime = mimeStage(read.value);
  // of one that is not wrapped, the sender stands in the outer header, which anybody may change
  const from = wrapped || !('entity' in outer) || !outer.entity ? mime.from : mimeStage(outer.entity).from;
  const trust = await trustStage(from, mime.to[0], signature, input);
  return concluded([...before, trust, wrapping, mime, noticeStage(read.value)], '', wrapped ?? entity.raw);
}

/** What lies behind the envelope, or what came when there is none; undefined when it was not opened. */
function insideOf(
  outer: Layer,
  envelope: ReturnType<typeof readEnvelope> | undefined,
): Read<Layer> | undefined {
  if (outer.kind !== 'enveloped') return { value: outer };
  if (!envelope || 'cause' in envelope || 'cause' in envelope.value.clear) return undefined;
  return readLayer(envelope.value.clear.value);
}

function contentOf(layer: Layer, signature: Read<Signature> | undefined): Read<Entity> | undefined {
  if (layer.kind === 'plain') return { value: layer.entity };
  if (!signature || 'cause' in signature) return undefined;
  return reading(() => readEntity(signature.value.content));
}

async function trustStage(
  from: readonly string[],
  to: string | undefined,
  signature: Read<Signature> | undefined,
  { anchors, at, profile, revocation, sources }: DissectInput,
): Promise<TrustStage> {
  const [sender] = from;
  if (!signature || 'cause' in signature) return noTrust('there is no signature that can be read');
  if (sender === undefined || from.length > 1) return noTrust('the message does not name one sender');
  if (anchors.length === 0) {
    const reason = 'no anchor was given: --anchor FILE';
    return { ...empty.trust, status: 'skip', reason, findings: [], sender };
  }
  const reader = addressKey(to ?? 'reader@reader.invalid');
  const decision = await decideSigner(
    {
      sender,
      address: reader,
      policy: { ...defaultPolicy, profile, revocation },
      subjects: signature.value.verdicts.flatMap(subjectsOf),
      pool: signature.value.certificates,
      answersOurs: false,
    },
    {
      host: { now: () => at },
      anchors: (_, direction) => (direction === 'incoming' ? anchors : []),
      ...sources,
    },
    referenceAgent,
  );
  const notes = decision.candidates.flatMap((one) => (one.state === 'usable' ? one.notes : []));
  const reasons = decision.causes.map((reason, index) => ({
    ...reason,
    level: index === 0 ? ('fail' as const) : ('info' as const),
    cites: [],
    evidence: [],
  }));
  const trusted = decision.verdict === 'trusted';
  return {
    name: 'trust',
    status: trusted ? (notes.length > 0 ? 'warn' : 'pass') : 'fail',
    findings: [...reasons, ...notes],
    sender,
    verdict: decision.verdict,
    decision,
  };
}

const noTrust = (reason: string): TrustStage => ({ ...empty.trust, ...prevented(reason) });

/** The stages of what is not there. */
const empty = {
  encryption: { name: 'encryption', recipients: [], decrypted: false },
  signature: { name: 'signature', signers: [], certificates: [] },
  trust: { name: 'trust' },
  wrapping: { name: 'wrapping', wrapped: false },
  mime: { name: 'mime', from: [], to: [], cc: [], parts: [], deliveryRequested: false },
  notice: { name: 'notice', recipients: [] },
} as const;

/** @param why nothing can be said of the stages that are missing */
function concluded(stages: readonly AnyStage[], why: string, message?: Uint8Array): Dissection {
  const all = STAGES.map(
    (name): AnyStage => stages.find((stage) => stage.name === name) ?? { ...empty[name], ...prevented(why) },
  );
  const firstCause = all.flatMap(({ findings }) => findings).flatMap(causeOf)[0];
  const notice = all.find((stage) => stage.name === 'notice');
  return {
    status: rollUp(all.map(({ status }) => status)),
    kind: notice?.kind ?? 'message',
    stages: all,
    ...(firstCause && { firstCause }),
    ...(message && { sha256: hash('sha256', message), message }),
  };
}

function causeOf(finding: Finding): Cause[] {
  if (finding.level !== 'fail' || isObserved(finding.code)) return [];
  const { code, params } = finding as Cause;
  return [{ code, params } as Cause];
}
