import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseZone, printMaster } from '../../src/dns/master/index.ts';
import { buildZone, type Zone } from '../../src/dns/zone.ts';
import { startNsd } from '../bench/dns-peers.ts';
import { shown, zoneText } from '../dns/presentation.ts';
import { certificateOf } from './dns-certificates.ts';
import { peer } from './peers.ts';

const large = certificateOf('rsa4096');
const base64 = Buffer.from(large).toString('base64');

/** Everything that may stand in a zone of ours. */
const zone: Zone = buildZone('bench.example', [
  ...zoneText(
    'bench.example',
    `@ MX 10 mx
@ CERT PKIX 4711 RSASHA256 ${base64}
mx A 192.0.2.25
mx AAAA 2001:db8::25
drbob 60 CERT PKIX 0 0 ${base64}
drbob 60 CERT 253 0 0 aHR0cDovL2QuZXhhbXBsZQA=
drbob 60 CERT 65280 65535 255 AA==
john.doe CERT IPKIX 0 0 aHR0cDovL2QuZXhhbXBsZQ==
o'neil!#$%&*/=?^_\`{|}~- CERT PKIX 0 0 AAEC
weird\\.dot\\000\\255\\"\\;\\(\\)\\@\\\\\\032x TXT "a;b (c\\"\\\\" "\\000\\255" ""
\\$ORIGIN TXT "not a directive"
*.wild CERT PKIX 0 0 AAEC
alias CNAME drbob
_ldap._tcp SRV 0 0 389 mx
_none._tcp SRV 0 0 0 .
4.3.2.1 PTR mx
odd TYPE65280 \\# 3 abcdef
void TYPE65281 \\# 0
sub NS ns.sub
ns.sub A 192.0.2.99`,
  ).records,
  ...Array.from({ length: 100 }, (_, index) => ({
    name: `user${index}.bench.example`,
    ttl: 300,
    data: { type: 'CERT' as const, certType: 1, keyTag: index, algorithm: 8, payload: large },
  })),
]);
const printed = printMaster(zone);

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zone-files-'));
  file = join(folder, 'bench.zone');
  writeFileSync(file, printed);
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (one: Zone): string[] =>
  shown(one.records)
    .map((line) => line.toLowerCase())
    .sort();

describe('zone files as we print them', () => {
  it('come back the same from our own reader', () => {
    expect(lines(parseZone(printed, { file: 'printed' }))).toEqual(lines(zone));
  });

  const checkzone = peer('named-checkzone');
  it.skipIf(!checkzone)('load in BIND, and come back the same from its own writing', () => {
    const args = ['-k', 'ignore', '-o', '-', 'bench.example', file];
    const text = execFileSync(checkzone!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    expect(lines(parseZone(text, { file: 'from BIND' }))).toEqual(lines(zone));
  });

  const nsdCheckzone = peer('nsd-checkzone');
  it.skipIf(!nsdCheckzone)('load in NSD', () => {
    const args = ['bench.example', file];
    expect(
      execFileSync(nsdCheckzone!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    ).toContain('is ok');
  });

  const nsd = peer('nsd');
  const dig = peer('dig');
  it.skipIf(!nsd || !dig)('are served by NSD byte for byte', async () => {
    const server = await startNsd(nsd!, folder, file);
    try {
      const where = ['@127.0.0.1', '-p', String(server.port), '+tcp', '+short', '+time=2'];
      const answer = execFileSync(dig!, [...where, 'user7.bench.example', 'CERT'], { encoding: 'utf8' });
      expect(answer.replace(/ /g, '')).toContain(base64);
      expect(execFileSync(dig!, [...where, 'odd.bench.example', 'TYPE65280'], { encoding: 'utf8' })).toBe(
        '\\# 3 ABCDEF\n',
      );
    } finally {
      await server.stop();
    }
  });
});
