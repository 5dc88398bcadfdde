/**
 * What the judge says of one scenario.
 *
 * @module
 */
import type { CheckResult } from '../../outcome/check.ts';
import type { Status } from '../../outcome/status.ts';

export interface FirstCause {
  readonly check: string;
  readonly code: string;
  readonly text: string;
}

export interface ControlResult {
  readonly status: Status;
  readonly checks: readonly CheckResult[];
}

/** The verdict on one twin: whether exactly the checks that it names turned to fail, and the control still passed. */
export interface TwinResult {
  readonly behaviour: string;
  readonly expected: readonly string[];
  readonly failed: readonly string[];
  readonly control: Status | undefined;
  readonly ok: boolean;
}

export interface ScenarioResult {
  readonly id: string;
  readonly variant?: string;
  readonly title: string;
  readonly suite: string;
  readonly group: string;
  readonly status: Status;
  readonly cites: readonly string[];
  /** Milliseconds of the clock of the run. */
  readonly virtualMs: number;
  readonly control?: ControlResult;
  readonly checks: readonly CheckResult[];
  readonly firstCause?: FirstCause;
  readonly cure?: string;
}
