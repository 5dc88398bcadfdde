/**
 * The address directory of a running network: kept in step with what each HISP publishes, verified by discovery, and
 * published once a day.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { NetworkDefinition } from '../../config/network.ts';
import { type Auditor, createAuditor } from '../../directory/audit.ts';
import { factsOf } from '../../directory/check/discovered.ts';
import type { CertificateFacts } from '../../directory/check/facts.ts';
import { recordFacts, verifyAddresses } from '../../directory/check/verify.ts';
import { choices, choose, type Visibility } from '../../directory/choices.ts';
import { contribute, refuse } from '../../directory/contribute.ts';
import { applying, history } from '../../directory/contributions.ts';
import { type Directory, findContributor, openDirectory, putContributor } from '../../directory/directory.ts';
import { entries, lookUp } from '../../directory/entries.ts';
import { differences } from '../../directory/provenance.ts';
import { createQuota, type Quota } from '../../directory/quota.ts';
import { checked } from '../../directory/read/validate.ts';
import type { DirectoryRecord } from '../../directory/record.ts';
import { publish, snapshots } from '../../directory/snapshots.ts';
import type { Resolver } from '../../dns/client.ts';
import { type Holdings, publicationOf } from '../../hisp/tenancy/publication.ts';
import type { Host } from '../../net/host.ts';
import { nextTurn } from '../../net/turn.ts';
import type { LookUp } from '../demo/look-up.ts';
import type { State } from '../demo/state.ts';
import { type DetailsOf, recordsFor } from './directory-records.ts';
import { organizationId } from './seed.ts';

/** How the contributions of a running network are signed in the history. */
export const BY = 'up';

const HOUR = 3_600_000;
/** Time after which work that another contribution stood in the way of is tried again. */
const AGAIN = 60_000;
const CONCURRENT = 8;
/** A person who types asks several times in a few seconds. */
const PUBLIC_RATE = { burst: 60, perMinute: 30 };

export interface NetworkDirectory {
  readonly directory: Directory;
  /** A folder of its own in the state folder. */
  readonly folder: string;
  /** Takes what a HISP publishes now, and has what is new in it verified. */
  sync(hisp: string): Promise<void>;
  /** What a HISP publishes at this moment; `LAST_UPDATED` is open. */
  recordsOf(hisp: string): DirectoryRecord[];
  /** Contributions, undoing and publications are done one after the other: whoever does one does it in here. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** How often each reader may ask, whatever face it asks at, and the record of what was asked. */
  readonly quota: Quota;
  readonly auditor: Auditor;
  /** Discovery with the anchors of all bundles of the network. */
  readonly lookUp: (address: string) => ReturnType<LookUp>;
  /** Looks up now, and keeps what was found with the address where it is listed. */
  verify(address: string): Promise<{ found: Awaited<ReturnType<LookUp>>; facts: CertificateFacts }>;
  /** All that was asked for so far is done, verified and published. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface NetworkDirectoryOptions {
  readonly network: Pick<NetworkDefinition, 'hisps' | 'organizations'>;
  readonly state: State;
  readonly holdingsOf: (hisp: string) => Holdings;
  readonly details: DetailsOf;
  readonly lookUp: (address: string) => ReturnType<LookUp>;
  /** Asked whether a domain has mail servers. */
  readonly resolver: Resolver;
  readonly tell: (line: string) => void;
}

