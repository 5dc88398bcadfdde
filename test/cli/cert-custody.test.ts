import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openState } from '../../src/cli/demo/state.ts';
import { openKey, sealKey as sealFile } from '../../src/custody/sealed-key.ts';
import { serveSigner } from '../../src/custody/signer-server.ts';
import { realHost } from '../../src/net/real.ts';
import { parseCertificateText } from '../../src/pki/certificate.ts';
import { parseCrl } from '../../src/pki/crl.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { readPrivateKey } from '../../src/pki/pkcs8.ts';
import { readPkcs12 } from '../../src/pki/pkcs12.ts';
import { putIdentity, readIdentities } from '../../src/store/identities.ts';
import { openStore } from '../../src/store/open.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { openPrivateKey, sealKey, sealPrivateKey } from '../../src/store/seal.ts';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-custody-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const cert = (...args: string[]) => runInProcess(['cert', ...args]);
const well = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await cert(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};
const certificate = (name: string) => parseCertificateText(readFileSync(at(`${name}.cer`)));
const crl = (name: string) => parseCrl(readFileSync(at(name)));

const before = process.cwd();
beforeAll(async () => {
  process.chdir(folder);
  vi.stubEnv('ANCHORAGE_PASSPHRASE', 'correct horse');
  writeFileSync(at('new.pass'), 'another secret\n');
  writeFileSync(at('ann.pass'), 'ann is here\n');
  writeFileSync(at('ben.pass'), 'ben is there\n');
  await well('issue', 'root', 'Anchor', '--key', 'p256', '--dir', 'ca');
  await well('issue', 'domain', 'd.example', '--key', 'p256', '--dir', 'ca');
});
afterAll(() => {
  process.chdir(before);
  vi.unstubAllEnvs();
});

describe('cert renew', () => {
  it('gives a new certificate of the same name with a new key, and says when the old one can go', async () => {
    const said = await well('renew', 'd.example', '--dir', 'ca');
    const [old, made] = [certificate('ca/d.example'), certificate('ca/d.example-2')];
    expect(made).toMatchObject({
      dnsNames: ['d.example'],
      policies: old.policies,
      eku: old.eku,
      aki: old.aki,
    });
    expect(made.serial).not.toBe(old.serial);
    expect(Buffer.compare(made.spki, old.spki)).not.toBe(0);
    expect(said).toContain(`valid until ${new Date(old.notAfter).toISOString().slice(0, 10)}`);
    expect(said).toMatch(/Keep the old key for decrypting/);
  });

  it('keeps the key when asked, and it opens under the new name', async () => {
    await well('renew', 'd.example', '--dir', 'ca', '--same-key', '--as', 'same', '--days', '90');
    expect(Buffer.compare(certificate('ca/same').spki, certificate('ca/d.example').spki)).toBe(0);
    await well(
      'export',
      'same',
      '--dir',
      'ca',
      '--format',
      'p12',
      '--out',
      'same.p12',
      '--key-out-passphrase-file',
      'new.pass',
    );
    expect(readPkcs12(readFileSync(at('same.p12')), 'another secret').leaf?.certificate.sha256).toBe(
      certificate('ca/same').sha256,
    );
  });

  it('renews an anchor beside the old one', async () => {
    await well('issue', 'root', 'Old', '--key', 'p256', '--dir', 'anchors');
    await well('renew', 'old', '--dir', 'anchors');
    await well('renew', 'old', '--dir', 'anchors', '--same-key', '--as', 'again');
    for (const name of ['old-2', 'again'])
      expect(certificate(`anchors/${name}`)).toMatchObject({ isCa: true, signatureAgrees: true });
  });
});

