import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentContext } from '../../src/agent/types.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import type { Hisp } from '../../src/hisp/hisp.ts';
import { SubmissionError } from '../../src/hisp/submission.ts';
import { referenceTransition } from '../../src/hisp/transition.ts';
import { readDsn } from '../../src/mail/dsn.ts';
import { composeMdn, type MdnParts, readMdn } from '../../src/mail/mdn.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { deliver } from '../../src/smtp/sender.ts';
import { openStore } from '../../src/store/open.ts';
import { EPOCH, letter, MINUTE, sleep, type TestNetwork, testNetwork } from './network.ts';
import { plainAgent } from './plain-agent.ts';

let net: TestNetwork;
beforeEach(() => {
  net = testNetwork();
});
afterEach(async () => {
  await net.network.close();
});

/** Starts both, sends one letter from alice, waits, and stops. */
async function exchange<T>(
  a: Hisp,
  b: Hisp | undefined,
  to: readonly string[],
  o: { minutes?: number; requested?: boolean; read?: () => Promise<T> } = {},
) {
  return net.run(async () => {
    await a.start();
    await b?.start();
    const submitted = await a.submit({
      from: 'alice@a.example',
      to,
      bytes: letter('alice@a.example', to, { requested: o.requested ?? false }),
    });
    await sleep(net.host('a'), (o.minutes ?? 1) * MINUTE);
    const tracking = await a.tracking(submitted.id);
    const states = Object.fromEntries(tracking!.recipients.map((row) => [row.written, row.state]));
    const mailbox = await a.mailbox('alice@a.example');
    const notices = [];
    for (const { id } of mailbox) notices.push((await a.read(id))!.bytes);
    const found = await o.read?.();
    await a.stop();
    await b?.stop();
    return { states, mailbox, notices, found, submitted };
  });
}

/** What a failure notice says: recipient, status, code. */
const told = (bytes: Uint8Array): string[] =>
  readDsn(bytes)!.recipients.map((about) => `${about.finalRecipient} ${about.status} ${about.reason}`);

describe('from edge to mailbox', () => {
  it('the message arrives byte for byte and the processed notice comes back', async () => {
    const b = net.hisp('b');
    const { states, mailbox, found } = await exchange(net.hisp('a'), b, ['bob@b.example'], {
      read: async () => {
        const items = await b.mailbox('bob@b.example');
        return { items, bytes: (await b.read(items[0]!.id))!.bytes };
      },
    });
    expect(states).toEqual({ 'bob@b.example': 'processed' });
    expect(mailbox).toEqual([]);
    expect(found!.items).toMatchObject([{ kind: 'message', sender: 'alice@a.example', subject: 'Referral' }]);
    expect(Buffer.from(found!.bytes)).toEqual(Buffer.from(letter('alice@a.example', ['bob@b.example'])));
    expect(net.stages('a')).toEqual([
      'submitted',
      'prepared',
      'sent bob@b.example',
      'received',
      'processed bob@b.example',
      'noticed alice@a.example',
    ]);
    expect(net.stages('b')).toEqual([
      'received',
      'notice',
      'delivered bob@b.example',
      'prepared',
      'sent alice@a.example',
    ]);
  });

  it('with the option: processed leaves before dispatched, and the user sees the success', async () => {
    const { states, mailbox, notices } = await exchange(net.hisp('a'), net.hisp('b'), ['bob@b.example'], {
      requested: true,
    });
    expect(states).toEqual({ 'bob@b.example': 'dispatched' });
    expect(mailbox).toMatchObject([{ kind: 'mdn' }]);
    expect(readMdn(notices[0]!)).toMatchObject({
      disposition: { type: 'dispatched' },
      finalDelivery: true,
      originalMessageId: 'm-1@a.example',
    });
    const order = net.events.flatMap(({ host, kind, summary }) =>
      host === 'a' && kind === 'message' ? [(summary as { stage: string }).stage] : [],
    );
    expect(order.indexOf('processed')).toBeLessThan(order.indexOf('dispatched'));
  });

  it('one transaction a domain, the same bytes for all', async () => {
    await exchange(net.hisp('a'), net.hisp('b'), ['bob@b.example', 'alice@b.example', 'Bob@B.example']);
    const deliveries = net.events.filter(
      ({ host, kind, dir, summary }) =>
        host === 'a' && kind === 'smtp' && dir === 'out' && (summary as { op: string }).op === 'deliver',
    );
    expect(deliveries.map(({ summary }) => (summary as { rcptTo: string[] }).rcptTo)).toEqual([
      ['alice@b.example', 'bob@b.example'],
    ]);
  });

  it('local recipients go the same way, without SMTP', async () => {
    const a = net.hisp('a');
    const { states, found } = await exchange(a, undefined, ['bob@a.example'], {
      read: () => a.mailbox('bob@a.example'),
    });
    expect(states).toEqual({ 'bob@a.example': 'processed' });
    expect(found).toHaveLength(1);
    expect(net.events.filter(({ kind }) => kind === 'smtp')).toEqual([]);
    expect(net.stages('a').slice(0, 4)).toEqual(['submitted', 'prepared', 'sent bob@a.example', 'notice']);
  });
});

