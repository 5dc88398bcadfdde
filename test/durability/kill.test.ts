import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentContext } from '../../src/agent/types.ts';
import { createAuthority } from '../../src/dns/answer.ts';
import { type DnsServer, serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { readMdn } from '../../src/mail/mdn.ts';
import { seededRandom } from '../../src/net/random.ts';
import { realHost } from '../../src/net/real.ts';
import { type SmtpReceiver, serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { deliver } from '../../src/smtp/sender.ts';
import { letter } from '../hisp/network.ts';
import { plainAgent } from '../hisp/plain-agent.ts';

/** How many lives the process has. More by hand: `ANCHORAGE_KILLS=100 npx vitest run test/durability`. */
const KILLS = Number(process.env['ANCHORAGE_KILLS'] ?? 5);

interface Report {
  readonly open: number;
  readonly rows: { internet_id: string; address: string; state: string; direction: string; kind: string }[];
  readonly quarantined: number;
  readonly mailboxes: { bob: { kind: string; internet_id: string; message_id: string }[]; distrust: number };
}

const folder = mkdtempSync(join(tmpdir(), 'anchorage-kill-'));
const host = realHost({ resolvers: [] });
const agent = plainAgent();
let dns: DnsServer;
let mail: SmtpReceiver;
/** What came to a.example: inner Message-IDs of letters, and what notices say of which letter. */
const letters: string[] = [];
const notices: string[] = [];

beforeAll(async () => {
  const zone = buildZone('a.example', [
    ...zoneApex({ origin: 'a.example', server: 'ns.a.example', addresses: ['127.0.0.1'] }),
    { name: 'a.example', ttl: 60, data: { type: 'MX', preference: 1, exchange: 'mx.a.example' } },
    { name: 'mx.a.example', ttl: 60, data: { type: 'A', address: '127.0.0.1' } },
  ]);
  const authority = createAuthority([zone]);
  dns = await serveDns(host, {
    at: [{ host: '127.0.0.1', port: 0 }],
    answer: (query, { transport }) => authority.answer(query, transport),
  });
  mail = await serveSmtp(host, {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mx.a.example',
    onRecipient: () => undefined,
    async onMessage({ bytes, mailFrom, rcptTo }) {
      const { message } = await agent.open(bytes, { mailFrom, rcptTo }, { host } as AgentContext);
      const mdn = readMdn(message!);
      if (mdn) notices.push(`${mdn.disposition?.type} ${mdn.originalMessageId}`);
      else letters.push(readEntity(message!).header('message-id')!.slice(1, -1));
      return smtpReply(250, 'Ok');
    },
  });
});
afterAll(async () => {
  await dns.close();
  await mail.close();
  rmSync(folder, { recursive: true });
});

/** One life of the process. */
async function live(file: string) {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, 'hisp-process.ts'), file, String(dns.addrs[0]!.port), String(mail.addr.port)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? 'null');
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { port } = await next();
  return {
    smtp: { host: '127.0.0.1', port },
    /** Undefined when the process died first. */
    async ask(command: object) {
      child.stdin!.write(`${JSON.stringify(command)}\n`, () => undefined);
      return next();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('a HISP that is killed at any moment', () => {
  it(`loses nothing that it took, and tells nobody two things, over ${KILLS} deaths`, {
    timeout: 20_000 + KILLS * 5000,
  }, async () => {
    const random = seededRandom('kill');
    const file = join(folder, 'store.db');
    const taken = new Set<string>();
    const submitted = new Set<string>();
    let n = 0;

    /** Letters in and out, as fast as they are taken, until the process is dead. */
    async function traffic(process: Awaited<ReturnType<typeof live>>, alive: () => boolean): Promise<void> {
      const inward = async () => {
        while (alive()) {
          const id = `in-${n++}@a.example`;
          const to = ['bob@b.example', 'distrust@b.example'];
          const bytes = letter('alice@a.example', to, { id });
          const { envelopes } = await agent.prepare({ from: 'alice@a.example', to, bytes }, {
            host,
          } as AgentContext);
          const { perRecipient } = await deliver(host, process.smtp, {
            helo: 'a',
            ...envelopes[0]!,
            deadlineMs: 2000,
          });
          if (to.every((rcpt) => perRecipient.get(rcpt)?.code === 250)) taken.add(id);
        }
      };
      const outward = async () => {
        while (alive()) {
          const id = `out-${n++}`;
          const answer = await process.ask({ submit: id });
          if (answer?.submitted === id) submitted.add(`${id}@b.example`);
        }
      };
      await Promise.all([inward(), inward(), inward(), outward()]);
    }

    for (let death = 0; death < KILLS; death++) {
      const process = await live(file);
      let alive = true;
      const goals = [taken.size + 1 + random.int(6), submitted.size + 1 + random.int(6)] as const;
      const busy = traffic(process, () => alive);
      while (taken.size < goals[0] || submitted.size < goals[1]) await sleep(1);
      await sleep(random.int(10));
      alive = false;
      await process.kill();
      await busy;
    }

    const last = await live(file);
    let report: Report;
    do {
      await sleep(50);
      ({ report } = await last.ask({ report: true }));
    } while (report.open > 0);
    await last.kill();

    const { bob } = report.mailboxes;

    const delivered = bob.filter(({ kind }) => kind === 'message').map(({ internet_id }) => internet_id);
    expect([...taken].filter((id) => !delivered.includes(id))).toEqual([]);
    expect(delivered).toHaveLength(new Set(delivered).size);
    expect(report.mailboxes.distrust).toBe(0);
    expect(report.quarantined).toBeGreaterThanOrEqual(taken.size);

    const said = new Map<string, Set<string>>();
    for (const notice of notices) {
      const [what, about] = notice.split(' ');
      said.set(about!, (said.get(about!) ?? new Set()).add(what!));
    }
    expect([...taken].filter((id) => !said.has(id))).toEqual([]);
    expect([...said.values()].every((words) => words.size === 1)).toBe(true);

    expect([...submitted].filter((id) => !letters.includes(id))).toEqual([]);
    const sent = report.rows.filter(({ direction, kind }) => direction === 'out' && kind === 'message');
    expect([...new Set(sent.map(({ address, state }) => `${address} ${state}`))].sort()).toEqual([
      'alice@a.example open',
      'none@a.example failed',
    ]);
    const told = bob.filter(({ kind }) => kind === 'dsn').map(({ message_id }) => message_id);
    expect(told).toHaveLength(new Set(told).size);
    expect(told).toHaveLength(sent.length / 2);
    expect([...submitted].filter((id) => !sent.some(({ internet_id }) => internet_id === id))).toEqual([]);
  });
});
