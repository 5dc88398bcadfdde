/**
 * Why a simulated run could not go on. Both are faults of the test, never of the system under test.
 *
 * @module
 */

/** Nothing can happen any more: no timer is set, nothing is on its way, and the work has not ended. */
export class SimStuck extends Error {
  override readonly name = 'SimStuck';
  /** One line for each party that waits, with what it waits for. */
  readonly waits: readonly string[];
  constructor(waits: readonly string[]) {
    super(
      `nothing can happen any more, but the run has not ended:\n${waits.map((wait) => `  ${wait}`).join('\n')}`,
    );
    this.waits = waits;
  }
}

/** The run took longer than it may. */
export class SimLimit extends Error {
  override readonly name = 'SimLimit';
  readonly code: 'virtual-time' | 'real-time';
  readonly waits: readonly string[];
  constructor(code: SimLimit['code'], limitMs: number, waits: readonly string[]) {
    super(
      `the run has used up its ${limitMs} ms of ${code === 'virtual-time' ? 'virtual' : 'real'} time:\n` +
        waits.map((wait) => `  ${wait}`).join('\n'),
    );
    this.code = code;
    this.waits = waits;
  }
}
