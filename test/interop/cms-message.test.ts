import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptData } from '../../src/cms/encrypt.ts';
import { decryptEnveloped, readEnveloped } from '../../src/cms/enveloped.ts';
import { signData } from '../../src/cms/sign.ts';
import { embeddedCertificates, readSigned, verifySigner } from '../../src/cms/signed.ts';
import { composeMessage } from '../../src/mail/compose.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { cmsOf, splitSigned } from '../../src/mail/signed.ts';
import { envelopedMessage, multipartSigned, unwrap, wrapMessage } from '../../src/mail/wrap.ts';
import { NOW, person, signerOf } from '../cms/people.ts';
import { type Bench, bench, CHECK, openssl } from './cms-openssl.ts';

describe.skipIf(!openssl)('whole Direct messages and openssl', () => {
  let box: Bench;
  const alice = person('alice');
  const bob = person('bob', 'rsa2048', 2);
  const message = composeMessage({
    from: 'alice@direct.a.example',
    to: ['bob@direct.b.example'],
    subject: 'Überweisung',
    date: NOW,
    messageId: 'm-1@direct.a.example',
    text: 'Grüße  \nFrom here\n.\n',
    attachments: [{ name: 'scan.pdf', type: 'application/pdf', bytes: Buffer.alloc(5000, 7) }],
    boundary: 'c-1',
  });
  const wrapped = wrapMessage(message);
  beforeAll(() => {
    box = bench();
    box.person('alice', alice);
    box.person('bob', bob);
  });
  afterAll(() => box.close());

  it('ours is decrypted and verified', () => {
    const signature = signData(wrapped, [signerOf(alice)], { detached: true, signingTime: NOW });
    const entity = multipartSigned(wrapped, signature, 'sha-256', 'b-1');
    const headers = {
      from: 'alice@direct.a.example',
      to: ['bob@direct.b.example'],
      date: NOW,
      messageId: 'm-1@direct.a.example',
    };
    box.put('outer', envelopedMessage(headers, encryptData(entity, [bob.certificate])));
    box.put('inner', box.run('cms', '-decrypt', '-in', 'outer', '-recip', 'bob.crt', '-inkey', 'bob.key'));
    box.run('cms', '-verify', '-in', 'inner', '-out', 'content', ...CHECK);
    expect(box.read('content').equals(wrapped)).toBe(true);
  });

  it('one made by openssl is opened, octet for octet', () => {
    box.put('wrapped', wrapped);
    box.run(
      'cms',
      '-sign',
      '-crlfeol',
      '-in',
      'wrapped',
      '-signer',
      'alice.crt',
      '-inkey',
      'alice.key',
      '-out',
      'signed',
    );
    box.run(
      'cms',
      '-encrypt',
      '-binary',
      '-aes256',
      '-in',
      'signed',
      '-out',
      'outer',
      '-recip',
      'bob.crt',
      '-keyopt',
      'rsa_padding_mode:oaep',
    );
    const outer = readEntity(box.read('outer'));
    const entity = readEntity(decryptEnveloped(readEnveloped(cmsOf(outer)), [signerOf(bob)]));
    const split = splitSigned(entity);
    const signed = readSigned(split.signature);
    const { certificates } = embeddedCertificates(signed);
    expect(verifySigner(signed, signed.signers[0]!, split.signedBytes, certificates)).toMatchObject({
      ok: true,
    });
    expect(Buffer.from(unwrap(split.content)!).equals(message)).toBe(true);
  });
});
