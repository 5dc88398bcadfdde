/** Why the directory refused. */
export type DirectoryCode = 'format' | 'busy' | 'unknown' | 'state' | 'not-allowed' | 'source';

/** What the directory throws for reasons that a person can act on. Nothing was changed. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
  readonly code: DirectoryCode;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Line of the file, from 1. */
  readonly line: number | undefined;
  constructor(code: DirectoryCode, message: string, more: { hint?: string; line?: number } = {}) {
    super(message);
    this.code = code;
    this.hint = more.hint;
    this.line = more.line;
  }
}