describe('what cannot be delivered', () => {
  it('is told once, in one notice for a step, and stops nobody else', async () => {
    const { states, mailbox, notices } = await exchange(net.hisp('a'), net.hisp('b'), [
      'none@b.example',
      'bob@b.example',
      'none@a.example',
    ]);
    expect(states).toEqual({
      'bob@b.example': 'processed',
      'none@a.example': 'failed',
      'none@b.example': 'failed',
    });
    expect(mailbox).toMatchObject([
      { kind: 'dsn', sender: 'postmaster@a.example', subject: 'Not delivered: Referral' },
    ]);
    expect(told(notices[0]!)).toEqual([
      'none@a.example 5.7.1 discovery.none',
      'none@b.example 5.7.1 discovery.none',
    ]);
    expect(readDsn(notices[0]!)!.originalMessageId).toBe('m-1@a.example');
  });

  it('an address that nobody has: the other side says so, protected', async () => {
    const b = net.hisp('b', {}, plainAgent(), {
      smtpReply: (proposed, { stage }) => (stage === 'RCPT' ? smtpReply(250, 'Ok') : proposed),
    });
    const { states, notices } = await exchange(net.hisp('a'), b, ['nobody@b.example']);
    expect(states).toEqual({ 'nobody@b.example': 'failed' });
    expect(notices.map(told)).toEqual([['nobody@b.example 5.1.1 notification.failed-by-peer']]);
  });

  it('an address that nobody has and no key could open: refused at RCPT', async () => {
    const { states, notices } = await exchange(net.hisp('a'), net.hisp('b'), [
      'nobody@b.example',
      'bob@b.example',
    ]);
    expect(states).toEqual({ 'bob@b.example': 'processed', 'nobody@b.example': 'failed' });
    expect(notices.map(told)).toEqual([['nobody@b.example 5.1.1 transport.reply']]);
  });

  it('what is not trusted is kept apart in silence, and missed after T1', async () => {
    const b = net.hisp('b');
    const { states, notices, found } = await exchange(net.hisp('a'), b, ['distrust@b.example'], {
      minutes: 61,
      read: async () => ({
        quarantine: await b.quarantine(),
        mailbox: await b.mailbox('distrust@b.example'),
      }),
    });
    expect(states).toEqual({ 'distrust@b.example': 'timed-out' });
    expect(notices.map(told)).toEqual([['distrust@b.example 5.4.7 notification.no-processed']]);
    expect(found!.mailbox).toEqual([]);
    expect(found!.quarantine).toMatchObject([
      { address: 'distrust@b.example', causes: expect.stringContaining('trust.no-anchors') },
    ]);
    expect(net.stages('b')).toEqual(['received', 'quarantined distrust@b.example']);
  });

  it.each([
    ['no server at the other end', [], 'transport.connect'],
    [
      'a domain that takes no mail',
      [{ name: 'b.example', ttl: 60, data: { type: 'MX', preference: 0, exchange: '' } }],
      'transport.mx-none',
    ],
    [
      'a domain that has no address',
      [{ name: 'x.b.example', ttl: 60, data: { type: 'A', address: '10.0.0.9' } }],
      'transport.mx-none',
    ],
  ] as const)('%s', async (_name, records, code) => {
    net = testNetwork(records as readonly ResourceRecord[]);
    const { states, notices } = await exchange(net.hisp('a'), undefined, ['bob@b.example'], { minutes: 61 });
    expect(states).toEqual({ 'bob@b.example': 'failed' });
    expect(notices.map(told)).toEqual([[`bob@b.example 5.4.1 ${code}`]]);
    if (code === 'transport.connect') {
      const delays = net
        .stages('a')
        .filter((line) => line.startsWith('delayed') || line.startsWith('failed'));
      expect(delays.map((line) => line.replace(' bob@b.example', ''))).toEqual([
        'delayed',
        'delayed +30',
        'delayed +120',
        'delayed +300',
        'delayed +600',
        'delayed +900',
        'delayed +1800',
        'delayed +2700',
        'failed +3480',
        'delayed +3480',
      ]);
    }
  });
});