/** Opens `store/directory.sqlite` and takes what every HISP publishes. @throws {Error} what SQLite said */
export async function openNetworkDirectory(
  host: Host,
  { network, state, holdingsOf, details, lookUp: look, resolver, tell }: NetworkDirectoryOptions,
): Promise<NetworkDirectory> {
  const directory = await openDirectory(host, { file: state.path('store/directory.sqlite') });
  seedChoices(directory, network.organizations);
  const factsAt = async (address: string) => {
    const [found, mx] = await Promise.all([look(address), mailServers(resolver, address)]);
    return { found, facts: { ...factsOf(found.discovery, found.decision), mx } };
  };
  const taken = new Map<string, Holdings>();
  let stopped = false;
  const failed = (what: string) => (error: Error) => {
    if (!stopped) tell(`the directory: ${what}: ${error.message}`);
  };

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
  const recordsOf = (hisp: string): DirectoryRecord[] =>
    recordsFor(hisp, network.hisps[hisp]!, holdingsOf(hisp), details);

  const take = async (hisp: string): Promise<void> => {
    const holdings = holdingsOf(hisp);
    const before = taken.get(hisp);
    if (stopped || before === holdings) return;
    keepContributor(directory, hisp, network.hisps[hisp]!.title, holdings);
    await contributeChanges(directory, hisp, network.hisps[hisp]!.title, recordsOf(hisp));
    taken.set(hisp, holdings);
    if (before) for (const address of reissued(before, holdings, host.now())) doubtful.add(address);
  };

  /** Addresses whose certificate is another one than it was. */
  const doubtful = new Set<string>();
  const verify: NetworkDirectory['verify'] = async (address) => {
    const { found, facts } = await factsAt(address);
    const [listed] = stopped ? [] : lookUp(directory, found.discovery.address);
    if (listed) recordFacts(directory, listed.endpoint, facts);
    return { found, facts };
  };
  const verifyAll = async (): Promise<void> => {
    for (const address of doubtful) {
      if (stopped) return;
      doubtful.delete(address);
      await verify(address);
    }
    const options = { concurrency: CONCURRENT, stopped: () => stopped };
    await verifyAddresses(directory, async (address) => (await factsAt(address)).facts, options);
  };
  /** One at a time; asked for while it runs, it runs once more. */
  let verifying: Promise<void> | undefined;
  let once = false;
  const verifySoon = (): Promise<void> => {
    once = true;
    verifying ??= (async () => {
      try {
        while (once && !stopped) {
          once = false;
          await verifyAll();
          await inTurn(publishToday);
        }
      } finally {
        verifying = undefined;
      }
    })().catch(failed('addresses could not be verified'));
    return verifying;
  };
  const publishToday = async (): Promise<void> => {
    const day = new Date(host.now()).toISOString().slice(0, 10);
    const [newest] = snapshots(directory);
    if (!stopped && (newest === undefined || newest.day < day)) await publish(directory, day);
  };

  let retry: (() => void) | undefined;
  const sync = (hisp: string): Promise<void> =>
    inTurn(() => take(hisp)).then(
      () => void verifySoon(),
      (error: Error) => {
        failed(`what ${network.hisps[hisp]!.title} publishes was not taken`)(error);
        retry?.();
        if (!stopped) retry = host.timer(AGAIN, () => void sync(hisp));
      },
    );
  const round = (): void => {
    tick = host.timer(HOUR, round);
    void verifySoon();
  };
  let tick = host.timer(HOUR, round);
  for (const hisp of Object.keys(network.hisps)) await sync(hisp);

  const auditor = createAuditor(directory);
  return {
    directory,
    folder: state.path('directory'),
    quota: createQuota(host, { public: PUBLIC_RATE }),
    auditor,
    sync,
    recordsOf,
    inTurn,
    lookUp: look,
    verify,
    async settled() {
      for (;;) {
        const now = last;
        await now;
        await verifying;
        if (last === now && verifying === undefined) return;
      }
    },
    async stop() {
      stopped = true;
      tick();
      retry?.();
      await last;
      await verifying;
      auditor.close();
      directory.close();
    },
  };
}

/** Mail servers of the domain of an address, or its own address in place of them (RFC 5321 §5.1). */
async function mailServers(resolver: Resolver, address: string): Promise<'found' | 'none' | 'unknown'> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  let mx: 'found' | 'none' | 'unknown' = 'none';
  for (const type of ['MX', 'A', 'AAAA'] as const) {
    const { outcome } = await resolver.query(domain, type);
    if (outcome === 'answer') return 'found';
    if (outcome === 'unknown') mx = 'unknown';
    if (outcome === 'nxdomain') return 'none';
  }
  return mx;
}

