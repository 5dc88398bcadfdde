import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptData } from '../../src/cms/encrypt.ts';
import { decryptEnveloped, readEnveloped } from '../../src/cms/enveloped.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { cmsOf, smimeKind } from '../../src/mail/signed.ts';
import { envelopedMessage } from '../../src/mail/wrap.ts';
import { NOW, person, signerOf } from '../cms/people.ts';
import { type Bench, bench, openssl } from './cms-openssl.ts';

const content = Buffer.from(`Content-Type: text/plain\r\n\r\n${'some body text\r\n'.repeat(500)}`);

describe.skipIf(!openssl)('envelopes and openssl', () => {
  let box: Bench;
  const alice = person('alice');
  const bob = person('bob', 'rsa2048', 2);
  beforeAll(() => {
    box = bench();
    box.person('alice', alice);
    box.person('bob', bob);
    box.put('content', content);
  });
  afterAll(() => box.close());

  const decrypted = (object: Uint8Array, name: string): Buffer => {
    box.put('object', object);
    const key = ['-recip', `${name}.crt`, '-inkey', `${name}.key`];
    return box.run('cms', '-decrypt', '-binary', '-inform', 'DER', '-in', 'object', ...key);
  };

  const ciphers = [
    'aes128-cbc',
    'aes192-cbc',
    'aes256-cbc',
    'aes128-gcm',
    'aes256-gcm',
    'des-ede3-cbc',
  ] as const;
  const transports = ['pkcs1', 'oaep-sha1', 'oaep-sha256'] as const;
  const pairs = ciphers.flatMap((cipher) =>
    transports.map((keyTransport) => [cipher, keyTransport] as const),
  );

  it.each(pairs)('openssl opens ours: %s, %s', (cipher, keyTransport) => {
    for (const more of [{}, { ber: true }, { by: 'ski' as const }]) {
      const object = encryptData(content, [alice.certificate, bob.certificate], {
        cipher,
        keyTransport,
        ...more,
      });
      box.put('object', object);
      const out = box.run(
        'cms',
        '-decrypt',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'object',
        '-recip',
        'bob.crt',
        '-inkey',
        'bob.key',
      );
      expect(out.equals(content)).toBe(true);
    }
    const mime = envelopedMessage(
      { from: 'a@a.example', to: ['b@b.example'], date: NOW, messageId: 'm@a.example' },
      encryptData(content, [bob.certificate], { cipher, keyTransport }),
    );
    box.put('mime', mime);
    expect(
      box.run('cms', '-decrypt', '-in', 'mime', '-recip', 'bob.crt', '-inkey', 'bob.key').equals(content),
    ).toBe(true);
  });

  it.each(['oaep-sha512', 'oaep-sha256-mgf1-sha1', 'oaep-label'] as const)(
    'openssl opens what our peers write: %s',
    (keyTransport) => {
      const object = encryptData(content, [bob.certificate], { keyTransport, ber: 'constructed-strings' });
      expect(decrypted(object, 'bob').equals(content)).toBe(true);
    },
  );

  it.each(['aes128-cbc', 'aes192-cbc', 'aes256-cbc'] as const)(
    'openssl opens ECDH of our peers: %s',
    (cipher) => {
      const carol = person('carol', 'p256');
      box.person('carol', carol);
      const object = encryptData(content, [carol.certificate], { keyTransport: 'ecdh', cipher });
      expect(decrypted(object, 'carol').equals(content)).toBe(true);
    },
  );

  it('the older `smime` command opens ours', () => {
    box.put('object', encryptData(content, [bob.certificate], { keyTransport: 'pkcs1' }));
    const out = box.run(
      'smime',
      '-decrypt',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'object',
      '-recip',
      'bob.crt',
      '-inkey',
      'bob.key',
    );
    expect(out.equals(content)).toBe(true);
  });

  const OPTIONS: Readonly<Record<(typeof transports)[number], string[]>> = {
    pkcs1: [],
    'oaep-sha1': ['-keyopt', 'rsa_padding_mode:oaep'],
    'oaep-sha256': ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'],
  };
  const recipient = (name: string, how: readonly string[]): string[] => ['-recip', `${name}.crt`, ...how];
  const open = (object: Uint8Array): Buffer =>
    Buffer.from(decryptEnveloped(readEnveloped(object), [signerOf(bob)]));
  const flag = (cipher: (typeof ciphers)[number]): string =>
    cipher === 'des-ede3-cbc' ? '-des3' : `-${cipher.replace(/^aes(\d+)/, 'aes-$1')}`;

  it.each(pairs)('we open those of openssl: %s, %s', (cipher, keyTransport) => {
    const how = OPTIONS[keyTransport];
    for (const more of [[], ['-stream', '-indef'], ['-keyid']]) {
      const args = ['cms', '-encrypt', '-binary', '-in', 'content', flag(cipher), ...more];
      const to = [...recipient('alice', how), ...recipient('bob', how)];
      const object = box.run(...args, '-outform', 'DER', ...to);
      const read = readEnveloped(object);
      expect(read.cipher.name).toBe(cipher);
      expect(read.recipients.map((one) => one.kind === 'key-transport' && one.transport.name)).toEqual([
        keyTransport,
        keyTransport,
      ]);
      expect(open(object).equals(content)).toBe(true);
      const mime = readEntity(box.run(...args, ...to));
      expect(smimeKind(mime)).toBe('enveloped');
      expect(open(cmsOf(mime)).equals(content)).toBe(true);
    }
  });

  it.each([
    ['SHA-256 with MGF1 SHA-1', ['rsa_oaep_md:sha256', 'rsa_mgf1_md:sha1'], 'oaep-sha256-mgf1-sha1'],
    ['SHA-1 with MGF1 SHA-256', ['rsa_oaep_md:sha1', 'rsa_mgf1_md:sha256'], 'oaep-sha1-mgf1-sha256'],
    ['SHA-512 with MGF1 SHA-384', ['rsa_oaep_md:sha512', 'rsa_mgf1_md:sha384'], 'oaep-sha512-mgf1-sha384'],
    ['SHA-256 with a label', ['rsa_oaep_md:sha256', 'rsa_oaep_label:616263'], 'oaep-sha256'],
  ])('we open OAEP of openssl: %s', (_, keyopts, name) => {
    const how = ['rsa_padding_mode:oaep', ...keyopts].flatMap((option) => ['-keyopt', option]);
    const object = box.run(
      'cms',
      '-encrypt',
      '-binary',
      '-in',
      'content',
      '-aes256',
      '-outform',
      'DER',
      ...recipient('bob', how),
    );
    expect(readEnveloped(object).recipients).toMatchObject([{ transport: { name } }]);
    expect(open(object).equals(content)).toBe(true);
  });

  it('we open those of the older `smime` command', () => {
    const object = box.run(
      'smime',
      '-encrypt',
      '-binary',
      '-aes256',
      '-in',
      'content',
      '-outform',
      'DER',
      'bob.crt',
    );
    expect(open(object).equals(content)).toBe(true);
    const mime = readEntity(box.run('smime', '-encrypt', '-aes128', '-in', 'content', 'bob.crt'));
    expect(smimeKind(mime)).toBe('enveloped');
    expect(open(cmsOf(mime)).toString()).toContain('some body text');
  });

  it('20 MB, streaming, both ways', () => {
    const large = Buffer.alloc(20 << 20, 'All work and no play. ');
    box.put('large', large);
    const args = [
      'cms',
      '-encrypt',
      '-binary',
      '-in',
      'large',
      '-aes256',
      '-stream',
      '-indef',
      '-outform',
      'DER',
    ];
    expect(open(box.run(...args, '-recip', 'bob.crt')).equals(large)).toBe(true);
    box.put('object', encryptData(large, [bob.certificate], { ber: true }));
    const out = box.run(
      'cms',
      '-decrypt',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'object',
      '-recip',
      'bob.crt',
      '-inkey',
      'bob.key',
    );
    expect(out.equals(large)).toBe(true);
  });
});
