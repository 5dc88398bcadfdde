import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { type Answer, answerLine, type BadLine } from '../../src/cli/cert/batch.ts';
import { createMaterial } from '../../src/cli/cert/material.ts';
import { readAt } from '../../src/cli/cert/time.ts';
import { type CrlSpec, issueCrl } from '../../src/pki/crl.ts';
import { type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { DAY, ecLeaf, intermediate, NOW, root } from '../pki/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const pem = ({ certificate }: Issued) => writePem('CERTIFICATE', certificate.der);

const anchor = root('Anchor', 0);
const middle = intermediate(anchor, 'Middle', 1, { policies: ['1.2.3', '1.2.4'] });
const bob = ecLeaf(middle, 'bob@d.example', { serial: 5, policies: ['1.2.3'] });
const list = (issuer: Issued, spec: Partial<CrlSpec> = {}) =>
  writePem(
    'X509 CRL',
    issueCrl({ issuer, number: 2, thisUpdate: NOW - DAY, nextUpdate: NOW + DAY, revoked: [], ...spec }),
  );
const listed = (serial: string) => ({ revoked: [{ serial, at: NOW - DAY, reason: 'superseded' as const }] });

const question = {
  id: 'q',
  leaf: pem(bob),
  anchors: [pem(anchor)],
  intermediates: [pem(middle)],
  at: new Date(NOW).toISOString(),
};
const material = createMaterial();
const ask = async (change: object = {}) =>
  (await answerLine(JSON.stringify({ ...question, ...change }), 7, material, NOW)) as Answer & BadLine;

const old = root('Old', 0, { key: keyPool.take('rsa1024', 0), digest: 'sha1' });
const lists = [list(anchor), list(middle)];
const signer = issueCertificate({
  profile: 'crl-signer',
  subject: middle.certificate.subjectDer,
  key: keyPool.take('p256', 4),
  issuer: anchor,
  notBefore: NOW - DAY,
  notAfter: NOW + DAY,
});

const rows: [title: string, change: object, code: string][] = [
  ['a good path', {}, 'ok'],
  ['DER files', { leaf: file('bob.cer', bob.certificate.der), anchors: [file('a.pem', pem(anchor))] }, 'ok'],
  ['base64', { leaf: Buffer.from(bob.certificate.der).toString('base64') }, 'ok'],
  ['several in one PEM', { intermediates: [pem(anchor) + pem(middle)] }, 'ok'],
  ['no intermediate', { intermediates: [] }, 'trust.no-path'],
  ['no anchor', { anchors: [] }, 'trust.no-anchors'],
  ['another anchor of the same name', { anchors: [pem(root('Anchor', 3))] }, 'trust.constraint'],
  ['expired', { at: new Date(NOW + 800 * DAY).toISOString() }, 'trust.anchor-expired'],
  ['an expired leaf', { leaf: pem(ecLeaf(middle, 'b@d.example', { notAfter: NOW - DAY })) }, 'cert.expired'],
  ['not yet', { leaf: pem(ecLeaf(middle, 'b@d.example', { notBefore: NOW + DAY })) }, 'cert.not-yet-valid'],
  ['its address', { name: 'BOB@d.example' }, 'ok'],
  ['another address', { name: 'eve@d.example' }, 'cert.binding'],
  ['its domain only', { name: 'd.example' }, 'cert.binding'],
  ['no lists, and they are required', { requireRevocation: true }, 'cert.revocation-unknown'],
  ['lists', { requireRevocation: true, crls: lists }, 'ok'],
  ['revoked', { crls: [list(anchor), list(middle, listed('05'))] }, 'cert.revoked'],
  [
    'a revoked intermediate',
    { crls: [list(anchor, listed(middle.certificate.serial)), list(middle)] },
    'trust.constraint',
  ],
  [
    'a forged list, when lists are required',
    { requireRevocation: true, crls: [lists[0], list(middle, { signWith: keyPool.take('p256', 6) })] },
    'cert.revocation-unknown',
  ],
  [
    'a forged list, when they are not',
    { crls: [list(middle, { ...listed('05'), signWith: keyPool.take('p256', 6) })] },
    'ok',
  ],
  [
    'a list that a key of its own signed',
    {
      requireRevocation: true,
      intermediates: [pem(middle), pem(signer)],
      crls: [lists[0], list(middle, { signWith: signer.key })],
    },
    'ok',
  ],
  [
    'a list that a revoked key signed',
    {
      requireRevocation: true,
      intermediates: [pem(middle), pem(signer)],
      crls: [list(anchor, listed(signer.certificate.serial)), list(middle, { signWith: signer.key })],
    },
    'cert.revocation-unknown',
  ],
  [
    'a delta that revokes',
    { requireRevocation: true, crls: [...lists, list(middle, { ...listed('05'), number: 3, deltaBase: 2 })] },
    'cert.revoked',
  ],
  [
    'a delta that lifts a hold',
    {
      requireRevocation: true,
      crls: [
        lists[0],
        list(middle, { revoked: [{ serial: '05', at: NOW - DAY, reason: 'certificateHold' }] }),
        list(middle, {
          revoked: [{ serial: '05', at: NOW - DAY, reason: 'removeFromCRL' }],
          number: 3,
          deltaBase: 2,
        }),
      ],
    },
    'ok',
  ],
  [
    'a delta alone',
    { requireRevocation: true, crls: [lists[0], list(middle, { number: 3, deltaBase: 2 })] },
    'cert.revocation-unknown',
  ],
  [
    'a delta on a list that we do not have',
    { requireRevocation: true, crls: [...lists, list(middle, { ...listed('05'), number: 4, deltaBase: 3 })] },
    'ok',
  ],
  ['a policy that is there', { policies: ['1.2.3'], explicitPolicy: true }, 'ok'],
  ['a policy that is not', { policies: ['1.2.9'], explicitPolicy: true }, 'trust.constraint'],
  ['SHA-1 and RSA 1024', { leaf: pem(ecLeaf(old, 'b@d.example')), anchors: [pem(old)] }, 'trust.constraint'],
  [
    'SHA-1 and RSA 1024, permissive',
    {
      leaf: pem(ecLeaf(old, 'b@d.example', { digest: 'sha1' })),
      anchors: [pem(old)],
      profile: 'permissive',
    },
    'ok',
  ],
  ['no certificate at all', { leaf: file('text.pem', 'hello') }, 'cert.unparsable'],
];

describe('cert verify --batch (issue 3)', () => {
  it.each(rows)('%s', async (_, change, code) => {
    const answer = await ask(change);
    expect(answer.error).toBeUndefined();
    expect(answer).toMatchObject({ id: 'q', valid: code === 'ok', code });
    expect(answer.path.length > 0).toBe(code === 'ok');
  });

  it('tells the path and what was rejected', async () => {
    expect((await ask()).path.map(({ subject }) => subject)).toEqual([
      'CN=bob, O=Clinic',
      'CN=Middle, O=Test',
      'CN=Anchor, O=Test',
    ]);
    const [rejected] = (await ask({ crls: [list(middle, listed('05'))] })).rejected;
    expect(rejected).toMatchObject({ code: 'cert.revoked', anchor: 'CN=Anchor, O=Test' });
    expect((await ask({ profile: 'permissive' })).note).toContain('SHA-1');
  });

  it('leaves out what cannot be read, and says so', async () => {
    const answer = await ask({ intermediates: [pem(middle), file('junk.cer', 'junk')] });
    expect(answer).toMatchObject({ valid: true });
    expect(answer.ignored?.[0]).toContain('junk.cer');
    expect(await ask({ comment: 'of no use' })).toMatchObject({ valid: true, ignored: ['the key comment'] });
  });

  it.each([
    ['not JSON', '{"id":', { line: 7 }],
    ['a missing leaf', '{"id":"x","anchors":[]}', { id: 'x', line: 7 }],
    ['a slip of the pen', JSON.stringify({ ...question, requireRevocaton: true }), { id: 'q' }],
    ['a file that is not there', JSON.stringify({ ...question, leaf: '/nowhere/x.pem' }), { id: 'q' }],
    ['an anchor that is none', JSON.stringify({ ...question, anchors: [file('n.pem', 'no')] }), { id: 'q' }],
    ['a time that is none', JSON.stringify({ ...question, at: 'soon' }), { id: 'q' }],
    ['an array', '[]', { line: 7 }],
    ['null', 'null', { line: 7 }],
  ])('a bad line: %s', async (_, text, expected) => {
    const answer = await answerLine(text, 7, material, NOW);
    expect(answer).toMatchObject(expected);
    expect(answer).toHaveProperty('error', expect.stringMatching(/.{8}/));
    expect(answer).not.toHaveProperty('valid');
  });
});

describe('the time that counts', () => {
  it.each([
    ['2026-03-01', Date.UTC(2026, 2, 1)],
    ['2026-03-01T12:00:00Z', Date.UTC(2026, 2, 1, 12)],
    ['2026-03-01T12:00', Date.UTC(2026, 2, 1, 12)],
    ['2026-03-01T12:00:00+02:00', Date.UTC(2026, 2, 1, 10)],
    [1_772_366_400, 1_772_366_400_000],
    ['1772366400000', 1_772_366_400_000],
  ])('%s', (text, ms) => expect(readAt(text)).toBe(ms));
});

const run = (args: string[], input = '') =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const main = join(import.meta.dirname, '../../src/main.ts');
    const child = execFile(
      process.execPath,
      [main, 'cert', 'verify', ...args],
      { cwd: folder },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });

