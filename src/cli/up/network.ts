/**
 * Starts a whole network on this machine: DNS, LDAP, what the authorities publish, and every HISP.
 *
 * @module
 */
import type { AgentContext } from '../../agent/types.ts';
import type { Config } from '../../config/schema.ts';
import { serveDns } from '../../dns/server.ts';
import type { Accounts } from '../../edge/accounts.ts';
import { startExpiryNotices } from '../../hisp/expiry-notices.ts';
import { createHisp, type Hisp } from '../../hisp/hisp.ts';
import { domainNamed } from '../../hisp/members.ts';
import type { StoredMembers } from '../../hisp/tenancy/members.ts';
import type { Tenancy } from '../../hisp/tenancy/tenancy.ts';
import { serveHttp } from '../../http/server.ts';
import type { Addr, Host } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import type { Route } from '../../net/routes.ts';
import { openStore, type Store } from '../../store/open.ts';
import { scopeOf } from '../../store/scope.ts';
import { sealKey } from '../../store/seal.ts';
import type { AnchorSource } from '../../trust/anchors.ts';
import type { Taken } from '../../trust/bundle/subscriber.ts';
import type { DatedThing } from '../../trust/expiry/thing.ts';
import { ownEntries } from '../demo/anchors.ts';
import { edgeTls } from '../demo/edge-tls.ts';
import type { Faces } from '../demo/faces.ts';
import { agentContext, createLookUp, type LookUp } from '../demo/look-up.ts';
import type { OpenNetwork } from '../demo/open.ts';
import { type Places, routesOf } from '../demo/places.ts';
import { type Publication, publicationsOf, publisher } from '../demo/publish.ts';
import { type Alarm, openAlarms } from './alarms.ts';
import { checkSigners, configuredAnchors, fetchable } from './configured.ts';
import { datedThings } from './dated.ts';
import { type NetworkDirectory, openNetworkDirectory } from './directory.ts';
import { certificatesIn, type DirectoryLdapService, startDirectoryLdap } from './directory-ldap.ts';
import { detailsInFile } from './directory-records.ts';
import { networkAnchors } from './directory-trust.ts';
import { enrollmentSeams, keepEnrolling, openEnrolled, shownBy } from './enrolling.ts';
import { hispConfig } from './hisp-config.ts';
import { type LdapService, startLdap } from './ldap.ts';
import { listening } from './listening.ts';
import { type Live, openLive } from './live.ts';
import { keepPublishing, listedBundles, openPublishing, type Publishing } from './publishing.ts';
import { seed } from './seed.ts';
import { subscribe } from './subscriptions.ts';
import { openTenancy } from './tenancy.ts';
import { changesInto } from './trust-times.ts';
import { startWatching, type Watching } from './watching.ts';

export interface RunningHisp {
  readonly id: string;
  readonly title: string;
  readonly hisp: Hisp;
  readonly store: Store;
  /** Its members, and who may administer them. */
  readonly tenancy: Tenancy;
  /** What its members are at this moment. */
  readonly members: StoredMembers;
  readonly at: Addr;
  /** The bundles that it takes its anchors from: those of its communities, and those that administrators subscribed to. */
  readonly taken: () => readonly Taken[];
  /** What an operator should look at in them, newest first. */
  readonly alarms: () => readonly Alarm[];
}

export interface RunningNetwork extends OpenNetwork {
  readonly places: Places;
  readonly hisps: readonly RunningHisp[];
  readonly ldap: LdapService;
  readonly publications: readonly Publication[];
  readonly publishing: Publishing;
  /** What DNS and LDAP show at this moment. */
  readonly faces: () => Faces;
  readonly lookUp: LookUp;
  /** What a HISP holds at this moment. */
  readonly holdingsOf: Live['holdingsOf'];
  readonly watching: Watching;
  readonly directory: NetworkDirectory;
  readonly directoryLdap: DirectoryLdapService;
  /** Everything of this network that ends on a date. */
  readonly things: () => DatedThing[];
  readonly config: Config;
  /** For deciding as an agent of this network decides. */
  readonly context: AgentContext;
  /** A host of this network: asks its DNS, finds its servers. */
  readonly host: Host;
  stop(): Promise<void>;
}

/**
 * @param tell hears what is worth a line on the terminal while it runs
 * @throws {Failure} when a server cannot listen; nothing stays open then
 */
