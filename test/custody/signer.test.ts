import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { encryptData } from '../../src/cms/encrypt.ts';
import { decryptEnveloped, decryptEnvelopedAnywhere, readEnveloped } from '../../src/cms/enveloped.ts';
import { signData, signDataAnywhere } from '../../src/cms/sign.ts';
import { embeddedCertificates, readSigned, verifySigner } from '../../src/cms/signed.ts';
import { createSigner, type SignerOptions } from '../../src/custody/signer-client.ts';
import { LINE_LIMIT } from '../../src/custody/signer-protocol.ts';
import { type SignerServerOptions, serveSigner } from '../../src/custody/signer-server.ts';
import type { Addr, Socket } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { verifySignature } from '../../src/pki/algorithms.ts';
import { issueCrl, issueCrlAnywhere, parseCrl } from '../../src/pki/crl.ts';
import { issueCertificateAnywhere } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { answerOcspAnywhere, encodeOcspRequest, parseOcspResponse } from '../../src/pki/ocsp.ts';
import { readRequest, writeRequestAnywhere } from '../../src/pki/request.ts';
import { DAY, leaf, NOW, root } from '../pki/fixtures.ts';

const host = realHost({ name: 'test' });
const folder = mkdtempSync(join(tmpdir(), 'anchorage-signer-'));
afterAll(() => rmSync(folder, { recursive: true }));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const KEYS = [
  { name: 'anchor', privateKey: keyPool.take('p256', 2).privateKey, uses: ['sign'] },
  { name: 'leaf', privateKey: keyPool.take('rsa2048', 0).privateKey },
] as const;
const loopback: Addr = { host: '127.0.0.1', port: 0 };

async function serve(options: Partial<SignerServerOptions> = {}, client: Partial<SignerOptions> = {}) {
  const used: string[] = [];
  const listener = await serveSigner(host, {
    at: loopback,
    keys: KEYS,
    used: ({ op, key }) => used.push(`${op} ${key}`),
    ...options,
  });
  const signer = createSigner(host, { at: listener.addr, timeoutMs: 5000, ...client });
  closers.push(() => listener.close(), signer.close);
  return { signer, used, listener };
}

/** What a broken signer says to anything. */
async function saying(reply: (socket: Socket) => void): Promise<Addr> {
  const listener = await host.listen(loopback, (socket) => socket.once('data', () => reply(socket)));
  closers.push(() => listener.close());
  return listener.addr;
}

const code = (expected: string) => expect.objectContaining({ name: 'CustodyError', code: expected });

