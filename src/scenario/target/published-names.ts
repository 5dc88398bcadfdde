/**
 * Scenarios about publishing, for a system outside: they look at its names in place of a simulated publisher's.
 *
 * @module
 */
import type { Plan } from '../cases.ts';
import type { Scenario, Step } from '../schema.ts';
import { PLACES, type TargetProfile } from './profile.ts';

type Parts = Pick<Scenario, 'steps' | 'expect' | 'control'>;

/** @param receiver the address of the target that is looked up */
export function withPublishedNames(plan: Plan, receiver: string, { published }: TargetProfile): Plan {
  if (plan.scenario.sut !== 'publisher') return plan;
  const { steps, expect, control } = plan.scenario;
  const renamed = rename({ steps, expect, control }, namesIn(plan, receiver)) as Parts;
  // of a step for each place, those stay that the target is said to publish at
  const elsewhere = new Set<string>(PLACES.filter((place) => !published.includes(place)));
  const domain = receiver.slice(receiver.lastIndexOf('@') + 1);
  // name servers are looked at by a name that exists
  const asked = (step: Step): Step =>
    'inspect' in step && step.inspect.of === 'dns' && elsewhere.has('address-dns')
      ? { inspect: { ...step.inspect, name: domain } }
      : step;
  const kept: Parts = {
    ...renamed,
    steps: renamed.steps.filter((step) => !('lookup' in step && elsewhere.has(step.lookup.id))).map(asked),
    expect: renamed.expect.filter(({ args }) => !elsewhere.has(String(args['lookup']))),
  };
  return { ...plan, scenario: { ...plan.scenario, ...kept } };
}

function namesIn({ cases, base }: Plan, receiver: string): (text: string) => string {
  const domains = cases.map(({ domain }) => domain).filter((domain) => domain !== base);
  const pattern = domains.map((domain) => domain.replaceAll('.', '\\.')).join('|');
  const name = new RegExp(`(?:([A-Za-z0-9._-]+)@)?(?:${pattern})`, 'gi');
  const domain = receiver.slice(receiver.lastIndexOf('@') + 1);
  return (text) =>
    text.replace(name, (found, local?: string) => {
      if (local === undefined) return likeIn(found, domain);
      return UNKNOWN.test(local) ? `${local}@${domain}` : likeIn(found, receiver);
    });
}

/** A local part that nobody has. */
const UNKNOWN = /^nobody/i;

/** The name, with capital and small letters as in the example. */
function likeIn(example: string, name: string): string {
  if (example === example.toLowerCase()) return name;
  if (example === example.toUpperCase()) return name.toUpperCase();
  return name.replace(/(^|@)([a-z])/g, (_, before: string, first: string) => before + first.toUpperCase());
}

function rename(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => rename(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rename(inner, change)]));
}
