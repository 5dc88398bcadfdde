import type { FetchResult } from '../../src/http/fetch.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { issueCrl } from '../../src/pki/crl.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { anchorOf } from '../../src/trust/anchors.ts';
import { type DecideInput, decide, type Subject, selectUsable } from '../../src/trust/decide.ts';
import { candidateChecks, createTrustCache, referenceIssuers } from '../../src/trust/reference.ts';

export const NOW = Date.UTC(2026, 0, 5, 15, 0, 0);
export const DAY = 86_400_000;
const TEN_YEARS = 3650 * DAY;

export const CRL = 'http://pki.example/root.crl';
export const INTERMEDIATE = 'http://pki.example/intermediate.cer';
export const INTERMEDIATE_CRL = 'http://pki.example/intermediate.crl';

const ca = (
  name: string,
  key: number,
  issuer: Issued | 'self',
  spec: Partial<CertificateSpec> = {},
): Issued =>
  issueCertificate({
    profile: issuer === 'self' ? 'root' : 'intermediate',
    subject: { CN: name, O: 'Test', C: 'US' },
    key: keyPool.take('rsa2048', key),
    issuer,
    notBefore: NOW - 365 * DAY,
    notAfter: NOW + TEN_YEARS,
    ...spec,
  });

export const root = ca('Root', 0, 'self');
export const stranger = ca('Stranger', 1, 'self');
export const intermediate = ca('Intermediate', 2, root, { crlUrls: [CRL] });

let serial = 1000;
/** An address certificate of bob, valid under `issuer` unless said otherwise. */
export const leaf = (spec: Partial<CertificateSpec> = {}, issuer: Issued = root): Issued =>
  issueCertificate({
    profile: 'address',
    subject: { CN: 'bob' },
    key: keyPool.take('rsa2048', 3),
    issuer,
    serial: ++serial,
    notBefore: NOW - 30 * DAY,
    notAfter: NOW + 365 * DAY,
    emails: ['bob@b.example'],
    crlUrls: [issuer === intermediate ? INTERMEDIATE_CRL : CRL],
    ...(issuer === intermediate && { caIssuersUrls: [INTERMEDIATE] }),
    ...spec,
  });

export const crlOf = (
  issuer: Issued,
  revoked: readonly Issued[] = [],
  times: { thisUpdate?: number; nextUpdate?: number } = {},
) =>
  issueCrl({
    issuer,
    number: 1,
    thisUpdate: NOW - 3_600_000,
    nextUpdate: NOW + DAY,
    revoked: revoked.map(({ certificate }) => ({
      serial: certificate.serial,
      at: NOW - DAY,
      reason: 'keyCompromise' as const,
    })),
    ...times,
  });

/** A web of bodies by URL; what is not in it does not answer. */
export function fetcher(bodies: Readonly<Record<string, Uint8Array | undefined>>) {
  const asked: string[] = [];
  return {
    asked,
    async get(url: string): Promise<FetchResult> {
      asked.push(url);
      const body = bodies[url];
      return body
        ? { ok: true, url, status: 200, type: '', body, headers: {}, event: 0 }
        : { ok: false, url, why: 'connection refused', code: 'refused', event: 0 };
    },
  };
}

export const subjectOf = (certificate: Certificate): Subject => ({
  sha256: certificate.sha256,
  where: 'bob.b.example',
  certificate,
  notes: [],
});

/** Decides for alice@a.example, who trusts `root`, to write to bob@b.example. */
export function judge(
  certificates: readonly (Issued | Subject)[],
  input: Partial<DecideInput> & { web?: Record<string, Uint8Array | undefined> } = {},
) {
  const web = fetcher({ [CRL]: crlOf(root), [INTERMEDIATE_CRL]: crlOf(intermediate), ...input.web });
  return decide({
    from: 'alice@a.example',
    to: 'bob@b.example',
    direction: 'out',
    at: NOW,
    profile: '1.3',
    revocation: 'require',
    anchors: { domain: 'a.example', direction: 'outgoing', list: [anchorOf(root.certificate, 'community')] },
    subjects: certificates.map((one) => ('key' in one ? subjectOf(one.certificate) : one)),
    pool: [],
    sources: { fetcher: web, cache: createTrustCache(), issuers: referenceIssuers },
    checks: candidateChecks,
    select: selectUsable,
    report: (findings) => findings,
    ...input,
  });
}
