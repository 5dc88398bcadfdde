import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude },
});

/**
 * `unit` mirrors src/. `interop` drives programs that we did not write and skips, visibly, each one that is not
 * installed (or fails, when ANCHORAGE_PEERS=required). `browser` needs Chromium in the same way.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', './test/interop/missing-peers.ts'],
    projects: [
      project('architecture', ['test/architecture/**/*.test.ts']),
      project(
        'unit',
        ['test/**/*.test.ts'],
        ['test/architecture/**', 'test/interop/**', 'test/browser/**', 'test/durability/**'],
      ),
      project('interop', ['test/interop/**/*.test.ts']),
      project('durability', ['test/durability/**/*.test.ts']),
      project('browser', ['test/browser/**/*.test.ts']),
    ],
  },
});
