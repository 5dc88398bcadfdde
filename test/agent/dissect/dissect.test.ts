import { hash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dissect } from '../../../src/agent/dissect/dissect.ts';
import type { AnyStage, Dissection, StageName } from '../../../src/agent/dissect/stage.ts';
import { writePem } from '../../../src/asn1/pem.ts';
import { encryptData } from '../../../src/cms/encrypt.ts';
import { signData } from '../../../src/cms/sign.ts';
import { composeMdn } from '../../../src/mail/mdn.ts';
import { envelopedMessage, multipartSigned, opaqueSigned, wrapMessage } from '../../../src/mail/wrap.ts';
import type { Issued } from '../../../src/pki/issue.ts';
import { anchorOf } from '../../../src/trust/anchors.ts';
import { createTrustCache } from '../../../src/trust/reference.ts';
import { CRL, crlOf, fetcher, leaf, NOW, root } from '../../trust/fixtures.ts';
import { alice, bob, send, text } from '../parties.ts';

const keyOf = ({ certificate, key }: Issued) => ({ certificate, privateKey: key.privateKey });
const mallory = leaf({ emails: ['mallory@m.example'], subject: { CN: 'm' } });

interface With {
  readonly keys?: readonly Issued[];
  readonly bare?: boolean;
  readonly anchors?: readonly Issued[];
  readonly profile?: '1.2' | '1.3' | 'permissive';
  readonly at?: number;
}

const take = (
  bytes: Uint8Array,
  { keys = [bob], anchors = [root], profile = '1.3', at = NOW, bare }: With = {},
) =>
  dissect({
    bytes,
    keys: keys.map((one) => (bare ? { privateKey: one.key.privateKey } : keyOf(one))),
    anchors: anchors.map(({ certificate }) => anchorOf(certificate, 'test')),
    at,
    profile,
    revocation: 'require',
    sources: { fetcher: fetcher({ [CRL]: crlOf(root) }), cache: createTrustCache() },
  });

const stage = <N extends StageName>({ stages }: Dissection, name: N) =>
  stages.find((one) => one.name === name) as Extract<AnyStage, { name: N }>;
const statuses = ({ stages }: Dissection) => stages.map(({ status }) => status).join(' ');

const outer = { from: 'alice@a.example', to: ['bob@b.example'], date: NOW, messageId: 'o@a.example' };
const sealed = (entity: Uint8Array, options = {}) =>
  envelopedMessage(outer, encryptData(entity, [bob.certificate], options));
const signed = (
  entity: Uint8Array,
  signers: readonly Issued[] = [alice],
  digest: 'sha256' | 'sha1' = 'sha256',
) =>
  signData(
    entity,
    signers.map((one) => ({ ...keyOf(one), digest })),
    { detached: true },
  );
const multipart = (entity: Uint8Array, signers?: readonly Issued[]) =>
  multipartSigned(entity, signed(entity, signers), 'sha-256', 'b');

let good: Uint8Array;
beforeAll(async () => {
  good = (await send(text(), ['bob@b.example'])).envelopes[0]!.bytes;
});

describe('a good message', () => {
  it('passes every stage, and the unwrapped message is the one that was sent', async () => {
    const found = await take(good);
    expect(statuses(found)).toBe('pass pass pass pass pass na');
    expect(found).toMatchObject({ status: 'pass', kind: 'message', sha256: hash('sha256', text()) });
    expect(stage(found, 'encryption')).toMatchObject({ cipher: 'aes256-cbc', decrypted: true });
    expect(stage(found, 'signature').signers).toMatchObject([{ verified: true, digest: 'sha256' }]);
    expect(stage(found, 'trust')).toMatchObject({ sender: 'alice@a.example', verdict: 'trusted' });
    expect(stage(found, 'mime')).toMatchObject({ subject: 'Referral', to: ['bob@b.example'] });
  });

  it('is opened with a bare key, too', async () => {
    expect(await take(good, { bare: true })).toMatchObject({ status: 'pass' });
  });

  it('is opened as a CMS object by itself, in DER and PEM, and without its outer fields', async () => {
    const object = encryptData(multipart(wrapMessage(text())), [bob.certificate]);
    for (const bytes of [
      object,
      Buffer.from(writePem('CMS', object)),
      Buffer.from(writePem('PKCS7', object)),
    ])
      expect(statuses(await take(bytes))).toBe('pass pass pass pass pass na');
    expect(statuses(await take(multipart(wrapMessage(text()))))).toBe('fail pass pass pass pass na');
  });

  it('may be signed opaquely', async () => {
    const entity = opaqueSigned(
      signData(wrapMessage(text()), [{ ...keyOf(alice), digest: 'sha256' }], { detached: false }),
    );
    const found = await take(sealed(entity));
    expect(stage(found, 'signature')).toMatchObject({ form: 'opaque', status: 'pass' });
    expect(found.sha256).toBe(hash('sha256', text()));
  });

  it('tells what a notice says', async () => {
    const mdn = composeMdn({
      from: 'alice@a.example',
      to: ['bob@b.example'],
      date: NOW,
      messageId: 'n@a.example',
      text: 'Processed.',
      reportingUa: 'a.example; test',
      finalRecipient: 'alice@a.example',
      originalMessageId: 'm-9@b.example',
      disposition: 'processed',
      boundary: 'r-1',
    });
    const found = await take(sealed(multipart(wrapMessage(mdn))));
    expect(found).toMatchObject({ status: 'pass', kind: 'mdn' });
    expect(stage(found, 'notice')).toMatchObject({
      about: 'm-9@b.example',
      recipients: [{ address: 'alice@a.example', says: 'processed' }],
    });
  });
});