describe('what takes a while', () => {
  it('a recipient that is decided later gets a message later, the others at once', async () => {
    const { states } = await exchange(
      net.hisp('a', {}, plainAgent(EPOCH + 3 * MINUTE)),
      net.hisp('b'),
      ['later@b.example', 'bob@b.example'],
      { minutes: 10 },
    );
    expect(states).toEqual({ 'bob@b.example': 'processed', 'later@b.example': 'processed' });
    expect(net.stages('a').filter((line) => line.startsWith('sent'))).toEqual([
      'sent bob@b.example',
      'sent later@b.example +300',
    ]);
  });

  it('a recipient that is never decided fails before T1, with the reason', async () => {
    const { states, notices } = await exchange(
      net.hisp('a', {}, plainAgent(EPOCH + 300 * MINUTE)),
      net.hisp('b'),
      ['later@b.example'],
      { minutes: 59 },
    );
    expect(states).toEqual({ 'later@b.example': 'failed' });
    expect(notices.map(told)).toEqual([['later@b.example 5.4.3 discovery.temporary']]);
  });

  it('an incoming message that nobody can judge waits without a word, and is kept apart in the end', async () => {
    const b = net.hisp('b', {}, plainAgent(EPOCH + 4 * MINUTE));
    const good = await exchange(net.hisp('a'), b, ['unsure@b.example'], { minutes: 6 });
    expect(good.states).toEqual({ 'unsure@b.example': 'processed' });
    expect(net.stages('b').filter((line) => line.includes('unsure'))).toEqual([
      'deferred unsure@b.example',
      'deferred unsure@b.example +5',
      'deferred unsure@b.example +30',
      'deferred unsure@b.example +120',
      'delivered unsure@b.example +300',
    ]);
    net = testNetwork();
    await exchange(net.hisp('a'), net.hisp('b', {}, plainAgent(EPOCH + 300 * MINUTE)), ['unsure@b.example'], {
      minutes: 59,
    });
    expect(net.stages('b').at(-1)).toBe('quarantined unsure@b.example +3300');
  });

  it('a peer that is greylisting, busy or takes one recipient at a time', async () => {
    const b = net.hisp(
      'b',
      { smtp: { listen: [{ host: '10.0.0.2', port: 25 }], limits: { recipients: 1 } } },
      plainAgent(),
      {
        smtpReply: (proposed, { stage, argument }) =>
          stage === 'RCPT' && argument.includes('alice') && net.network.clock.now() < EPOCH + MINUTE
            ? smtpReply(451, '4.7.1 Later')
            : proposed,
      },
    );
    const { states } = await exchange(
      net.hisp('a'),
      b,
      ['alice@b.example', 'bob@b.example', 'later@b.example'],
      { minutes: 5 },
    );
    expect(states).toEqual({
      'alice@b.example': 'processed',
      'bob@b.example': 'processed',
      'later@b.example': 'processed',
    });
    expect(net.stages('a').filter((line) => line.startsWith('sent'))).toEqual([
      'sent bob@b.example',
      'sent later@b.example',
      'sent alice@b.example +120',
    ]);
  });

  it('servers are tried in the order of their preference', async () => {
    net = testNetwork([
      { name: 'b.example', ttl: 60, data: { type: 'MX', preference: 20, exchange: 'two.b.example' } },
      { name: 'b.example', ttl: 60, data: { type: 'MX', preference: 10, exchange: 'one.b.example' } },
      { name: 'b.example', ttl: 60, data: { type: 'MX', preference: 5, exchange: 'gone.b.example' } },
      { name: 'one.b.example', ttl: 60, data: { type: 'A', address: '10.0.0.3' } },
      { name: 'two.b.example', ttl: 60, data: { type: 'A', address: '10.0.0.2' } },
    ]);
    const { states } = await exchange(net.hisp('a'), net.hisp('b'), ['bob@b.example']);
    expect(states).toEqual({ 'bob@b.example': 'processed' });
    const servers = net.events.flatMap(({ kind, dir, host, summary }) =>
      kind === 'smtp' && dir === 'out' && host === 'a' ? [(summary as { server: string }).server] : [],
    );
    expect(servers).toEqual(['10.0.0.3:25', '10.0.0.2:25']);
  });
});

