/**
 * How a judgement is told in JSON: by `cert verify --format json` and by each line of a batch.
 *
 * @module
 */
import { sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import type { Judgement } from './judge.ts';

/** How a certificate is told. */
export interface Link {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly sha256: string;
}

export interface Told {
  readonly valid: boolean;
  /** `ok`, or the code of the first cause. */
  readonly code: string;
  /** The first cause in a sentence. */
  readonly reason?: string;
  /** From the leaf up, the anchor last; empty when it is not valid. */
  readonly path: readonly (Link & { readonly anchor?: true })[];
  readonly rejected: readonly {
    readonly path: readonly Link[];
    readonly anchor?: string;
    readonly code: string;
    readonly reason: string;
  }[];
  /** Policies that the path is valid for, of those that were asked for. */
  readonly policies: readonly string[];
  readonly profile: string;
  /** Said of every answer by the permissive profile. */
  readonly note?: string;
}

const PERMISSIVE = 'permissive profile: SHA-1, RSA 1024 and DSA count here, and nowhere in Direct';

export const told = (judged: Judgement, { profile }: { readonly profile: string }): Told => ({
  valid: judged.valid,
  code: judged.cause?.code ?? 'ok',
  ...(judged.cause && { reason: sentence(judged.cause) }),
  path: [
    ...judged.path.map(linkOf),
    ...(judged.anchor
      ? [
          {
            ...(judged.anchor.certificate
              ? linkOf(judged.anchor.certificate)
              : { subject: formatName(judged.anchor.name), issuer: '', serial: '', sha256: '' }),
            anchor: true as const,
          },
        ]
      : []),
  ],
  rejected: judged.rejected.map(({ path, anchor, cause }) => ({
    path: path.map(linkOf),
    ...(anchor && { anchor: formatName(anchor.name) }),
    code: cause.code,
    reason: sentence(cause),
  })),
  policies: judged.policies,
  profile,
  ...(profile === 'permissive' && { note: PERMISSIVE }),
});

const linkOf = ({ subject, issuer, serial, sha256 }: Certificate): Link => ({
  subject: formatName(subject),
  issuer: formatName(issuer),
  serial,
  sha256,
});
