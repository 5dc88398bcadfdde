import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/agent/inbound.ts';
import { prepare } from '../../src/agent/outbound.ts';
import { referenceAgent } from '../../src/agent/reference.ts';
import { createAuthority } from '../../src/dns/answer.ts';
import { serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { createHisp, type Hisp } from '../../src/hisp/hisp.ts';
import { hispParts } from '../../src/hisp/parts.ts';
import type { Host, Observation } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import type { Route } from '../../src/net/routes.ts';
import { community } from '../hisp/identities.ts';
import { letter } from '../hisp/network.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { mayRunPostfix, type Postfix, startPostfix } from './postfix.ts';

/** Addresses of the field; the routes lead from them to ports of this machine. */
const [RELAY, WEB] = ['10.0.0.25', '10.0.0.80'];
const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** The other HISP is reached by Postfix alone, in both directions: it stands behind one and in front of the other. */
describe.skipIf(!mayRunPostfix())('Postfix between two HISPs', () => {
  const seen: (Observation & { readonly at: string })[] = [];
  const arrivals = new Set<() => void>();
  const closers: (() => Promise<void> | void)[] = [];
  const routes: { entries: Route[] } = { entries: [] };
  let postfix: Postfix;
  let a: Hisp;
  let b: Hisp;

  beforeAll(async () => {
    const trust = community(Date.now(), WEB);
    const records = (['a', 'b'] as const).flatMap((name) => trust.records(name, RELAY));
    const zones = ['a.example', 'b.example'].map((origin) =>
      buildZone(origin, [
        ...zoneApex({ origin, server: `ns.${origin}`, addresses: ['127.0.0.1'] }),
        ...records.filter(({ name }) => name.endsWith(origin)),
      ]),
    );
    const authority = createAuthority(zones);
    const plain = realHost({ resolvers: [] });
    const dns = await serveDns(plain, {
      at: [LOOPBACK],
      answer: (query, { transport }) => authority.answer(query, transport),
    });
    const lists = await trust.serveLists({ ...plain, listen: (_at, on) => plain.listen(LOOPBACK, on) });
    closers.push(
      () => dns.close(),
      () => lists.close(),
    );
    const hostOf = (name: string): Host =>
      realHost({
        name,
        routes,
        resolvers: [dns.addrs[0]!],
        events: {
          emit(event) {
            const count = seen.push({ ...event, at: name });
            for (const arrived of arrivals) arrived();
            return count;
          },
        },
      });
    const hispOf = (name: 'a' | 'b'): Hisp =>
      createHisp(
        hostOf(name),
        {
          name,
          hostname: `mx.${name}.example`,
          domains: [{ name: `${name}.example` }],
          addresses: ['alice', 'bob'].map((local) => ({ address: `${local}@${name}.example` })),
          ...trust.config(name),
          smtp: { listen: [LOOPBACK], tls: selfSigned() },
          store: { file: ':memory:' },
        },
        hispParts(referenceAgent),
        { prepare, open },
      );
    [a, b] = [hispOf('a'), hispOf('b')];
    await a.start();
    await b.start();
    closers.push(
      () => a.stop(),
      () => b.stop(),
    );
    postfix = await startPostfix({ 'a.example': a.listening[0]!, 'b.example': b.listening[0]! });
    closers.push(() => postfix.stop());
    routes.entries = [
      { from: { host: RELAY, port: 25 }, to: postfix.addr },
      { from: { host: WEB, port: 80 }, to: lists.addr },
    ];
  }, 60_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  /** Resolves when the book of a message says so of every recipient. */
  const reaches = (hisp: Hisp, id: string, state: string): Promise<void> =>
    new Promise((resolve) => {
      const look = async (): Promise<void> => {
        const tracking = await hisp.tracking(id);
        if (!tracking?.recipients.every((row) => row.state === state)) return;
        arrivals.delete(arrived);
        resolve();
      };
      const arrived = (): void => void look();
      arrivals.add(arrived);
      arrived();
    });

  it('relays Direct messages and their notices unmodified, over TLS', async () => {
    const to = ['bob@b.example', 'alice@b.example'];
    const text = 'A line.\n.dot\nfrom the lab\nFrom the lab\n\n.\nGrüße\n';
    const bytes = letter('alice@a.example', to, { id: 'relayed-1@a.example', requested: true, text });
    const { id } = await a.submit({ from: 'alice@a.example', to, bytes });
    await reaches(a, id, 'dispatched');
    for (const address of to) {
      const [item] = await b.mailbox(address);
      expect(Buffer.from((await b.read(item!.id))!.bytes).toString()).toBe(Buffer.from(bytes).toString());
    }
    const smtp = seen.flatMap(({ kind, dir, at, summary }) =>
      kind === 'smtp' ? [{ at, dir, ...(summary as { op: string; tls?: boolean; mailFrom?: string }) }] : [],
    );
    expect(smtp.filter(({ op, tls }) => (op === 'message' || op === 'deliver') && tls !== true)).toEqual([]);
    // the letter to b; processed and dispatched of two recipients back to a
    expect(smtp.filter(({ at, op }) => at === 'b' && op === 'message')).toHaveLength(1);
    expect(smtp.filter(({ at, op }) => at === 'a' && op === 'message').length).toBeGreaterThanOrEqual(2);
    expect(postfix.log()).toMatch(/status=sent \(250 2\.6\.0 Stored/);
    expect(postfix.log()).not.toMatch(/status=(bounced|deferred)|warning: TLS/);
  }, 60_000);

  it('a large message comes through', async () => {
    const bytes = letter('bob@b.example', ['alice@a.example'], {
      id: 'large-1@b.example',
      text: `${'x'.repeat(76)}\n`.repeat(40_000),
    });
    const { id } = await b.submit({ from: 'bob@b.example', to: ['alice@a.example'], bytes });
    await reaches(b, id, 'processed');
    const [item] = (await a.mailbox('alice@a.example')).filter(({ kind }) => kind === 'message');
    expect(Buffer.from((await a.read(item!.id))!.bytes).equals(Buffer.from(bytes))).toBe(true);
  }, 60_000);

  it('an unknown recipient is told by a protected notice through the same relay', async () => {
    const to = ['nobody@b.example'];
    const bytes = letter('bob@a.example', to, { id: 'unknown-1@a.example' });
    const { id } = await a.submit({ from: 'bob@a.example', to, bytes });
    await reaches(a, id, 'failed');
    expect((await a.mailbox('bob@a.example')).map(({ kind }) => kind)).toEqual(['dsn']);
  }, 60_000);
});
