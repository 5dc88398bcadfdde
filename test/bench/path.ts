/**
 * Path validation beside the signature checks that it cannot do without, and a large revocation list.
 *
 * @module
 */
import { verify } from 'node:crypto';
import type { Certificate } from '../../src/pki/certificate.ts';
import { issueCrl, parseCrl } from '../../src/pki/crl.ts';
import { type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { referencePolicy, validatePath } from '../../src/pki/path/validate.ts';

const NOW = Date.UTC(2026, 0, 5);
const YEAR = 365 * 86_400_000;
const AIM = { ratio: 0.5, crlMs: 200, crlMb: 150 };
const ENTRIES = 100_000;

function chain(): { root: Issued; path: Certificate[] } {
  const issue = (
    profile: 'root' | 'intermediate' | 'address',
    name: string,
    index: number,
    issuer: Issued | 'self',
  ) =>
    issueCertificate({
      profile,
      subject: { CN: name },
      key: keyPool.take('rsa2048', index),
      issuer,
      notBefore: NOW - YEAR,
      notAfter: NOW + YEAR,
      ...(profile === 'address' ? { emails: ['a@direct.example'] } : {}),
    });
  const root = issue('root', 'root', 0, 'self');
  const upper = issue('intermediate', 'upper', 1, root);
  const lower = issue('intermediate', 'lower', 2, upper);
  const leaf = issue('address', 'leaf', 3, lower);
  return { root, path: [leaf, lower, upper].map((one) => one.certificate) };
}

/** Runs a second of this thread's computing. */
function rate(work: () => void, seconds = 2): number {
  for (let i = 0; i < 200; i++) work();
  const end = process.cpuUsage().user + seconds * 1e6;
  let runs = 0;
  const started = process.cpuUsage().user;
  while (process.cpuUsage().user < end) {
    for (let i = 0; i < 50; i++) work();
    runs += 50;
  }
  return (runs * 1e6) / (process.cpuUsage().user - started);
}

export async function benchPath(print: (line: string) => void): Promise<void> {
  const { root, path } = chain();
  const anchor = {
    name: root.certificate.subject,
    spki: root.certificate.spki,
    certificate: root.certificate,
    source: 'bench',
  };
  const input = { ...referencePolicy('1.3'), path, anchor, at: NOW };
  const signers = [path[1]!, path[2]!, root.certificate].map((one) => one.publicKey);
  const limit = rate(() => {
    for (const [index, { tbs, signatureValue }] of path.entries())
      verify('sha256', tbs, signers[index]!, signatureValue);
  });
  const ours = rate(() => {
    if (!validatePath(input).ok) throw new Error('the path of the bench is not valid');
  });
  const ratio = ours / limit;
  print(`three certificates, RSA-2048, parses kept: ${Math.round(ours)} validations/s`);
  print(
    `  to signature checks alone (${Math.round(limit)}/s): ${ratio.toFixed(2)}${verdict(ratio >= AIM.ratio, AIM.ratio)}`,
  );
  benchCrl(root, print);
}

function benchCrl(root: Issued, print: (line: string) => void): void {
  const revoked = Array.from({ length: ENTRIES }, (_, index) => ({
    serial: (0x10000000 + index).toString(16),
    at: NOW,
  }));
  const body = issueCrl({ issuer: root, number: 1, thisUpdate: NOW, nextUpdate: NOW + YEAR, revoked });
  const before = process.resourceUsage().maxRSS;
  const started = performance.now();
  const list = parseCrl(body);
  const found = list.find(revoked[ENTRIES - 1]!.serial);
  const ms = performance.now() - started;
  const mb = (process.resourceUsage().maxRSS - before) / 1000;
  if (!found) throw new Error('an entry of the list was not found');
  print(
    `CRL of ${ENTRIES} entries (${(body.length / 1e6).toFixed(1)} MB), read and searched: ${ms.toFixed(0)} ms, ${mb.toFixed(0)} MB more at the peak${verdict(ms < AIM.crlMs && mb < AIM.crlMb, `under ${AIM.crlMs} ms and ${AIM.crlMb} MB`)}`,
  );
}

const verdict = (met: boolean, aim: number | string): string => ` (aim ${aim}: ${met ? 'met' : 'missed'})`;
