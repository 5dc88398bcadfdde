import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/scenario/catalogue.ts';
import { byVerifier, untestedChecks } from './twin-coverage.ts';

/** Of 100 checks so many may be without a twin of their own. It only ever becomes less. */
const MOST_IN_100 = 15;

const catalogue = readCatalogue();

describe('twins', () => {
  it('a check is tested when a twin of its own scenario names it', () => {
    const [entry] = catalogue.filter(({ scenario }) => scenario.id === 'd5');
    expect(untestedChecks([entry!])).toEqual([]);
    const without = { ...entry!, scenario: { ...entry!.scenario, twins: [] } };
    const checks = untestedChecks([without]);
    expect(checks).toHaveLength(entry!.scenario.expect.length);
    expect(checks).toContainEqual({ entry: 'd5', check: 'encrypted', that: 'encrypted' });
    expect(byVerifier(checks)[0]).toMatch(/: \d+$/);
  });

  it('most checks are tested by one', () => {
    const all = catalogue.reduce((sum, { scenario }) => sum + scenario.expect.length, 0);
    const untested = untestedChecks(catalogue);
    expect((100 * untested.length) / all, byVerifier(untested).join('\n')).toBeLessThanOrEqual(MOST_IN_100);
  });

  it('of discovery, all that says that nothing leaves in clear, and which certificates are used', () => {
    const discovery = catalogue.filter(
      ({ scenario }) => scenario.suite === 'discovery' && !scenario.include?.checks.length,
    );
    const bare = untestedChecks(discovery).filter(({ that }) => that === 'encrypted');
    expect(bare).toEqual([]);
  });
});
