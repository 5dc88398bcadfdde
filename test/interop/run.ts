import { execFile } from 'node:child_process';

/** What the program printed and how it ended. */
export const run = (
  program: string,
  args: readonly string[],
  input?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      { timeout: 15_000, env: { ...process.env, ...environment } },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, output: stdout + stderr });
      },
    );
    if (input !== undefined) child.stdin?.end(input);
  });