describe('the verb', () => {
  it('answers a batch line by line, and goes on after a bad one', async () => {
    const lines = [
      JSON.stringify(question),
      'oops',
      '',
      JSON.stringify({ ...question, id: 2, intermediates: [] }),
    ];
    const { code, stdout, stderr } = await run(['--batch'], `${lines.join('\n')}\n`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toMatchObject([
      { id: 'q', valid: true, code: 'ok' },
      { line: 2, error: expect.stringContaining('JSON') },
      { id: 2, valid: false, code: 'trust.no-path' },
    ]);
  });

  it('verifies one', async () => {
    const args = [
      '--leaf',
      file('l.pem', pem(bob)),
      '--anchor',
      file('r.pem', pem(anchor)),
      '--at',
      question.at,
      '--no-fetch',
    ];
    const [good, bad, none] = await Promise.all([
      run([...args, '--intermediate', file('i.pem', pem(middle))]),
      run([...args, '--format', 'json']),
      run(['--anchor', 'r.pem']),
    ]);
    expect(good.stdout).toContain('✓ valid');
    expect(good.code).toBe(0);
    expect(JSON.parse(bad.stdout)).toMatchObject({ valid: false, code: 'trust.no-path' });
    expect(bad.code).toBe(1);
    expect(none).toMatchObject({ code: 2, stdout: '' });
  });
});
