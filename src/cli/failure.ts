/** A verb could not do its work, for a reason that the person can act on. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** What to do about it. */
  readonly hint: string | undefined;
  readonly exitCode: 1 | 2 | 3;
  constructor(message: string, options: { hint?: string; exitCode?: 1 | 2 | 3 } = {}) {
    super(message);
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 3;
  }
}
