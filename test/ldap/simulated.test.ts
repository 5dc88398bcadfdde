import { describe, expect, it } from 'vitest';
import { connectLdap } from '../../src/ldap/client.ts';
import { userCertificates } from '../../src/ldap/entries.ts';
import { serveLdap } from '../../src/ldap/server.ts';
import type { LdapServerOptions } from '../../src/ldap/settings.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { selfSigned } from '../net/self-signed.ts';
import { certificate, tree } from './tree.ts';

const EPOCH = Date.UTC(2030, 0, 1);
const AT = { host: '10.0.0.5', port: 389 };
const search = {
  base: 'o=one',
  scope: 'sub',
  filter: '(mail=bob@direct.example)',
  attributes: ['userCertificate'],
} as const;

/** A client and a server machine; the result of `work` and how long it took on the virtual clock. */
async function simulate<T>(
  options: Partial<LdapServerOptions>,
  work: (client: ReturnType<SimNetwork['host']>, network: SimNetwork) => Promise<T>,
): Promise<{ value: T; virtualMs: number; events: string[] }> {
  const events: string[] = [];
  const network = simNetwork({
    seed: 1,
    epoch: EPOCH,
    sink: (name, { dir, summary }, at) => {
      const { op, result } = summary as { op: string; result: string };
      return events.push(`${name} ${dir} ${op} ${result} ${at - EPOCH}`);
    },
  });
  const client = network.host('client', { addresses: ['10.0.0.9'] });
  const machine = network.host('ldap', { addresses: [AT.host] });
  try {
    const outcome = await network.run(
      async () => {
        const serving = await serveLdap(machine, { at: AT, tree: tree(), ...options });
        const value = await work(client, network);
        const virtualMs = network.clock.now() - EPOCH;
        await serving.close();
        return { value, virtualMs, events };
      },
      { virtualMs: 600_000, realMs: 10_000 },
    );
    expect(network.stalls).toEqual([]);
    return outcome;
  } finally {
    await network.close();
  }
}

describe('on a virtual clock', () => {
  it('a whole lookup takes no time', async () => {
    const { value, virtualMs, events } = await simulate({}, async (client) => {
      const ldap = await connectLdap(client, AT);
      await ldap.bindAnonymous();
      const contexts = await ldap.namingContexts();
      const { entries } = await ldap.search(search);
      await ldap.close();
      // The server reads the unbind.
      await new Promise<void>((resolve) => client.timer(1, resolve));
      return { contexts, certificates: entries.flatMap(userCertificates) };
    });
    expect(value).toEqual({
      contexts: ['o=one', 'dc=two,dc=example'],
      certificates: [certificate('bob 1'), certificate('bob 2')],
    });
    expect(virtualMs).toBeLessThan(100);
    expect(events.filter((line) => line.startsWith('ldap')).map((line) => line.replace(/ \d+$/, ''))).toEqual(
      [
        'ldap in connect success',
        'ldap in bind success',
        'ldap in search success',
        'ldap in search success',
        'ldap in unbind success',
      ],
    );
  });

  it('StartTLS works', async () => {
    const tls = await selfSigned('ldap.example');
    const { value } = await simulate({ tls }, async (client) => {
      const ldap = await connectLdap(client, AT);
      await ldap.startTls({ servername: 'ldap.example' });
      const { entries } = await ldap.search(search);
      await ldap.close();
      return entries.length;
    });
    expect(value).toBe(1);
  });

  it('a server that never answers costs the deadline of virtual time, little of ours', async () => {
    const began = performance.now();
    const { value, virtualMs } = await simulate(
      { answer: () => new Promise(() => undefined) },
      async (client) => {
        const ldap = await connectLdap(client, AT, { deadlineMs: 5000 });
        return ldap.search(search).catch((error: unknown) => error);
      },
    );
    expect(value).toMatchObject({ name: 'LdapError', code: 'timeout' });
    expect(virtualMs).toBeGreaterThanOrEqual(5000);
    expect(virtualMs).toBeLessThan(5200);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('a slow answer comes when its time has come', async () => {
    const { value, virtualMs } = await simulate({}, async (client, network) => {
      const slow = network.host('slow', { addresses: ['10.0.0.6'] });
      const at = { host: '10.0.0.6', port: 389 };
      const serving = await serveLdap(slow, {
        at,
        tree: tree(),
        answer: (_search, reference) => new Promise((resolve) => slow.timer(3000, () => resolve(reference))),
      });
      const ldap = await connectLdap(client, at);
      const { entries } = await ldap.search(search);
      await ldap.close();
      await serving.close();
      return entries.length;
    });
    expect(value).toBe(1);
    expect(virtualMs).toBeGreaterThanOrEqual(3000);
    expect(virtualMs).toBeLessThan(3200);
  });

  it('refused, black hole and idle are what they are called', async () => {
    const { value } = await simulate({ limits: { idleMs: 60_000 } }, async (client, network) => {
      const failed = (error: unknown): unknown => (error as { code?: unknown }).code;
      const refused = await connectLdap(client, { host: AT.host, port: 636 }).catch(failed);
      network.host('gone', { addresses: ['10.0.0.7'] });
      network.link('*', '10.0.0.7', { blackhole: true });
      const timeout = await connectLdap(client, { host: '10.0.0.7', port: 389 }, { deadlineMs: 5000 }).catch(
        failed,
      );
      const ldap = await connectLdap(client, AT);
      await new Promise<void>((resolve) => client.timer(61_000, resolve));
      const closed = await ldap.bindAnonymous().catch(failed);
      return { refused, timeout, closed };
    });
    expect(value).toEqual({ refused: 'refused', timeout: 'timeout', closed: 'closed' });
  });
});
