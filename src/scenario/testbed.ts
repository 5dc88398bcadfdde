/**
 * The network of a scenario on real ports, for a system outside that sends into it and is judged by what it asked and
 * what it sent.
 *
 * @module
 */

import { writePem } from '../asn1/pem.ts';
import { printMaster } from '../dns/master/index.ts';
import type { Zone } from '../dns/zone.ts';
import type { HispConfig } from '../hisp/config.ts';
import type { Addr, Host, Json } from '../net/host.ts';
import type { Routes } from '../net/routes.ts';
import type { Certificate } from '../pki/certificate.ts';
import { anchorOf } from '../trust/anchors.ts';
import type { Plan } from './cases.ts';
import { factsOf } from './execute.ts';
import { makePeer } from './fixtures/hisps.ts';
import { localGround } from './ground.ts';
import { judge } from './judge/judge.ts';
import type { ScenarioResult } from './judge/result.ts';
import { type RunView, viewOf } from './judge/view.ts';
import { buildNetwork, webUrl } from './network.ts';
import { createTranscript, type Event, type Transcript } from './transcript.ts';

export interface TestbedOptions {
  readonly plan: Plan;
  readonly version: string;
  /** Address that every service listens on and that the zones publish. */
  readonly listen: string;
  /** Services take ports above it. */
  readonly portBase: number;
  /**
   * A host of this name, whose events go to `events`. `resolvers`: what it asks for names of the world outside; the
   * testbed's own machines ask nobody.
   */
  readonly hostFor: (name: string, events: Host['events']) => Host;
  /** Further pages of the web server that serves the anchor, for people. */
  readonly page?: (path: string) => { readonly type: string; readonly body: string } | undefined;
  /** Private addresses that its issuers and revocation lists may be fetched from. */
  readonly allowPrivate: (address: string) => boolean;
  /** Anchors of the system outside, so that its messages are trusted and answered. */
  readonly anchors: readonly Certificate[];
}

export interface Testbed {
  /** Called for everything that is seen from now on. */
  onEvent(listen: (event: Event) => void): void;
  /** All that was seen so far, as a run that ends now: what `writeRun` keeps. */
  evidence(): Pick<Transcript, 'events' | 'blob'>;
  /** The addresses to send one message to. */
  readonly recipients: readonly string[];
  readonly zones: readonly Zone[];
  /** Master files by origin. */
  readonly masterFiles: ReadonlyMap<string, string>;
  /** The anchor to trust, PEM. */
  readonly anchorPem: string;
  readonly places: { readonly dns: Addr; readonly web: Addr; readonly mail: Addr };
  /** What a system on the same machine needs to reach services of the field's ports. */
  readonly routes: Routes;
  /** Where the anchor and the lists are. */
  readonly webUrl: string;
  /** The verdict on what has happened so far. */
  judge(): ScenarioResult;
  /** What was seen so far. */
  view(): RunView;
  stop(): Promise<void>;
}

/** Everybody who asks is the system under test: the testbed's own machines ask nothing of each other. */
const EVERYBODY = '*';

/**
 * Starts the network and listens.
 *
 * @throws {NetError} when a port is in use
 * @throws {PlanError} when the scenario cannot be built as it is written
 */
export async function serveTestbed(options: TestbedOptions): Promise<Testbed> {
  const { plan } = options;
  const transcript = createTranscript();
  const clock = options.hostFor('testbed', { emit: () => 0 });
  const hosts = new Map<string, Host>();
  const hostFor = (name: string): Host => {
    const known = hosts.get(name);
    if (known) return known;
    const made: Host = options.hostFor(name, {
      emit: (observation) => transcript.add(name, observation, clock.now()),
    });
    hosts.set(name, made);
    return made;
  };
  const ground = localGround({ address: options.listen, portBase: options.portBase, hostFor });
  const network = buildNetwork(ground, plan);
  const { nameServer, web, peer: mail } = network.machines;
  const domains = [...new Set(plan.cases.map((one) => one.domain))];
  const trusted: HispConfig['anchors'] = domains.flatMap((domain) =>
    options.anchors.map((certificate) => ({
      domain,
      anchor: anchorOf(certificate, 'anchor of the system under test'),
      incoming: true,
      outgoing: true,
    })),
  );
  const hisp = makePeer(network, mail, [], 'testbed', {
    anchors: trusted,
    fetch: { allowPrivate: options.allowPrivate },
  });
  const recipients = plan.scenario.steps.flatMap((step) => ('send' in step ? step.send.to : []));
  const sut = { host: 'outside', addresses: [EVERYBODY], ours: false };
  const now = (): number => clock.now();
  transcript.add(
    'testbed',
    {
      kind: 'run',
      summary: {
        schema: 1,
        version: options.version,
        seed: 0,
        epoch: new Date(now()).toISOString(),
        scenario: plan.scenario as unknown as Json,
        ...(plan.variant ? { variant: plan.variant } : {}),
        behaviours: [],
        facts: factsOf(network, sut) as unknown as Json,
      },
    },
    now(),
  );
  transcript.add(
    'testbed',
    {
      kind: 'step',
      summary: { step: 'send', id: 'message', part: 'main', turn: 1, to: recipients, messageId: '' },
    },
    now(),
  );
  const zones = network.zones([]);
  const stopNetwork = await network.start([], (path) => {
    const page = options.page?.(path);
    return page && { status: 200, type: page.type, body: Buffer.from(page.body) };
  });
  await hisp.start();
  const ended = (): Event[] => [
    ...transcript.events,
    {
      n: transcript.events.length + 1,
      t: new Date(now()).toISOString(),
      host: 'testbed',
      kind: 'end',
      summary: { outcome: 'completed' },
    },
  ];
  return {
    onEvent: transcript.onEvent,
    evidence: () => ({ events: ended(), blob: transcript.blob }),
    recipients,
    zones,
    masterFiles: new Map(zones.map((zone) => [zone.origin, printMaster(zone)])),
    anchorPem: writePem('CERTIFICATE', network.authorities.get('root')!.issued.certificate.der),
    places: { dns: nameServer.at(53), web: web.at(80), mail: mail.at(25) },
    routes: {
      entries: [{ from: { host: mail.address, port: 25 }, to: mail.at(25) }],
    },
    webUrl: webUrl(plan.base, web),
    judge: () => judge(ended(), transcript.blob),
    view: () => viewOf(ended(), transcript.blob),
    async stop() {
      await hisp.stop();
      await stopNetwork();
    },
  };
}
