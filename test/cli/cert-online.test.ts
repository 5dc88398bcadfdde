import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anchorFrom } from '../../src/cli/cert/batch.ts';
import { judgeCertificate } from '../../src/cli/cert/judge.ts';
import { onlineSources } from '../../src/cli/cert/online.ts';
import { realHost } from '../../src/net/real.ts';
import { issueCrl } from '../../src/pki/crl.ts';
import { answerOcsp, requestOfPath } from '../../src/pki/ocsp.ts';
import { DAY, ecLeaf, intermediate, NOW, root } from '../pki/fixtures.ts';

const anchor = root('Anchor', 0);
let server: Server;
let base = '';
let revoked = false;
const asked: string[] = [];

const urls = (name: string) => ({ crlUrls: [`${base}${name}.crl`], caIssuersUrls: [`${base}middle.cer`] });
const middle = () => intermediate(anchor, 'Middle', 1, { serial: 9, crlUrls: [`${base}anchor.crl`] });
const list = (issuer: ReturnType<typeof middle>) =>
  issueCrl({ issuer, number: 1, thisUpdate: NOW, nextUpdate: NOW + DAY, revoked: [] });

beforeAll(async () => {
  server = createServer((request, reply) => {
    const path = request.url ?? '';
    asked.push(path.slice(0, 8));
    const question = requestOfPath(path);
    if (path === '/middle.cer') reply.end(middle().certificate.der);
    else if (path === '/anchor.crl') reply.end(list(anchor));
    else if (question) {
      const status = () => (revoked ? { at: NOW - DAY, reason: 'superseded' as const } : ('good' as const));
      const responder = { issuer: middle().certificate, signer: middle(), status, validMs: DAY };
      reply.end(answerOcsp(question, responder, NOW));
    } else reply.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

const judge = (allowed: string[]) =>
  judgeCertificate(
    {
      leaf: ecLeaf(middle(), 'bob@d.example', { ...urls('absent'), ocspUrls: [`${base}ocsp`] }).certificate,
      anchors: [anchorFrom(anchor.certificate)],
      intermediates: [],
      lists: [],
      at: NOW,
      profile: '1.3',
      requireRevocation: true,
    },
    onlineSources(realHost({ name: 'test' }), allowed),
  );

describe('cert verify with what certificates point at', () => {
  it('fetches the issuer, its list, and asks OCSP where the list is gone', async () => {
    revoked = false;
    const judged = await judge(['127.0.0.1']);
    expect(judged).toMatchObject({ valid: true });
    expect(judged.revocation).toMatchObject([
      { state: 'good', by: 'ocsp' },
      { state: 'good', by: 'crl' },
    ]);
    revoked = true;
    expect(await judge(['127.0.0.1'])).toMatchObject({ valid: false, cause: { code: 'cert.revoked' } });
  });

  it('asks no private address unless it is allowed', async () => {
    const before = asked.length;
    expect(await judge([])).toMatchObject({ valid: false, cause: { code: 'trust.aia-failed' } });
    expect(asked).toHaveLength(before);
  });
});
