import type { Cause } from '../../outcome/cause.ts';
import type { Finding } from '../../outcome/check.ts';

/** A stage that failed for one reason. */
export const failed = (
  reason: Cause,
  ...cites: string[]
): { readonly status: 'fail'; readonly findings: readonly Finding[] } => ({
  status: 'fail',
  findings: [{ ...reason, level: 'fail', cites, evidence: [] }],
});

/** A stage that is good enough, with a reason to look at. */
export const warned = (
  reason: Cause,
  ...cites: string[]
): { readonly status: 'warn'; readonly findings: readonly Finding[] } => ({
  status: 'warn',
  findings: [{ ...reason, level: 'warn', cites, evidence: [] }],
});

export const differs = (what: string, expected: string, found: string, ...cites: string[]): Finding => ({
  code: 'observed.differs',
  params: { what, expected, found },
  level: 'warn',
  cites,
  evidence: [],
});

/** A stage that nothing can be said of, because of one before it. */
export const prevented = (reason: string): { status: 'na'; reason: string; findings: readonly [] } => ({
  status: 'na',
  reason,
  findings: [],
});
