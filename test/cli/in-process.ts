import { vi } from 'vitest';
import { main } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line without a process of its own: a start takes half a second when the machine is busy. */
export async function runInProcess(args: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  process.stdout.setMaxListeners(0);
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk, ...rest) => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    }),
  );
  try {
    process.exitCode = undefined;
    const code = await main(args);
    return { code, ...written };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}