describe('what nobody foresaw', () => {
  const broken = () => Promise.reject(new Error('a mistake'));
  it('on the way out: tried again, then told to the sender', async () => {
    const a = net.hisp('a', {}, plainAgent(), {
      transition: (tracked, event) => {
        if (event.kind === 'failure' && net.network.clock.now() < EPOCH + 2 * MINUTE)
          throw new Error('a mistake');
        return referenceTransition(tracked, event);
      },
    });
    const { states, notices } = await exchange(a, undefined, ['none@b.example'], { minutes: 10 });
    expect(states).toEqual({ 'none@b.example': 'failed' });
    expect(notices.map(told)).toEqual([['none@b.example 5.7.1 discovery.none']]);
  });

  it('on the way in: kept apart in the end', async () => {
    const b = net.hisp('b', {}, { ...plainAgent(), open: broken });
    const { found } = await exchange(net.hisp('a'), b, ['bob@b.example'], {
      minutes: 59,
      read: () => b.quarantine(),
    });
    expect(found).toMatchObject([
      { address: 'bob@b.example', causes: expect.stringContaining('no verdict') },
    ]);
  });
});

describe('the same again', () => {
  it('is acknowledged again and not delivered again; other content of the same id is another message', async () => {
    const a = net.hisp('a');
    const b = net.hisp('b');
    const found = await net.run(async () => {
      await a.start();
      await b.start();
      const send = async (bytes: Uint8Array) => {
        await a.submit({ from: 'alice@a.example', to: ['bob@b.example'], bytes });
        await sleep(net.host('a'), 1000);
      };
      await send(letter('alice@a.example', ['bob@b.example']));
      await send(letter('alice@a.example', ['bob@b.example']));
      await send(letter('alice@a.example', ['bob@b.example'], { text: 'Other.' }));
      const result = { items: await b.mailbox('bob@b.example'), own: await a.mailbox('alice@a.example') };
      await a.stop();
      await b.stop();
      return result;
    });
    expect(found.items).toHaveLength(2);
    expect(found.own).toEqual([]);
    expect(net.stages('b').filter((line) => /bob/.test(line))).toEqual([
      'delivered bob@b.example',
      'duplicate bob@b.example +1',
      'delivered bob@b.example +2',
    ]);
    expect(net.stages('a').filter((line) => /processed/.test(line))).toHaveLength(3);
  });
});

