/**
 * A reference HISP in a process of its own, that knows nothing of the testbed but its anchor and where names are
 * resolved. Argument: its configuration as JSON. It says `{ports}` and ends when its input does.
 *
 * @module
 */

import { writePem } from '../../../src/asn1/pem.ts';
import { createAuthority } from '../../../src/dns/answer.ts';
import { serveDns } from '../../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../../src/dns/zone.ts';
import type { Accounts } from '../../../src/edge/accounts.ts';
import { createHisp } from '../../../src/hisp/hisp.ts';
import { serveHttp } from '../../../src/http/server.ts';
import type { Addr } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import type { Route } from '../../../src/net/routes.ts';
import { parseCertificateText } from '../../../src/pki/certificate.ts';
import { issueCrl } from '../../../src/pki/crl.ts';
import { issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { openStore } from '../../../src/store/open.ts';
import { anchorOf } from '../../../src/trust/anchors.ts';

export interface BConfig {
  /** Anchors of the testbeds, PEM. */
  readonly anchors: readonly string[];
  readonly resolver: Addr;
  readonly routes: readonly Route[];
  readonly timerMs: number;
  readonly password: string;
}

/** Where it listens, and what others have to trust. */
export interface BPorts {
  readonly dns: number;
  readonly web: number;
  readonly smtp: number;
  readonly submission: number;
  readonly imap: number;
  readonly pop3: number;
  /** PEM. */
  readonly anchor: string;
}

const config = JSON.parse(process.argv[2]!) as BConfig;
const DAY = 86_400_000;
const DOMAIN = 'direct.b.example';
/** As DNS says; the routes of others lead from there. */
const PUBLISHED = '127.0.0.2';
const at = (): Addr => ({ host: '127.0.0.1', port: 0 });

const host = realHost({ name: 'b', resolvers: [config.resolver], routes: { entries: config.routes } });
const now = host.now();
const ca = issueCertificate({
  profile: 'root',
  subject: { CN: 'HISP B anchor' },
  key: keyPool.take('rsa2048', 0),
  issuer: 'self',
  notBefore: now - DAY,
  notAfter: now + 900 * DAY,
});
const domain = issueCertificate({
  profile: 'domain',
  subject: { CN: DOMAIN },
  key: keyPool.take('rsa2048', 1),
  issuer: ca,
  notBefore: now - DAY,
  notAfter: now + 300 * DAY,
  dnsNames: [DOMAIN],
  crlUrls: ['http://pki.b.example/b.crl'],
  caIssuersUrls: ['http://pki.b.example/b.cer'],
});
const server = issueCertificate({
  profile: 'tls',
  subject: { CN: `mx.${DOMAIN}` },
  key: keyPool.take('p256', 0),
  issuer: 'self',
  notBefore: now - DAY,
  notAfter: now + 300 * DAY,
  dnsNames: [`mx.${DOMAIN}`],
});
const tls = { key: server.key.privateKey, cert: server.certificate.der };

const list = issueCrl({ issuer: ca, number: 1, thisUpdate: now - DAY, nextUpdate: now + DAY, revoked: [] });
const pages: Record<string, Uint8Array> = { '/b.crl': list, '/b.cer': ca.certificate.der };
const web = await serveHttp(host, {
  at: at(),
  handle: ({ url }) => (pages[url] ? { status: 200, body: pages[url] } : { status: 404 }),
});

const zones = [
  buildZone(DOMAIN, [
    ...zoneApex({ origin: DOMAIN, server: `ns.${DOMAIN}`, addresses: [PUBLISHED] }),
    { name: DOMAIN, ttl: 60, data: { type: 'MX', preference: 1, exchange: `mx.${DOMAIN}` } },
    { name: `mx.${DOMAIN}`, ttl: 60, data: { type: 'A', address: PUBLISHED } },
    {
      name: DOMAIN,
      ttl: 300,
      data: { type: 'CERT', certType: 1, keyTag: 0, algorithm: 0, payload: domain.certificate.der },
    },
  ]),
  buildZone('pki.b.example', [
    ...zoneApex({ origin: 'pki.b.example', server: 'ns.pki.b.example', addresses: [PUBLISHED] }),
    { name: 'pki.b.example', ttl: 60, data: { type: 'A', address: PUBLISHED } },
  ]),
];
const authority = createAuthority(zones);
const dns = await serveDns(host, {
  at: [at()],
  answer: (query, { transport }) => authority.answer(query, transport),
});

const users = [`alice@${DOMAIN}`, `bob@${DOMAIN}`] as const;
const accounts: Accounts = {
  authenticate: async ({ name, password }) => {
    const user = users.find((one) => one === name.toLowerCase());
    return user && password === config.password
      ? { ok: true, user: { tenant: 'b', account: user, addresses: [user] } }
      : { ok: false, reason: 'credentials' };
  },
};
const store = await openStore(host, { file: ':memory:' });
const hisp = createHisp(host, {
  name: 'b',
  hostname: `mx.${DOMAIN}`,
  domains: [{ name: DOMAIN }],
  addresses: users.map((address) => ({ address })),
  keys: [{ owner: DOMAIN, certificate: domain.certificate, privateKey: domain.key.privateKey }],
  anchors: config.anchors.map((anchor) => ({
    domain: DOMAIN,
    anchor: anchorOf(parseCertificateText(Buffer.from(anchor)), 'manual'),
    incoming: true,
    outgoing: true,
  })),
  smtp: { listen: [at()], tls },
  edges: {
    submission: { listen: [at()], tls, accounts, limits: { idleMs: 1500 } },
    imap: { listen: [at()], tls, accounts },
    pop3: { listen: [at()], tls, accounts },
  },
  store,
  timers: { processedMs: config.timerMs, dispatchedMs: config.timerMs },
  fetch: { allowPrivate: () => true },
});
await hisp.start();
process.stdout.write(
  `${JSON.stringify({
    dns: dns.addrs[0]!.port,
    web: web.addr.port,
    smtp: hisp.listening[0]!.port,
    submission: hisp.edges.submission.listening[0]!.port,
    imap: hisp.edges.imap.listening[0]!.port,
    pop3: hisp.edges.pop3.listening[0]!.port,
    anchor: writePem('CERTIFICATE', ca.certificate.der),
  })}\n`,
);
for await (const _ of process.stdin);
await hisp.stop();
await store.close();
await dns.close();
await web.close();