/** Choices of the network's file, where nobody chose anything. */
function seedChoices(directory: Directory, organizations: NetworkDefinition['organizations']): void {
  const made = new Set(choices(directory).map(({ subject, key }) => `${subject} ${key}`));
  const put = (subject: 'address' | 'organization', key: string, choice: Visibility | undefined): void => {
    if (choice === undefined || made.has(`${subject} ${key}`)) return;
    choose(directory, { subject, key, choice, by: BY, reason: 'as the file of the network says' });
  };
  for (const one of organizations) {
    put('organization', `${one.hisp}/${organizationId(one)}`, one.directory);
    for (const { local, directory: choice } of one.addresses)
      put('address', `${local}@${one.domain}`, choice);
  }
}

function keepContributor(directory: Directory, id: string, name: string, { domains }: Holdings): void {
  const wanted = { id, name, domains: domains.map((domain) => domain.name) };
  const known = findContributor(directory, id);
  if (known?.name === name && known.domains.join() === wanted.domains.join()) return;
  putContributor(directory, wanted);
}

const keyOf = ({ DIRECT_ADDRESS, PROV_UID, ORG_UID }: DirectoryRecord): string =>
  [DIRECT_ADDRESS.toLowerCase(), PROV_UID, ORG_UID].join('\u0000');

/** A quoted local part is served, and is nothing for a directory. */
const fits = (record: DirectoryRecord): boolean =>
  [...checked(0, record)].every(({ kind }) => kind === 'record');

const SLICE = 1000;

/**
 * Brings what differs as an incremental contribution. What others contributed under the HISP's name stays; the same
 * changes are not offered again while they wait for approval or after they were refused.
 */
async function contributeChanges(
  directory: Directory,
  hisp: string,
  title: string,
  records: readonly DirectoryRecord[],
): Promise<void> {
  const { host } = directory;
  const today = new Date(host.now()).toISOString().slice(0, 10);
  const made = history(directory).filter(({ contributor, by }) => contributor === hisp && by === BY);
  const own = new Set(made.map(({ revision }) => revision));
  const wanted = new Map(records.filter(fits).map((record) => [keyOf(record), record]));
  const lines: string[] = [];
  let count = 0;
  for (const { record, born } of entries(directory, { contributor: hisp })) {
    if (++count % SLICE === 0) await host.hold(nextTurn());
    const key = keyOf(record);
    const now = wanted.get(key);
    wanted.delete(key);
    if (!now) {
      if (own.has(born)) lines.push(JSON.stringify({ ...record, change: 'delete' }));
      continue;
    }
    const changed = differences(record, now).filter(({ column }) => column !== 'LAST_UPDATED');
    if (changed.length > 0) lines.push(JSON.stringify({ ...now, LAST_UPDATED: today, change: 'change' }));
  }
  for (const record of wanted.values()) {
    lines.push(JSON.stringify({ ...record, LAST_UPDATED: today, change: 'add' }));
  }
  if (lines.length === 0) return;
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const [newest] = made;
  if (newest?.sha256 === sha256 && (newest.state === 'waiting' || newest.state === 'refused')) return;
  // one that was stopped in the middle: what it would bring was read anew
  const current = applying(directory);
  if (current?.by === BY && (current.contributor !== hisp || current.sha256 !== sha256))
    await refuse(directory, current.id, 'stopped in the middle');
  if (newest?.state === 'waiting') await refuse(directory, newest.id, 'there are later changes');
  await contribute(directory, {
    contributor: hisp,
    kind: 'incremental',
    by: BY,
    source: {
      name: `what ${title} publishes`,
      size: bytes.length,
      sha256,
      format: 'ndjson',
      *chunks(onRead) {
        onRead?.(bytes.length);
        yield bytes;
      },
    },
  });
}

/** Addresses that have other certificates than before. */
function reissued(before: Holdings, after: Holdings, now: number): string[] {
  const shown = (holdings: Holdings): ReadonlyMap<string, string> =>
    new Map(
      publicationOf(holdings, now).flatMap(({ owners, level }) =>
        owners.map(
          ({ owner, certificates }) =>
            [owner, [level, ...certificates.map(({ sha256 }) => sha256)].join()] as const,
        ),
      ),
    );
  const [old, fresh] = [shown(before), shown(after)];
  const differs = (owner: string): boolean => old.get(owner) !== fresh.get(owner);
  return after.domains.flatMap(({ name, addresses }) => {
    const all = differs(name);
    return addresses.flatMap(({ address }) => (all || differs(address) ? [address] : []));
  });
}