describe('notices that come in', () => {
  const notice = (from: string, o: Partial<MdnParts>) =>
    composeMdn({
      from,
      to: ['alice@a.example'],
      date: EPOCH,
      messageId: 'n@b.example',
      text: '',
      boundary: 'x1',
      reportingUa: 'mx.b.example; test',
      finalRecipient: 'distrust@b.example',
      originalMessageId: 'm-1@a.example',
      disposition: 'processed',
      ...o,
    });
  const cases: readonly [string, string, Partial<MdnParts>, string, string][] = [
    ['for the recipient', 'distrust@b.example', {}, 'processed', ''],
    ['from a colleague of the recipient', 'bob@b.example', {}, 'processed', ''],
    [
      'with another spelling',
      'distrust@b.example',
      { finalRecipient: 'Distrust+tag@B.example' },
      'processed',
      '',
    ],
    ['from another domain', 'bob@c.example', {}, 'open', 'notification.unauthenticated'],
    [
      'about another message',
      'bob@b.example',
      { originalMessageId: 'M-1@a.example' },
      'open',
      'notification.unmatched',
    ],
    [
      'about another recipient',
      'bob@b.example',
      { finalRecipient: 'bob@b.example' },
      'open',
      'notification.unmatched',
    ],
    [
      'that is negative',
      'bob@b.example',
      { disposition: 'failed', failure: 'no room' },
      'failed',
      'dsn.produced',
    ],
  ];
  it.each(cases)('%s', async (_name, from, parts, state, event) => {
    const a = net.hisp('a');
    const { states, found } = await exchange(a, net.hisp('b'), ['distrust@b.example'], {
      read: async () => {
        const bytes = notice(from, parts);
        const [envelope] = (
          await plainAgent().prepare({ from, to: ['alice@a.example'], bytes }, {
            host: net.host('b'),
          } as AgentContext)
        ).envelopes;
        await deliver(net.host('b'), { host: '10.0.0.1', port: 25 }, { helo: 'mx.b.example', ...envelope! });
        await sleep(net.host('a'), 1000);
        return { journal: await a.journal(), tracking: await a.tracking(submittedId()) };
      },
    });
    expect(states).toEqual({ 'distrust@b.example': 'open' });
    expect(found!.tracking!.recipients.map((row) => row.state)).toEqual([state]);
    const told = found!.journal.map((entry) => entry.event).filter((one) => !one.startsWith('message.'));
    expect(told).toEqual(event ? [event] : []);
  });
  const submittedId = (): string =>
    net.events
      .filter(({ kind, host }) => kind === 'message' && host === 'a')
      .map(({ summary }) => summary as { stage: string; id: string })
      .find(({ stage }) => stage === 'submitted')!.id;
});

