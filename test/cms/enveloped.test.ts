import { constants, createHash, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAsn1 } from '../../src/asn1/read.ts';
import { explicit, integer, nullValue, octetString, oid, sequence } from '../../src/asn1/write.ts';
import { digestAlgorithm } from '../../src/cms/digests.ts';
import {
  type EncryptOptions,
  encryptData,
  envelope,
  newContentKey,
  recipientInfo,
} from '../../src/cms/encrypt.ts';
import { decryptEnveloped, matches, readEnveloped } from '../../src/cms/enveloped.ts';
import { CmsError } from '../../src/cms/error.ts';
import { issuerAndSerial } from '../../src/cms/identity.ts';
import { decodeOaep, encodeOaep as encodedBlock } from '../../src/cms/oaep.ts';
import { OID } from '../../src/cms/oids.ts';
import type { Digest } from '../../src/pki/algorithms.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { NOW, person, signerOf } from './people.ts';

const content = Buffer.from('Content-Type: multipart/signed\r\n\r\nbody\r\n');
const alice = person('alice');
const bob = person('bob', 'rsa2048', 2);
const mallory = person('mallory', 'rsa2048', 3);

const open = (object: Uint8Array, ...people: (typeof alice)[]): Buffer =>
  Buffer.from(decryptEnveloped(readEnveloped(object), people.map(signerOf)));
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof CmsError) return error.code;
    throw error;
  }
};

describe('encrypting and decrypting', () => {
  const ciphers = [
    'aes128-cbc',
    'aes192-cbc',
    'aes256-cbc',
    'aes128-gcm',
    'aes192-gcm',
    'aes256-gcm',
    'des-ede3-cbc',
  ] as const;
  const transports = ['pkcs1', 'oaep-sha1', 'oaep-sha256'] as const;

  it.each(ciphers.flatMap((cipher) => transports.map((keyTransport) => [cipher, keyTransport] as const)))(
    '%s, %s',
    (cipher, keyTransport) => {
      for (const more of [{}, { ber: true }, { by: 'ski' as const }] satisfies EncryptOptions[]) {
        const object = encryptData(content, [alice.certificate], { cipher, keyTransport, ...more });
        const read = readEnveloped(object);
        expect(read.cipher.name).toBe(cipher);
        expect(read.recipients).toMatchObject([{ transport: { name: keyTransport } }]);
        expect(open(object, alice)).toEqual(content);
      }
    },
  );

  it('writes DER, AES-256-CBC and OAEP with all defaults as an empty SEQUENCE', () => {
    const object = encryptData(content, [alice.certificate]);
    readAsn1(object, { rules: 'der' });
    expect(Buffer.from(object).includes(Buffer.from(sequence(oid(OID.rsaesOaep), sequence())))).toBe(true);
    expect(readEnveloped(object)).toMatchObject({
      kind: 'enveloped',
      version: 0,
      cipher: { name: 'aes256-cbc' },
      trailing: 0,
    });
  });

  it('begins as Java peers begin when asked', () => {
    expect(Buffer.from(encryptData(content, [alice.certificate], { ber: true })).toString('base64')).toMatch(
      /^MIAGCSqG/,
    );
  });

  it.each([
    ['oaep-sha512', 'oaep-sha512'],
    ['oaep-sha256-mgf1-sha1', 'oaep-sha256-mgf1-sha1'],
    ['oaep-label', 'oaep-sha256'],
  ] as const)('peers write %s', (keyTransport, name) => {
    const object = encryptData(content, [alice.certificate], { keyTransport });
    expect(readEnveloped(object).recipients).toMatchObject([{ transport: { name } }]);
    expect(open(object, alice)).toEqual(content);
  });

  it('strings in pieces of definite length are joined', () => {
    const long = Buffer.alloc(5000, 'abc');
    const object = encryptData(long, [alice.certificate], { ber: 'constructed-strings' });
    expect(() => readAsn1(object, { rules: 'der' })).not.toThrow();
    expect(open(object, alice)).toEqual(long);
  });

  it('a recipient by ECDH is told of and not opened (wire-facts §6.3)', () => {
    const carol = person('carol', 'p256');
    const object = encryptData(content, [carol.certificate], { keyTransport: 'ecdh' });
    expect(readEnveloped(object)).toMatchObject({ version: 2, recipients: [{ kind: 'key-agreement' }] });
    expect(codeOf(() => open(object, carol))).toBe('no-recipient-match');
  });

  it('ECDH with an RSA key is an error of whoever asks for it', () => {
    expect(codeOf(() => encryptData(content, [alice.certificate], { keyTransport: 'ecdh' }))).toBe('input');
  });

  it('what OAEP encodes it decodes, with any digests', () => {
    const digests = ['sha1', 'sha256', 'sha384', 'sha512'] as const satisfies readonly Digest[];
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 32 }),
        fc.constantFrom(...digests),
        fc.constantFrom(...digests),
        (message, digest, maskDigest) => {
          const block = encodedBlock(message, 256, digest, maskDigest);
          expect(block.length).toBe(256);
          expect(Buffer.from(decodeOaep(block, digest, maskDigest, new Uint8Array())!)).toEqual(
            Buffer.from(message),
          );
        },
      ),
    );
  });

  it('is for the union of the recipients, each once', () => {
    const object = encryptData(content, [alice.certificate, bob.certificate, alice.certificate]);
    const { recipients } = readEnveloped(object);
    expect(recipients).toHaveLength(2);
    expect(recipients.filter((recipient) => matches(recipient, bob.certificate))).toHaveLength(1);
    expect(open(object, bob)).toEqual(content);
    expect(open(object, mallory, alice)).toEqual(content);
  });

  it('finds the recipient by an issuer that is only the same name', () => {
    const object = Buffer.from(encryptData(content, [alice.certificate]));
    const at = object.indexOf('Test Root');
    object.write('TEST  ROOT'.slice(0, 4), at);
    expect(open(object, alice)).toEqual(content);
  });

  it.each([
    ['no recipients', () => encryptData(content, []), 'input'],
    ['an elliptic key', () => encryptData(content, [person('carol', 'p256').certificate]), 'input'],
    ['nobody here', () => open(encryptData(content, [alice.certificate]), mallory), 'no-recipient-match'],
    ['no key at all', () => open(encryptData(content, [alice.certificate])), 'no-recipient-match'],
    [
      'the wrong private key',
      () =>
        decryptEnveloped(readEnveloped(encryptData(content, [alice.certificate])), [
          { ...signerOf(alice), privateKey: mallory.key.privateKey },
        ]),
      'decrypt-failed',
    ],
    [
      'another object',
      () => readEnveloped(sequence(oid(OID.data), explicit(0, octetString(content)))),
      'structure',
    ],
  ])('%s', (_, work, code) => {
    expect(codeOf(work)).toBe(code);
  });

  it('tries any key only when told', () => {
    const object = readEnveloped(encryptData(content, [alice.certificate]));
    const renamed = [{ certificate: mallory.certificate, privateKey: alice.key.privateKey }];
    expect(codeOf(() => decryptEnveloped(object, renamed))).toBe('no-recipient-match');
    expect(Buffer.from(decryptEnveloped(object, renamed, { anyKey: true }))).toEqual(content);
  });

  it('a recipient whose key was swapped fails alone; the certificate may be named twice', () => {
    const key = newContentKey();
    const wrong = recipientInfo(alice.certificate, newContentKey());
    expect(
      codeOf(() => open(envelope(content, key, [wrong, recipientInfo(bob.certificate, key)]), alice)),
    ).toBe('decrypt-failed');
    expect(open(envelope(content, key, [wrong, recipientInfo(alice.certificate, key)]), alice)).toEqual(
      content,
    );
  });
});

