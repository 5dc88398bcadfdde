import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { realHost } from '../../../src/net/real.ts';
import type { RunReport } from '../../../src/scenario/index.ts';
import { root } from '../../architecture/sources.ts';
import { internet } from '../../scenario/target/internet.ts';
import { CHAIN_ADDRESS, CHAIN_DOMAIN, type Chain, mayRunChain, startChain } from './chain.ts';

/** What it really lacks: the check that finds it out, and what the check says. */
const SHORTCOMINGS: readonly (readonly [check: string, found: RegExp])[] = [
  // it knows no LDAP
  ['d1-d18/isolated d3.certificates', /Al was not used/],
  ['d1-d18/isolated d3.recipient', /no message reached/],
  ['d1-d18/isolated d4.certificates', /Bl was not used/],
  ['d1-d18/isolated d4.recipient', /no message reached/],
  ['d1-d18/isolated d10.certificates', /Al was not used/],
  ['d1-d18/isolated d10.recipient', /no message reached/],
  ['d1-d18/isolated d15.certificates', /Al1 was not used/],
  ['d1-d18/isolated d15.recipient', /no message reached/],
  ['d1-d18/isolated d16.certificates', /Al3 was not used/],
  ['d1-d18/isolated d16.recipient', /no message reached/],
  // it goes on to the domain where the certificate of the address is no good
  ['d1-d18/isolated d5.certificates', /the search went on to the domain after an unusable certificate/],
  ['d1-d18/isolated d5.recipient', /was not dropped/],
  // it fetches no issuers, and no revocation lists
  ['d1-d18/isolated d17.certificates', /the search went on to the domain/],
  ['d1-d18/isolated d18.certificates', /a revoked certificate was used/],
  ['d1-d18/isolated d18.recipient', /was not dropped/],
  ['ExceptionPathRevokedCert answer', /processed notices: expected 0, found 1/],
  // it knows one kind of notice
  ['HappyPathDeliveryIG answer', /dispatched notices: expected 1, found 0/],
  // openssl wants every signer to be good
  ['HappyPathMultiCertsEC answer', /processed notices: expected 1, found 0/],
  ['HappyPathMultiCertsNT answer', /processed notices: expected 1, found 0/],
  ['HappyPathMultiCertsNTRSO answer', /processed notices: expected 1, found 0/],
  // it looks at no key usage and at no length of a key
  ['SND-message SND-E5', /may not be used for encryption/],
  ['SND-message SND-E6', /too weak: RSA 1024 bits/],
  // its user cannot ask for a notice of delivery
  ['SND-request SND-M3', /\S/],
  // it does not ask whom the signer speaks for
  ['XR-04/other-domain answer', /processed notices: expected 0, found 1/],
  // it does not decode the wrapped message
  ['XR-08/base64-wrap answer', /processed notices: expected 1, found 0/],
];

/** All in real time: the whole takes minutes, and is run with ANCHORAGE_OUTSIDE=all. */
const SCENARIOS =
  process.env['ANCHORAGE_OUTSIDE'] === 'all'
    ? [
        'd1-d18/isolated',
        'hosting',
        'receive',
        'send',
        'XR-01',
        'XR-04/other-domain',
        'XR-07',
        'XR-08/base64-wrap',
      ]
    : ['H2', 'H5', 'HappyPathTextOnly', 'ExceptionPathRevokedCert', 'SND-message', 'XR-08/base64-wrap'];

/** Postfix, openssl and shell as a HISP: what it really lacks is found, and nothing else. */
describe.skipIf(!mayRunChain())('a minimal chain that is not ours', () => {
  const host = realHost({ resolvers: [] });
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-foreign-'));
  const testbed = '127.0.1.9';
  const portBase = 9000 + host.random.int(18_000);
  let chain: Chain;
  let net: Awaited<ReturnType<typeof internet>>;
  let report: RunReport;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    net = await internet(host, {
      testbed: () => ({ host: testbed, port: portBase + 53 }),
      b: () => chain.dns,
    });
    const profile = (more: object): void =>
      writeFileSync(
        join(folder, 'chain.yaml'),
        stringify({
          title: 'Postfix, openssl and shell',
          addresses: { sender: `alice@${CHAIN_DOMAIN}`, receiver: `bob@${CHAIN_DOMAIN}` },
          published: ['domain-dns'],
          testbed: { domain: 'testbed9.example', address: testbed, portBase },
          resolvers: [`127.0.0.1:${net.addr.port}`],
          allowPrivate: [CHAIN_ADDRESS],
          waits: { answer: '5 s', settle: '500 ms', tester: '30 s' },
          ...more,
        }),
      );
    profile({});
    const { out: anchor } = await anchorage(['target', 'anchor', 'chain.yaml']);
    chain = await startChain({
      host,
      anchor,
      resolver: net.addr,
      testbed: { domain: 'testbed9.example', mail: { host: testbed, port: portBase + 25 } },
    });
    writeFileSync(join(folder, 'chain.pem'), chain.anchor);
    const local = ({ port }: { port: number }): string => `127.0.0.1:${port}`;
    profile({
      anchors: ['chain.pem'],
      routes: [
        { from: `${CHAIN_ADDRESS}:25`, to: local(chain.smtp) },
        { from: `${CHAIN_ADDRESS}:53`, to: local(chain.dns) },
        { from: `${CHAIN_ADDRESS}:80`, to: local(chain.web) },
      ],
    });
    const run = ['run', '--target', 'chain.yaml', '--format', 'json', ...SCENARIOS];
    const { out, err } = await anchorage(run, (said) => {
      // its user sends by hand, as asked
      for (const [, to] of said.matchAll(/waiting Send one message from \S+ to ([^\n]*?)\. Its text/g))
        void chain.send(to!.split(', '));
    });
    if (out === '') throw new Error(err);
    report = JSON.parse(out) as RunReport;
    writeFileSync('/tmp/outside/chain.log', chain.log() + err);
  }, 400_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await chain?.close();
    await net.close();
    rmSync(folder, { recursive: true });
  });

  function anchorage(
    args: readonly string[],
    heard: (said: string) => void = () => undefined,
  ): Promise<{ out: string; err: string }> {
    const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { cwd: folder });
    children.push(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      heard(chunk.toString());
    });
    return new Promise((resolve) => child.once('close', () => resolve({ out, err })));
  }

  const notPassed = ({ status }: { readonly status: string }): boolean =>
    !['pass', 'skip', 'na'].includes(status);
  const nameOf = ({ id, variant }: RunReport['scenarios'][number]): string =>
    variant ? `${id}/${variant}` : id;

  it('is found out where it falls short, and nowhere else', () => {
    const ran = new Set(report.scenarios.map(nameOf));
    const known = SHORTCOMINGS.filter(([check]) => ran.has(check.split(' ')[0]!));
    const found = report.scenarios.flatMap((scenario) =>
      [...scenario.checks, ...(scenario.control?.checks ?? [])].filter(notPassed).map((check) => ({
        check: `${nameOf(scenario)} ${check.id}`,
        text: check.findings.map(({ text }) => text).join('; '),
      })),
    );
    expect(found.map(({ check }) => check).sort()).toEqual(known.map(([check]) => check).sort());
    for (const [check, text] of known) expect(found.find((one) => one.check === check)?.text).toMatch(text);
  });

  it('is asked nothing that it has not: what is missing is named', () => {
    const skipped = report.scenarios.filter(({ status }) => status === 'skip');
    for (const { reason } of skipped) expect(reason).toMatch(/the profile (has no|does not list)/);
    expect(report.scenarios.filter(({ status }) => status === 'pass').length).toBeGreaterThan(2);
  });
});
