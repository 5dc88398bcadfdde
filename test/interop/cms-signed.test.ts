import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CmsSigner, signData } from '../../src/cms/sign.ts';
import { embeddedCertificates, readSigned, type SignerVerdict, verifySigner } from '../../src/cms/signed.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { cmsOf, smimeKind, splitSigned } from '../../src/mail/signed.ts';
import { multipartSigned, opaqueSigned, wrapMessage } from '../../src/mail/wrap.ts';
import { NOW, person, signerOf } from '../cms/people.ts';
import { type Bench, bench, CHECK, openssl } from './cms-openssl.ts';

const message = Buffer.from('From: a@a.example\r\nTo: b@b.example\r\nSubject: x\r\n\r\nbody  \r\n\r\n');
const entity = wrapMessage(message);

describe.skipIf(!openssl)('signatures and openssl', () => {
  let box: Bench;
  const people = {
    alice: person('alice'),
    carol: person('carol', 'p256'),
    dave: person('dave', 'p384'),
  };
  beforeAll(() => {
    box = bench();
    for (const [name, issued] of Object.entries(people)) box.person(name, issued);
    box.put('entity', entity);
  });
  afterAll(() => box.close());

  const signer = (name: keyof typeof people, more: Partial<CmsSigner> = {}): CmsSigner => ({
    ...signerOf(people[name]),
    ...more,
  });

  describe('ours are verified by openssl', () => {
    it.each<[string, CmsSigner[], { ber?: boolean; signedAttributes?: boolean }]>([
      ['RSA, SHA-256', [signer('alice')], {}],
      ['RSA, SHA-384', [signer('alice', { digest: 'sha384' })], {}],
      ['RSA, SHA-512', [signer('alice', { digest: 'sha512' })], {}],
      ['RSASSA-PSS', [signer('alice', { pss: true })], {}],
      ['ECDSA P-256', [signer('carol')], {}],
      ['ECDSA P-384', [signer('dave')], {}],
      ['key identifier', [signer('alice', { by: 'ski' })], {}],
      ['three signers', [signer('alice'), signer('carol', { by: 'ski' }), signer('dave')], {}],
      ['indefinite lengths', [signer('alice')], { ber: true }],
      ['without signed attributes', [signer('alice')], { signedAttributes: false }],
    ])('%s', (_, signers, more) => {
      for (const detached of [true, false]) {
        const object = signData(entity, signers, { detached, signingTime: NOW, ...more });
        box.put('object', object);
        const inside = detached ? ['-content', 'entity'] : [];
        const out = box.run(
          'cms',
          '-verify',
          '-binary',
          '-inform',
          'DER',
          '-in',
          'object',
          ...inside,
          ...CHECK,
        );
        expect(out).toEqual(entity);
        box.put('mime', detached ? multipartSigned(entity, object, 'sha-256', 'b1') : opaqueSigned(object));
        // In an S/MIME message it is openssl that finds the signed octets.
        expect(box.run('cms', '-verify', '-in', 'mime', ...CHECK).toString()).toContain('Subject: x');
        box.put('entity-changed', entity.toString().replace('body', 'bodi'));
        if (detached) {
          expect(
            box.status(
              'cms',
              '-verify',
              '-binary',
              '-inform',
              'DER',
              '-in',
              'object',
              '-content',
              'entity-changed',
              ...CHECK,
            ),
          ).not.toBe(0);
        }
      }
    });

    it('by the older `smime` command', () => {
      box.put(
        'mime',
        multipartSigned(entity, signData(entity, [signer('alice')], { detached: true }), 'sha-256', 'b1'),
      );
      expect(box.run('smime', '-verify', '-in', 'mime', ...CHECK).toString()).toContain('Subject: x');
    });

    it('shows one SignerInfo each and the time', () => {
      box.put(
        'object',
        signData(entity, [signer('alice'), signer('carol')], { detached: true, signingTime: NOW }),
      );
      const shown = box
        .run('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'object', '-noout')
        .toString();
      expect(shown.match(/signatureAlgorithm:/g)).toHaveLength(2);
      expect(shown).toContain('Jan  5 15:00:00 2026 GMT');
    });
  });

  describe('those of openssl are verified by us', () => {
    const verdicts = (object: Uint8Array, content: Uint8Array | undefined): SignerVerdict[] => {
      const signed = readSigned(object);
      const { certificates } = embeddedCertificates(signed);
      return signed.signers.map((one) => verifySigner(signed, one, content, certificates));
    };
    const alice = ['-signer', 'alice.crt', '-inkey', 'alice.key'];
    const carol = ['-signer', 'carol.crt', '-inkey', 'carol.key'];
    const dave = ['-signer', 'dave.crt', '-inkey', 'dave.key'];

    const kinds: [string, string[]][] = [
      ['RSA', alice],
      ['RSA, SHA-512', [...alice, '-md', 'sha512']],
      ['RSASSA-PSS', [...alice, '-keyopt', 'rsa_padding_mode:pss']],
      [
        'RSASSA-PSS with the longest salt',
        [...alice, '-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:max'],
      ],
      ['ECDSA P-256', carol],
      ['ECDSA P-384, SHA-384', [...dave, '-md', 'sha384']],
      ['key identifier', [...alice, '-keyid']],
      ['three signers', [...alice, ...carol, ...dave]],
      ['without signed attributes', [...alice, '-noattr']],
      ['without capabilities', [...alice, '-nosmimecap']],
    ];
    const forms: [string, string[]][] = [
      ['', []],
      [', streaming', ['-stream', '-indef']],
    ];
    // openssl 3.0 cannot stream a RSASSA-PSS signature ("illegal zero content").
    const cases = kinds.flatMap(([name, args]) =>
      forms
        .slice(0, name.includes('PSS') ? 1 : 2)
        .map(([form, more]) => [name + form, [...args, ...more]] as const),
    );

    it.each(cases)('%s', (name, args) => {
      const count = name.startsWith('three') ? 3 : 1;
      const detachedDer = box.run('cms', '-sign', '-binary', '-in', 'entity', '-outform', 'DER', ...args);
      expect(verdicts(detachedDer, entity).map(({ ok }) => ok)).toEqual(Array(count).fill(true));
      const opaqueDer = box.run(
        'cms',
        '-sign',
        '-binary',
        '-nodetach',
        '-in',
        'entity',
        '-outform',
        'DER',
        ...args,
      );
      expect(Buffer.from(readSigned(opaqueDer).eContent!)).toEqual(entity);
      expect(verdicts(opaqueDer, undefined).map(({ ok }) => ok)).toEqual(Array(count).fill(true));
      const mime = readEntity(box.run('cms', '-sign', '-in', 'entity', '-crlfeol', ...args));
      const split = splitSigned(mime);
      expect(verdicts(split.signature, split.signedBytes).map(({ ok }) => ok)).toEqual(
        Array(count).fill(true),
      );
      const opaque = readEntity(box.run('cms', '-sign', '-nodetach', '-in', 'entity', ...args));
      expect(smimeKind(opaque)).toBe('opaque-signed');
      expect(verdicts(cmsOf(opaque), undefined).map(({ ok }) => ok)).toEqual(Array(count).fill(true));
    });

    it('with LF line ends, after the one repair', () => {
      const mime = readEntity(box.run('cms', '-sign', '-in', 'entity', ...alice));
      const split = splitSigned(mime);
      const signed = readSigned(split.signature);
      const repair = (octets: Uint8Array) =>
        Buffer.from(Buffer.from(octets).toString().replace(/\r?\n/g, '\r\n'));
      expect(
        verifySigner(
          signed,
          signed.signers[0]!,
          split.signedBytes,
          embeddedCertificates(signed).certificates,
          { repair },
        ).ok,
      ).toBe(true);
    });

    it('from the older `smime` command', () => {
      const split = splitSigned(readEntity(box.run('smime', '-sign', '-in', 'entity', '-crlfeol', ...alice)));
      expect(verdicts(split.signature, split.signedBytes)[0]).toMatchObject({ ok: true });
    });

    it('weak digests are refused by name', () => {
      const object = box.run(
        'cms',
        '-sign',
        '-binary',
        '-md',
        'sha1',
        '-in',
        'entity',
        '-outform',
        'DER',
        ...alice,
      );
      expect(verdicts(object, entity)[0]).toMatchObject({
        ok: false,
        cause: { code: 'crypto.digest-not-allowed', params: { algorithm: 'sha1' } },
      });
    });
  });
});