describe('failures look alike', () => {
  it.each(['pkcs1', 'oaep-sha1', 'oaep-sha256'] as const)('%s', (keyTransport) => {
    const object = encryptData(content, [alice.certificate], { keyTransport });
    const read = readEnveloped(object);
    const [recipient] = read.recipients;
    if (recipient?.kind !== 'key-transport') throw new Error('no recipient');
    const answers = new Set<string>();
    const attempt = (change: Partial<typeof read>, key: Uint8Array = recipient.encryptedKey) => {
      try {
        decryptEnveloped({ ...read, ...change, recipients: [{ ...recipient, encryptedKey: key }] }, [
          signerOf(alice),
        ]);
      } catch (error) {
        if (!(error instanceof CmsError)) throw error;
        answers.add(`${error.code} ${error.message} ${JSON.stringify(error.reason)} ${error.cause}`);
      }
    };
    for (let i = 0; i < 8; i++) {
      const key = Buffer.from(recipient.encryptedKey);
      key[i * 7 + 3]! ^= 0x55;
      attempt({}, key);
    }
    for (const key of [
      Buffer.alloc(256, 255),
      Buffer.alloc(0),
      Buffer.alloc(300, 1),
      Buffer.alloc(256),
      randomBytes(200),
    ])
      attempt({}, key);
    const short = publicEncrypt(
      keyTransport === 'pkcs1'
        ? { key: alice.key.publicKey, padding: constants.RSA_PKCS1_PADDING }
        : {
            key: alice.key.publicKey,
            padding: constants.RSA_PKCS1_OAEP_PADDING,
            oaepHash: keyTransport.slice(5),
          },
      Buffer.alloc(5),
    );
    attempt({}, short);
    const cut = Buffer.from(read.ciphertext);
    cut[cut.length - 20]! ^= 0xff;
    attempt({ ciphertext: cut.subarray(0, 33) });
    attempt({ ciphertext: new Uint8Array() });
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('decrypt-failed');
  });

  it('a changed GCM object never decrypts', () => {
    const object = encryptData(content, [alice.certificate], { cipher: 'aes256-gcm' });
    const read = readEnveloped(object);
    for (const field of ['ciphertext', 'tag'] as const) {
      const changed = Buffer.from(read[field]!);
      changed[0]! ^= 1;
      expect(codeOf(() => decryptEnveloped({ ...read, [field]: changed }, [signerOf(alice)]))).toBe(
        'decrypt-failed',
      );
    }
    expect(
      codeOf(() => decryptEnveloped({ ...read, tag: read.tag!.subarray(0, 12) }, [signerOf(alice)])),
    ).toBe('decrypt-failed');
    expect(
      codeOf(() => decryptEnveloped({ ...read, authenticated: Buffer.alloc(2) }, [signerOf(alice)])),
    ).toBe('decrypt-failed');
  });
});