export async function startNetwork(
  opened: OpenNetwork,
  config: Config,
  tell: (line: string) => void,
): Promise<RunningNetwork> {
  const { network, material, state } = opened;
  const { listen } = config;
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  const at = (port: number): Addr => ({ host: listen.host, port });
  const server = realHost({ name: 'up' });
  try {
    const stores = new Map<string, Store>();
    const seal = sealKey(state.path('seal-key'));
    for (const id of Object.keys(network.hisps)) {
      const store = await openStore(server, { file: state.path(`store/${id}.sqlite`) });
      closers.push(() => store.close());
      stores.set(id, store);
      await seed(opened, id, scopeOf(store.db, id), seal, server.now());
    }
    const scopes = new Map([...stores].map(([id, { db }]) => [id, scopeOf(db, id)] as const));
    const isWorld = config.network.resolvers.length === 0;
    const live = await openLive(server, opened, scopes, seal, tell, isWorld);
    closers.push(async () => live.stop());
    const dns = await listening('DNS', 'dns', at(listen.dns), () =>
      serveDns(server, {
        at: [at(listen.dns)],
        answer: (query, { transport }) => live.authority().answer(query, transport),
        repeatable: live.authority,
      }),
    );
    closers.push(() => dns.close());
    const ldap = await listening('LDAP', 'ldap', at(listen.ldap), () =>
      startLdap(server, { content: live.faces().content, at: at(listen.ldap) }, (why) =>
        tell(`the LDAP server died (${why}) and was started again`),
      ),
    );
    closers.push(() => ldap.close());
    const publications = publicationsOf(network, material, () => server.now(), live.registerOf);
    const publishing = openPublishing(opened, config, () => server.now(), tell);
    closers.push(keepPublishing(server, publishing, tell));
    const bundles = { reply: publishing.reply, listed: () => listedBundles(publishing) };
    const http = await listening('HTTP', 'http', at(listen.http), () =>
      serveHttp(server, {
        at: at(listen.http),
        handle: publisher(publications, () => server.now(), bundles),
      }),
    );
    closers.push(() => http.close());

    const smtp = new Map<string, Addr>();
    const places: Places = { dns: dns.addrs[0]!, ldap: ldap.addr, http: http.addr, smtp };
    // Filled when every HISP listens; whoever dials reads it at that moment.
    const routes: { entries: Route[] } = { entries: [] };
    const hostOf = (name: string) =>
      realHost({ name, routes, resolvers: [places.dns, ...config.network.resolvers] });
    const fill = (): void => {
      routes.entries = [...routesOf(network, places, config.network.routes).entries];
    };
    fill();
    checkSigners(config, network);
    const manual = [...ownEntries(network, material), ...configuredAnchors(config, network)];
    const mayFetch = fetchable(config, network);
    const enrolled = await openEnrolled(scopes, detailsInFile(network.organizations));
    let book: NetworkDirectory | undefined;
    let whitePages: DirectoryLdapService | undefined;
    const hisps: RunningHisp[] = [];
    const sources: AnchorSource[] = [];
    for (const [index, id] of Object.keys(network.hisps).entries()) {
      const port = listen.smtp === 0 ? 0 : listen.smtp + index;
      const host = hostOf(id);
      const store = stores.get(id)!;
      const folder = state.path(`anchors/${id}`);
      const alarms = openAlarms(state, id);
      const installed = changesInto(host, scopeOf(store.db, id), publishing, tell);
      let serves = (_domain: string): boolean => false;
      const bundles = await subscribe(host, {
        network,
        id,
        manual,
        folder,
        mayFetch,
        serves: (domain) => serves(domain),
        alarms,
        tell,
        installed,
      });
      closers.push(() => bundles.stop());
      const { members, ...own } = await openTenancy(host, opened, id, store, {
        mayFetch,
        tell,
        signers: config.signers,
        alarms,
        installed,
        issuer: live.issuerOf(id),
        enrollment: enrollmentSeams(
          host,
          opened,
          id,
          config,
          scopes,
          shownBy(id, scopes.get(id)!, live, () => book),
        ),
        async refresh() {
          await enrolled.reload(id);
          await live.refresh(id);
        },
      });
      closers.push(() => own.stop());
      serves = (domain) => domainNamed(members, domain) !== undefined;
      const anchors: AnchorSource = (domain, direction) => [
        ...bundles.anchors(domain, direction),
        ...own.anchors(domain, direction),
      ];
      sources.push(anchors);
      const above = (base: number): Addr => at(base === 0 ? 0 : base + index);
      const { domain } = network.hisps[id]!;
      let tenancy: Tenancy | undefined;
      const accounts: Accounts = {
        authenticate: async (attempt) =>
          tenancy?.accounts.authenticate(attempt) ?? { ok: false, reason: 'unavailable' },
      };
      const hisp = createHisp(
        host,
        hispConfig(opened, id, {
          store,
          members,
          anchors,
          at: at(port),
          submission: { at: above(listen.submission), secure: above(listen.submissions) },
          pop3: { at: above(listen.pop3), secure: above(listen.pop3s) },
          imap: { at: above(listen.imap), secure: above(listen.imaps) },
          accounts,
          tls: edgeTls(state, id, [`mail.${domain}`, `mx.${domain}`, 'localhost'], host.now()),
          limits: config.limits,
          mayFetch,
        }),
      );
      tenancy = own.of(hisp);
      await listening(`SMTP of ${network.hisps[id]!.title}`, 'smtp', at(port), () => hisp.start());
      closers.push(() => hisp.stop());
      smtp.set(id, hisp.listening[0]!);
      hisps.push({
        id,
        title: network.hisps[id]!.title,
        hisp,
        store,
        tenancy,
        members,
        at: hisp.listening[0]!,
        taken: () => [...bundles.taken, ...own.taken()],
        alarms: alarms.list,
      });
      fill();
    }
    live.connect({
      async shown({ content, published }) {
        await ldap.update(content);
        await whitePages?.update(certificatesIn(published));
        // the directory follows by itself: a contribution that takes long holds up nobody
        for (const id of Object.keys(network.hisps)) void book?.sync(id);
      },
      issued: async (id) => hisps.find((one) => one.id === id)?.members.reload(),
    });
    const host = hostOf('up');
    const published = new Set(Object.values(network.hisps).map((hisp) => hisp.addresses.pki));
    // each answers for its own domains only
    const anchors: AnchorSource = (domain, direction) =>
      sources.flatMap((source) => source(domain, direction));
    const context = agentContext(host, anchors, (address) => published.has(address));
    const bundled = agentContext(host, networkAnchors(opened, publishing), (address) =>
      published.has(address),
    );
    const inBundles = createLookUp(bundled);
    const directory = await openNetworkDirectory(host, {
      network,
      state,
      holdingsOf: live.holdingsOf,
      details: enrolled,
      lookUp: (address) => inBundles(address, address),
      resolver: bundled.resolver,
      tell,
    });
    closers.push(() => directory.stop());
    book = directory;
    const directoryTls = edgeTls(state, 'directory', ['directory.localhost', 'localhost'], server.now());
    const directoryLdap = await listening('LDAP of the directory', 'directory', at(listen.directory), () =>
      startDirectoryLdap(server, {
        at: at(listen.directory),
        secure: at(listen.directorys),
        file: directory.directory.handle.file,
        tls: { key: String(directoryTls.key), cert: String(directoryTls.cert) },
        certificates: certificatesIn(live.faces().published),
        lost: (why) => tell(`the LDAP server of the directory died (${why}) and was started again`),
        asked: ({ reader, asked }) => directory.auditor.note(reader, asked),
      }),
    );
    closers.push(() => directoryLdap.close());
    whitePages = directoryLdap;
    const worlds = hisps.flatMap(({ title, tenancy: { enrollment } }) =>
      enrollment ? [{ title, world: enrollment }] : [],
    );
    closers.push(keepEnrolling(server, worlds, tell));
    const things = () => datedThings(opened, { hisps, publishing, publications });
    const expiry = startExpiryNotices(host, {
      things,
      scopeOf(id) {
        const hisp = hisps.find((one) => one.id === id);
        return hisp && scopeOf(hisp.store.db, id);
      },
      tell,
      failed: (error) => tell(`expiry notices could not be kept: ${error.message}`),
    });
    closers.push(() => expiry.stop());
    const watching = await startWatching(host, { config, network, state, hisps, anchors, tell });
    closers.push(() => watching.stop());
    return {
      ...opened,
      config,
      things,
      watching,
      directory,
      directoryLdap,
      places,
      hisps,
      ldap,
      publications,
      publishing,
      faces: live.faces,
      holdingsOf: live.holdingsOf,
      context,
      lookUp: createLookUp(context),
      host,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
