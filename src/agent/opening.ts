/**
 * A message on its way in: what each stage of opening finds and leaves.
 *
 * @module
 */
import type { EnvelopedData } from '../cms/enveloped.ts';
import type { SignerVerdict } from '../cms/signed.ts';
import type { Entity } from '../mail/entity.ts';
import type { Cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { TrustDecision } from '../trust/decision.ts';
import type { AgentParts } from './parts.ts';
import type { AgentContext, DomainPolicy, Inbound, InboundEnvelope, LocalKey } from './types.ts';

/** One of our recipients of the message. */
export interface OpeningRecipient {
  readonly address: string;
  readonly domain: string;
  readonly policy: DomainPolicy;
  /** Keys that may open the message for this recipient. */
  readonly keys: readonly LocalKey[];
  readonly verdict: 'open' | 'accepted' | 'refused' | 'deferred';
  readonly causes: readonly Cause[];
  readonly decision?: TrustDecision;
}

export interface Opening {
  readonly bytes: Uint8Array;
  readonly envelope: InboundEnvelope;
  readonly recipients: readonly OpeningRecipient[];
  /** The message as it came. */
  readonly outer?: Entity;
  readonly enveloped?: EnvelopedData;
  /** The decrypted MIME entity. */
  readonly clear?: Uint8Array;
  /** The octets that were signed: a MIME entity. */
  readonly content?: Uint8Array;
  readonly signers: readonly SignerVerdict[];
  /** Every certificate that came with the signature. */
  readonly certificates: readonly Certificate[];
  /** The wrapped message. */
  readonly message?: Uint8Array;
  readonly inner?: Entity;
  /** The inner From. */
  readonly sender?: string;
  readonly kind: Inbound['kind'];
  /** Whether it is a notice that answers a message of one of its recipients. */
  readonly answersOurs: boolean;
  readonly deliveryRequested: boolean;
  readonly findings: readonly Finding[];
  readonly world: AgentContext;
  readonly parts: AgentParts;
}
