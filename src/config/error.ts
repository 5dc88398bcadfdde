/**
 * What is wrong in a file that a person wrote, said so that the person can mend it.
 *
 * @module
 */

/** One mistake: where it stands, what is there, what should be there. */
export interface Problem {
  readonly file: string;
  /** From 1; absent when the file as a whole is meant. */
  readonly line?: number;
  readonly column?: number;
  /** Keys from the top, such as `listen.dns` or `organizations[3].domain`. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** The known key or word that was probably meant. */
  readonly nearest?: string;
}

export type ConfigErrorCode = 'unreadable' | 'syntax' | 'invalid';

/** Every problem of one file at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;
  readonly problems: readonly Problem[];
  constructor(code: ConfigErrorCode, problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'));
    this.code = code;
    this.problems = problems;
  }
}

/** `anchorage.yaml:4:3: listen.dsn: found an unknown key, expected one of …; did you mean "dns"?` */
export function problemText(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const path = problem.path ? `${problem.path}: ` : '';
  const hint = problem.nearest ? `; did you mean "${problem.nearest}"?` : '';
  return `${place}: ${path}found ${problem.found}, expected ${problem.expected}${hint}`;
}
