import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Answer, answerLine } from '../../src/cli/cert/batch.ts';
import { createMaterial } from '../../src/cli/cert/material.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');
const folder = mkdtempSync(join(tmpdir(), 'anchorage-cert-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const sh = (script: string, env: Record<string, string> = {}): string =>
  execFileSync('sh', ['-ec', script], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      openssl: openssl!,
      anchorage: `${process.execPath} ${join(import.meta.dirname, '../../src/main.ts')}`,
      ANCHORAGE_PASSPHRASE: 'correct horse',
      ...env,
    },
  });

describe.skipIf(!openssl)('openssl and cert issue, import, export', () => {
  it('verifies our chain, opens our key, and ours takes its PKCS #8', () => {
    const told = sh(`
      exec 2>&1
      $anchorage cert issue root Anchor --key p256
      $anchorage cert issue intermediate Issuing --key rsa2048
      $anchorage cert issue address bob@d.example
      echo 'other words' > pass
      $anchorage cert export bob@d.example --out bob.pem --key-out bob.key --key-out-passphrase-file pass
      $openssl verify -x509_strict -purpose smimesign -CAfile authority/anchor.cer -untrusted authority/issuing.cer bob.pem
      $openssl pkey -in bob.key -passin file:pass -pubout > public.pem
      $openssl x509 -in bob.pem -noout -pubkey | cmp - public.pem && echo same key
      $anchorage cert export bob@d.example --chain --format p7c --out bob.p7c
      $openssl pkcs7 -inform DER -in bob.p7c -print_certs | grep -c BEGIN
      $openssl req -x509 -newkey rsa:2048 -keyout in.key -passout file:pass -out in.pem -subj /CN=Foreign -days 9
      $anchorage cert import in.pem --key in.key --key-passphrase-file pass
      $anchorage cert issue intermediate Below --issuer foreign --key p256
      $openssl verify -partial_chain -CAfile in.pem authority/below.cer
    `);
    expect(told).toContain('bob.pem: OK');
    expect(told).toContain('same key');
    expect(told).toMatch(/^3$/m);
    expect(told).toContain('below.cer: OK');
  });
});

describe.skipIf(!openssl)('old test material that openssl makes', () => {
  it('DSA and SHA-1 are good under the permissive profile and nowhere else', async () => {
    sh(`
      exec 2>/dev/null
      $openssl dsaparam -out dsa.par 1024
      $openssl gendsa -out ca.key dsa.par
      printf '[req]\\ndistinguished_name=d\\n[d]\\n[ca]\\nbasicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n[ee]\\nsubjectAltName=email:bob@d.example\\n' > c.cnf
      $openssl req -x509 -new -sha256 -key ca.key -config c.cnf -extensions ca -subj /CN=DSA -days 9 -out ca.pem
      $openssl req -new -newkey rsa:1024 -nodes -keyout ee.key -config c.cnf -subj /CN=bob -out ee.csr
      $openssl x509 -req -sha1 -in ee.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile c.cnf -extensions ee -days 9 -out ee.pem
      $openssl verify -CAfile ca.pem -auth_level 0 ee.pem
    `);
    const ask = async (profile: string) =>
      (await answerLine(
        JSON.stringify({ leaf: at('ee.pem'), anchors: [at('ca.pem')], profile, name: 'bob@d.example' }),
        1,
        createMaterial(),
        Date.now(),
      )) as Answer;
    expect(await ask('permissive')).toMatchObject({ valid: true, code: 'ok' });
    for (const profile of ['1.2', '1.3']) expect(await ask(profile)).toMatchObject({ valid: false });
  });
});