describe('time', () => {
  it('nothing happens while there is nothing to do', async () => {
    const [a, b] = [net.hisp('a'), net.hisp('b')];
    const moved = await net.run(async () => {
      await a.start();
      await b.start();
      await a.submit({
        from: 'alice@a.example',
        to: ['bob@b.example'],
        bytes: letter('alice@a.example', ['bob@b.example']),
      });
      await sleep(net.host('a'), MINUTE);
      const before = net.network.advances;
      await sleep(net.host('a'), 120 * MINUTE);
      const after = net.network.advances;
      await a.stop();
      await b.stop();
      return after - before;
    });
    // one is the sleep itself
    expect(moved).toBe(1);
  });

  it('a stop does not wait for a peer that does not answer, and a start goes on where it was', async () => {
    const store = await openStore({ hold: (work) => work }, { file: ':memory:' });
    net.network.link('a', '10.0.0.2', { blackhole: true });
    const found = await net.run(async () => {
      const first = net.hisp('a', { store });
      await first.start();
      const { id } = await first.submit({
        from: 'alice@a.example',
        to: ['bob@b.example'],
        bytes: letter('alice@a.example', ['bob@b.example']),
      });
      await sleep(net.host('a'), 1000);
      const asked = net.host('a').now();
      await first.stop();
      const took = net.host('a').now() - asked;
      net.network.link('a', '10.0.0.2', {});
      const [second, b] = [net.hisp('a', { store }), net.hisp('b')];
      await b.start();
      await second.start();
      await sleep(net.host('a'), 30_000);
      const tracking = await second.tracking(id);
      await second.stop();
      await b.stop();
      return { took, states: tracking!.recipients.map(({ state }) => state) };
    });
    expect(found).toEqual({ took: 5000, states: ['processed'] });
    await store.close();
  });
});

describe('taking a message', () => {
  const cases: readonly [string, string, string, string][] = [
    [
      'of another sender',
      'alice@a.example',
      letter('bob@a.example', ['bob@b.example']).toString(),
      'edge.not-owner',
    ],
    ['from nobody', 'alice@a.example', 'Subject: x\r\n\r\n', 'message.from-missing'],
    ['from two', 'alice@a.example', 'From: alice@a.example, bob@a.example\r\n\r\n', 'message.from-multiple'],
    ['of a stranger', 'x@c.example', 'From: x@c.example\r\n\r\n', 'edge.not-owner'],
    [
      'that is encrypted',
      'alice@a.example',
      'From: alice@a.example\r\nContent-Type: application/pkcs7-mime\r\n\r\n',
      'parse.mime',
    ],
  ];
  it.each(cases)('%s is refused', async (_name, from, text, code) => {
    const refused = await net.run(async () => {
      const a = net.hisp('a');
      await a.start();
      const error = await a
        .submit({ from, to: ['bob@b.example'], bytes: Buffer.from(text) })
        .catch((thrown: unknown) => thrown);
      await a.stop();
      return error;
    });
    expect(refused).toBeInstanceOf(SubmissionError);
    expect((refused as SubmissionError).reason.code).toBe(code);
  });

  it.each([
    'bob',
    'bob@b.example>\r\nRCPT TO:<x@b.example',
    'Bob <bob@b.example>',
    'bob@b.example, x@b.example',
  ])('for %j is refused', async (to) => {
    const refused = await net.run(async () => {
      const a = net.hisp('a');
      await a.start();
      const bytes = letter('alice@a.example', ['bob@b.example']);
      const error = await a
        .submit({ from: 'alice@a.example', to: [to], bytes })
        .catch((thrown: unknown) => thrown);
      await a.stop();
      return error;
    });
    expect((refused as SubmissionError).reason.code).toBe('parse.header');
  });

  it('a store that fails makes no false 250', async () => {
    const store = await openStore({ hold: (work) => work }, { file: ':memory:' });
    const b = net.hisp('b', { store });
    const { states } = await exchange(net.hisp('a'), b, ['bob@b.example'], {
      minutes: 1,
      read: async () => undefined,
    });
    expect(states).toEqual({ 'bob@b.example': 'processed' });
    net = testNetwork();
    await store.db.schema.dropTable('blob').execute();
    const failing = await exchange(net.hisp('a'), net.hisp('b', { store }), ['bob@b.example']);
    expect(failing.states).toEqual({ 'bob@b.example': 'open' });
    const replies = net.events.flatMap(({ kind, dir, summary }) =>
      kind === 'smtp' && dir === 'in' ? [(summary as { reply: string }).reply] : [],
    );
    expect(replies).toEqual(Array(2).fill('452 4.3.1 The message could not be stored, try later'));
    await store.close();
  });
});
