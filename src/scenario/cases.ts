/**
 * A scenario as it will run: names filled in, included scenarios joined.
 *
 * @module
 */
import type { Entry } from './catalogue.ts';
import type { Check, Network, Scenario } from './schema.ts';

/** What one case brings into the network: its own domain with everything published there. */
export interface Case {
  readonly id: string;
  readonly domain: string;
  readonly network: Network;
}

export interface Plan {
  readonly scenario: Scenario;
  readonly variant: string | undefined;
  readonly base: string;
  readonly cases: readonly Case[];
}

export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** The domain below which every simulated network stands (RFC 2606 reserves the name). */
export const BASE = 'testbed.example';

/** The user of the system under test, in simulations. */
export const sutAddress = (base: string): string => `alice@sut.${base}`;

/**
 * @param catalogue where included scenarios are found
 * @param sut the address of the user of the system under test
 * @throws {PlanError} when an included scenario or check is not there
 */
export function planOf(
  entry: Entry,
  catalogue: readonly Entry[],
  base: string = BASE,
  sut: string = sutAddress(base),
): Plan {
  const own = expand(entry.scenario, base, sut);
  const joined = (own.include?.cases ?? []).map((id) => {
    const other = catalogue.find((candidate) => candidate.scenario.id === id);
    if (!other) throw new PlanError(`${entry.file}: include.cases: there is no scenario "${id}"`);
    const domain = own.include?.domains[id] ?? other.scenario.domain;
    const network = (own.include?.drop ?? [])
      .filter((dropped) => dropped.startsWith(`${id}/`))
      .reduce(
        (kept, dropped) => withoutCertificate(kept, dropped.slice(id.length + 1)),
        other.scenario.network,
      );
    return expand({ ...other.scenario, domain, network }, base, sut);
  });
  const wanted = own.include?.checks ?? [];
  const checks = joined.flatMap((other) => includedChecks(other, wanted));
  const cases = [...joined, ...(own.domain === '' && joined.length > 0 ? [] : [own])].map((scenario) => ({
    id: scenario.id,
    domain: domainOf(scenario, base),
    network: scenario.network,
  }));
  return {
    scenario: { ...own, expect: [...own.expect, ...checks] },
    variant: entry.variant,
    base,
    cases,
  };
}

const includedChecks = (other: Scenario, wanted: readonly string[]): Check[] =>
  other.expect
    .filter((check) => wanted.includes(check.check))
    .map((check) => ({ ...check, check: `${other.id}.${check.check}` }));

/** The network without the certificate of one role, wherever it is published. */
function withoutCertificate(network: Network, role: string): Network {
  const { [role]: _dropped, ...certificates } = network.certificates;
  const zone = network.zone
    .split('\n')
    .filter((line) => !line.trimEnd().endsWith(`$certificate ${role}`))
    .join('\n');
  const ldap = Object.fromEntries(
    Object.entries(network.ldap).map(([name, server]) => {
      const entries = server.entries.flatMap((entry) => {
        const left = entry.certificates.filter((other) => other !== role);
        return left.length === 0 && entry.certificates.length > 0 ? [] : [{ ...entry, certificates: left }];
      });
      return [name, { ...server, entries }];
    }),
  );
  return { ...network, certificates, zone, ldap };
}

const domainOf = (scenario: Scenario, base: string): string =>
  scenario.domain ? `${scenario.domain}.${base}` : base;

const fillText = (text: string, domain: string, base: string, sut: string): string =>
  text.replaceAll('{D}', domain).replaceAll('{base}', base).replaceAll('{SUT}', sut);

/** The scenario with `{D}`, `{base}` and `{SUT}` filled in, everywhere. */
function expand(scenario: Scenario, base: string, sut: string): Scenario {
  const domain = domainOf(scenario, base);
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value, domain, base, sut);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
    }
    return value;
  };
  return fill(scenario) as Scenario;
}