/** OAEP as a sender does it that masks with another digest. */
function encodeOaep(
  message: Uint8Array,
  length: number,
  digest: Digest,
  maskDigest: Digest,
  label = Buffer.alloc(0),
): Buffer {
  const hash = (name: Digest, data: Uint8Array) => createHash(name).update(data).digest();
  const mask = (seed: Uint8Array, size: number): Buffer => {
    const blocks: Buffer[] = [];
    for (let i = 0; Buffer.concat(blocks).length < size; i++) {
      const counter = Buffer.alloc(4);
      counter.writeUInt32BE(i);
      blocks.push(hash(maskDigest, Buffer.concat([seed, counter])));
    }
    return Buffer.concat(blocks).subarray(0, size);
  };
  const xor = (a: Uint8Array, b: Uint8Array) => Buffer.from(a.map((octet, i) => octet ^ b[i]!));
  const labelHash = hash(digest, label);
  const padding = Buffer.alloc(length - message.length - 2 * labelHash.length - 2);
  const data = Buffer.concat([labelHash, padding, Buffer.from([1]), message]);
  const seed = randomBytes(labelHash.length);
  const maskedData = xor(data, mask(seed, data.length));
  return Buffer.concat([Buffer.from([0]), xor(seed, mask(maskedData, seed.length)), maskedData]);
}

describe('OAEP with every pair of digests (XR-13)', () => {
  const digests: Digest[] = ['sha1', 'sha256', 'sha384', 'sha512'];
  const labels = [Buffer.alloc(0), Buffer.from('label')];
  it.each(digests.flatMap((digest) => digests.map((mask) => [digest, mask] as const)))(
    '%s with MGF1 %s',
    (digest, mask) => {
      for (const label of labels) {
        const key = newContentKey();
        const block = encodeOaep(key, 256, digest, mask, label);
        const encryptedKey = publicEncrypt(
          { key: alice.key.publicKey, padding: constants.RSA_NO_PADDING },
          block,
        );
        const parameters = sequence(
          explicit(0, digestAlgorithm(digest)),
          explicit(1, sequence(oid(OID.mgf1), digestAlgorithm(mask))),
          ...(label.length > 0 ? [explicit(2, sequence(oid(OID.pSpecified), octetString(label)))] : []),
        );
        const info = sequence(
          integer(0),
          issuerAndSerial(alice.certificate),
          sequence(oid(OID.rsaesOaep), parameters),
          octetString(encryptedKey),
        );
        const object = envelope(content, key, [info]);
        expect(readEnveloped(object).recipients).toMatchObject([
          { transport: { name: digest === mask ? `oaep-${digest}` : `oaep-${digest}-mgf1-${mask}` } },
        ]);
        expect(open(object, alice)).toEqual(content);
      }
    },
  );

  it('decodes exactly what is well formed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (message, at, flip) => {
          const block = encodeOaep(message, 128, 'sha256', 'sha1');
          expect(Buffer.from(decodeOaep(block, 'sha256', 'sha1', Buffer.alloc(0))!)).toEqual(
            Buffer.from(message),
          );
          expect(decodeOaep(block, 'sha256', 'sha1', Buffer.from('x'))).toBeUndefined();
          block[at % block.length]! ^= flip;
          expect(decodeOaep(block, 'sha256', 'sha1', Buffer.alloc(0))).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
    expect(decodeOaep(Buffer.alloc(20), 'sha256', 'sha1', Buffer.alloc(0))).toBeUndefined();
  });

  it('OAEP parameters may be absent', () => {
    const key = newContentKey();
    const encryptedKey = publicEncrypt(
      { key: alice.key.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING },
      key,
    );
    for (const algorithm of [sequence(oid(OID.rsaesOaep)), sequence(oid(OID.rsaesOaep), nullValue())]) {
      const info = sequence(
        integer(0),
        issuerAndSerial(alice.certificate),
        algorithm,
        octetString(encryptedKey),
      );
      expect(open(envelope(content, key, [info]), alice)).toEqual(content);
    }
  });

  it('node decrypts raw blocks, as the decoder needs it', () => {
    const block = encodeOaep(Buffer.from('x'), 256, 'sha256', 'sha1');
    const encrypted = publicEncrypt({ key: alice.key.publicKey, padding: constants.RSA_NO_PADDING }, block);
    expect(
      privateDecrypt({ key: alice.key.privateKey, padding: constants.RSA_NO_PADDING }, encrypted),
    ).toEqual(block);
  });
});

