/**
 * A minimal Direct chain that is not ours: Postfix takes and sends mail, openssl opens, verifies, signs and encrypts,
 * dig finds certificates, and three shell scripts hold it together. Its authority is openssl's as well. DNS and the
 * revocation list are served by this test.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../../src/dns/answer.ts';
import { serveDns } from '../../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../../src/dns/zone.ts';
import { serveHttp } from '../../../src/http/server.ts';
import type { Addr, Host } from '../../../src/net/host.ts';
import { parseCertificateText } from '../../../src/pki/certificate.ts';
import { peer } from '../peers.ts';
import { mayRunPostfix, startPostfix } from '../postfix.ts';
import { run } from '../run.ts';

export const CHAIN_DOMAIN = 'chain.example';
/** As DNS says; the routes of the testbed lead from there. */
export const CHAIN_ADDRESS = '127.0.0.3';

export const mayRunChain = (): boolean =>
  mayRunPostfix() && (['openssl', 'dig', 'curl'] as const).every((name) => peer(name) !== undefined);

export interface Chain {
  readonly dns: Addr;
  readonly web: Addr;
  readonly smtp: Addr;
  /** PEM. */
  readonly anchor: string;
  /** What its user does. */
  send(to: readonly string[]): Promise<void>;
  log(): string;
  close(): Promise<void>;
}

export interface ChainConfig {
  readonly host: Host;
  /** Of the testbed, PEM. */
  readonly anchor: string;
  readonly resolver: Addr;
  /** Where mail for the testbed goes. */
  readonly testbed: { readonly domain: string; readonly mail: Addr };
}

const at: Addr = { host: '127.0.0.1', port: 0 };
const scripts = ['receive.sh', 'seal.sh', 'send.sh'] as const;

export async function startChain({ host, anchor, resolver, testbed }: ChainConfig): Promise<Chain> {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-chain-'));
  chmodSync(folder, 0o755);
  const file = (name: string): string => join(folder, name);
  makeCertificates(file);
  writeFileSync(file('anchors.pem'), anchor);
  mkdirSync(file('mailbox'));
  for (const script of scripts) {
    copyFileSync(join(import.meta.dirname, script), file(script));
    chmodSync(file(script), 0o755);
  }
  const web = await serveHttp(host, {
    at,
    handle: ({ url }) =>
      url === '/chain.crl' ? { status: 200, body: readFileSync(file('chain.crl')) } : { status: 404 },
  });
  const dns = await serveNames(host, readFileSync(file('domain.pem')));
  const postfix = await startPostfix(
    { [testbed.domain]: testbed.mail, [`.${testbed.domain}`]: testbed.mail },
    {
      main: `
myhostname = mx.${CHAIN_DOMAIN}
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = ${CHAIN_DOMAIN}
virtual_mailbox_maps = inline:{ { bob@${CHAIN_DOMAIN} = bob } }
virtual_transport = chain
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
`,
      master: `chain unix - n n - 10 pipe user=nobody argv=${file('receive.sh')} \${sender} \${recipient}\n`,
    },
  );
  writeFileSync(
    file('settings'),
    `resolver=${resolver.host}\nresolver_port=${resolver.port}\nsmtp_port=${postfix.addr.port}\n`,
  );
  execFileSync('chown', ['-R', 'nobody', folder]);
  return {
    dns: dns.addrs[0]!,
    web: web.addr,
    smtp: postfix.addr,
    anchor: readFileSync(file('ca.pem'), 'utf8'),
    async send(to) {
      const { code, output } = await run(file('send.sh'), [`alice@${CHAIN_DOMAIN}`, ...to]);
      if (code !== 0) throw new Error(output);
    },
    log: postfix.log,
    async close() {
      postfix.stop();
      await dns.close();
      await web.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** An authority, one certificate for the domain, and a revocation list that is empty. */
function makeCertificates(file: (name: string) => string): void {
  const openssl = (...args: string[]): void =>
    void execFileSync(peer('openssl')!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const authority = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ];
  openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Chain anchor', '-days', '900'],
    ...[...authority, '-keyout', file('ca.key'), '-out', file('ca.pem')],
  );
  openssl(
    ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${CHAIN_DOMAIN}`],
    ...['-keyout', file('domain.key'), '-out', file('domain.csr')],
  );
  writeFileSync(
    file('extensions'),
    `basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=emailProtection
subjectAltName=DNS:${CHAIN_DOMAIN}
crlDistributionPoints=URI:http://pki.${CHAIN_DOMAIN}/chain.crl
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`,
  );
  openssl(
    ...['x509', '-req', '-in', file('domain.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
    ...['-days', '300', '-extfile', file('extensions'), '-out', file('domain.pem')],
  );
  writeFileSync(file('index'), '');
  writeFileSync(file('crlnumber'), '01\n');
  writeFileSync(
    file('ca.cnf'),
    `[ca]
default_ca=chain
[chain]
database=${file('index')}
crlnumber=${file('crlnumber')}
certificate=${file('ca.pem')}
private_key=${file('ca.key')}
default_md=sha256
default_crl_days=7
crl_extensions=extensions
[extensions]
authorityKeyIdentifier=keyid
`,
  );
  openssl('ca', '-gencrl', '-config', file('ca.cnf'), '-out', file('chain.crl.pem'));
  openssl('crl', '-in', file('chain.crl.pem'), '-outform', 'DER', '-out', file('chain.crl'));
}

function serveNames(host: Host, certificate: Uint8Array): ReturnType<typeof serveDns> {
  const payload = parseCertificateText(certificate).der;
  const name = CHAIN_DOMAIN;
  const address = { type: 'A', address: CHAIN_ADDRESS } as const;
  const zone = buildZone(name, [
    ...zoneApex({ origin: name, server: `ns.${name}`, addresses: [CHAIN_ADDRESS] }),
    { name, ttl: 300, data: { type: 'MX', preference: 1, exchange: `mx.${name}` } },
    { name: `mx.${name}`, ttl: 300, data: address },
    { name: `pki.${name}`, ttl: 300, data: address },
    { name, ttl: 300, data: { type: 'CERT', certType: 1, keyTag: 0, algorithm: 0, payload } },
  ]);
  const authority = createAuthority([zone]);
  return serveDns(host, { at: [at], answer: (query, { transport }) => authority.answer(query, transport) });
}
