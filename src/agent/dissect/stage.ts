/**
 * What each stage of a dissection says. Plain data: it is printed as JSON.
 *
 * @module
 */
import type { Cause } from '../../outcome/cause.ts';
import type { Finding } from '../../outcome/check.ts';
import type { Status } from '../../outcome/status.ts';
import type { CertificateSummary, TrustDecision } from '../../trust/decision.ts';

export const STAGES = ['encryption', 'signature', 'trust', 'wrapping', 'mime', 'notice'] as const;
export type StageName = (typeof STAGES)[number];

interface Stage {
  readonly status: Status;
  /** Of `na` and `skip`: why there is no verdict, and what would give one. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
}

/** How an envelope names one who can open it. */
export interface RecipientTold {
  readonly kind: 'key-transport' | 'key-agreement' | 'kek' | 'password' | 'other';
  /** For people: `serial 0a1b of CN=…`, or the key identifier. */
  readonly named?: string;
  /** Hexadecimal, lower case. */
  readonly serial?: string;
  readonly ski?: string;
  /** `oaep-sha1`, `oaep-sha256`, `pkcs1`, … */
  readonly transport?: string;
  readonly digest?: string;
  readonly maskDigest?: string;
  /** Whether a given certificate is the one that is named. */
  readonly given: boolean;
}

export interface EncryptionStage extends Stage {
  readonly name: 'encryption';
  readonly form?: 'enveloped-data' | 'auth-enveloped-data';
  /** `aes-256-cbc`, …, or the identifier. */
  readonly cipher?: string;
  readonly recipients: readonly RecipientTold[];
  /** Octets of the ciphertext. */
  readonly octets?: number;
  readonly decrypted: boolean;
}

export interface SignerTold {
  /** Whether the digest fits the content and the signature fits the key. Says nothing of trust. */
  readonly verified: boolean;
  readonly digest: string;
  readonly signatureAlgorithm: string;
  /** ISO 8601 UTC, as the signer claims. */
  readonly signingTime?: string;
  readonly certificate?: CertificateSummary;
  readonly cause?: Cause;
}

export interface SignatureStage extends Stage {
  readonly name: 'signature';
  readonly form?: 'detached' | 'opaque';
  readonly micalg?: readonly string[];
  readonly signers: readonly SignerTold[];
  /** Every certificate that came along. */
  readonly certificates: readonly CertificateSummary[];
}

export interface TrustStage extends Stage {
  readonly name: 'trust';
  /** The inner From. */
  readonly sender?: string;
  readonly verdict?: TrustDecision['verdict'];
  readonly decision?: TrustDecision;
}

export interface WrappingStage extends Stage {
  readonly name: 'wrapping';
  readonly wrapped: boolean;
}

/** One part of the message; those inside it follow, one level deeper. */
export interface PartTold {
  readonly depth: number;
  readonly type: string;
  readonly encoding: string;
  readonly name?: string;
  /** Of the decoded content; of a multipart, of all of it. */
  readonly octets: number;
  /** Of the decoded content; not of a multipart. */
  readonly sha256?: string;
}

export interface MimeStage extends Stage {
  readonly name: 'mime';
  readonly subject?: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly cc: readonly string[];
  /** ISO 8601 UTC. */
  readonly date?: string;
  readonly messageId?: string;
  /** It asks to be told of the final delivery. */
  readonly deliveryRequested: boolean;
  readonly parts: readonly PartTold[];
}

export interface NoticeStage extends Stage {
  readonly name: 'notice';
  readonly kind?: 'mdn' | 'dsn';
  /** The Message-ID that it speaks of. */
  readonly about?: string;
  readonly recipients: readonly {
    readonly address?: string;
    /** `processed`, `dispatched`, `failed`, …; of a DSN its Action. */
    readonly says?: string;
    readonly status?: string;
    readonly text?: string;
  }[];
  /** An MDN with the final-delivery field. */
  readonly finalDelivery?: boolean;
}

export type AnyStage =
  | EncryptionStage
  | SignatureStage
  | TrustStage
  | WrappingStage
  | MimeStage
  | NoticeStage;

/** A message taken apart. */
export interface Dissection {
  readonly status: Status;
  readonly kind: 'message' | 'mdn' | 'dsn';
  /** In the order of `STAGES`. */
  readonly stages: readonly AnyStage[];
  /** Of the first stage that failed. */
  readonly firstCause?: Cause;
  /** SHA-256 of the unwrapped message: the octets that the sender's edge submitted. */
  readonly sha256?: string;
  /** The unwrapped message; of one that is not wrapped, what was signed, or what came. */
  readonly message?: Uint8Array;
}