describe('cert revoke and cert crl', () => {
  it('hold, lift, revoke: every list has a number of its own, one more each time', async () => {
    const { serial } = certificate('ca/d.example');
    await well('revoke', 'd.example', '--dir', 'ca', '--reason', 'certificateHold');
    expect(crl('ca/anchor.crl').find(serial)).toMatchObject({ reason: 'certificateHold' });
    await well('revoke', 'd.example', '--dir', 'ca', '--reason', 'removeFromCRL', '--delta');
    expect(crl('ca/anchor.crl')).toMatchObject({ number: 2n, count: 0 });
    expect(crl('ca/anchor.delta.crl').find(serial)).toMatchObject({ reason: 'removeFromCRL' });
    await well('revoke', 'd.example', '--dir', 'ca', '--reason', 'keyCompromise', '--at', '2020-01-01');
    expect(crl('ca/anchor.crl').find(serial)).toMatchObject({
      reason: 'keyCompromise',
      at: Date.parse('2020-01-01'),
    });
    await well('revoke', 'AB:CD', '--serial', '--issuer', 'anchor', '--dir', 'ca');
    await well('crl', 'anchor', '--dir', 'ca', '--days', '2');
    const last = crl('ca/anchor.crl');
    expect(last).toMatchObject({ number: 5n, count: 2 });
    expect(last.find('abcd')).toMatchObject({ reason: 'unspecified' });
    expect(last.nextUpdate! - last.thisUpdate).toBe(2 * 86_400_000);
  });

  it.each([
    ['what is revoked for good', ['d.example', '--reason', 'removeFromCRL'], 'is not on hold'],
    ['what was revoked', ['d.example'], 'was revoked already'],
    ['an anchor', ['anchor'], 'no list can revoke it'],
    ['no serial number', ['xyz', '--serial', '--issuer', 'anchor'], 'is no serial number'],
    ['a serial number of nobody', ['ab', '--serial'], 'say who issued it'],
  ])('refuses: %s', async (_, args, text) => {
    const number = crl('ca/anchor.crl').number;
    const { code, stderr } = await cert('revoke', ...args, '--dir', 'ca');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(text) });
    expect(crl('ca/anchor.crl').number).toBe(number);
  });
});

describe('cert request and cert issue --csr', () => {
  it('a request is answered elsewhere, and its certificate finds its key', async () => {
    await well(
      'request',
      'address',
      'ann@x.example',
      '--key',
      'p256',
      '--dir',
      'mine',
      '--organization',
      'X',
    );
    await well('issue', 'address', 'ann@x.example', '--csr', 'mine/ann@x.example.csr', '--dir', 'ca');
    expect(existsSync(at('ca/ann@x.example.key'))).toBe(false);
    await well('import', 'ca/ann@x.example.cer', '--as', 'ann@x.example', '--dir', 'mine');
    await well(
      'export',
      'ann@x.example',
      '--dir',
      'mine',
      '--key-out',
      'ann.key',
      '--key-in-clear',
      '--out',
      'ann.pem',
    );
    expect(statSync(at('ann.key')).mode & 0o077).toBe(0);
    const key = readPrivateKey(readFileSync(at('ann.key')));
    expect(Buffer.compare(key.spki, certificate('ca/ann@x.example').spki)).toBe(0);
  });

  it('refuses another name, and a key that is not proven', async () => {
    const other = await cert(
      'issue',
      'address',
      'eve@x.example',
      '--csr',
      'mine/ann@x.example.csr',
      '--dir',
      'ca',
    );
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('asks for ann@x.example, not for'),
    });
    const pem = readFileSync(at('mine/ann@x.example.csr'), 'utf8');
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    der[der.length - 1]! ^= 1;
    writeFileSync(at('forged.csr'), der);
    const forged = await cert(
      'issue',
      'address',
      'ann@x.example',
      '--csr',
      'forged.csr',
      '--dir',
      'ca',
      '--as',
      'f',
    );
    expect(forged).toMatchObject({ code: 2, stderr: expect.stringContaining('not signed with its own key') });
  });
});

describe('cert import and export of PKCS #12', () => {
  it('takes keys and chain', async () => {
    await well('issue', 'domain', 'p.example', '--key', 'p256', '--dir', 'ca');
    await well(
      'export',
      'p.example',
      '--dir',
      'ca',
      '--format',
      'p12',
      '--chain',
      '--out',
      'p.p12',
      '--key-out-passphrase-file',
      'new.pass',
    );
    expect(statSync(at('p.p12')).mode & 0o077).toBe(0);
    await well('import', 'p.p12', '--dir', 'taken', '--key-passphrase-file', 'new.pass', '--as', 'mine');
    expect(certificate('taken/mine').sha256).toBe(certificate('ca/p.example').sha256);
    expect(existsSync(at('taken/anchor.cer'))).toBe(true);
    expect(existsSync(at('taken/mine.key'))).toBe(true);
    const wrong = await cert('import', 'p.p12', '--dir', 'other', '--key-passphrase-file', 'ann.pass');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('the password is wrong') });
  });

  it('never writes over a file, and never without a passphrase', async () => {
    const args = ['export', 'p.example', '--dir', 'ca', '--format', 'p12', '--out'];
    expect(await cert(...args, 'p.p12', '--key-out-passphrase-file', 'new.pass')).toMatchObject({ code: 2 });
    expect(await cert(...args, 'q.p12')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('only encrypted'),
    });
  });
});

