import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { encodeOcspRequest, ocspGetUrl } from '../../src/pki/ocsp.ts';
import { anyPorts } from '../cli/any-ports.ts';
import { root } from '../pki/fixtures.ts';
import { peer } from './peers.ts';

const run = promisify(execFile);
const openssl = peer('openssl');
const folder = mkdtempSync(join(tmpdir(), 'anchorage-up-ocsp-'));
const file = (name: string) => join(folder, name);

let up: Up;
beforeAll(async () => {
  up = await start(
    configSchema.parse({
      state: file('state'),
      listen: anyPorts,
    }),
  );
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

const pem = (name: string, { certificate }: Issued): string => {
  writeFileSync(file(name), writePem('CERTIFICATE', certificate.der));
  return file(name);
};

/** One HISP's issuer, one of its certificates, and the responder's path as the certificate names it. */
function hisp(id: string) {
  const material = up.running.material.get(id)!;
  const leaf = [...material.leaves.values()][0]!;
  const path = new URL(leaf.certificate.ocspUrls[0]!).pathname;
  const { host, port } = up.running.places.http;
  return { ...material, leaf, path, origin: `http://${host}:${port}` };
}
const ids = () => Object.keys(up.running.network.hisps);

async function ask(id: string, named: Issued, ...more: string[]): Promise<string> {
  const { root: anchor, issuer, path, origin } = hisp(id);
  const args = [
    'ocsp',
    ...['-issuer', pem('issuer.pem', issuer), '-cert', pem('cert.pem', named)],
    ...['-CAfile', pem('root.pem', anchor), '-url', `${origin}${path}`, ...more],
  ];
  const { stdout, stderr } = await run('sh', ['-c', '"$0" "$@" 2>&1 || true', openssl!, ...args]);
  return stdout + stderr;
}

describe.skipIf(!openssl)('openssl ocsp asks the authorities of the demo network', () => {
  it('of every HISP: good, with a nonce, verified through the delegate', async () => {
    for (const id of ids()) {
      const told = await ask(id, hisp(id).leaf);
      expect(told).toMatch(/Response verify OK/);
      expect(told).toMatch(/cert\.pem: good/);
      expect(told).not.toMatch(/no nonce/);
    }
  });

  it('without a nonce, and with SHA-256', async () => {
    const [id] = ids();
    expect(await ask(id!, hisp(id!).leaf, '-no_nonce')).toMatch(/verify OK[\s\S]*: good/);
    const { leaf } = hisp(id!);
    expect(await ask(id!, leaf, '-sha256', '-cert', pem('again.pem', leaf))).toMatch(/again\.pem: good/);
  });

  it('another issuer’s certificate is unknown', async () => {
    expect(await ask(ids()[0]!, root('Other'))).toMatch(/cert\.pem: unknown/);
  });

  it('reads the answer to a GET', async () => {
    const { leaf, issuer, root: anchor, path, origin } = hisp(ids()[0]!);
    const { subjectDer, spki } = issuer.certificate;
    const request = encodeOcspRequest({ nameDer: subjectDer, spki }, [leaf.certificate.serialDer]);
    const answer = await fetch(ocspGetUrl(`${origin}${path}`, request));
    expect(answer.headers.get('content-type')).toBe('application/ocsp-response');
    const etag = answer.headers.get('etag')!;
    writeFileSync(file('answer.der'), Buffer.from(await answer.arrayBuffer()));
    const args = ['-respin', file('answer.der'), '-CAfile', pem('root.pem', anchor)];
    const named = ['-issuer', pem('issuer.pem', issuer), '-cert', pem('cert.pem', leaf)];
    const { stdout } = await run('sh', ['-c', '"$0" ocsp "$@" 2>&1', openssl!, ...args, ...named]);
    expect(stdout).toMatch(/verify OK[\s\S]*cert\.pem: good/);
    const again = await fetch(ocspGetUrl(`${origin}${path}`, request), {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });

  it('lists and issuers carry media type and ETag', async () => {
    const { leaf, origin } = hisp(ids()[0]!);
    for (const [url, type] of [
      [leaf.certificate.crlUrls[0]!, 'application/pkix-crl'],
      [leaf.certificate.caIssuersUrls[0]!, 'application/pkix-cert'],
    ] as const) {
      const at = `${origin}${new URL(url).pathname}`;
      const first = await fetch(at);
      expect(first.headers.get('content-type')).toBe(type);
      const etag = first.headers.get('etag')!;
      expect((await fetch(at, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
  });
});
