import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { accessOf } from '../../src/cli/cert/access.ts';
import { openAuthority } from '../../src/cli/cert/authority.ts';
import { main } from '../../src/cli/program.ts';
import { type HttpServer, serveHttp } from '../../src/http/server.ts';
import { realHost } from '../../src/net/real.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { generateKey, keyPool } from '../../src/pki/keys.ts';
import { bundleReply } from '../../src/trust/bundle/publish.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-bundle-'));
const path = (name: string) => join(folder, name);
const host = realHost();
const DAY = 86_400_000;

interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** Runs the verb in this process, one after another: starting Node for each would take most of the time. */
let last: Promise<unknown> = Promise.resolve();
const anchorage = (...args: string[]): Promise<Done> => {
  const done = last.then(() => run(args));
  last = done;
  return done;
};
async function run(args: readonly string[]): Promise<Done> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  process.exitCode = 0;
  try {
    return { code: await main(['bundle', ...args]), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = 0;
  }
}
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await anchorage(...args, '--format', 'json');
  return { code, stderr, data: stdout === '' ? undefined : JSON.parse(stdout) };
};

function person(name: string, profile: 'root' | 'bundle-signer'): void {
  const issued = issueCertificate({
    profile,
    subject: { CN: name },
    key: generateKey({ kind: 'rsa', bits: 2048 }),
    issuer: 'self',
    notBefore: host.now() - DAY,
    notAfter: host.now() + 400 * DAY,
  });
  writeFileSync(path(`${name}.crt`), writePem('CERTIFICATE', issued.certificate.der));
  writeFileSync(path(`${name}.key`), issued.key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

let server: HttpServer;
let served: string;
const home = process.cwd();
beforeAll(async () => {
  process.chdir(folder);
  for (const name of ['one', 'two', 'three']) person(name, 'root');
  for (const name of ['publisher', 'stranger']) person(name, 'bundle-signer');
  writeFileSync(path('anchorage.yaml'), 'network: { allowPrivate: [127.0.0.1] }\n');
  writeFileSync(
    path('community.yaml'),
    `title: Community
purpose: Tests
environment: production
policy: { accreditation: { required: true } }
members:
  - { name: One, certificate: one.crt, accreditation: { programme: P, from: 2020-01-01, to: 2099-01-01 } }
  - { name: Two, certificate: two.crt }
`,
  );
  server = await serveHttp(host, {
    at: { host: '127.0.0.1', port: 0 },
    handle: (request) => bundleReply(request, served, readFileSync(path(served))),
  });
});
afterAll(async () => {
  process.chdir(home);
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('anchorage bundle', () => {
  it('builds, shows, verifies, lints and compares', async () => {
    const signing = ['--signer', 'publisher.crt', '--signer-key', 'publisher.key'];
    const built = await Promise.all([
      anchorage('build', '-o', 'two.p7b', '--anchor', 'one.crt', 'two.crt'),
      anchorage('build', '-o', 'three.p7m', '--anchor', 'one.crt', 'two.crt', 'three.crt', ...signing),
      json('build', 'community.yaml', '-o', 'refused.p7b'),
      json('build', 'community.yaml', '-o', 'left.p7b', '--leave-out'),
    ]);
    expect(built.map(({ code }) => code)).toEqual([0, 0, 1, 1]);
    expect(built[2].data).toMatchObject({
      file: null,
      participants: [{ admitted: true }, { admitted: false }],
    });
    expect(built[3].data.participants[1].refusals).toEqual(['it has no accreditation record']);
    const [shown, good, wrong, unsigned, linted, different, same] = await Promise.all([
      json('show', 'left.p7b'),
      json('verify', 'three.p7m', '--pin', 'publisher.crt'),
      anchorage('verify', 'three.p7m', '--pin', 'stranger.crt'),
      anchorage('verify', 'two.p7b', '--pin', 'publisher.crt'),
      json('lint', 'two.p7b', '--at', '2099-01-01'),
      json('diff', 'two.p7b', 'three.p7m'),
      anchorage('diff', 'two.p7b', 'two.p7b'),
    ]);
    expect(shown.data).toMatchObject({
      form: 'unsigned',
      anchors: [{ subject: 'CN=one' }],
      metadata: { profile: 'Community' },
    });
    expect(good).toMatchObject({ code: 0, data: { form: 'signed', signature: { pinned: true } } });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('not by the pinned signer') });
    expect(unsigned).toMatchObject({ code: 1, stderr: expect.stringContaining('is not signed') });
    expect(linted).toMatchObject({
      code: 1,
      data: { notes: expect.arrayContaining([expect.objectContaining({ code: 'bundle.anchor-expired' })]) },
    });
    expect(different).toMatchObject({ code: 1, data: { added: [{ subject: 'CN=three' }], same: 2 } });
    expect(same.code).toBe(0);
  });

  it('subscribes, refreshes, keeps what is good, and goes back', async () => {
    served = 'two.p7b';
    const url = `http://127.0.0.1:${server.addr.port}/community.p7b`;
    expect(await anchorage('subscribe', url)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('plain http'),
    });
    expect(
      await anchorage('subscribe', url, '--unauthenticated', '--domain', 'a.example', 'b.example:in'),
    ).toMatchObject({ code: 0 });
    expect((await json('subscribe')).data.subscriptions).toMatchObject([
      {
        id: 'community',
        domains: [
          { domain: 'a.example', outgoing: true },
          { domain: 'b.example', outgoing: false },
        ],
      },
    ]);
    const first = await json('refresh');
    expect(first).toMatchObject({ code: 0, data: { bundles: [{ anchors: { length: 2 }, failure: null }] } });
    expect((await json('refresh', 'community')).data.events).toMatchObject([{ kind: 'unchanged' }]);
    served = 'anchorage.yaml';
    expect(await json('refresh')).toMatchObject({
      code: 1,
      data: { bundles: [{ anchors: { length: 2 }, failure: { code: 'bundle.format' } }] },
    });
    served = 'three.p7m';
    expect((await json('refresh')).data.bundles[0].anchors).toHaveLength(3);
    expect((await json('refresh', 'community', '--rollback')).data.bundles[0].anchors).toHaveLength(2);
    expect(await anchorage('subscribe', '--remove', '--id', 'community')).toMatchObject({ code: 0 });
    expect((await json('subscribe')).data.subscriptions).toEqual([]);
  });

  it('publishes the demo communities, and writes nothing that did not change', async () => {
    const first = await json('publish', '--folder', 'public');
    expect(first.code).toBe(0);
    expect(
      first.data.bundles.map(({ name, number }: { name: string; number: number }) => [name, number]),
    ).toEqual([
      ['accredited', 1],
      ['interoperability-test', 1],
      ['provisional', 1],
    ]);
    const bytes = readFileSync(path('public/accredited.p7b'));
    const again = await json('publish', '--folder', 'public');
    expect(again.data.bundles.every(({ changed }: { changed: boolean }) => !changed)).toBe(true);
    expect(readFileSync(path('public/accredited.p7b'))).toEqual(bytes);
  });

  it('signs with a key of an authority’s folder, and leaves what it signed before as it is', async () => {
    const dir = path('vault');
    const authority = openAuthority(dir, () => Date.now());
    const key = keyPool.take('p256', 3);
    const { certificate } = issueCertificate({
      profile: 'bundle-signer',
      subject: { CN: 'Vault' },
      key,
      issuer: 'self',
      notBefore: Date.now() - DAY,
      notAfter: Date.now() + DAY,
    });
    writeFileSync(path('vault.pass'), 'a passphrase of some length\n');
    const secret = { passphraseFile: path('vault.pass') };
    authority.add('vault', certificate, accessOf({ dir, ...secret }), key);
    const signing = ['--signer-name', 'vault', '--dir', dir, '--passphrase-file', secret.passphraseFile];
    const first = await json('publish', '--folder', 'signed', ...signing);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const { code } = await anchorage('verify', 'signed/accredited.p7m', '--pin', 'vault/vault.cer');
    expect(code).toBe(0);
    // an ECDSA signature differs each time
    const again = await json('publish', '--folder', 'signed', ...signing);
    expect(again.data.bundles.every(({ changed }: { changed: boolean }) => !changed)).toBe(true);
    const uses = readFileSync(path('vault/journal.ndjson'), 'utf8').match(/sign the bundle/g);
    expect(uses).toHaveLength(first.data.bundles.length);
    const mixed = await anchorage('build', '-o', 'x', '--anchor', 'one.crt', ...signing, '--signer', 'x');
    expect(mixed).toMatchObject({ code: 2, stderr: expect.stringContaining('stands alone') });
  });

  it('takes no certificate for an anchor that is no CA', async () => {
    const leaf = await anchorage('build', '-o', 'leaf.p7b', '--anchor', 'one.crt', 'publisher.crt');
    expect(leaf).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('publisher.crt: CN=publisher is no CA certificate'),
    });
    expect(existsSync(path('leaf.p7b'))).toBe(false);
  });

  it('says what is wrong with what it was given', async () => {
    const runs = await Promise.all([
      anchorage('show', 'absent.p7b'),
      anchorage('verify', 'two.p7b'),
      anchorage('build', '-o', 'x'),
      anchorage('refresh', 'nobody'),
      anchorage('show', 'two.p7b', '--at', 'yesterday'),
    ]);
    expect(runs.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      runs.map(() => ({ code: 2, stdout: '' })),
    );
  });
});
