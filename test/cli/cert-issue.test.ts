import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openKey, SealError, sealKey } from '../../src/custody/sealed-key.ts';
import { parseCertificateText } from '../../src/pki/certificate.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-issue-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const cert = (...args: string[]) => runInProcess(['cert', ...args]);

const before = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  vi.stubEnv('ANCHORAGE_PASSPHRASE', 'correct horse');
});
afterAll(() => {
  process.chdir(before);
  vi.unstubAllEnvs();
});

describe('a sealed key', () => {
  const { privateKey, spki } = keyPool.take('p256', 0);
  const secret = Buffer.from('correct horse');
  const text = sealKey(privateKey, secret, spki);

  it('opens with its secret, beside its certificate', () => {
    expect(openKey(text, secret, spki).equals(privateKey)).toBe(true);
    expect(text).not.toContain('PRIVATE');
    expect(sealKey(privateKey, secret, spki)).not.toBe(text);
  });

  const change = (field: string, value: unknown) => JSON.stringify({ ...JSON.parse(text), [field]: value });
  it.each([
    ['another secret', text, 'wrong', spki],
    ['another certificate', text, 'correct horse', keyPool.take('p256', 1).spki],
    ['a changed file', change('sealed', Buffer.alloc(140).toString('base64')), 'correct horse', spki],
    ['a short tag', change('tag', 'AAAA'), 'correct horse', spki],
    ['a number of rounds that is none', change('n', 30_000), 'correct horse', spki],
    ['4 GiB of memory', change('n', 1_048_576), 'correct horse', spki],
    ['another format', '{}', 'correct horse', spki],
    ['text', 'hello', 'correct horse', spki],
  ])('stays shut: %s', (_, file, word, own) => {
    expect(() => openKey(file, Buffer.from(word), own)).toThrow(SealError);
  });
});

describe('cert issue, show, import, export', () => {
  const names = ['anchor', 'issuing', 'bob@direct.clinic.example', 'direct.clinic.example'];
  beforeAll(async () => {
    const common = ['--dir', 'ca', '--key', 'p256', '--organization', 'Clinic'];
    const steps = [
      ['root', 'Anchor'],
      ['intermediate', 'Issuing'],
      ['address', 'bob@direct.clinic.example', '--common-name', 'Dr Bob', '--policy', '1.2.3'],
      ['domain', 'direct.clinic.example', '--days', '90', '--crl-url', 'http://pki.clinic.example/i.crl'],
    ];
    for (const step of steps) {
      const { code, stderr } = await cert('issue', ...step, ...common);
      // what a certificate lacks is told, and is no error
      const told = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('It '));
      expect({ code, told }).toEqual({ code: 0, told: [] });
    }
  });

  it('makes a chain that verifies', async () => {
    for (const [leaf, name] of [
      [names[2]!, 'bob@direct.clinic.example'],
      [names[3]!, 'ann@direct.clinic.example'],
    ] as const) {
      const args = [
        '--leaf',
        `ca/${leaf}.cer`,
        '--anchor',
        'ca/anchor.cer',
        '--intermediate',
        'ca/issuing.cer',
      ];
      const { code, stdout } = await cert('verify', ...args, '--name', name, '--no-fetch');
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('valid') });
    }
  });

  it('keeps keys sealed and to their owner, and notes every use', () => {
    for (const name of names) {
      expect(statSync(at(`ca/${name}.key`)).mode & 0o077).toBe(0);
      expect(JSON.parse(readFileSync(at(`ca/${name}.key`), 'utf8'))).toMatchObject({ kdf: 'scrypt' });
    }
    const journal = readFileSync(at('ca/journal.ndjson'), 'utf8').trim().split('\n');
    expect(journal.map((line) => JSON.parse(line).use)).toEqual([
      'added with its key',
      'issue intermediate Issuing',
      'added with its key',
      'issue address bob@direct.clinic.example',
      'added with its key',
      'issue domain direct.clinic.example',
      'added with its key',
    ]);
  });

  it('shows', async () => {
    const { stdout } = await cert('show', 'ca/bob@direct.clinic.example.cer', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      certificates: [
        {
          subject: 'CN=Dr Bob, O=Clinic',
          issuer: 'CN=Issuing, O=Clinic',
          names: ['email:bob@direct.clinic.example'],
          keyUsage: ['digitalSignature'],
          policies: ['1.2.3'],
          ca: false,
          cert: { algorithm: 13 },
        },
      ],
    });
    expect((await cert('show', 'ca/anchor.cer')).stdout).toContain('CN=Anchor, O=Clinic');
  });

  it('exports and takes in again', async () => {
    writeFileSync(at('out.pass'), 'another secret\n');
    const written = await cert(
      ...['export', names[2]!, '--dir', 'ca', '--chain', '--out', 'bob.pem'],
      ...['--key-out', 'bob.key', '--key-out-passphrase-file', 'out.pass'],
    );
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(at('bob.pem'), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(readFileSync(at('bob.key'), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    const taken = await cert(
      ...['import', 'bob.pem', '--dir', 'other', '--key', 'bob.key', '--key-passphrase-file', 'out.pass'],
    );
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    const [first, second] = ['ca', 'other'].map((dir) =>
      parseCertificateText(readFileSync(at(`${dir}/${names[2]}.cer`))),
    );
    expect(first!.sha256).toBe(second!.sha256);
  });

  it.each([
    ['a name that is taken', ['issue', 'domain', 'direct.clinic.example', '--dir', 'ca'], 'already'],
    ['no authority', ['issue', 'address', 'a@b.example', '--dir', 'empty'], 'no authority in empty'],
    [
      'an issuer that is none',
      ['issue', 'address', 'a@b.example', '--dir', 'ca', '--issuer', names[2]!],
      'no authority',
    ],
    ['no address', ['issue', 'address', 'bob', '--dir', 'ca'], 'is no address'],
    [
      'encrypting to an elliptic key',
      ['issue', 'address', 'c@b.example', '--dir', 'ca', '--key', 'p256', '--use', 'encrypt'],
      'cannot be encrypted to',
    ],
    ['another key', ['import', 'ca/anchor.cer', '--dir', 'third', '--key', 'other.pem'], 'is not the key of'],
    ['a key in the clear', ['export', 'anchor', '--dir', 'ca', '--key-out', 'k.pem'], 'only encrypted'],
    [
      'the wrong passphrase',
      ['issue', 'address', 'd@b.example', '--dir', 'ca', '--passphrase-file', 'wrong.pass'],
      'does not open',
    ],
    ['nothing to show', ['show', 'wrong.pass'], 'holds no certificate, no revocation list and no request'],
    ['a file that is not there', ['show', 'absent'], 'there is no file absent'],
    ['a list of somebody who is no CA', ['crl', names[2]!, '--dir', 'ca'], 'is not a CA'],
    ['the log of no folder', ['log', '--dir', 'absent'], 'there is no folder absent'],
  ])('refuses: %s', async (_, args, text) => {
    writeFileSync(at('wrong.pass'), 'some other words\n');
    writeFileSync(
      at('other.pem'),
      keyPool.take('p256', 3).privateKey.export({ type: 'sec1', format: 'pem' }),
    );
    const { code, stdout, stderr } = await cert(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(existsSync(at('k.pem'))).toBe(false);
  });
});
