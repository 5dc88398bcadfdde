/**
 * Communities as files in `bundles/`: who applies, with which anchor, and who is in.
 *
 * @module
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readYamlFile } from '../../config/read.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { accreditationText } from '../../trust/accreditation.ts';
import { type BundleDefinition, definitionSchema, type Member } from '../../trust/bundle/definition.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import {
  type Assembly,
  assemble,
  buildDefined,
  type Participation,
  participantName,
  recordsOf,
} from '../../trust/bundle/participation.ts';
import type { OpenNetwork } from '../demo/open.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { readCertificate } from './input.ts';
import { sandboxAnchor } from './sandbox.ts';

/** The definitions that are part of Anchorage. */
export const DEFINITIONS = join(import.meta.dirname, '../../../bundles');

export interface Community {
  /** Name of the file without ending; the bundle is published under it. */
  readonly name: string;
  readonly definition: BundleDefinition;
  readonly assembly: Assembly;
}

/** The definition files of a folder. */
export const definitionsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));

/**
 * Reads a definition and judges who applies.
 *
 * @param network opened when a member is a HISP of it
 * @param at ms since 1970 UTC
 * @throws {ConfigError} @throws {Failure}
 */
export function openCommunity(file: string, network: () => OpenNetwork, at: number): Community {
  const definition = readYamlFile(file, definitionSchema);
  const name = basename(file).replace(/\.ya?ml$/, '');
  return judgeCommunity(name, definition, file, network, at);
}

/**
 * The communities of a network itself: its members are the HISPs that say so. Those with a definition of their own are
 * left out.
 *
 * @param url where the bundle of a community is to be found
 */
export function networkCommunities(
  open: OpenNetwork,
  url: (community: string) => string | undefined,
  known: readonly string[],
  at: number,
): Community[] {
  const { hisps, communities } = open.network;
  return Object.entries(communities).flatMap(([name, { title, purpose }]) => {
    const members = Object.entries(hisps).filter(([, { member }]) => member.includes(name));
    const place = url(name);
    if (members.length === 0 || known.includes(name)) return [];
    const definition = definitionSchema.parse({
      title,
      purpose,
      environment: 'production',
      ...(place === undefined ? {} : { distributionPoints: [place] }),
      policy: { daysLeft: 0 },
      members: members.map(([hisp, one]) => ({ name: one.title, hisp })),
    });
    return [judgeCommunity(name, definition, `communities.${name}`, () => open, at)];
  });
}

/** @param file where the definition is, for messages and for the files of anchors beside it */
function judgeCommunity(
  name: string,
  definition: BundleDefinition,
  file: string,
  network: () => OpenNetwork,
  at: number,
): Community {
  const candidates = definition.members.map((member) => ({
    member,
    certificate: anchorOf(member, definition, file, network, at),
    records: member.hisp === undefined ? [] : (network().network.hisps[member.hisp]?.accreditation ?? []),
  }));
  return { name, definition, assembly: assemble(candidates, definition.policy, at) };
}

function anchorOf(
  { certificate, hisp, name }: Member,
  { environment }: BundleDefinition,
  file: string,
  open: () => OpenNetwork,
  at: number,
): Certificate {
  if (certificate !== undefined) return readCertificate(join(dirname(file), certificate));
  const { network, material, state } = open();
  const found = material.get(hisp!);
  if (!found) {
    const known = Object.keys(network.hisps).join(', ');
    throw new Failure(`${file}: ${name}: the network has no HISP "${hisp}"; it has ${known}`, {
      exitCode: 2,
    });
  }
  return environment === 'test' ? sandboxAnchor(network, hisp!, state, at) : found.root.certificate;
}

/** Anchors that stand in a test bundle and in one of production (REQ-TB-13), by certificate or by key. */
export function mixed(communities: readonly Community[]): string[] {
  const keysOf = (environment: BundleDefinition['environment']) =>
    new Map(
      communities
        .filter(({ definition }) => definition.environment === environment)
        .flatMap(({ name, assembly }) =>
          assembly.certificates.map((one) => [Buffer.from(one.spki).toString('base64'), name] as const),
        ),
    );
  const production = keysOf('production');
  return [...keysOf('test')].flatMap(([key, name]) => {
    const other = production.get(key);
    return other === undefined ? [] : [`an anchor of ${name} stands in ${other} too`];
  });
}

/** The unsigned bundle; nobody in it ends the verb. */
export function bytesOf({ definition, assembly, name }: Community): Uint8Array {
  try {
    return buildDefined(definition, assembly);
  } catch (error) {
    if (error instanceof BundleError) throw new Failure(`${name}: ${error.message}`, { exitCode: 1 });
    throw error;
  }
}

export const participantJson = (one: Participation) => ({
  name: one.member.name,
  sha256: one.certificate.sha256,
  admitted: one.admitted,
  refusals: one.refusals,
  remarks: one.remarks,
  /** As stated by the operator. */
  accreditation: recordsOf(one),
});

export function printParticipants({ definition, assembly, name }: Community): void {
  out(`${style.bold(definition.title)} (${name}, ${definition.environment})`);
  for (const one of assembly.participants) {
    out(`  ${one.admitted ? style.good('in ') : style.bad('out')} ${participantName(one)}`);
    for (const record of recordsOf(one))
      out(style.dim(`      accreditation record, as stated by the operator: ${accreditationText(record)}`));
    for (const why of one.refusals) out(`      ${style.bad(why)}`);
    for (const remark of one.remarks) out(`      ${style.warn(remark)}`);
  }
}