describe('what is missing is skipped, by name', () => {
  it.each<[string, With, string, RegExp]>([
    ['no key', { keys: [] }, 'skip na na na na na', /--key/],
    ['no anchor', { anchors: [] }, 'pass pass skip pass pass na', /--anchor/],
  ])('%s', async (_, given, expected, reason) => {
    const found = await take(good, given);
    expect(statuses(found)).toBe(expected);
    expect(found.stages.find(({ status }) => status === 'skip')?.reason).toMatch(reason);
  });
});

describe('the first cause is named', () => {
  const wrapped = wrapMessage(text());
  it.each<[string, () => Uint8Array, With, string, string]>([
    ['the key of another', () => good, { keys: [alice] }, 'crypto.no-recipient-match', 'fail na na na na na'],
    ['plain', () => text(), {}, 'crypto.not-encrypted', 'fail fail na fail pass na'],
    ['not signed', () => sealed(wrapped), {}, 'crypto.not-signed', 'pass fail na pass pass na'],
    [
      'GCM',
      () => sealed(multipart(wrapped), { cipher: 'aes256-gcm' }),
      {},
      'crypto.cipher-not-allowed',
      'fail pass pass pass pass na',
    ],
    [
      'not wrapped',
      () => sealed(multipart(text())),
      {},
      'message.not-wrapped',
      'pass pass pass fail pass na',
    ],
    [
      'another signer',
      () => sealed(multipart(wrapped, [mallory])),
      {},
      'cert.binding',
      'pass pass fail pass pass na',
    ],
    ['nobody trusted', () => good, { anchors: [mallory] }, 'trust.no-path', 'pass pass fail pass pass na'],
    [
      'years later',
      () => good,
      { at: NOW + 40 * 365 * 86_400_000 },
      'cert.expired',
      'pass pass fail pass pass na',
    ],
    [
      'changed',
      () => sealed(multipartSigned(wrapMessage(text({ text: 'other' })), signed(wrapped), 'sha-256', 'b')),
      {},
      'crypto.digest-mismatch',
      'pass fail fail pass pass na',
    ],
    [
      'SHA-1',
      () => sealed(multipartSigned(wrapped, signed(wrapped, [alice], 'sha1'), 'sha-1', 'b')),
      {},
      'crypto.digest-not-allowed',
      'pass fail fail pass pass na',
    ],
    [
      'not CMS',
      () => sealed(Buffer.from('Content-Type: application/pkcs7-mime\r\n\r\nMAUCAwAAAA==')),
      {},
      'parse.cms-structure',
      'pass fail na na na na',
    ],
  ])('%s', async (_, bytes, given, code, expected) => {
    const found = await take(bytes(), given);
    expect(statuses(found)).toBe(expected);
    expect(found.firstCause?.code).toBe(code);
  });

  it('and the permissive profile takes what is old', async () => {
    const old = sealed(multipartSigned(wrapped, signed(wrapped, [alice], 'sha1'), 'sha-1', 'b'));
    expect(statuses(await take(old, { profile: 'permissive' }))).toBe('pass pass pass pass pass na');
  });
});

it('bare line feeds verify only when they are mended, and that is told', async () => {
  const entity = Buffer.from(multipart(wrapMessage(text())).toString().replaceAll('\r\n', '\n'));
  const found = await take(sealed(entity));
  expect(stage(found, 'signature')).toMatchObject({
    status: 'warn',
    findings: [{ code: 'noted.repaired-line-ends' }],
  });
  expect(found.sha256).toBe(hash('sha256', text()));
});

it('any octets come to a dissection, and so does a good message with octets changed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect((await take(bytes)).stages).toHaveLength(6);
      expect((await take(sealed(bytes))).stages).toHaveLength(6);
    }),
    { numRuns: 60 },
  );
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Uint8Array.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      expect((await take(bytes)).stages).toHaveLength(6);
    }),
    { numRuns: 60 },
  );
});
