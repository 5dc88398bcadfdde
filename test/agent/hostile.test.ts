import fc from 'fast-check';
import { expect, it } from 'vitest';
import { open } from '../../src/agent/inbound.ts';
import { prepare } from '../../src/agent/outbound.ts';
import { encryptData } from '../../src/cms/encrypt.ts';
import { envelopedMessage } from '../../src/mail/wrap.ts';
import { NOW } from '../trust/fixtures.ts';
import { bob, contextOf, everybody, onHost, receiver, send, sender, text } from './parties.ts';

const envelope = { mailFrom: 'alice@a.example', rcptTo: ['bob@b.example'] };
const verdicts = ['accepted', 'refused', 'deferred'];

it('any octets come to a verdict', async () => {
  await onHost(async (host) => {
    const context = contextOf(receiver, {}, host);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const inbound = await open(bytes, envelope, context);
        expect(inbound.perRecipient).toMatchObject([{ verdict: 'refused' }]);
        expect(inbound.refusal ?? inbound.perRecipient[0]!.causes[0]).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});

it('any octets encrypted to us come to a verdict', async () => {
  await onHost(async (host) => {
    const context = contextOf(receiver, {}, host);
    const head = fc.constantFrom(
      '',
      'Content-Type: multipart/signed; boundary="b"; protocol="application/pkcs7-signature"\r\n\r\n--b\r\n\r\n',
      'Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n',
      'Content-Type: message/rfc822\r\n\r\nFrom: ',
    );
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 300 }), async (prefix, rest) => {
        const clear = Buffer.concat([Buffer.from(prefix), rest]);
        const bytes = envelopedMessage(
          { from: 'alice@a.example', to: ['bob@b.example'], date: NOW, messageId: 'x@a.example' },
          encryptData(clear, [bob.certificate]),
        );
        const inbound = await open(bytes, envelope, context);
        expect(inbound.perRecipient[0]!.verdict).toBe('refused');
        expect(inbound.message).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});

it('a good message with octets changed comes to a verdict', async () => {
  const out = await send(text(), ['bob@b.example']);
  const good = out.envelopes[0]!.bytes;
  await onHost(async (host) => {
    const context = contextOf(receiver, {}, host);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [at, octet] of changes) bytes[at] = octet;
        const { perRecipient } = await open(bytes, envelope, context);
        expect(verdicts).toContain(perRecipient[0]!.verdict);
      }),
      { numRuns: 200 },
    );
  });
});

it('any submission ends in envelopes or reasons', async () => {
  await onHost(async (host) => {
    const context = contextOf(sender, everybody, host);
    const line = fc.oneof(
      fc.constantFrom(
        'From: alice@a.example',
        'To: bob@b.example',
        'From: <>',
        'Bcc: x',
        ': ',
        'Content-Type: a',
      ),
      fc.string({ maxLength: 40 }),
    );
    const to = fc.array(
      fc.oneof(fc.constantFrom('bob@b.example', '', '@', 'x@y', '"@b.example'), fc.string()),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), to, async (lines, recipients) => {
        const bytes = Buffer.from(lines.join('\r\n'));
        const out = await prepare({ from: 'alice@a.example', to: recipients, bytes }, context);
        const named = [
          ...out.envelopes.flatMap(({ rcptTo }) => rcptTo),
          ...[...out.failures, ...out.deferred].map(({ address }) => address),
        ];
        const wanted = new Set(recipients.map((address) => address.trim().toLowerCase()));
        expect(new Set(named.map((address) => address.trim().toLowerCase()))).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});
