/**
 * Holds our reading of every encrypted message against openssl, where it is installed.
 *
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePem } from '../asn1/pem.ts';
import type { FixtureCertificate } from './fixtures/certificates.ts';
import { dissect } from './judge/dissect.ts';
import type { Event, Transcript } from './transcript.ts';

/**
 * Has openssl decrypt each message that reached a mail server, with the key of a certificate that we say it is
 * encrypted to, and verify the signature inside. What it says becomes an event. Nothing happens without openssl.
 *
 * @param at ms since 1970: the time of the events
 */
export async function crossCheck(
  transcript: Transcript,
  keys: readonly FixtureCertificate[],
  at: number,
): Promise<void> {
  if (!installed()) return;
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-openssl-'));
  try {
    const seen = new Set<string>();
    const deliveries = transcript.events.filter(isDelivery).filter(({ blob }) => {
      const fresh = !seen.has(blob);
      seen.add(blob);
      return fresh;
    });
    const summaries: (Checked | undefined)[] = [];
    const queue = deliveries.entries();
    const worker = async (): Promise<void> => {
      for (const [i, { blob }] of queue) {
        summaries[i] = await checkOne(transcript.blob(blob), keys, join(folder, String(i)));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    for (const [i, { n }] of deliveries.entries()) {
      const summary = summaries[i];
      if (!summary) continue;
      transcript.add('testbed', { kind: 'step', cause: n, summary: { step: 'cross-check', ...summary } }, at);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Messages that are held against openssl at a time. */
const AT_ONCE = 3;

const isDelivery = (event: Event): event is Event & { blob: string } =>
  event.kind === 'smtp' && event.dir === 'in' && event.blob !== undefined;

let found: boolean | undefined;
const installed = (): boolean => {
  found ??= spawnSync('openssl', ['version']).status === 0;
  return found;
};

interface Checked {
  readonly tool: 'openssl';
  readonly agrees: boolean;
  readonly detail: string;
}

async function checkOne(
  message: Uint8Array,
  keys: readonly FixtureCertificate[],
  prefix: string,
): Promise<Checked | undefined> {
  const { encrypted, recipients } = dissect(message);
  const key = keys.find(({ issued }) =>
    recipients.some(
      ({ issuer, serial }) =>
        issued?.certificate.serial === serial &&
        Buffer.from(issued?.certificate.issuerDer ?? []).toString('hex') === issuer,
    ),
  );
  if (!encrypted || !key?.issued) return undefined;
  const file = (name: string, content: string | Uint8Array): string => {
    const path = `${prefix}-${name}`;
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  // certificate and key stand in one file: openssl takes each from where it finds it
  const recipient = file(
    'recipient.pem',
    writePem('CERTIFICATE', key.issued.certificate.der) +
      (key.issued.key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string),
  );
  const opened = await openssl(['-decrypt', '-recip', recipient, '-inkey', recipient], message);
  if (opened.status !== 0) {
    return { tool: 'openssl', agrees: false, detail: `cannot decrypt: ${firstLine(opened.stderr)}` };
  }
  const verified = await openssl(['-verify', '-noverify', '-out', `${prefix}-content`], opened.stdout);
  return verified.status === 0
    ? { tool: 'openssl', agrees: true, detail: `decrypts for ${key.role} and verifies the signature` }
    : { tool: 'openssl', agrees: false, detail: `cannot verify: ${firstLine(verified.stderr)}` };
}

interface Said {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** `openssl cms` with the message on its standard input. @throws {Error} when it cannot be started */
function openssl(args: readonly string[], input: Uint8Array): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', ['cms', ...args]);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // it may end before it has read everything; its status says why
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err) }),
    );
    child.stdin.end(input);
  });
}

const firstLine = (text: Buffer): string => text.toString('utf8').trim().split('\n')[0] ?? '';
