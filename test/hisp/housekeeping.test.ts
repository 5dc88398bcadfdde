import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentContext, Inbound } from '../../src/agent/types.ts';
import type { Hisp } from '../../src/hisp/hisp.ts';
import type { Agent } from '../../src/hisp/world.ts';
import { serveHttp } from '../../src/http/server.ts';
import { composeMdn } from '../../src/mail/mdn.ts';
import { type Cause, cause } from '../../src/outcome/cause.ts';
import type { Anchor } from '../../src/pki/path/anchor.ts';
import { serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { deliver } from '../../src/smtp/sender.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { anchorOf } from '../../src/trust/anchors.ts';
import { root } from '../pki/fixtures.ts';
import { EPOCH, letter, MINUTE, sleep, type TestNetwork, testNetwork } from './network.ts';
import { plainAgent } from './plain-agent.ts';

const DAY = 24 * 60 * MINUTE;
let net: TestNetwork;
let store: Store;
beforeEach(async () => {
  net = testNetwork([], { virtualMs: 100 * DAY, realMs: 20_000 });
  store = await openStore(net.host('a'), { file: ':memory:' });
});
afterEach(async () => {
  await net.network.close();
  await store.close();
});

const send = (hisp: Hisp, to: string, id = 'm-1@a.example') =>
  hisp.submit({ from: 'alice@a.example', to: [to], bytes: letter('alice@a.example', [to], { id }) });

/** A processed notice of bob@b.example about a message of alice's. */
async function notice(about: string) {
  const from = 'bob@b.example';
  const bytes = composeMdn({
    from,
    to: ['alice@a.example'],
    date: EPOCH,
    messageId: 'n@b.example',
    text: '',
    boundary: 'x1',
    reportingUa: 'mx.b.example; test',
    finalRecipient: from,
    originalMessageId: about,
    disposition: 'processed',
  });
  const to = ['alice@a.example'];
  const context = { host: net.host('b') } as AgentContext;
  const [envelope] = (await plainAgent().prepare({ from, to, bytes }, context)).envelopes;
  await deliver(net.host('b'), { host: '10.0.0.1', port: 25 }, { helo: 'mx.b.example', ...envelope! });
}

const count = async (
  table: 'message' | 'recipient' | 'envelope' | 'notice' | 'blob' | 'unmatched' | 'accepted',
) => (await store.db.selectFrom(table).selectAll().execute()).length;

describe('purging (hisp-behaviour §5)', () => {
  it('ended messages go after seven days with all that hangs on them; mailboxes stay', async () => {
    const a = net.hisp('a', { store });
    const b = net.hisp('b');
    const found = await net.run(async () => {
      await a.start();
      await b.start();
      await send(a, 'bob@b.example');
      await send(a, 'none@b.example', 'm-2@a.example');
      await sleep(net.host('a'), 6 * DAY);
      const before = await count('message');
      await sleep(net.host('a'), 2 * DAY);
      const mailbox = await a.mailbox('alice@a.example');
      const text = Buffer.from((await a.read(mailbox[0]!.id))!.bytes).toString();
      const left = [
        await count('message'),
        await count('recipient'),
        await count('envelope'),
        await count('notice'),
      ];
      const blobs = await count('blob');
      await a.stop();
      await b.stop();
      return { before, left, blobs, mailbox: mailbox.length, text };
    });
    // two letters, and the notice that came
    expect(found.before).toBe(3);
    expect(found.left).toEqual([0, 0, 0, 0]);
    // the failure notice in the mailbox
    expect([found.mailbox, found.blobs]).toEqual([1, 1]);
    expect(found.text).toContain('X-Direct-Reason: discovery.none');
  });

  it('a message that still waits, or that lies in quarantine, stays', async () => {
    const b = net.hisp('b', { store, timers: { keepMs: DAY, quarantineMs: 10 * DAY } });
    const a = net.hisp('a');
    const found = await net.run(async () => {
      await a.start();
      await b.start();
      await send(a, 'distrust@b.example');
      await sleep(net.host('b'), 5 * DAY);
      const during = [await count('message'), (await b.quarantine()).length];
      await sleep(net.host('b'), 6 * DAY);
      const after = [await count('message'), (await b.quarantine()).length, await count('blob')];
      await a.stop();
      await b.stop();
      return { during, after };
    });
    expect(found).toEqual({ during: [1, 1], after: [0, 0, 0] });
  });
});

describe('notices that come before their message', () => {
  it('count when the message is written down within a day, and are forgotten afterwards', async () => {
    const a = net.hisp('a', { store });
    const found = await net.run(async () => {
      await a.start();
      await notice('early@a.example');
      await sleep(net.host('a'), 60 * MINUTE);
      const waiting = await count('unmatched');
      const { id } = await send(a, 'bob@b.example', '<early@a.example>');
      await sleep(net.host('a'), MINUTE);
      const tracking = await a.tracking(id);
      const after = await count('unmatched');
      await notice('never@a.example');
      await sleep(net.host('a'), 23 * 60 * MINUTE);
      const kept = await count('unmatched');
      await sleep(net.host('a'), 2 * 60 * MINUTE);
      const gone = await count('unmatched');
      await a.stop();
      return { waiting, state: tracking!.recipients[0]!.state, after, kept, gone };
    });
    expect(found).toEqual({ waiting: 1, state: 'processed', after: 0, kept: 1, gone: 0 });
  });
});

describe('deciding again (hisp-behaviour §4)', () => {
  /** Refuses until `trusts` says yes, for the given reason. */
  const agent = (
    trusts: () => boolean,
    why: Cause = cause('trust.no-path', { issuer: 'I', domain: 'b.example', tried: 1, sources: [] }),
  ): Agent => ({
    ...plainAgent(),
    async open(bytes, envelope, context): Promise<Inbound> {
      const opened = await plainAgent().open(bytes, envelope, context);
      if (trusts()) return opened;
      return {
        ...opened,
        perRecipient: envelope.rcptTo.map((address) => ({ address, verdict: 'refused', causes: [why] })),
      };
    },
  });

  it('when somebody asks: what is meant, and no more', async () => {
    let trusted = false;
    const b = net.hisp(
      'b',
      { store },
      agent(() => trusted),
    );
    const a = net.hisp('a');
    const found = await net.run(async () => {
      await a.start();
      await b.start();
      await send(a, 'bob@b.example');
      await sleep(net.host('b'), MINUTE);
      const still = await b.reprocess({ recipient: 'bob@b.example' });
      await sleep(net.host('b'), MINUTE);
      const refusedAgain = (await b.quarantine()).length;
      trusted = true;
      const counts = [
        await b.reprocess({ recipient: '@c.example' }),
        await b.reprocess({ code: 'cert.expired' }),
        await b.reprocess({ messageId: 'nobody' }),
        await b.reprocess({ recipient: '@B.example', code: 'trust.no-path' }),
      ];
      await sleep(net.host('b'), MINUTE);
      const mailbox = (await b.mailbox('bob@b.example')).length;
      const quarantine = (await b.quarantine()).length;
      await a.stop();
      await b.stop();
      return { still, refusedAgain, counts, mailbox, quarantine };
    });
    expect(found).toEqual({ still: 1, refusedAgain: 1, counts: [0, 0, 0, 1], mailbox: 1, quarantine: 0 });
  });

  it('by itself, when the anchors of the domain change', async () => {
    let anchors: Anchor[] = [];
    const source = () => anchors;
    const b = net.hisp(
      'b',
      { store, anchors: source },
      agent(() => anchors.length > 0),
    );
    const a = net.hisp('a');
    const found = await net.run(async () => {
      await a.start();
      await b.start();
      await send(a, 'bob@b.example');
      await sleep(net.host('b'), 60 * MINUTE);
      const journal = (await b.journal()).map(({ event }) => event);
      anchors = [anchorOf(root('CA').certificate, 'test')];
      await sleep(net.host('b'), 20 * MINUTE);
      const mailbox = (await b.mailbox('bob@b.example')).length;
      await a.stop();
      await b.stop();
      return { journal, mailbox };
    });
    expect(found).toEqual({ journal: ['message.quarantined'], mailbox: 1 });
  });

  it('by itself, when a revocation list can be had again, and once for each list', async () => {
    const url = 'http://10.0.0.3/ca.crl';
    const why = cause('cert.revocation-unknown', { url, why: 'HTTP 404' });
    let list: string | undefined;
    let asked = 0;
    const b = net.hisp(
      'b',
      { store, fetch: { allowPrivate: () => true } },
      agent(() => list === 'good', why),
    );
    const a = net.hisp('a');
    const found = await net.run(async () => {
      const web = await serveHttp(net.host('b'), {
        at: { host: '10.0.0.3', port: 80 },
        handle() {
          asked += 1;
          return list === undefined
            ? { status: 404, headers: {}, body: '' }
            : { status: 200, headers: {}, body: list };
        },
      });
      await a.start();
      await b.start();
      await send(a, 'bob@b.example');
      await sleep(net.host('b'), 60 * MINUTE);
      list = 'still wrong';
      await sleep(net.host('b'), 60 * MINUTE);
      const events = (await b.journal()).map(({ event }) => event);
      list = 'good';
      await sleep(net.host('b'), 20 * MINUTE);
      const mailbox = (await b.mailbox('bob@b.example')).length;
      await a.stop();
      await b.stop();
      await web.close();
      return { events, mailbox };
    });
    expect(found.mailbox).toBe(1);
    // decided again once for the wrong list, however often it is seen
    expect(found.events).toEqual(['message.quarantined', 'message.reprocessed', 'message.quarantined']);
    expect(asked).toBeGreaterThanOrEqual(8);
  });

  it('once at the start: nobody knows what changed while it was down', async () => {
    const first = net.hisp(
      'b',
      { store },
      agent(() => false),
    );
    const second = net.hisp(
      'b',
      { store },
      agent(() => true),
    );
    const a = net.hisp('a');
    const mailbox = await net.run(async () => {
      await a.start();
      await first.start();
      await send(a, 'bob@b.example');
      await sleep(net.host('b'), MINUTE);
      await first.stop();
      await second.start();
      await sleep(net.host('b'), MINUTE);
      const items = await second.mailbox('bob@b.example');
      await a.stop();
      await second.stop();
      return items.length;
    });
    expect(mailbox).toBe(1);
  });
});

describe('several machines on one store (REQ-DN-19)', () => {
  it('one failure notice, whoever sees the timer; the leases of the other stay', async () => {
    const one = net.hisp('a', { store, node: 'one' });
    const two = net.hisp('a', { store, node: 'two', smtp: { listen: [] } });
    const found = await net.run(async () => {
      await one.start();
      await two.start();
      for (let i = 0; i < 20; i++) await send(one, 'bob@c.example', `m-${i}@a.example`);
      await sleep(net.host('a'), 70 * MINUTE);
      const notices = (await one.mailbox('alice@a.example')).map(({ message_id }) => message_id);
      await one.stop();
      await two.stop();
      return notices;
    });
    expect([found.length, new Set(found).size]).toEqual([20, 20]);
  });

  it('what one machine took and left behind is done by another', async () => {
    const one = net.hisp('a', { store, node: 'one' });
    const two = net.hisp('a', { store, node: 'two', smtp: { listen: [] } });
    const b = net.hisp('b');
    const state = await net.run(async () => {
      await b.start();
      await two.start();
      await sleep(net.host('a'), MINUTE);
      net.network.link('a', '10.0.0.2', { refuse: true });
      await one.start();
      const { id } = await send(one, 'bob@b.example');
      await sleep(net.host('a'), 1000);
      await one.stop();
      net.network.link('a', '10.0.0.2', {});
      await sleep(net.host('a'), 3 * MINUTE);
      const tracking = await two.tracking(id);
      await two.stop();
      await b.stop();
      return [tracking!.recipients[0]!.state, tracking!.recipients[0]!.stage];
    });
    // the answer goes to the machine that is gone
    expect(state).toEqual(['open', 'ended']);
  });
});

describe('an edge system (REQ-DN-13)', () => {
  it('has the message when it says 250; a refusal for good is told', async () => {
    const taken: string[] = [];
    const a = net.hisp('a');
    const place = { host: '10.0.0.3', port: 2525 };
    const b = net.hisp('b', {
      store,
      addresses: ['bob', 'none'].map((local) => ({ address: `${local}@b.example`, forward: place })),
    });
    const found = await net.run(async () => {
      await a.start();
      await b.start();
      const edge = await serveSmtp(net.host('b'), {
        at: place,
        hostname: 'edge.b.example',
        onRecipient: (_from, rcpt) =>
          rcpt.startsWith('none') ? smtpReply(550, '5.1.1 No such user') : undefined,
        async onMessage({ bytes }) {
          taken.push(Buffer.from(bytes).toString());
          return smtpReply(250, 'Ok');
        },
      });
      const { id } = await send(a, 'bob@b.example');
      await sleep(net.host('a'), MINUTE);
      const state = (await a.tracking(id))!.recipients[0]!.state;
      const here = await b.mailbox('bob@b.example');
      const clear = (await store.db.selectFrom('forward').selectAll().execute()).length;
      await edge.close();
      await a.stop();
      await b.stop();
      return { state, here: here.length, clear };
    });
    expect(found).toEqual({ state: 'processed', here: 0, clear: 0 });
    expect(taken).toHaveLength(1);
    expect(taken[0]).toContain('Hello.');
  });
});
