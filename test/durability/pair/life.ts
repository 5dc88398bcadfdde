/**
 * One of two HISPs, in a process of its own, to be killed or measured. Argument: its configuration. Reads commands as
 * lines of JSON and answers each with a line; ends when its input does.
 *
 * @module
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createHisp } from '../../../src/hisp/hisp.ts';
import type { Host, Observation } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { openStore } from '../../../src/store/open.ts';
import { anchorOf } from '../../../src/trust/anchors.ts';
import { selfSigned } from '../../smtp/self-signed.ts';
import { letterOf, type Wanted } from './letters.ts';
import { type LifeConfig, PASSWORD } from './world.ts';

/** Messages of ours that were confirmed, as the evidence has it: asking the store would be work of its own. */
let confirmed = 0;
const events = {
  emit: ({ kind, summary }: Observation) => {
    const stage = summary && typeof summary === 'object' && 'stage' in summary ? summary.stage : undefined;
    if (kind === 'message' && stage === 'processed') confirmed += 1;
    return 0;
  },
  keepsNoBlobs: true as const,
};
const config = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as LifeConfig;
const real = realHost({
  name: config.side,
  resolvers: [config.dns],
  events,
  routes: { entries: config.routes },
});
/** The clock of all its lives is one: it never goes back. */
const { haste, began } = config;
/** Waits from here on are the HISP's own: for its next attempt, for a notice. */
const OWN_WAITS_MS = 25_000;
const host: Host =
  haste === 1
    ? real
    : {
        ...real,
        get resolvers() {
          return real.resolvers;
        },
        now: () => Math.round(began + (real.now() - began) * haste),
        mono: () => real.mono() * haste,
        // what is waited for from others takes as long as it takes; a machine under load is no slow network
        timer: (ms, fire) => real.timer(ms < OWN_WAITS_MS ? ms : ms / haste, fire),
      };
const domain = `${config.side}.example`;
const store = await openStore(host, { file: config.store });
const hisp = createHisp(host, {
  name: config.side,
  hostname: `mx.${domain}`,
  domains: [{ name: domain }],
  addresses: [{ address: `user@${domain}` }],
  keys: [
    {
      owner: domain,
      certificate: parseCertificate(Buffer.from(config.certificate, 'base64')),
      privateKey: createPrivateKey(config.key),
    },
  ],
  anchors: [
    {
      domain,
      anchor: anchorOf(parseCertificate(Buffer.from(config.anchor, 'base64')), 'manual'),
      incoming: true,
      outgoing: true,
    },
  ],
  smtp: { listen: [config.listen] },
  edges: {
    submission: {
      listen: [config.submission],
      tls: selfSigned(),
      accounts: {
        authenticate: async ({ name, password }) =>
          password === PASSWORD
            ? { ok: true, user: { tenant: config.side, account: name, addresses: [`user@${domain}`] } }
            : { ok: false, reason: 'credentials' },
      },
    },
  },
  store,
  timers: { deliverMs: 120_000 * haste },
  fetch: { allowPrivate: () => true },
});
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

await hisp.start();
say({ started: true });

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as {
    submit?: Wanted;
    load?: { wanted: Omit<Wanted, 'id'>; prefix: string; count: number; atOnce: number };
    count?: true;
    watch?: true;
  };
  if (command.submit) {
    const { from, to } = command.submit;
    await hisp.submit({ from, to, bytes: letterOf(command.submit, host.now()) });
    say({ submitted: command.submit.id });
  } else if (command.load) {
    const { wanted, prefix, count, atOnce } = command.load;
    let next = 0;
    const writer = async (): Promise<void> => {
      while (next < count) {
        const bytes = letterOf({ ...wanted, id: `${prefix}${next++}` }, host.now());
        await hisp.submit({ from: wanted.from, to: wanted.to, bytes });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, writer));
    say({ loaded: count });
  } else if (command.count) {
    const rows = await store.db
      .selectFrom('recipient')
      .innerJoin('message', 'message.id', 'recipient.message_id')
      .select((eb) => [
        'recipient.state',
        'message.direction',
        'message.kind',
        eb.fn.countAll<number>().as('n'),
      ])
      .groupBy(['recipient.state', 'message.direction', 'message.kind'])
      .execute();
    const { queued } = await store.db
      .selectFrom('recipient')
      .select((eb) => eb.fn.countAll<number>().as('queued'))
      .where('stage', '!=', 'ended')
      .executeTakeFirstOrThrow();
    say({ rows, queued: Number(queued) });
  } else {
    const { user, system } = process.cpuUsage();
    say({ resident: process.resourceUsage().maxRSS * 1024, cpuMs: (user + system) / 1000, confirmed });
  }
}
await hisp.stop();
await store.close();
