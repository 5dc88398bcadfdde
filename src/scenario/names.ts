/**
 * The names that a scenario uses must be names of something: verifiers and their arguments, behaviours, checks,
 * certificates, authorities, LDAP contexts. And its zone must be a zone.
 *
 * @module
 */
import { nearest } from '../outcome/nearest.ts';
import { behaviours } from './behaviours/index.ts';
import { STANDARD_AUTHORITIES } from './fixtures/authorities.ts';
import { verifiers } from './judge/verifiers/index.ts';
import type { Check, Network, Scenario } from './schema.ts';
import { zoneTextProblems } from './zone-text.ts';

export interface NameProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Where in the text at `path`, which has several lines: both from 1. */
  readonly within?: { readonly line: number; readonly column: number };
}

/** Everything that a scenario names and that is not there. */
export function unknownNames(scenario: Scenario): NameProblem[] {
  const control = scenario.control?.expect ?? [];
  const roles = Object.keys(scenario.network.certificates);
  return [
    ...scenario.expect.flatMap((check, index) => checkNames(check, ['expect', index], roles)),
    ...control.flatMap((check, index) => checkNames(check, ['control', 'expect', index], roles)),
    ...twinNames(scenario),
    ...networkNames(scenario.network),
    ...stepNames(scenario.steps, ['steps'], scenario.network),
    ...stepNames(scenario.control?.steps ?? [], ['control', 'steps'], scenario.network),
    ...zoneTextProblems(scenario.network).map(({ message, ...within }) => ({
      path: ['network', 'zone'],
      message,
      within,
    })),
  ];
}

function checkNames(check: Check, path: NameProblem['path'], roles: readonly string[]): NameProblem[] {
  const verifier = verifiers.get(check.that);
  if (!verifier) return [unknown([...path, 'that'], check.that, verifiers.keys(), 'verifier')];
  const args = verifier.args.safeParse(check.args);
  if (args.success) {
    return (verifier.certificates?.(args.data) ?? [])
      .filter((role) => !roles.includes(role))
      .map((role) => unknown([...path, 'args'], role, roles, 'certificate'));
  }
  return args.error.issues.map((issue) => ({
    path: [...path, 'args', ...issue.path.map(String)],
    message: `arguments of ${check.that}: ${issue.message}`,
  }));
}

function twinNames({ twins, expect, include }: Scenario): NameProblem[] {
  const own = new Set(expect.map((check) => check.check));
  return twins.flatMap((twin, index) => [
    ...(behaviours.has(twin.behaviour)
      ? []
      : [unknown(['twins', index, 'behaviour'], twin.behaviour, behaviours.keys(), 'behaviour')]),
    ...twin.fails
      .filter((id) => !own.has(id) && !include?.cases.includes(id.split('.')[0]!))
      .map((id) => unknown(['twins', index, 'fails'], id, own, 'check of this scenario')),
  ]);
}

function networkNames(network: Network): NameProblem[] {
  const authorities = new Set([...STANDARD_AUTHORITIES, ...Object.keys(network.authorities)]);
  const roles = Object.keys(network.certificates);
  const issuers = Object.entries({ ...network.certificates, ...network.authorities }).flatMap(
    ([name, { issuer }]) =>
      issuer === undefined || authorities.has(issuer)
        ? []
        : [
            unknown(
              [name in network.certificates ? 'network.certificates' : 'network.authorities', name, 'issuer'],
              issuer,
              authorities,
              'authority',
            ),
          ],
  );
  const bundled = Object.entries(network.bundles).flatMap(([name, { anchors, signer, pin }]) =>
    [...anchors, signer, pin].flatMap((one) =>
      one === undefined || authorities.has(one)
        ? []
        : [unknown(['network', 'bundles', name], one, authorities, 'authority')],
    ),
  );
  const { own } = network;
  const owned = [
    ...own.keys
      .filter(({ certificate }) => !roles.includes(certificate))
      .map(({ certificate }) => unknown(['network', 'own', 'keys'], certificate, roles, 'certificate')),
    ...own.anchors
      .filter(({ authority }) => !authorities.has(authority))
      .map(({ authority }) => unknown(['network', 'own', 'anchors'], authority, authorities, 'authority')),
  ];
  const placed = network.zone.split('\n').flatMap((line) => /\$certificate (\S+)/.exec(line)?.[1] ?? []);
  return [
    ...issuers.map((problem) => ({
      ...problem,
      path: problem.path.flatMap((step) => String(step).split('.')),
    })),
    ...bundled,
    ...owned,
    ...placed
      .filter((role) => !roles.includes(role))
      .map((role) => unknown(['network', 'zone'], role, roles, 'certificate')),
    ...Object.entries(network.ldap).flatMap(([server, { entries, contexts }]) =>
      entries.flatMap((entry, index) => {
        const path = ['network', 'ldap', server, 'entries', index];
        return [
          ...entry.certificates
            .filter((role) => !roles.includes(role))
            .map((role) => unknown([...path, 'certificates'], role, roles, 'certificate')),
          ...(entry.context === undefined || contexts.includes(entry.context)
            ? []
            : [unknown([...path, 'context'], entry.context, contexts, 'naming context of this server')]),
        ];
      }),
    ),
  ];
}

/** Certificates and authorities that steps name. */
function stepNames(
  steps: Scenario['steps'],
  path: NameProblem['path'],
  network: Pick<Network, 'certificates' | 'authorities'>,
): NameProblem[] {
  const roles = Object.keys(network.certificates);
  const authorities = [...STANDARD_AUTHORITIES, ...Object.keys(network.authorities)];
  return steps.flatMap((step, index) => {
    const named = rolesIn(step)
      .filter((role) => !roles.includes(role))
      .map((role) => unknown([...path, index], role, roles, 'certificate'));
    if (!('authority' in step) || authorities.includes(step.authority.name)) return named;
    return [
      ...named,
      unknown([...path, index, 'authority', 'name'], step.authority.name, authorities, 'authority'),
    ];
  });
}

function rolesIn(step: Scenario['steps'][number]): readonly string[] {
  if ('deliver' in step) return [...step.deliver.signers, ...(step.deliver.encryptTo ?? [])];
  if ('probe' in step) return step.probe.signers;
  return 'keys' in step ? step.keys.map(({ certificate }) => certificate) : [];
}

function unknown(
  path: NameProblem['path'],
  word: string,
  known: Iterable<string>,
  what: string,
): NameProblem {
  const words = [...known];
  const guess = nearest(word, words);
  const hint = guess
    ? `; did you mean "${guess}"?`
    : words.length < 12
      ? `; there are ${words.join(', ') || 'none'}`
      : '';
  return { path, message: `there is no ${what} "${word}"${hint}` };
}