describe('what cannot be read is named', () => {
  const key = newContentKey();
  const infoOf = (algorithm: Uint8Array) =>
    sequence(integer(0), issuerAndSerial(alice.certificate), algorithm, octetString(Buffer.alloc(256, 1)));

  it('a key transport', () => {
    for (const [algorithm, name] of [
      [sequence(oid('1.2.3.4')), '1.2.3.4'],
      [
        sequence(oid(OID.rsaesOaep), sequence(explicit(0, sequence(oid('1.2.3'))))),
        'oaep with an unknown digest',
      ],
    ] as const) {
      const read = readEnveloped(envelope(content, key, [infoOf(algorithm)]));
      expect(() => decryptEnveloped(read, [signerOf(alice)])).toThrow(
        expect.objectContaining({
          code: 'unsupported-transport',
          reason: { code: 'crypto.key-transport-not-allowed', params: { algorithm: name } },
        }),
      );
    }
  });

  it('a content cipher', () => {
    const rc2 = sequence(oid('1.2.840.113549.3.2'), sequence(integer(58), octetString(Buffer.alloc(8))));
    const object = sequence(
      oid(OID.envelopedData),
      explicit(
        0,
        sequence(
          integer(0),
          Buffer.concat([Buffer.from([0x31, 0x82, 0, 0])]),
          sequence(oid(OID.data), rc2, Buffer.from([0x80, 0])),
        ),
      ),
    );
    const read = readEnveloped(object);
    expect(read.cipher.name).toBe('rc2-cbc');
    const recipients = readEnveloped(encryptData(content, [alice.certificate])).recipients;
    expect(codeOf(() => decryptEnveloped({ ...read, recipients }, [signerOf(alice)]))).toBe(
      'unsupported-cipher',
    );
  });

  it('recipients of other kinds', () => {
    const other = Buffer.from([0xa1, 0x03, 0x02, 0x01, 0x03]);
    const object = envelope(content, key, [other, recipientInfo(alice.certificate, key)]);
    expect(
      readEnveloped(object)
        .recipients.map(({ kind }) => kind)
        .sort(),
    ).toEqual(['key-agreement', 'key-transport']);
    expect(open(object, alice)).toEqual(content);
  });
});

describe('large content', () => {
  it.each([false, true])('64 MB, indefinite lengths: %s', (ber) => {
    const large = Buffer.alloc(64 << 20, 'x');
    const object = encryptData(large, [alice.certificate], { ber });
    const opened = decryptEnveloped(readEnveloped(object), [signerOf(alice)]);
    expect(Buffer.compare(opened, large)).toBe(0);
  });
});

describe('any octets', () => {
  const objects = [
    encryptData(content, [alice.certificate, bob.certificate]),
    encryptData(content, [alice.certificate], { ber: true, cipher: 'aes128-gcm' }),
  ];
  it('give an object or a CmsError', () => {
    fc.assert(
      fc.property(
        fc.nat(2),
        fc.uint8Array({ maxLength: 80 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        (which, bytes, edits) => {
          const object = which === 2 ? Buffer.from(bytes) : Buffer.from(objects[which]!);
          for (const [at, value] of edits) if (object.length > 0) object[at % object.length] = value;
          const before = edits.length === 0;
          try {
            const opened = open(object, alice);
            if (before) expect(opened).toEqual(content);
          } catch (error) {
            expect(error).toBeInstanceOf(CmsError);
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it('of any length come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), (bytes, ber) => {
        expect(open(encryptData(bytes, [alice.certificate], { ber }), alice)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 100 },
    );
  });
});

describe('key identifiers', () => {
  it('fall back to the hash of the key', () => {
    const plain = issueCertificate({
      profile: 'address',
      subject: { CN: 'no identifier' },
      key: alice.key,
      issuer: 'self',
      notBefore: NOW,
      notAfter: NOW + 1000,
      ski: null,
    });
    expect(plain.certificate.ski).toBeUndefined();
    expect(open(encryptData(content, [plain.certificate], { by: 'ski' }), plain)).toEqual(content);
  });
});
