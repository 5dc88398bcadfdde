import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { issuerFacts } from '../../src/pki/crl-acceptance.ts';
import { type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { generateKey } from '../../src/pki/keys.ts';
import { type AskOcsp, answerOcsp, checkOcsp, encodeOcspRequest, ocspGetUrl } from '../../src/pki/ocsp.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');
const folder = mkdtempSync(join(tmpdir(), 'anchorage-ocsp-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const now = Math.floor(Date.now() / 1000) * 1000;
const DAY = 86_400_000;
const times = { notBefore: now - DAY, notAfter: now + 30 * DAY };
const ca = issueCertificate({
  profile: 'root',
  subject: { O: 'Test', CN: 'CA' },
  key: generateKey({ kind: 'rsa', bits: 2048 }),
  issuer: 'self',
  ...times,
});
const leaf = (serial: number) =>
  issueCertificate({
    profile: 'address',
    subject: { CN: `n${serial}` },
    key: generateKey({ kind: 'ec', curve: 'P-256' }),
    issuer: ca,
    emails: [`n${serial}@d.example`],
    ocspUrls: ['http://127.0.0.1:1/'],
    serial,
    ...times,
  });
const signer = issueCertificate({
  profile: 'ocsp-signer',
  subject: { CN: 'Responder' },
  key: generateKey({ kind: 'ec', curve: 'P-256' }),
  issuer: ca,
  ...times,
});
const good = leaf(0x1001);
const revoked = leaf(0x1002);
const stranger = leaf(0x1003);

const pem = (name: string, { certificate, key }: Issued) => {
  writeFileSync(at(`${name}.pem`), writePem('CERTIFICATE', certificate.der));
  writeFileSync(at(`${name}.key`), key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
};
for (const [name, issued] of Object.entries({ ca, signer, good, revoked, stranger })) pem(name, issued);

const told = (...args: string[]): string =>
  execFileSync('sh', ['-c', '"$0" ocsp "$@" 2>&1', openssl!, ...args], { cwd: folder, encoding: 'utf8' });

describe.skipIf(!openssl)('openssl asks, we answer', () => {
  const rows = [
    ['good', 'good', /good\.pem: good/],
    ['revoked', 'revoked', /revoked\.pem: revoked[\s\S]*superseded/],
    ['never issued', 'stranger', /stranger\.pem: unknown/],
  ] as const;
  const signers: [string, Issued][] = [
    ['the issuer', ca],
    ['a delegate', signer],
  ];
  for (const [who, by] of signers) {
    it.each(rows)(`%s, signed by ${who}`, (_, name, expected) => {
      told('-issuer', 'ca.pem', '-cert', `${name}.pem`, '-reqout', 'request.der');
      const response = answerOcsp(
        readFileSync(at('request.der')),
        {
          issuer: ca.certificate,
          signer: by,
          validMs: DAY,
          by: who === 'the issuer' ? 'key' : 'name',
          status: (serial) =>
            ({ '1001': 'good' as const, '1002': { at: now - DAY, reason: 'superseded' as const } })[serial],
        },
        now,
      );
      writeFileSync(at('response.der'), response);
      const answer = told(
        '-issuer',
        'ca.pem',
        '-cert',
        `${name}.pem`,
        '-no_nonce',
        '-respin',
        'response.der',
        '-CAfile',
        'ca.pem',
      );
      expect(answer).toMatch(/Response verify OK/);
      expect(answer).not.toMatch(/Nonce Verify error|WARNING/);
      expect(answer).toMatch(expected);
    });
  }

  it('reads our request, with its nonce', () => {
    const asked = { nameDer: ca.certificate.subjectDer, spki: ca.certificate.spki };
    writeFileSync(
      at('ours.der'),
      encodeOcspRequest(asked, [good.certificate.serialDer], {
        nonce: Buffer.alloc(16, 7),
        digest: 'sha256',
      }),
    );
    const text = told('-reqin', 'ours.der', '-req_text');
    expect(text).toMatch(/Hash Algorithm: sha256/);
    expect(text).toMatch(/Serial Number: 1001/);
    expect(text).toMatch(/OCSP Nonce:\s*0410(07){16}/i);
  });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const line = (serial: string, state: 'V' | 'R', name: string) => {
  const utc = (ms: number) => `${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
  const since = state === 'R' ? `${utc(now - DAY)},keyCompromise` : '';
  return `${state}\t${utc(times.notAfter)}\t${since}\t${serial}\tunknown\t/CN=${name}\n`;
};

describe.skipIf(!openssl)('we ask, openssl answers', () => {
  let running: ChildProcess | undefined;
  afterAll(() => running?.kill());

  const send = (method: 'GET' | 'POST', url: string, body?: Uint8Array): ReturnType<AskOcsp> =>
    new Promise((resolve) => {
      const sent = httpRequest(
        url,
        { method, headers: { 'content-type': 'application/ocsp-request' } },
        (reply) => {
          const parts: Buffer[] = [];
          reply.on('data', (part: Buffer) => parts.push(part));
          reply.on('end', () => resolve({ ok: true, body: Buffer.concat(parts) }));
        },
      );
      sent.on('error', (error) => resolve({ ok: false, why: error.message }));
      sent.end(body);
    });

  it('good, revoked, unknown; by POST and by GET; with nonce', async () => {
    writeFileSync(at('index.txt'), line('1001', 'V', 'n4097') + line('1002', 'R', 'n4098'));
    const port = await freePort();
    running = spawn(
      openssl!,
      [
        'ocsp',
        '-port',
        String(port),
        '-index',
        'index.txt',
        '-CA',
        'ca.pem',
        '-rsigner',
        'signer.pem',
        '-rkey',
        'signer.key',
        '-ndays',
        '1',
        '-ignore_err',
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    const url = `http://127.0.0.1:${port}/`;
    const post: AskOcsp = (_, request) => send('POST', url, request);
    const get: AskOcsp = (_, request) => send('GET', ocspGetUrl(url, request));
    for (let tries = 0; tries < 50; tries++) {
      const { ok } = await send('GET', url);
      if (ok) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const state = (of: Issued, ask: AskOcsp, nonce = true) =>
      checkOcsp(of.certificate, issuerFacts(ca.certificate), Date.now(), 300_000, {
        ask,
        ...(nonce && { nonce: () => Buffer.alloc(16, 3), requireNonce: true }),
      });
    expect(await state(good, post)).toMatchObject({ state: 'good', by: 'ocsp' });
    expect(await state(good, get, false)).toMatchObject({ state: 'good' });
    expect(await state(revoked, post)).toMatchObject({
      state: 'revoked',
      reason: 'keyCompromise',
      at: now - DAY,
    });
    expect(await state(stranger, post)).toMatchObject({ state: 'unknown', code: 'scope' });
  });
});
