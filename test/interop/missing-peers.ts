import type { Reporter, TestModule } from 'vitest/node';
import { missingPeers } from './peers.ts';

/** Says at the end of a run which programs were not there, so that nobody takes a skipped test for a passed one. */
export default class MissingPeers implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules
      .filter((module) => ['interop', 'browser'].includes(module.project.name))
      .flatMap((module) => [...module.children.allTests('skipped')]);
    const missing = missingPeers();
    if (skipped.length === 0 || missing.length === 0) return;
    process.stdout.write(
      `\n Skipped: ${skipped.length} tests against programs of others. Not installed here: ${missing.join(', ')}\n`,
    );
  }
}
