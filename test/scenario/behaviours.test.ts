import { describe, expect, it } from 'vitest';
import { referenceAgent } from '../../src/agent/reference.ts';
import { hispParts } from '../../src/hisp/parts.ts';
import { seededRandom } from '../../src/net/random.ts';
import type { AnyBehaviour } from '../../src/scenario/behaviours/behaviour.ts';
import { behaviours } from '../../src/scenario/behaviours/index.ts';
import { readCatalogue } from '../../src/scenario/catalogue.ts';
import { referencePublisher } from '../../src/scenario/publisher-parts.ts';

const catalogue = readCatalogue();
const twins = catalogue.flatMap(({ scenario }) => scenario.twins);
const reference = hispParts(referenceAgent);

/** What the behaviour is laid over, and what comes of it. */
const laid = (behaviour: AnyBehaviour) =>
  'publish' in behaviour
    ? ([referencePublisher, behaviour.publish(referencePublisher)] as const)
    : ([reference, behaviour.apply(reference, seededRandom(behaviour.id))] as const);

describe('behaviours', () => {
  it.each([...behaviours.values()].map((one) => [one.id, one] as const))(
    '%s changes the reference and leaves it whole',
    (_id, behaviour) => {
      const before = [{ ...reference }, { ...referencePublisher }];
      const [right, changed] = laid(behaviour);
      expect(changed).not.toEqual(right);
      expect([reference, referencePublisher]).toEqual(before);
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
          (that === 'answered' && JSON.stringify(args['notices']) === '[]') ||
          that === 'absent',
      );
      if (silent) expect(scenario.control).toBeDefined();
    },
  );
});
