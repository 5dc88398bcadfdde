import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encryptData } from '../../src/cms/encrypt.ts';
import { decryptEnveloped, readEnveloped } from '../../src/cms/enveloped.ts';
import { CmsError } from '../../src/cms/error.ts';
import { signData } from '../../src/cms/sign.ts';
import { embeddedCertificates, readSigned, verifySigner } from '../../src/cms/signed.ts';
import { lfToCrlf } from '../../src/mail/canonical.ts';
import { composeMessage } from '../../src/mail/compose.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { MailError } from '../../src/mail/error.ts';
import { cmsOf, splitSigned } from '../../src/mail/signed.ts';
import { envelopedMessage, multipartSigned, unwrap, wrapMessage } from '../../src/mail/wrap.ts';
import { NOW, person, signerOf } from './people.ts';

const alice = person('alice', 'p256');
const bob = person('bob', 'rsa2048', 2);
const headers = {
  from: 'a@direct.a.example',
  to: ['b@direct.b.example'],
  date: NOW,
  messageId: 'm@direct.a.example',
};
const message = composeMessage({ ...headers, subject: 'Referral', text: 'Hello\n\n  there  \n' });
const wrapped = wrapMessage(message);
const signature = signData(wrapped, [signerOf(alice)], { detached: true, signingTime: NOW });
const signedEntity = multipartSigned(wrapped, signature, 'sha-256', 'b-1');
const outer = envelopedMessage(headers, encryptData(signedEntity, [bob.certificate]));

/** What is vouched for in a multipart/signed entity, or undefined. */
function vouched(bytes: Uint8Array): Uint8Array | undefined {
  const split = splitSigned(readEntity(bytes));
  const signed = readSigned(split.signature);
  const certificates = [...embeddedCertificates(signed).certificates, alice.certificate];
  const good = signed.signers.some((signer) => {
    const verdict = verifySigner(signed, signer, split.signedBytes, certificates, { repair: lfToCrlf });
    return verdict.ok && verdict.certificate.sha256 === alice.certificate.sha256;
  });
  return good ? lfToCrlf(split.signedBytes) : undefined;
}

const opened = (bytes: Uint8Array): Uint8Array =>
  decryptEnveloped(readEnveloped(cmsOf(readEntity(bytes))), [signerOf(bob)]);

describe('a whole Direct message', () => {
  it('comes back octet for octet', () => {
    const entity = opened(outer);
    expect(Buffer.from(entity).equals(signedEntity)).toBe(true);
    expect(Buffer.from(vouched(entity)!).equals(wrapped)).toBe(true);
    expect(Buffer.from(unwrap(splitSigned(readEntity(entity)).content)!).equals(message)).toBe(true);
  });

  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
  const changed = (bytes: Uint8Array, list: readonly (readonly [number, number])[]): Buffer => {
    const copy = Buffer.from(bytes);
    for (const [at, value] of list) copy[at % copy.length] = value;
    return copy;
  };
  const typed = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof CmsError || error instanceof MailError)) throw error;
    }
  };

  it('changed in any octet is vouched for only where the signed part is as it was', () => {
    fc.assert(
      fc.property(edits, (list) => {
        typed(() => {
          const content = vouched(changed(signedEntity, list));
          if (content) expect(Buffer.from(content).equals(wrapped)).toBe(true);
        });
      }),
      { numRuns: 600 },
    );
  });

  it('changed on its way gives the message or a typed error', () => {
    fc.assert(
      fc.property(edits, (list) => {
        typed(() => {
          const content = vouched(opened(changed(outer, list)));
          if (content) expect(Buffer.from(content).equals(wrapped)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('cut anywhere gives the message or a typed error', () => {
    fc.assert(
      fc.property(fc.nat(outer.length), (length) => {
        typed(() => {
          const content = vouched(opened(outer.subarray(0, length)));
          if (content) expect(Buffer.from(content).equals(wrapped)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('in bare LF is vouched for after the one repair', () => {
    const received = Buffer.from(
      Buffer.from(signedEntity).toString('latin1').replaceAll('\r\n', '\n'),
      'latin1',
    );
    expect(Buffer.from(vouched(received)!).equals(wrapped)).toBe(true);
  });
});

describe('hostile nesting', () => {
  it.each<[string, Uint8Array]>([
    ['indefinite lengths without end', Buffer.alloc(1 << 20, Buffer.from('3080', 'hex'))],
    [
      'a million empty values',
      Buffer.concat([Buffer.from('3080', 'hex'), Buffer.alloc(8 << 20, Buffer.from('0500', 'hex'))]),
    ],
    ['definite nesting', Buffer.alloc(1 << 16, Buffer.from('3084000ffff0', 'hex'))],
  ])('%s is refused in time', (_, bytes) => {
    for (const read of [readSigned, readEnveloped]) {
      expect(() => read(bytes)).toThrow(CmsError);
    }
  });
});