describe('a key that an external signer holds', () => {
  it('issues certificates, lists and OCSP answers', async () => {
    const { signer, used } = await serve();
    const key = await signer.key('anchor');
    const times = { notBefore: NOW - DAY, notAfter: NOW + DAY };
    const pair = { privateKey: key, publicKey: key.publicKey, spki: key.spki };
    const subject = { CN: 'Held' };
    const anchor = await issueCertificateAnywhere({
      profile: 'root',
      subject,
      key: pair,
      issuer: 'self',
      ...times,
    });
    expect(verifySignature(anchor.signature, anchor.tbs, anchor.signatureValue, anchor.publicKey)).toBe(true);
    const issuer = { certificate: anchor, key: pair };
    const below = await issueCertificateAnywhere({
      profile: 'domain',
      subject: { CN: 'd.example' },
      dnsNames: ['d.example'],
      key: keyPool.take('p256', 1),
      issuer,
      ...times,
    });
    expect(verifySignature(below.signature, below.tbs, below.signatureValue, anchor.publicKey)).toBe(true);
    const spec = { issuer, number: 1, thisUpdate: NOW, nextUpdate: NOW + DAY, revoked: [] };
    const crl = parseCrl(await issueCrlAnywhere(spec));
    expect(verifySignature(crl.signature, crl.tbs, crl.signatureValue, anchor.publicKey)).toBe(true);
    expect(() => issueCrl(spec)).toThrow(expect.objectContaining({ code: 'key' }));
    const request = encodeOcspRequest({ nameDer: anchor.subjectDer, spki: anchor.spki }, [below.serialDer]);
    const answer = await answerOcspAnywhere(
      request,
      { issuer: anchor, signer: issuer, status: () => 'good', validMs: DAY },
      NOW,
    );
    const told = parseOcspResponse(answer);
    expect(told).toMatchObject({ basic: { responses: [{ certificate: { status: 'good' } }] } });
    expect(readRequest(await writeRequestAnywhere({ profile: 'domain', subject, key: pair })).proven).toBe(
      true,
    );
    expect(used).toEqual(Array.from({ length: 5 }, () => 'sign anchor'));
  });

  it('signs and decrypts messages', async () => {
    const { signer } = await serve();
    const ca = root('CA');
    const { certificate, key } = leaf(ca, 'one@direct.a.example');
    const held = await signer.key('leaf');
    const content = Buffer.from('Content-Type: text/plain\r\n\r\nhello\r\n');
    const options = { detached: true, signingTime: NOW };
    for (const [pss, same] of [
      [false, true],
      [true, false],
    ]) {
      const signers = [{ certificate, privateKey: held, ...(pss && { pss }) }];
      const bytes = await signDataAnywhere(content, signers, options);
      const signed = readSigned(bytes);
      const { certificates } = embeddedCertificates(signed);
      expect(
        verifySigner(signed, signed.signers[0]!, content, certificates, { digests: ['sha256'] }),
      ).toMatchObject({ ok: true });
      const here = signData(content, [{ ...signers[0]!, privateKey: key.privateKey }], options);
      expect(Buffer.compare(bytes, here) === 0).toBe(same);
    }
    for (const keyTransport of ['pkcs1', 'oaep-sha1', 'oaep-sha256'] as const) {
      const enveloped = readEnveloped(encryptData(content, [certificate], { keyTransport }));
      const keys = [{ certificate, privateKey: held }];
      expect(Buffer.from(await decryptEnvelopedAnywhere(enveloped, keys))).toEqual(content);
      expect(() => decryptEnveloped(enveloped, keys)).toThrow(expect.objectContaining({ code: 'input' }));
    }
  });

  it('tells a forged content key from nothing', async () => {
    const { signer } = await serve();
    const { certificate } = leaf(root('CA'), 'one@direct.a.example');
    const held = await signer.key('leaf');
    const enveloped = readEnveloped(encryptData(Buffer.from('x'), [certificate]));
    const [first] = enveloped.recipients;
    const forged = { ...first!, encryptedKey: Buffer.alloc(256, 1) } as typeof first;
    await expect(
      decryptEnvelopedAnywhere({ ...enveloped, recipients: [forged!] }, [{ certificate, privateKey: held }]),
    ).rejects.toMatchObject({ name: 'CmsError', code: 'decrypt-failed' });
  });

  it('over a Unix socket that its owner alone may use', async () => {
    const at = { host: join(folder, 'signer.sock'), port: 0 };
    const { signer } = await serve({ at });
    expect((await signer.keys()).map(({ name }) => name)).toEqual(['anchor', 'leaf']);
    expect(statSync(at.host).mode & 0o077).toBe(0);
  });

  it('many questions at once, each with its own answer', async () => {
    const { signer } = await serve();
    const key = await signer.key('anchor');
    const algorithm = { oid: '', name: '', scheme: 'ecdsa', digest: 'sha256' } as const;
    const all = Array.from({ length: 50 }, (_, i) => Buffer.from(`data ${i}`));
    const signatures = await Promise.all(all.map((data) => key.sign(algorithm, data)));
    for (const [i, signature] of signatures.entries())
      expect(verifySignature(algorithm, all[i]!, signature, key.publicKey)).toBe(true);
  });

  it('wants its token', async () => {
    await expect((await serve({ token: 'right' })).signer.keys()).rejects.toThrow(code('refused'));
    await expect((await serve({ token: 'right' }, { token: 'wrong' })).signer.keys()).rejects.toThrow(
      code('refused'),
    );
    expect(await (await serve({ token: 'right' }, { token: 'right' })).signer.keys()).toHaveLength(2);
  });

  it('refuses what the key is not for, and what nobody has', async () => {
    const { signer } = await serve();
    const anchor = await signer.key('anchor');
    await expect(anchor.decrypt({ scheme: 'pkcs1' }, Buffer.alloc(256))).rejects.toThrow(code('refused'));
    await expect(
      anchor.sign({ oid: '', name: '', scheme: 'rsa', digest: 'sha256' }, Buffer.from('x')),
    ).rejects.toThrow(code('refused'));
    await expect(
      anchor.sign({ oid: '', name: '', scheme: 'ecdsa', digest: 'md5' }, Buffer.from('x')),
    ).rejects.toThrow(code('refused'));
    await expect(signer.key('other')).rejects.toThrow(code('unknown-key'));
  });

  it('a signer that is away, and back again', async () => {
    const { signer, listener } = await serve();
    await signer.keys();
    await listener.close();
    await expect(signer.keys()).rejects.toThrow(code('unreachable'));
    const again = await serveSigner(host, { at: listener.addr, keys: KEYS });
    closers.push(() => again.close());
    expect(await signer.keys()).toHaveLength(2);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['says nothing', () => undefined, 'timeout'],
    ['says no JSON', (socket) => socket.write('hello\n'), 'protocol'],
    [
      'answers nobody',
      (socket) => socket.write('{"id":null,"error":{"code":"failed","detail":""}}\n'),
      'protocol',
    ],
    ['answers another question', (socket) => socket.write('{"id":1,"ok":{"signature":""}}\n'), 'protocol'],
    [
      'names a key that is none',
      (socket) => socket.write('{"id":1,"ok":{"keys":[{"name":"a","spki":"AAAA"}]}}\n'),
      'protocol',
    ],
    ['hangs up', (socket) => socket.destroy(), 'unreachable'],
  ])('a signer that %s', async (_, reply, expected) => {
    const signer = createSigner(host, { at: await saying(reply), timeoutMs: 300 });
    closers.push(signer.close);
    await expect(signer.keys()).rejects.toThrow(code(expected));
  });

  it.each([
    ['no JSON', 'hello\n', 'malformed'],
    ['another operation', '{"id":1,"op":"export","key":"leaf"}\n', 'malformed'],
    ['a line without end', 'x'.repeat(LINE_LIMIT + 1), 'limit'],
  ])('the signer refuses %s and hangs up', async (_, text, expected) => {
    const { listener } = await serve();
    const socket = await host.dial(listener.addr);
    const said: Buffer[] = [];
    socket.on('data', (chunk) => said.push(chunk));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(text);
    await ended;
    expect(Buffer.concat(said).toString()).toContain(expected);
  });
});
