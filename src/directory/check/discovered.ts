/**
 * The facts of a search and of the decision about what it found.
 *
 * @module
 */
import type { Discovery } from '../../discovery/types.ts';
import { sentence } from '../../outcome/cause.ts';
import type { TrustDecision } from '../../trust/decision.ts';
import type { CertificateFacts } from './facts.ts';

/** Without a decision a certificate that can be read counts as good. */
export function factsOf(discovery: Discovery, decision?: TrustDecision): CertificateFacts {
  const questions = discovery.steps.map(({ question }) => question);
  const asked = `${questions.join(', ') || 'nothing'} (no records)`;
  if (discovery.outcome === 'none') return { outcome: 'none', asked };
  if (discovery.outcome === 'temporary' || decision?.verdict === 'undetermined')
    return { outcome: 'temporary', asked };
  const usable = decision?.candidates.find((one) => one.state === 'usable');
  const counts = discovery.candidates.find((one) => one.sha256 === usable?.cert) ?? discovery.candidates[0];
  const certificate = counts?.certificate;
  const cause = decision?.verdict === 'refused' ? decision.firstCause : undefined;
  const fault = cause
    ? { code: cause.code, text: sentence(cause) }
    : counts?.unreadable !== undefined
      ? { code: 'cert.unparsable', text: `the certificate found cannot be read: ${counts.unreadable}` }
      : undefined;
  return {
    outcome: 'found',
    asked,
    ...(certificate ? { serial: decimal(certificate.serial), policies: certificate.policies } : {}),
    ...(fault ? { fault } : {}),
  };
}

const decimal = (hex: string): string =>
  hex.startsWith('-') ? `-${BigInt(`0x${hex.slice(1)}`)}` : BigInt(`0x${hex || '0'}`).toString();
