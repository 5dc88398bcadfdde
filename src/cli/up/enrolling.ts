/**
 * Enrollment in a network: its texts, what others see of its HISPs, and going on with what was stopped in the middle.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Config } from '../../config/schema.ts';
import { lookUp } from '../../directory/entries.ts';
import { createResolver } from '../../dns/client.ts';
import { admitAll, enrolledDetails } from '../../hisp/enrollment/admission.ts';
import { type Checklist, checklistSchema } from '../../hisp/enrollment/checklist.ts';
import { departAll } from '../../hisp/enrollment/departure.ts';
import type { OrganizationDetail } from '../../hisp/enrollment/details.ts';
import type {
  EnrollmentSeams,
  EnrollmentWorld,
  ParticipationPolicy,
  Shown,
} from '../../hisp/enrollment/world.ts';
import type { Host } from '../../net/host.ts';
import { listAddresses, listDomains } from '../../store/organizations.ts';
import type { Scope } from '../../store/scope.ts';
import type { OpenNetwork } from '../demo/open.ts';
import { Failure } from '../failure.ts';
import type { NetworkDirectory } from './directory.ts';
import type { DetailsOf, OrganizationDetails } from './directory-records.ts';
import type { Live } from './live.ts';

/** The texts of the demo network. */
export const ENROLLMENT_TEXTS = join(import.meta.dirname, '../../../zones/enrollment');

/** Time until a sequence that waits is looked at again. */
const AGAIN = 5000;

/** @throws {Failure} a file that is missing or does not fit */
export function enrollmentTexts(config: Pick<Config, 'network'>): {
  readonly policy: ParticipationPolicy;
  readonly checklist: Checklist;
} {
  const folder = config.network.enrollment ?? ENROLLMENT_TEXTS;
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (error) {
      throw new Failure(`${join(folder, name)} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
    }
  };
  const text = read('participation-policy.md');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const version = /^Version ([\w.-]*\w)/m.exec(text)?.[1] ?? sha256.slice(0, 12);
  const checklist = checklistSchema.safeParse(parse(read('identity-proofing.yaml')));
  if (!checklist.success) {
    const [first] = checklist.error.issues;
    const where = `${join(folder, 'identity-proofing.yaml')}, ${first!.path.join('.')}`;
    throw new Failure(`${where}: ${first!.message}`, { exitCode: 2 });
  }
  return { policy: { version, text, sha256 }, checklist: checklist.data };
}

/**
 * What the enrollment of a HISP asks of its network.
 *
 * @param host asks DNS for the proof of a domain
 * @param shown missing where the HISP does not run
 */
export function enrollmentSeams(
  host: Host,
  { network, state }: OpenNetwork,
  hisp: string,
  config: Pick<Config, 'network'>,
  scopes: ReadonlyMap<string, Scope>,
  shown?: Shown,
): EnrollmentSeams {
  const own = network.hisps[hisp]!.domain;
  const resolver = createResolver(host);
  const isPart = (one: string, of: string): boolean => one === of || one.endsWith(`.${of}`);
  return {
    parents: [own],
    nameServer: `ns.${own}`,
    ...enrollmentTexts(config),
    ...(shown ? { shown } : {}),
    exports: state.path(`exports/${hisp}`),
    async lookUpTxt(name) {
      const { outcome, records } = await resolver.query(name, 'TXT');
      if (outcome === 'unknown') throw new Error('no name server gave an answer');
      return records.flatMap(({ data }) =>
        data.type === 'TXT' ? [data.strings.map((part) => Buffer.from(part).toString('utf8')).join('')] : [],
      );
    },
    async takenElsewhere(domain) {
      for (const [id, { title, domain: theirs }] of Object.entries(network.hisps)) {
        if (id === hisp) continue;
        if (isPart(domain, theirs)) return title;
        const scope = scopes.get(id);
        const domains = scope ? await listDomains(scope) : [];
        if (domains.some(({ name }) => isPart(domain, name) || isPart(name, domain))) return title;
      }
      return undefined;
    },
  };
}

/** What others see of a HISP that runs. */
export function shownBy(
  hisp: string,
  scope: Scope,
  live: Pick<Live, 'faces' | 'registerOf' | 'holdingsOf'>,
  directory: () => Pick<NetworkDirectory, 'directory' | 'sync'> | undefined,
): Shown {
  return {
    dns: (domain) => live.faces().zones.some(({ origin }) => origin === domain),
    ldap: (domain) =>
      live.faces().content.entries.filter(({ attributes: { mail } }) =>
        [mail ?? []].flat().some((value) => {
          const text = String(value).toLowerCase();
          return text === domain || text.endsWith(`@${domain}`);
        }),
      ).length,
    async entries(domain) {
      const book = directory();
      if (!book) return 0;
      await book.sync(hisp);
      const own = await listAddresses(scope, domain);
      return own.filter(({ address }) =>
        lookUp(book.directory, address).some(({ contributor }) => contributor === hisp),
      ).length;
    },
    revoked(sha256) {
      const row = live.holdingsOf(hisp).revoked.find((one) => one.sha256 === sha256);
      return row !== undefined && live.registerOf(hisp).revoked.has(row.serial);
    },
  };
}

/** What the directory says of enrolled organizations, by HISP. */
export interface Enrolled extends DetailsOf {
  /** Reads them of one HISP again. */
  reload(hisp: string): Promise<void>;
}

/** @param file what the network's file says; it counts where nobody enrolled */
export async function openEnrolled(scopes: ReadonlyMap<string, Scope>, file: DetailsOf): Promise<Enrolled> {
  const known = new Map<string, Map<string, OrganizationDetail>>();
  const reload = async (hisp: string): Promise<void> => {
    const scope = scopes.get(hisp);
    if (scope) known.set(hisp, await enrolledDetails({ scope }));
  };
  for (const hisp of scopes.keys()) await reload(hisp);
  return {
    reload,
    organization(hisp, id) {
      const found = known.get(hisp)?.get(id);
      return found ? published(found) : file.organization(hisp, id);
    },
    address: file.address,
  };
}

function published({
  street,
  street2,
  city,
  state,
  zip,
  phone,
  ...more
}: OrganizationDetail): OrganizationDetails {
  const { npi, specialty, fax } = more;
  return {
    ...(npi === null ? {} : { npi }),
    ...(specialty === null ? {} : { specialty }),
    ...(fax === null ? {} : { fax }),
    street: street2 === null ? street : `${street}, ${street2}`,
    city,
    state,
    zip,
    phone,
  };
}

/**
 * Goes on with acceptances and departures that were stopped in the middle, that wait, or whose day has come.
 *
 * @returns how to stop
 */
export function keepEnrolling(
  host: Pick<Host, 'timer'>,
  worlds: readonly { readonly title: string; readonly world: EnrollmentWorld }[],
  tell: (line: string) => void,
): () => Promise<void> {
  let stopped = false;
  let round: Promise<void> = Promise.resolve();
  let cancel: () => void = () => undefined;
  const look = async (): Promise<void> => {
    for (const { title, world } of worlds) {
      if (stopped) return;
      try {
        await admitAll(world);
        await departAll(world);
      } catch (error) {
        tell(`${title}: enrollment: ${(error as Error).message}`);
      }
    }
  };
  const next = (): void => {
    round = look().then(() => {
      if (!stopped) cancel = host.timer(AGAIN, next);
    });
  };
  next();
  return async () => {
    stopped = true;
    cancel();
    await round;
  };
}
