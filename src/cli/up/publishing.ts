/**
 * The bundles that `up` publishes: those of the definitions and those of the network's own communities, through the code
 * of `bundle publish`, into the state folder, and from there over HTTP with their history, checksum and lint report.
 *
 * @module
 */
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { HttpReply, HttpRequest } from '../../http/server.ts';
import type { Cancel, Host } from '../../net/host.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { BundleDefinition } from '../../trust/bundle/definition.ts';
import { readFileIfAny } from '../../trust/bundle/durable-file.ts';
import { lintBundle } from '../../trust/bundle/lint.ts';
import type { BundleNote } from '../../trust/bundle/note.ts';
import type { Participation } from '../../trust/bundle/participation.ts';
import { bundleReply, type History } from '../../trust/bundle/publish.ts';
import { readBundle } from '../../trust/bundle/read.ts';
import {
  bytesOf,
  type Community,
  DEFINITIONS,
  definitionsIn,
  mixed,
  networkCommunities,
  openCommunity,
} from '../bundle/community.ts';
import { publishBundle } from '../bundle/published-folder.ts';
import { bundleUrl } from '../demo/anchors.ts';
import type { OpenNetwork } from '../demo/open.ts';
import { Failure } from '../failure.ts';

export interface PublishedCommunity {
  readonly name: string;
  readonly definition: BundleDefinition;
  readonly participants: readonly Participation[];
  /** Missing when nobody is in, so that there is no bundle. */
  readonly bundle?: {
    readonly url: string;
    readonly bytes: Uint8Array;
    readonly sha256: string;
    readonly certificates: readonly Certificate[];
    readonly notes: readonly BundleNote[];
    readonly history: History;
  };
}

export interface Publishing {
  /** As published last. */
  communities(): readonly PublishedCommunity[];
  /** Reads definitions and judges who is in once more; names the communities whose bundle changed. @throws {Failure} */
  republish(): readonly string[];
  /** Anchors of a version that was published; undefined when there was none. */
  version(name: string, number: number): readonly Certificate[] | undefined;
  /** Answers for `/bundles/…`; undefined for other paths. */
  reply(request: HttpRequest): HttpReply | undefined;
}

const FOLDER = 'published';
/** Names that `publication` gives to files. */
const SERVED = /^\/bundles\/((?:history\/)?[a-z0-9-]+\.(?:p7b|p7b\.sha256|json|lint\.json|history\.json))$/;

/**
 * Publishes at once.
 *
 * @param now ms since 1970 UTC
 * @param tell hears who is left out, and why
 * @throws {Failure} when a definition is not of this network, or mixes test and production
 */
export function openPublishing(
  open: OpenNetwork,
  config: Config,
  now: () => number,
  tell: (line: string) => void,
): Publishing {
  const folder = open.state.path(FOLDER);
  const definitions = config.network.bundles ?? (config.network.file === undefined ? DEFINITIONS : undefined);
  const told = new Set<string>();
  const publishOne = (community: Community, at: number): PublishedCommunity & { changed: boolean } => {
    const { name, definition, assembly } = community;
    const { participants } = assembly;
    for (const { member, admitted, refusals } of participants) {
      const line = `${definition.title}: ${member.name} is out: ${refusals.join('; ')}`;
      if (!admitted && !told.has(line)) tell(line);
      told.add(line);
    }
    if (assembly.certificates.length === 0) return { name, definition, participants, changed: false };
    const url = bundleUrl(open.network, name) ?? definition.distributionPoints[0] ?? fallback(open, name);
    const bytes = bytesOf(community);
    const done = publishBundle(name, bytes, { folder, at, url: url.slice(0, url.lastIndexOf('/')) });
    const read = readBundle(bytes, { at });
    return {
      name,
      definition,
      participants,
      changed: done.changed,
      bundle: {
        url,
        bytes,
        sha256: done.sha256,
        certificates: read.certificates,
        notes: lintBundle(read, { at, url }),
        history: done.history,
      },
    };
  };
  const publishAll = () => {
    const at = now();
    const defined =
      definitions === undefined
        ? []
        : definitionsIn(definitions).map((file) => openCommunity(file, () => open, at));
    const names = defined.map(({ name }) => name);
    const own = networkCommunities(open, (name) => bundleUrl(open.network, name), names, at);
    const all = [...own, ...defined];
    const both = mixed(all);
    if (both.length > 0) throw new Failure(`test and production stay apart: ${both.join('; ')}`);
    return all.map((one) => publishOne(one, at));
  };
  let published = publishAll();
  return {
    communities: () => published,
    republish() {
      published = publishAll();
      return published.filter(({ changed }) => changed).map(({ name }) => name);
    },
    version(name, number) {
      if (!published.some((one) => one.name === name)) return undefined;
      const bytes = readFileIfAny(join(folder, `history/${name}-${number}.p7b`));
      return bytes && readBundle(bytes, { at: now() }).certificates;
    },
    reply(request) {
      const path = request.url.split('?')[0]!;
      const name = SERVED.exec(path)?.[1];
      const bytes = name === undefined ? undefined : readFileIfAny(join(folder, name));
      return bytes && name !== undefined ? bundleReply(request, name, bytes) : undefined;
    },
  };
}

const HOUR = 3_600_000;

/**
 * Looks every hour whether another bundle is to be published: an accreditation record may have ended, a definition may
 * have been edited. A definition with a mistake changes nothing.
 *
 * @returns how to stop
 */
export function keepPublishing(
  host: Pick<Host, 'timer'>,
  publishing: Pick<Publishing, 'republish'>,
  tell: (line: string) => void,
): () => Promise<void> {
  let cancel: Cancel;
  const look = (): void => {
    try {
      for (const name of publishing.republish()) tell(`the bundle ${name} was published anew`);
    } catch (error) {
      tell(`bundles stay as they are: ${(error as Error).message}`);
    }
    cancel = host.timer(HOUR, look);
  };
  cancel = host.timer(HOUR, look);
  return async () => cancel();
}

/** Of a definition that names no place: with the first HISP of the network. */
const fallback = ({ network }: OpenNetwork, name: string): string =>
  `http://pki.${Object.values(network.hisps)[0]!.domain}/bundles/${name}.p7b`;

/** The bundles in the list of everything that is published. */
export const listedBundles = (publishing: Publishing): { path: string; what: string }[] =>
  publishing
    .communities()
    .flatMap(({ name, definition, bundle }) =>
      bundle ? [{ path: `/bundles/${name}.p7b`, what: `trust bundle of the ${definition.title}` }] : [],
    );
