/**
 * Stage Digital signature: who signed, and whether the recipient's anchors vouch for it (REQ-AS-04 to -08, -18, -20,
 * -27 to -34).
 *
 * @module
 */
import { identityText } from '../../../../cms/identity.ts';
import { type Cause, cause } from '../../../../outcome/cause.ts';
import { type Certificate, parseCertificate } from '../../../../pki/certificate.ts';
import { formatName, sameName } from '../../../../pki/name.ts';
import type { Anchor } from '../../../../pki/path/anchor.ts';
import { keyIsStrong, keyName } from '../../../../pki/path/strength.ts';
import { referencePolicy, validatePath } from '../../../../pki/path/validate.ts';
import { addressesIn } from '../../../../rule/message/facts/header.ts';
import { bindsTo } from '../../../../rule/message/facts/signature.ts';
import { anchorOf } from '../../../../trust/anchors.ts';
import type { Facts } from '../../../facts.ts';
import { type Look, sentCheck, sinceThirteen } from './sent-check.ts';

interface KnownAuthority {
  readonly certificate: Certificate;
  readonly trusted: boolean;
  readonly revoked: readonly string[];
}

const authoritiesOf = ({ authorities }: Facts): KnownAuthority[] =>
  authorities.map(({ certificate, trusted, revoked }) => ({
    certificate: parseCertificate(Buffer.from(certificate, 'base64')),
    trusted,
    revoked,
  }));

export const sentCertificate = sentCheck(
  'sent-certificate',
  'Digital signature: the signer’s certificate is in the message, best with its intermediates',
  ({ signature }) => signature,
  ({ verdicts, embedded }, { view, say, differs, seen }) => {
    const known = authoritiesOf(view.run.facts);
    const at = (name: Certificate['issuer']) => ({
      embedded: embedded.some((one) => sameName(one.subject, name)),
      intermediate: known.some(({ certificate, trusted }) => sameName(certificate.subject, name) && !trusted),
    });
    for (const { certificate, signer } of verdicts) {
      if (!certificate) {
        say('fail', cause('crypto.signer-cert-missing', { signer: identityText(signer.identity) }));
        continue;
      }
      const issuer = at(certificate.issuer);
      if (issuer.intermediate && !issuer.embedded) {
        differs('warn', 'intermediates', formatName(certificate.issuer), 'none');
      }
      seen('in the message', `${embedded.length} certificate, of ${formatName(certificate.subject)}`);
    }
  },
);

/** One acceptable signer is enough; of several that are not, the first one's reasons are told. */
export const sentSigner = sentCheck(
  'sent-signer',
  'Digital signature: the signer is bound to From, may sign, and is valid and trusted',
  ({ signature, inner, envelope }) => {
    if ('missing' in signature) return signature;
    const signers = signature.value.verdicts.flatMap(({ certificate }) => certificate ?? []);
    if (signers.length === 0) return { missing: 'the certificate of the signer is not in the message' };
    const header = 'value' in inner ? inner.value : 'value' in envelope ? envelope.value.outer : undefined;
    const from = header && addressesIn(header, 'from')[0];
    return from
      ? { value: { signers, from, embedded: signature.value.embedded } }
      : { missing: 'the message has no From' };
  },
  ({ signers, from, embedded }, look) => {
    const judged = signers.map((certificate) => faultsOf(certificate, from, embedded, look));
    const good = judged.findIndex((faults) => faults.every(({ level }) => level === 'warn'));
    for (const { level, reason } of judged[Math.max(good, 0)]!) look.say(level, reason);
    const names = signers.flatMap(({ emails, dnsNames }) => [...emails, ...dnsNames]);
    look.seen('the signer', `bound to ${names.join(', ')}, trusted, for ${from}`);
  },
);

interface Fault {
  readonly level: 'warn' | 'fail';
  readonly reason: Cause;
}

function faultsOf(
  certificate: Certificate,
  from: string,
  embedded: readonly Certificate[],
  { view, letter }: Look,
): Fault[] {
  const { emails, dnsNames, keyUsage, key, notBefore, notAfter } = certificate;
  const { at } = letter.arrived;
  const names = [...emails, ...dnsNames].map((name) => name.toLowerCase());
  const faults: Fault[] = [];
  const fault = (reason: Cause, level: Fault['level'] = 'fail'): void => void faults.push({ level, reason });
  const since = sinceThirteen(view) as Fault['level'];
  if (!bindsTo(certificate, from)) {
    fault(cause('cert.binding', { found: names.join(', ') || 'nobody', wanted: from }));
  }
  if (names.length > 1)
    fault(cause('cert.policy', { name: 'profile 1.3', term: 'one alternative name' }), since);
  if (names.some((name) => name.includes('*'))) {
    fault(cause('cert.policy', { name: 'profile 1.3', term: 'no wildcard' }), since);
  }
  if (keyUsage && !keyUsage.has('digitalSignature')) {
    fault(cause('cert.usage', { found: [...keyUsage].join(', ') || 'nothing', wanted: 'signing' }));
  }
  if (!keyIsStrong(key, '1.3'))
    fault(cause('cert.weak-key', { bits: key.bits, algorithm: keyName(key) }), since);
  if (at > notAfter) fault(cause('cert.expired', { notAfter: new Date(notAfter).toISOString() }));
  if (at < notBefore) fault(cause('cert.not-yet-valid', { notBefore: new Date(notBefore).toISOString() }));
  const untrusted = pathFault(certificate, embedded, authoritiesOf(view.run.facts), at);
  if (untrusted) fault(untrusted);
  return faults;
}

/** Deep enough for any chain of a test. */
const DEPTH = 8;

/** Why no anchor of the run vouches for the certificate. */
function pathFault(
  leaf: Certificate,
  embedded: readonly Certificate[],
  authorities: readonly KnownAuthority[],
  at: number,
): Cause | undefined {
  const anchors = authorities
    .filter(({ trusted }) => trusted)
    .map((one) => anchorOf(one.certificate, 'testbed'));
  const pool = [...embedded, ...authorities.map(({ certificate }) => certificate)];
  const refusals: Cause[] = [];
  const leads = (path: readonly Certificate[]): boolean => {
    const top = path.at(-1)!;
    const good = (anchor: Anchor): boolean => {
      if (!sameName(top.issuer, anchor.name)) return false;
      const verdict = validatePath({ path, anchor, at, ...referencePolicy('permissive') });
      const revoked = path.find((one) => isRevoked(one, authorities));
      if (!verdict.ok) refusals.push(verdict.cause);
      else if (revoked) refusals.push(cause('cert.revoked', { at: 'before the message', reason: 'listed' }));
      return verdict.ok && !revoked;
    };
    if (anchors.some(good)) return true;
    if (path.length >= DEPTH) return false;
    return pool.some(
      (issuer) => !path.includes(issuer) && sameName(top.issuer, issuer.subject) && leads([...path, issuer]),
    );
  };
  if (leads([leaf])) return undefined;
  const nowhere = cause('trust.no-path', {
    issuer: formatName(leaf.issuer),
    domain: 'the recipient',
    tried: anchors.length,
    sources: ['testbed'],
  });
  return refusals[0] ?? nowhere;
}

const isRevoked = ({ issuer, serial }: Certificate, authorities: readonly KnownAuthority[]): boolean =>
  authorities.some(
    ({ certificate, revoked }) => sameName(certificate.subject, issuer) && revoked.includes(serial),
  );