describe('cert rekey', () => {
  it('seals every key anew; a run that was stopped half way goes on', async () => {
    await well('issue', 'root', 'R', '--key', 'p256', '--dir', 're');
    await well('issue', 'domain', 'r.example', '--key', 'p256', '--dir', 're');
    // as a run leaves it that was killed after the first of two files
    const { spki } = certificate('re/r');
    const key = openKey(readFileSync(at('re/r.key'), 'utf8'), Buffer.from('correct horse'), spki);
    writeFileSync(at('re/r.key'), sealFile(key, Buffer.from('another secret'), spki));
    expect(await well('rekey', '--dir', 're', '--new-passphrase-file', 'new.pass')).toMatch(
      /1 keys.*1 were already/,
    );
    for (const name of ['r', 'r.example'])
      openKey(
        readFileSync(at(`re/${name}.key`), 'utf8'),
        Buffer.from('another secret'),
        certificate(`re/${name}`).spki,
      );
    expect(await cert('crl', 'r', '--dir', 're')).toMatchObject({ code: 2 });
    await well('crl', 'r', '--dir', 're', '--passphrase-file', 'new.pass');
  });

  it('changes nothing when one key does not open', async () => {
    const text = readFileSync(at('re/r.key'), 'utf8');
    const wrong = await cert(
      'rekey',
      '--dir',
      're',
      '--passphrase-file',
      'ann.pass',
      '--new-passphrase-file',
      'ben.pass',
    );
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('opens neither') });
    expect(readFileSync(at('re/r.key'), 'utf8')).toBe(text);
  });
});

