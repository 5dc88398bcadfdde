import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '../../src/edge/accounts.ts';
import { readDsn } from '../../src/mail/dsn.ts';
import { openProgram } from '../../src/scenario/steps/reading/programs.ts';
import { selfSigned } from '../smtp/self-signed.ts';

import { letter, MINUTE, type TestNetwork, testNetwork } from './network.ts';

const accounts: Accounts = {
  authenticate: async () => ({
    ok: true,
    user: { tenant: 'b', account: '1', addresses: ['bob@b.example'] },
  }),
};

let net: TestNetwork;
beforeEach(() => {
  net = testNetwork();
});
afterEach(() => net.network.close());

const sleep = (ms: number) => new Promise<void>((resolve) => void net.host('a').timer(ms, resolve));

describe('mailboxes of a HISP', () => {
  it.each(['pop3', 'imap'] as const)('are read by %s, and new mail is seen', async (protocol) => {
    const at = { host: '10.0.0.2', port: 143 };
    const edge = { listen: [at], tls: selfSigned(), accounts };
    const [a, b] = [net.hisp('a'), net.hisp('b', { edges: { [protocol]: edge } })];
    const heard: string[] = [];
    const [mails, sent] = await net.run(async () => {
      await a.start();
      await b.start();
      expect(b.edges[protocol].listening).toEqual([at]);
      const bytes = letter('alice@a.example', ['bob@b.example']);
      await a.submit({ from: 'alice@a.example', to: ['bob@b.example'], bytes });
      await sleep(MINUTE);
      const access = { at, tls: 'starttls' as const, user: 'bob@b.example', password: 'x' };
      const program = await openProgram(protocol, net.host('a'), access, (said, _as, { code }) =>
        heard.push(`${said}: ${code}`),
      );
      await program.secure();
      await program.logIn('x', undefined);
      const found = await program.fetchAll(undefined);
      program.end();
      await a.stop();
      await b.stop();
      return [found, bytes];
    });
    expect(mails.map(String)).toEqual([Buffer.from(sent).toString()]);
    expect(heard.every((line) => /: (OK|tls)$/.test(line))).toBe(true);
    const events = net.events.filter(({ kind, dir }) => kind === protocol && dir === 'in');
    expect(events.length).toBeGreaterThan(2);
    expect(JSON.stringify(events)).not.toContain('Referral');
  });

  it.each([
    ['whoever has both addresses', ['desk@b.example', 'bob@b.example'] as const, 1],
    ['whoever has the alias alone', ['desk@b.example'] as const, 0],
  ])('of an alias: %s reads %j', async (_who, addresses, count) => {
    const at = { host: '10.0.0.2', port: 143 };
    const user = { tenant: 'b', account: '1', addresses };
    const edge = {
      listen: [at],
      tls: selfSigned(),
      accounts: { authenticate: async () => ({ ok: true, user }) } as Accounts,
    };
    const b = net.hisp('b', {
      edges: { imap: edge },
      addresses: [{ address: 'bob@b.example' }, { address: 'desk@b.example', aliasOf: 'bob@b.example' }],
    });
    const mails = await net.run(async () => {
      const a = net.hisp('a');
      await a.start();
      await b.start();
      const to = ['desk@b.example'];
      await a.submit({ from: 'alice@a.example', to, bytes: letter('alice@a.example', to) });
      await sleep(MINUTE);
      const access = { at, tls: 'starttls' as const, user: 'desk@b.example', password: 'x' };
      const program = await openProgram('imap', net.host('a'), access, () => undefined);
      await program.secure();
      await program.logIn('x', undefined);
      const found = await program.fetchAll(undefined);
      program.end();
      await a.stop();
      await b.stop();
      return found;
    });
    expect(mails).toHaveLength(count);
  });

  it('that are full refuse by a notice, and take again what they had', async () => {
    const bytes = letter('alice@a.example', ['bob@b.example']);
    const [a, b] = [net.hisp('a'), net.hisp('b', { quotaOctets: bytes.length + 10 })];
    const notices = await net.run(async () => {
      await a.start();
      await b.start();
      for (const more of ['', 'more']) {
        const message = Buffer.concat([bytes, Buffer.from(more)]);
        await a.submit({ from: 'alice@a.example', to: ['bob@b.example'], bytes: message });
        await sleep(MINUTE);
      }
      const found = await Promise.all((await a.mailbox('alice@a.example')).map(({ id }) => a.read(id)));
      expect(await b.mailbox('bob@b.example')).toHaveLength(1);
      await a.stop();
      await b.stop();
      return found.map((one) =>
        readDsn(one!.bytes)!.recipients.map(({ status, reason }) => `${status} ${reason}`),
      );
    });
    // the sender's HISP tells what the other one reported
    expect(notices).toEqual([['5.2.2 notification.failed-by-peer']]);
  });
});
