/**
 * Holds our reading of every encrypted message against openssl, where it is installed.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
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
export function crossCheck(transcript: Transcript, keys: readonly FixtureCertificate[], at: number): void {
  if (!installed()) return;
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-openssl-'));
  try {
    const seen = new Set<string>();
    for (const event of [...transcript.events]) {
      if (!isDelivery(event) || seen.has(event.blob)) continue;
      seen.add(event.blob);
      const summary = checkOne(transcript.blob(event.blob), keys, folder);
      if (summary)
        transcript.add(
          'testbed',
          { kind: 'step', cause: event.n, summary: { step: 'cross-check', ...summary } },
          at,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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

function checkOne(
  message: Uint8Array,
  keys: readonly FixtureCertificate[],
  folder: string,
): Checked | undefined {
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
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const mail = file('message.eml', message);
  const certificate = file('recipient.pem', writePem('CERTIFICATE', key.issued.certificate.der));
  const secret = file(
    'recipient.key',
    key.issued.key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  );
  const opened = spawnSync('openssl', [
    'cms',
    '-decrypt',
    '-in',
    mail,
    '-recip',
    certificate,
    '-inkey',
    secret,
  ]);
  if (opened.status !== 0) {
    return { tool: 'openssl', agrees: false, detail: `cannot decrypt: ${firstLine(opened.stderr)}` };
  }
  const signed = file('signed.eml', opened.stdout);
  const verified = spawnSync('openssl', [
    'cms',
    '-verify',
    '-noverify',
    '-in',
    signed,
    '-out',
    join(folder, 'content'),
  ]);
  return verified.status === 0
    ? { tool: 'openssl', agrees: true, detail: `decrypts for ${key.role} and verifies the signature` }
    : { tool: 'openssl', agrees: false, detail: `cannot verify: ${firstLine(verified.stderr)}` };
}

const firstLine = (text: Buffer): string => text.toString('utf8').trim().split('\n')[0] ?? '';
