import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import { type DnsServer, serveDns } from '../../src/dns/server.ts';
import { realHost } from '../../src/net/real.ts';
import { zoneText } from '../dns/presentation.ts';
import { certificateOf } from './dns-certificates.ts';
import { peer } from './peers.ts';

const run = promisify(execFile);
const dig = peer('dig');

const small = certificateOf('p256');
const large = certificateOf('rsa4096');
const base64 = (der: Uint8Array) => Buffer.from(der).toString('base64');

const zone = zoneText(
  'd.example',
  `drbob CERT PKIX 4711 8 ${base64(small)}
big CERT PKIX 0 0 ${base64(large)}
two CERT PKIX 0 0 ${base64(small)}
two CERT PKIX 0 0 ${base64(large)}
john.doe CERT PKIX 0 0 ${base64(small)}
weird\\.dot CERT PKIX 0 0 ${base64(small)}
alias CNAME big
_ldap._tcp SRV 0 0 389 ns
odd TYPE65280 \\# 2 abcd
*.wild CERT PKIX 0 0 ${base64(small)}`,
);

describe.skipIf(!dig)('dig asks our server', () => {
  let server: DnsServer;
  let port: number;
  beforeAll(async () => {
    const authority = createAuthority([zone]);
    server = await serveDns(realHost(), {
      at: [{ host: '127.0.0.1', port: 0 }],
      answer: (query, { transport }) => authority.answer(query, transport),
      repeatable: true,
    });
    port = server.addrs[0]!.port;
  });
  afterAll(() => server?.close());

  const ask = async (...words: string[]): Promise<string> => {
    const { stdout } = await run(dig!, [
      '@127.0.0.1',
      '-p',
      String(port),
      '+norec',
      '+time=2',
      '+tries=1',
      ...words,
    ]);
    expect(stdout).not.toMatch(/WARNING: (?!recursion|EDNS query)|Warning|malformed|Messages has/);
    return stdout;
  };
  /** The payloads of the CERT records that dig prints, byte for byte. */
  const payloads = (text: string): Uint8Array[] =>
    [...text.matchAll(/\tIN\tCERT\t\S+ \d+ \S+ (.+)$/gm)].map(
      ([, words]) => new Uint8Array(Buffer.from(words!.replace(/ /g, ''), 'base64')),
    );

  const published: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ['drbob.d.example', [small]],
    ['DRBOB.d.eXAMPLE', [small]],
    ['big.d.example', [large]],
    ['alias.d.example', [large]],
    ['two.d.example', [small, large]],
    ['john.doe.d.example', [small]],
    ['weird\\.dot.d.example', [small]],
    ['x.wild.d.example', [small]],
  ];

  it.each(
    [
      '',
      '+tcp',
      '+bufsize=512',
      '+noedns',
      '+bufsize=1232',
      '+bufsize=4096',
      '+dnssec',
      '+cdflag +rec +nocookie',
    ].map((how) => [how || 'as dig does', how.split(' ').filter((word) => word !== '')] as const),
  )('every CERT byte for byte, %s', async (_, how) => {
    const text = await ask(...how, ...published.flatMap(([name]) => [name, 'CERT']));
    expect(text.match(/status: NOERROR/g)).toHaveLength(published.length);
    expect(payloads(text)).toEqual(published.flatMap(([, payload]) => payload));
  });

  it('cuts short and says so, keeping OPT', async () => {
    const text = await ask('+ignore', '+bufsize=4096', 'big.d.example', 'CERT');
    expect(text).toMatch(/flags: qr aa tc;/);
    expect(text).toMatch(/EDNS: version: 0, flags:; udp: 1232/);
    expect(payloads(text)).toEqual([]);
  });

  it('BADVERS for EDNS version 1', async () => {
    const text = await ask('+edns=1', '+noednsnegotiation', 'd.example', 'SOA');
    expect(text).toContain('status: BADVERS');
  });

  it.each([
    ['NXDOMAIN with SOA', ['nobody.d.example', 'CERT'], /status: NXDOMAIN[\s\S]*SOA\s+ns\.d\.example\./],
    [
      'NODATA at an empty non-terminal',
      ['doe.d.example', 'CERT'],
      /status: NOERROR[\s\S]*ANSWER: 0, AUTHORITY: 1/,
    ],
    ['REFUSED elsewhere', ['example.org', 'A'], /status: REFUSED/],
    ['NOTIMP for NOTIFY', ['+opcode=4', 'd.example', 'SOA'], /status: NOTIMP/],
    ['unknown types', ['odd.d.example', 'TYPE65280'], /TYPE65280\s+\\# 2 ABCD/],
    [
      'SRV with addresses',
      ['_ldap._tcp.d.example', 'SRV'],
      /SRV\s+0 0 389 ns\.d\.example\.[\s\S]*ns\.d\.example\.\s+300\s+IN\s+A/,
    ],
    [
      'unknown EDNS options and flags are ignored',
      ['+ednsopt=65001:abcd', '+ednsflags=0x40', 'd.example', 'SOA'],
      /status: NOERROR[\s\S]*ANSWER: 1/,
    ],
    ['ANY gives one RRset', ['+notcp', 'd.example', 'ANY'], /ANSWER: 1,/],
    ['zone transfer', ['d.example', 'AXFR'], /Transfer failed/],
  ])('%s', async (_, words, wanted) => expect(await ask(...words)).toMatch(wanted));

  it('several queries on one TCP connection', async () => {
    const text = await ask('+tcp', '+keepopen', 'drbob.d.example', 'CERT', 'big.d.example', 'CERT');
    expect(payloads(text)).toEqual([small, large]);
  });
});
