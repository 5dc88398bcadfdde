import { describe, expect, it } from 'vitest';
import { referenceAgent } from '../../src/agent/reference.ts';
import { hispParts } from '../../src/hisp/parts.ts';
import { seededRandom } from '../../src/net/random.ts';
import { behaviours } from '../../src/scenario/behaviours/index.ts';
import { readCatalogue } from '../../src/scenario/catalogue.ts';

const catalogue = readCatalogue();
const twins = catalogue.flatMap(({ scenario }) => scenario.twins);
const reference = hispParts(referenceAgent);

describe('behaviours', () => {
  it.each([...behaviours.values()].map((one) => [one.id, one] as const))(
    '%s changes the reference and leaves it whole',
    (id, behaviour) => {
      const before = { ...reference };
      const changed = behaviour.apply(reference, seededRandom(id));
      expect(changed).not.toEqual(reference);
      expect(reference).toEqual(before);
    },
  );

  it.each([...behaviours.keys()])('%s is noticed by a scenario', (id) => {
    expect(twins.map((twin) => twin.behaviour)).toContain(id);
  });
});

describe('scenarios', () => {
  it.each(catalogue.map(({ scenario, variant }) => [`${scenario.id} ${variant ?? ''}`, scenario] as const))(
    '%s has a twin, and a control where passing means silence',
    (_name, scenario) => {
      expect(scenario.twins.length).toBeGreaterThan(0);
      const silent = scenario.expect.some(
        ({ that, args }) =>
          (that === 'certificates-used' && JSON.stringify(args['roles']) === '[]') ||
          (that === 'answered' && JSON.stringify(args['notices']) === '[]'),
      );
      if (silent) expect(scenario.control).toBeDefined();
    },
  );
});
