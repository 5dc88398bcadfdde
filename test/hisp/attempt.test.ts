import { afterEach, describe, expect, it } from 'vitest';
import type { RecordData, ResourceRecord } from '../../src/dns/records.ts';
import { type SmtpReceiver, serveSmtp } from '../../src/smtp/receiver.ts';
import { type SmtpReply, smtpReply } from '../../src/smtp/reply.ts';
import { letter, sleep, testNetwork } from './network.ts';

let net: ReturnType<typeof testNetwork>;
afterEach(() => net.network.close());

const record = (name: string, data: RecordData): ResourceRecord => ({ name, ttl: 60, data });
const mx = (preference: number, exchange: string) =>
  record('b.example', { type: 'MX', preference, exchange: `${exchange}.b.example` });
const a = (host: string, address: string) =>
  record(host ? `${host}.b.example` : 'b.example', { type: 'A', address });
const aaaa = (host: string, address: string) =>
  record(host ? `${host}.b.example` : 'b.example', { type: 'AAAA', address });

/** Servers of b.example: what they say, by address; `undefined` takes mail, and one that is not named is down. */
type Servers = Readonly<Record<string, ((stage: string) => SmtpReply | undefined) | undefined>>;

/** One letter to bob and eve of b.example; gives the servers that were asked, and what became of the recipients. */
async function tried(records: readonly ResourceRecord[], servers: Servers) {
  net = testNetwork(records);
  const hisp = net.hisp('a');
  return net.run(async () => {
    const open: SmtpReceiver[] = [];
    for (const { data } of records) {
      if ((data.type === 'A' || data.type === 'AAAA') && !(data.address in servers))
        net.network.host(data.address, { addresses: [data.address], resolvers: [] });
    }
    for (const [address, says] of Object.entries(servers)) {
      const machine = net.network.host(address, { addresses: [address], resolvers: [] });
      open.push(
        await serveSmtp(machine, {
          at: { host: address, port: 25 },
          hostname: 'mx.b.example',
          reply: (proposed, { stage, argument }) =>
            says?.(stage === 'RCPT' ? `RCPT ${argument.slice(4, 7)}` : stage) ?? proposed,
          onRecipient: () => undefined,
          onMessage: async () => smtpReply(250, '2.6.0 Ok'),
        }),
      );
    }
    await hisp.start();
    const to = ['bob@b.example', 'eve@b.example'];
    const { id } = await hisp.submit({
      from: 'alice@a.example',
      to,
      bytes: letter('alice@a.example', to, { requested: false }),
    });
    await sleep(net.host('a'), 10_000);
    const { recipients } = (await hisp.tracking(id))!;
    await hisp.stop();
    for (const one of open) await one.close();
    return {
      asked: net.events.flatMap(({ kind, dir, host, summary }) =>
        kind === 'smtp' && dir === 'out' && host === 'a'
          ? [(summary as { server: string }).server.replace(/\[|\]|:25$/g, '')]
          : [],
      ),
      states: recipients.map(
        ({ address, stage, state }) =>
          `${address.slice(0, 3)} ${stage === 'ended' ? (state === 'open' ? 'sent' : state) : 'waits'}`,
      ),
    };
  });
}

const SENT = ['bob sent', 'eve sent'];
const always = (code: number, text: string) => (stage: string) => (at: string) =>
  at === stage ? smtpReply(code, text) : undefined;

describe('the servers of a domain', () => {
  it.each<[string, ResourceRecord[], Servers, string[], string[]]>([
    [
      'by preference, whatever the order of the answer',
      [mx(20, 'two'), mx(10, 'one'), a('one', '10.9.0.1'), a('two', '10.9.0.2')],
      { '10.9.0.1': undefined, '10.9.0.2': undefined },
      ['10.9.0.1'],
      SENT,
    ],
    [
      'the first is down',
      [mx(10, 'one'), mx(20, 'two'), a('one', '10.9.0.1'), a('two', '10.9.0.2')],
      { '10.9.0.2': undefined },
      ['10.9.0.1', '10.9.0.2'],
      SENT,
    ],
    [
      'the first has no address',
      [mx(10, 'none'), mx(20, 'two'), a('two', '10.9.0.2')],
      { '10.9.0.2': undefined },
      ['10.9.0.2'],
      SENT,
    ],
    [
      'every address of one server',
      [mx(10, 'one'), a('one', '10.9.0.1'), aaaa('one', '2001:db8::9')],
      { '2001:db8::9': undefined },
      ['10.9.0.1', '2001:db8::9'],
      SENT,
    ],
    ['no MX: the address of the domain', [a('', '10.9.0.3')], { '10.9.0.3': undefined }, ['10.9.0.3'], SENT],
    ['no MX: IPv6 alone', [aaaa('', '2001:db8::8')], { '2001:db8::8': undefined }, ['2001:db8::8'], SENT],
    [
      'with an MX the address of the domain counts for nothing',
      [mx(10, 'one'), a('', '10.9.0.3')],
      { '10.9.0.3': undefined },
      [],
      ['bob failed', 'eve failed'],
    ],
    [
      'one that turns everybody away',
      [mx(10, 'one'), mx(20, 'two'), a('one', '10.9.0.1'), a('two', '10.9.0.2')],
      { '10.9.0.1': always(554, '5.3.2 No mail here')('connect'), '10.9.0.2': undefined },
      ['10.9.0.1', '10.9.0.2'],
      SENT,
    ],
    [
      'one that says later to one recipient',
      [mx(10, 'one'), mx(20, 'two'), a('one', '10.9.0.1'), a('two', '10.9.0.2')],
      { '10.9.0.1': always(451, '4.7.1 Later')('RCPT bob'), '10.9.0.2': undefined },
      ['10.9.0.1', '10.9.0.2'],
      SENT,
    ],
    [
      'later from all of them',
      [mx(10, 'one'), mx(20, 'two'), a('one', '10.9.0.1'), a('two', '10.9.0.2')],
      { '10.9.0.1': always(451, '4.7.1 Later')('RCPT bob'), '10.9.0.2': always(450, '4.2.1 No')('RCPT bob') },
      ['10.9.0.1', '10.9.0.2'],
      ['bob waits', 'eve sent'],
    ],
    [
      'a definite no of the first is final',
      [mx(10, 'one'), mx(20, 'two'), a('one', '10.9.0.1'), a('two', '10.9.0.2')],
      { '10.9.0.1': always(550, '5.1.1 Who?')('RCPT bob'), '10.9.0.2': undefined },
      ['10.9.0.1'],
      ['bob failed', 'eve sent'],
    ],
  ])('%s', async (_name, records, servers, asked, states) => {
    expect(await tried(records, servers)).toEqual({ asked, states });
  });

  it('are ten at most in one attempt', async () => {
    const many = Array.from({ length: 14 }, (_, n) => [mx(n, `m${n}`), a(`m${n}`, `10.9.1.${n}`)]).flat();
    const { asked, states } = await tried(many, {});
    expect([asked.length, states]).toEqual([10, ['bob waits', 'eve waits']]);
  });

  it('of equal preference share the work', async () => {
    const records = [mx(10, 'one'), mx(10, 'two'), a('one', '10.9.0.1'), a('two', '10.9.0.2')];
    const { asked } = await tried(records, {});
    expect([...asked].sort()).toEqual(['10.9.0.1', '10.9.0.2']);
  });
});
