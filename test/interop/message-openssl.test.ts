import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerLine } from '../../src/cli/message/batch.ts';
import { composeMessage } from '../../src/mail/compose.ts';
import { wrapMessage } from '../../src/mail/wrap.ts';
import { NOW, person } from '../cms/people.ts';
import { type Bench, bench, openssl } from './cms-openssl.ts';

const CIPHERS = ['aes128', 'aes192', 'aes256'];
const TRANSPORTS: Record<string, string[]> = {
  pkcs1: [],
  'oaep-sha1': ['-keyopt', 'rsa_padding_mode:oaep'],
  'oaep-sha256': ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'],
};
const DIGESTS = ['sha256', 'sha384', 'sha512'];
const FORMS: Record<string, string[]> = { detached: [], opaque: ['-nodetach'] };
const LENGTHS: Record<string, string[]> = { definite: [], indefinite: ['-stream'] };

/** Every combination that a Direct message of openssl can have (wire-facts §6). */
describe.skipIf(!openssl)('message open --batch and messages of openssl', () => {
  let box: Bench;
  const message = composeMessage({
    from: 'alice@direct.a.example',
    to: ['bob@direct.b.example'],
    subject: 'Referral',
    date: NOW,
    messageId: 'm-1@direct.a.example',
    text: 'Dear Bob,\n.\nregards',
    attachments: [{ name: 'scan.pdf', type: 'application/pdf', bytes: Buffer.alloc(3000, 7) }],
    boundary: 'c-1',
  });
  const sha256 = createHash('sha256').update(message).digest('hex');
  beforeAll(() => {
    box = bench();
    box.person('alice', person('alice'));
    box.person('bob', person('bob', 'rsa2048', 2));
    box.put('wrapped', wrapMessage(message));
  });
  afterAll(() => box.close());

  const seal = (
    name: string,
    digest: string,
    form: string[],
    cipher: string,
    transport: string[],
    length: string[],
  ) => {
    const signer = ['-signer', 'alice.crt', '-inkey', 'alice.key', '-md', digest];
    box.run(
      'cms',
      '-sign',
      '-crlfeol',
      '-in',
      'wrapped',
      ...signer,
      ...form,
      ...length,
      '-out',
      `${name}.signed`,
    );
    const to = ['-recip', 'bob.crt', ...transport];
    box.run(
      'cms',
      '-encrypt',
      '-binary',
      `-${cipher}`,
      '-in',
      `${name}.signed`,
      ...length,
      '-out',
      name,
      ...to,
    );
    return name;
  };

  const cases = CIPHERS.flatMap((cipher, i) =>
    Object.keys(TRANSPORTS).flatMap((transport, j) =>
      Object.keys(FORMS).flatMap((form) =>
        Object.keys(LENGTHS).map((length) => ({
          cipher,
          transport,
          form,
          length,
          digest: DIGESTS[(i + j) % DIGESTS.length]!,
        })),
      ),
    ),
  );

  it.each(cases)('$cipher, $transport, $form, $digest, $length lengths', async (one) => {
    const name = seal(
      'message',
      one.digest,
      FORMS[one.form]!,
      one.cipher,
      TRANSPORTS[one.transport]!,
      LENGTHS[one.length]!,
    );
    const at = (file: string) => join(box.folder, file);
    const line = {
      file: at(name),
      key: at('bob.key'),
      cert: at('bob.crt'),
      anchors: [at('root.crt')],
      at: NOW,
    };
    const told = await answerLine(JSON.stringify(line), 1, NOW);
    if ('error' in told) throw new Error(told.error);
    const [encryption, signature, trust] = told.stages as Record<string, unknown>[];
    expect({ sha256: told.sha256, kind: told.kind }).toEqual({ sha256, kind: 'message' });
    expect(encryption).toMatchObject({
      cipher: `${one.cipher}-cbc`,
      recipients: [{ transport: one.transport, given: true }],
      decrypted: true,
    });
    expect(signature).toMatchObject({ form: one.form, signers: [{ verified: true, digest: one.digest }] });
    expect(trust).toMatchObject({ verdict: 'trusted', sender: 'alice@direct.a.example' });
  });
});
