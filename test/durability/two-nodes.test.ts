import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import { serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { realHost } from '../../src/net/real.ts';
import { serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-nodes-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

it('two processes on one store: every timer ends in one notice', { timeout: 60_000 }, async () => {
  const host = realHost({ resolvers: [] });
  const zone = buildZone('a.example', [
    ...zoneApex({ origin: 'a.example', server: 'ns.a.example', addresses: ['127.0.0.1'] }),
    { name: 'a.example', ttl: 60, data: { type: 'MX', preference: 1, exchange: 'mx.a.example' } },
    { name: 'mx.a.example', ttl: 60, data: { type: 'A', address: '127.0.0.1' } },
  ]);
  const authority = createAuthority([zone]);
  const dns = await serveDns(host, {
    at: [{ host: '127.0.0.1', port: 0 }],
    answer: (query, { transport }) => authority.answer(query, transport),
  });
  // takes everything and answers nothing
  const mail = await serveSmtp(host, {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mx.a.example',
    onRecipient: () => undefined,
    onMessage: async () => smtpReply(250, 'Ok'),
  });
  const live = async (node: string) => {
    const script = join(import.meta.dirname, 'hisp-process.ts');
    const ports = [dns.addrs[0]!.port, mail.addr.port].map(String);
    const args = [script, join(folder, 'store.db'), ...ports, node, '4000'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? 'null');
    await next();
    return async (command: object) => {
      child.stdin!.write(`${JSON.stringify(command)}\n`);
      return next();
    };
  };
  const nodes = [await live('one'), await live('two')];
  const submitted: string[] = [];
  await Promise.all(
    nodes.map(async (ask, node) => {
      for (let n = 0; n < 15; n++) submitted.push((await ask({ submit: `m-${node}-${n}` })).submitted);
    }),
  );
  expect(submitted.filter(Boolean)).toHaveLength(30);
  type Row = { address: string; state: string; direction: string; kind: string };
  let rows: Row[] = [];
  let told: string[] = [];
  do {
    await sleep(200);
    const { report } = await nodes[0]!({ report: true });
    rows = (report.rows as Row[]).filter(({ direction, kind }) => direction === 'out' && kind === 'message');
    told = report.mailboxes.bob.map(({ message_id }: { message_id: string }) => message_id);
  } while (rows.some(({ state }) => state === 'open'));
  // one recipient without a certificate, told at once; one that never answers, told when the time is up
  expect([...new Set(rows.map(({ address, state }) => `${address} ${state}`))].sort()).toEqual([
    'alice@a.example timed-out',
    'none@a.example failed',
  ]);
  const counts = [...Map.groupBy(told, (id) => id).values()].map(({ length }) => length);
  expect([counts.length, new Set(counts)]).toEqual([30, new Set([2])]);
  await dns.close();
  await mail.close();
});
