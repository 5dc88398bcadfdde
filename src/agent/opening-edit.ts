/**
 * Small changes to a message that is being opened.
 *
 * @module
 */
import type { Cause } from '../outcome/cause.ts';
import type { Finding, ObservedParams } from '../outcome/check.ts';
import type { Opening, OpeningRecipient } from './opening.ts';

/** Refuses those of the recipients still open for whom `reason` gives one. */
export function refuseWhere(
  opening: Opening,
  reason: (recipient: OpeningRecipient) => Cause | undefined,
): Opening {
  return {
    ...opening,
    recipients: opening.recipients.map((recipient) => {
      const found = recipient.verdict === 'open' ? reason(recipient) : undefined;
      return found ? { ...recipient, verdict: 'refused', causes: [...recipient.causes, found] } : recipient;
    }),
  };
}

/** Adds a finding. */
export function noted<C extends keyof ObservedParams>(
  opening: Opening,
  code: C,
  params: ObservedParams[C],
  ...cites: string[]
): Opening {
  const finding = { code, params, level: 'warn', cites, evidence: [] } as unknown as Finding;
  return { ...opening, findings: [...opening.findings, finding] };
}
