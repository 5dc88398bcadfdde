import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/net/real.ts';
import { type SmtpReceiver, serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { peer } from './peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-smtp-'));
const messages: { mailFrom: string; rcptTo: readonly string[]; text: string; tls: boolean }[] = [];
let receiver: SmtpReceiver;

beforeAll(async () => {
  receiver = await serveSmtp(realHost({ resolvers: [] }), {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mx.b.example',
    tls: selfSigned(),
    onRecipient: (_from, rcpt) => (rcpt.startsWith('no') ? smtpReply(550, '5.1.1 No such user') : undefined),
    async onMessage({ mailFrom, rcptTo, bytes, session }) {
      messages.push({ mailFrom, rcptTo, text: Buffer.from(bytes).toString('latin1'), tls: session.tls });
      return smtpReply(250, '2.6.0 Stored');
    },
  });
});
afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

/** What the program printed and how it ended. */
const run = (program: string, args: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: 10_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });

const BODY = 'Subject: hello\r\n\r\n.dot\r\n..two\r\ntext\r\n';

describe.skipIf(!peer('swaks'))('swaks', () => {
  const swaks = (...args: string[]) =>
    run(peer('swaks')!, ['--server', `127.0.0.1:${receiver.addr.port}`, '--from', 'x@a.example', ...args]);

  it.each([
    ['in clear', [], false],
    ['pipelined', ['--pipeline'], false],
    ['by HELO', ['--protocol', 'SMTP'], false],
  ])('delivers %s', async (_name, args, tls) => {
    messages.length = 0;
    const file = join(folder, 'message');
    // swaks ends the data with a line end of its own
    writeFileSync(file, BODY.slice(0, -2));
    const { code, output } = await swaks('--to', 'y@b.example,z@b.example', '--data', `@${file}`, ...args);
    expect(output).toContain('250 2.6.0 Stored');
    expect(code).toBe(0);
    expect(messages).toEqual([
      { mailFrom: 'x@a.example', rcptTo: ['y@b.example', 'z@b.example'], text: BODY, tls },
    ]);
  });

  it('is told which recipient is refused', async () => {
    const { code, output } = await swaks('--to', 'no@b.example');
    expect(output).toContain('550 5.1.1 No such user');
    expect(code).not.toBe(0);
  });
});

describe.skipIf(!peer('curl'))('curl', () => {
  it.each([
    ['in clear', [], false],
    ['with STARTTLS', ['--ssl-reqd', '--insecure'], true],
  ])('delivers %s', async (_name, args, tls) => {
    messages.length = 0;
    const file = join(folder, 'message');
    writeFileSync(file, BODY);
    const { code, output } = await run(peer('curl')!, [
      '-sS',
      `smtp://127.0.0.1:${receiver.addr.port}/a.example`,
      '--mail-from',
      'x@a.example',
      '--mail-rcpt',
      'y@b.example',
      '-T',
      file,
      ...args,
    ]);
    expect({ code, output }).toEqual({ code: 0, output: '' });
    expect(messages).toEqual([{ mailFrom: 'x@a.example', rcptTo: ['y@b.example'], text: BODY, tls }]);
  });
});
