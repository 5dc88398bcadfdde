/**
 * A verifier holds one kind of expectation against the evidence. Each stands in a file of `verifiers/`.
 *
 * @module
 */
import type { z } from 'zod';
import type { Finding, FindingLevel, Reason, Where } from '../../outcome/check.ts';
import type { Status } from '../../outcome/status.ts';
import type { RunView, Sent } from './view.ts';

export interface Scope {
  /** The case that the check belongs to. */
  readonly case: string;
  readonly part: Sent['part'];
  readonly cites: readonly string[];
}

export interface Verdict {
  readonly status: Status;
  /** Required for skip, na and error. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
}

export interface Verifier<A = unknown> {
  readonly id: string;
  /** What it expects, for the person who writes a scenario. */
  readonly about: string;
  readonly args: z.ZodType<A>;
  /** The certificates of its case that the arguments name. */
  certificates?(args: A): readonly string[];
  verify(args: A, view: RunView, scope: Scope): Verdict;
}

/** A finding with its evidence. */
export function found(
  level: FindingLevel,
  reason: Reason,
  evidence: readonly number[],
  scope: Scope,
  where?: Where,
): Finding {
  return { ...reason, level, cites: scope.cites, evidence, ...(where ? { where } : {}) };
}

/** fail when any finding fails, warn when any warns, else pass. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const levels = new Set(findings.map((finding) => finding.level));
  const status = levels.has('error')
    ? 'error'
    : levels.has('fail')
      ? 'fail'
      : levels.has('warn')
        ? 'warn'
        : 'pass';
  return { status, findings, ...(status === 'error' ? { reason: 'the testbed could not judge' } : {}) };
}