describe('two persons', () => {
  const ann = ['--who', 'Ann', '--person-passphrase-file', 'ann.pass'];
  const ben = ['--who', 'Ben', '--person-passphrase-file', 'ben.pass'];
  const dir = ['--dir', 'two'];
  const issue = ['issue', 'domain', 't.example', '--key', 'p256', ...dir];
  beforeAll(async () => {
    await well('issue', 'root', 'Two', '--key', 'p256', ...dir);
    await well('persons', 'add', 'Ann', ...dir, '--person-passphrase-file', 'ann.pass');
    await well('persons', 'add', 'Ben', ...dir, '--person-passphrase-file', 'ben.pass');
    await well('persons', 'require', ...dir);
  });

  it('asked, approved by another, done once', async () => {
    expect(await cert(...issue)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('two persons are asked for'),
    });
    const id = /approve ([0-9a-f]+)/.exec(
      await well(...issue, '--request', ...ann, '--why', 'new clinic'),
    )![1]!;
    expect(await well('approve', ...dir)).toContain('because: new clinic');
    const done = [...issue, '--approval', id, '--who', 'Ann'];
    expect(await cert(...done)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not approved yet'),
    });
    expect(await cert('approve', id, ...dir, ...ann)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('another person'),
    });
    expect(
      await cert('approve', id, ...dir, '--who', 'Ben', '--person-passphrase-file', 'ann.pass'),
    ).toMatchObject({ code: 2 });
    await well('approve', id, ...dir, ...ben);
    expect(await cert(...done, '--days', '9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('allows something else'),
    });
    await well(...done);
    rmSync(at('two/t.example.cer'));
    rmSync(at('two/t.example.key'));
    expect(await cert(...done)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was used already'),
    });
    expect(await well('log', ...dir)).toMatch(/issue domain t\.example \(approved by Ben\)/);
  });

  it('a changed request is not believed', async () => {
    const id = /approve ([0-9a-f]+)/.exec(await well('crl', 'two', ...dir, '--request', ...ann))![1]!;
    const file = at(`two/requests/${id}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('new list of two', 'new list of all'));
    expect(await cert('approve', id, ...dir, ...ben)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was changed'),
    });
  });

  it('one person alone cannot end it', async () => {
    expect(await cert('persons', 'release', ...dir)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('two persons'),
    });
  });

  it('a changed log is found, and no key is used then', async () => {
    const file = at('two/journal.ndjson');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"who":"Ben"', '"who":"Eve"'));
    expect(await cert('log', ...dir)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('was changed'),
    });
    expect(await cert(...issue, '--request', ...ann)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was changed'),
    });
    writeFileSync(
      file,
      text
        .trimEnd()
        .split('\n')
        .slice(0, -1)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect(await cert('log', ...dir)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('taken off its end'),
    });
    writeFileSync(file, text);
    expect(await cert('log', ...dir, '--head', '0'.repeat(63))).toMatchObject({ code: 1 });
  });
});

describe('an authority whose key an external signer holds', () => {
  it('issues, lists, asks', async () => {
    const { privateKey } = keyPool.take('p256', 5);
    const socket = at('s.sock');
    const served = await serveSigner(realHost(), {
      at: { host: socket, port: 0 },
      keys: [{ name: 'vault', privateKey }],
    });
    try {
      const held = ['--held', 'vault', '--signer', socket];
      await well('issue', 'root', 'Held', '--dir', 'held', ...held);
      await well('issue', 'domain', 'h.example', '--key', 'p256', '--dir', 'held');
      await well('crl', 'held', '--dir', 'held');
      await well('request', 'intermediate', 'Below', '--dir', 'held', ...held);
      expect(readFileSync(at('held/held.key'), 'utf8')).not.toContain('sealed');
      expect(
        await well('verify', '--leaf', 'held/h.example.cer', '--anchor', 'held/held.cer', '--no-fetch'),
      ).toContain('valid');
      expect(await cert('export', 'held', '--dir', 'held', '--key-out', 'x', '--key-in-clear')).toMatchObject(
        {
          code: 2,
          stderr: expect.stringContaining('does not leave it'),
        },
      );
    } finally {
      await served.close();
    }
    expect(await cert('crl', 'held', '--dir', 'held')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be reached'),
    });
  });
});

describe('policies', () => {
  it('are named from a data file', async () => {
    await well(
      'issue',
      'domain',
      'pol.example',
      '--key',
      'p256',
      '--dir',
      'ca',
      '--policy',
      'loa-3',
      '1.2.3',
    );
    expect(certificate('ca/pol.example').policies).toEqual(['1.3.6.1.4.1.41179.1.3', '1.2.3']);
    expect(
      await cert('issue', 'domain', 'q.example', '--dir', 'ca', '--key', 'p256', '--policy', 'loa3'),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean loa-3'),
    });
  });
});

describe('cert rekey --state', () => {
  it('gives a state folder and its stores another sealing key; keys from before sealing are sealed', async () => {
    const state = openState(at('state'));
    const seal = sealKey(state.path('seal-key'));
    const { privateKey } = keyPool.take('p256', 6);
    const name = 'pki/one/root.key';
    state.write(name, Buffer.from(sealPrivateKey(seal, name, privateKey)).toString('base64'), 'owner');
    state.write('pki/one/leaf.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'owner');
    const store = await openStore(realHost(), { file: state.path('store/one.sqlite') });
    const identity = {
      owner: 'd.example',
      purpose: 'dual',
      state: 'active',
      der: Buffer.from('c'),
      privateKey,
    } as const;
    await putIdentity(scopeOf(store.db, 'one'), seal, identity);
    await store.close();
    expect(await well('rekey', '--state', 'state')).toContain('3 keys');
    const fresh = sealKey(state.path('seal-key'));
    expect(Buffer.compare(fresh, seal)).not.toBe(0);
    for (const file of [name, 'pki/one/leaf.key']) {
      const text = state.read(file)!;
      expect(openPrivateKey(fresh, file, Buffer.from(text, 'base64')).equals(privateKey)).toBe(true);
    }
    const again = await openStore(realHost(), { file: state.path('store/one.sqlite') });
    const [kept] = await readIdentities(scopeOf(again.db, 'one'), fresh);
    expect(kept!.privateKey!.equals(privateKey)).toBe(true);
    await again.close();
  });
});
