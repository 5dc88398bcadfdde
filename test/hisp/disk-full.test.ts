import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { referenceAgent } from '../../src/agent/reference.ts';
import { createHisp, type Hisp } from '../../src/hisp/hisp.ts';
import { hispParts } from '../../src/hisp/parts.ts';
import { realHost } from '../../src/net/real.ts';
import { deliver } from '../../src/smtp/sender.ts';
import { isDiskFailure } from '../../src/store/disk-failure.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { client, plain } from '../edge/submission/client.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { letter } from './network.ts';
import { plainAgent } from './plain-agent.ts';

const host = realHost({ resolvers: [] });
const LOOPBACK = { host: '127.0.0.1', port: 0 };
let hisp: Hisp;
let store: Store;
afterEach(async () => {
  await hisp.stop();
  await store.close();
});

async function start(): Promise<void> {
  store = await openStore(host, { file: ':memory:' });
  hisp = createHisp(
    host,
    {
      name: 'a',
      hostname: 'mx.a.example',
      domains: [{ name: 'a.example' }],
      addresses: [{ address: 'alice@a.example' }],
      keys: [],
      anchors: [],
      smtp: { listen: [LOOPBACK] },
      edges: {
        submission: {
          listen: [LOOPBACK],
          tls: selfSigned(),
          accounts: {
            authenticate: async () => ({
              ok: true,
              user: { tenant: 'a', account: '1', addresses: ['alice@a.example'] },
            }),
          },
        },
      },
      store,
    },
    hispParts(referenceAgent),
    plainAgent(),
  );
  await hisp.start();
}

/** From now on the database cannot grow, as on a disk that is full; without a limit it can. */
const limit = async (full: boolean): Promise<void> => {
  await sql`pragma max_page_count = ${sql.raw(full ? '1' : '1073741823')}`.execute(store.db);
};
const bytes = letter('alice@a.example', ['alice@a.example'], { text: 'x'.repeat(20_000) });

describe('a disk that is full', () => {
  it('gives mail from outside 452, and 250 when there is room again', async () => {
    await start();
    const send = async () => {
      const { perRecipient } = await deliver(host, hisp.listening[0]!, {
        helo: 'b.example',
        mailFrom: 'bob@b.example',
        rcptTo: ['alice@a.example'],
        bytes,
      });
      return perRecipient.get('alice@a.example')?.code;
    };
    await limit(true);
    expect(await send()).toBe(452);
    await limit(false);
    expect(await send()).toBe(250);
  });

  it('gives mail of users 452, and 250 when there is room again', async () => {
    await start();
    const talk = await client(hisp.edges.submission.listening[0]!);
    await talk.say('EHLO c', 'STARTTLS');
    await talk.startTls();
    await talk.say('EHLO c', plain('alice@a.example', 'x'));
    const hand = async (): Promise<string> => {
      await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<alice@a.example>', 'DATA');
      return talk.say(`${Buffer.from(bytes).toString('latin1')}.`);
    };
    await limit(true);
    expect(await hand()).toBe('452');
    expect(talk.heard).toContain('452 4.3.1');
    await limit(false);
    expect(await hand()).toBe('250');
    talk.end();
  });
});

it.each([
  [Object.assign(new Error('x'), { code: 'SQLITE_FULL' }), true],
  [new Error('outer', { cause: Object.assign(new Error('x'), { code: 'SQLITE_IOERR_WRITE' }) }), true],
  [Object.assign(new Error('x'), { code: 'ENOSPC' }), true],
  [Object.assign(new Error('x'), { code: '53100' }), true],
  [Object.assign(new Error('x'), { code: 'SQLITE_BUSY' }), false],
  [new Error('SQLITE_FULL'), false],
  [undefined, false],
])('%s: the disk is at fault: %s', (error, expected) => {
  expect(isDiskFailure(error)).toBe(expected);
});
