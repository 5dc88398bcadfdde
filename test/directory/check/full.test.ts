import { describe, expect, it } from 'vitest';
import type { CertificateFacts } from '../../../src/directory/check/facts.ts';
import { runChecks } from '../../../src/directory/check/run.ts';
import { verifyAddresses } from '../../../src/directory/check/verify.ts';
import type { DirectoryRecord } from '../../../src/directory/record.ts';
import { freshDirectory, some, take, written } from '../fixture.ts';

/** With ANCHORAGE_LONG as many as the directory is promised to check; else as many as take a moment. */
const COUNT = process.env['ANCHORAGE_LONG'] === undefined ? 2000 : 100_000;

const COVERED = '1.3.6.1.4.1.41179.2.1';
const ASSOCIATE = '1.3.6.1.4.1.41179.2.2';
const PATIENT = '1.3.6.1.4.1.41179.2.4';

interface Fate {
  readonly facts: CertificateFacts;
  /** Codes that the certificate earns the entry. */
  readonly fails: readonly string[];
  /** The first answer is that nobody knows. */
  readonly late?: true;
}

const found = (policies: readonly string[], more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  outcome: 'found',
  asked: '',
  serial: '7',
  policies,
  ...more,
});

/** What discovery finds of every tenth address. */
const FATES: readonly Fate[] = [
  { facts: { outcome: 'none', asked: 'CERT' }, fails: ['MISSCERT', 'ENDPTVER'] },
  { facts: found([COVERED]), fails: [], late: true },
  { facts: found([]), fails: ['MISSENT'] },
  { facts: found([ASSOCIATE]), fails: ['BAORG'] },
  {
    facts: found([COVERED], { fault: { code: 'cert.expired', text: 'the certificate found expired' } }),
    fails: ['CERTBAD', 'ENDPTVER'],
  },
  { facts: found([PATIENT]), fails: ['PUBPATAD'] },
  ...Array.from({ length: 4 }, (): Fate => ({ facts: found([COVERED]), fails: [] })),
];

/** What is wrong with the record itself, at steps that cross those of the certificates. */
const spoiled = (record: DirectoryRecord, i: number): readonly [DirectoryRecord, readonly string[]] => {
  if (i % 7 === 0) return [{ ...record, ORG_PHONE: '(614) 555-0142' }, ['PHONE']];
  if (i % 11 === 0) return [{ ...record, ORG_STATE: 'Ohio' }, ['STATE']];
  if (i % 13 === 0) return [{ ...record, LAST_UPDATED: '2020-01-01' }, ['STALE']];
  return [record, []];
};

describe('a full check', () => {
  it(`of ${COUNT} endpoints counts exactly, asks politely and goes on where it was stopped`, {
    timeout: 600_000,
  }, async () => {
    const directory = await freshDirectory();
    const expected: Record<string, number> = {};
    const byState: Record<string, number> = {};
    const fates = new Map<string, Fate>();
    let clean = 0;
    const records = some(COUNT).map((record, i) => {
      const [made, own] = spoiled(record, i);
      const fate = FATES[i % FATES.length]!;
      fates.set(made.DIRECT_ADDRESS, fate);
      const fails = [...own, ...fate.fails];
      for (const code of fails) expected[code] = (expected[code] ?? 0) + 1;
      if (fails.length === 0) clean += 1;
      byState[made.ORG_STATE] = (byState[made.ORG_STATE] ?? 0) + 1;
      return made;
    });
    await take(directory, written('ndjson', records));

    const asked = new Map<string, number>();
    const open = new Map<string, number>();
    let most = 0;
    const lookUp = async (address: string): Promise<CertificateFacts> => {
      const domain = address.split('@')[1]!;
      expect(open.get(domain) ?? 0, 'lookups in one domain at a time').toBe(0);
      open.set(domain, 1);
      most = Math.max(most, open.size);
      const times = (asked.get(address) ?? 0) + 1;
      asked.set(address, times);
      await Promise.resolve();
      open.delete(domain);
      const { facts, late } = fates.get(address)!;
      return late && times === 1 ? { outcome: 'temporary', asked: '' } : facts;
    };
    const half = COUNT / 2;
    const first = await verifyAddresses(directory, lookUp, { stopped: () => asked.size >= half });
    expect(first.asked).toBe(half);
    const rest = await verifyAddresses(directory, lookUp);
    const late = [...fates.values()].filter((fate) => fate.late).length;
    expect(rest.asked + first.asked).toBe(COUNT + first.temporary);
    const before = await runChecks(directory);
    expect(before.undiscovered).toBe(late - first.temporary);

    const last = await verifyAddresses(directory, lookUp);
    expect(last).toMatchObject({ asked: late - first.temporary, temporary: 0 });
    expect([...asked.values()].reduce((sum, times) => sum + times, 0)).toBe(COUNT + late);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);

    const report = await runChecks(directory, { by: 'state' });
    const counted = Object.fromEntries(
      report.checks.filter(({ failures }) => failures > 0).map(({ code, failures }) => [code, failures]),
    );
    expect(counted).toEqual(expected);
    expect([report.entries, report.clean, report.undiscovered]).toEqual([COUNT, clean, 0]);
    expect(Object.fromEntries(report.groups.map(({ group, entries }) => [group, entries]))).toEqual(byState);
    for (const [code, failures] of Object.entries(expected)) {
      expect(
        report.groups.reduce((sum, group) => sum + (group.failures[code] ?? 0), 0),
        code,
      ).toBe(failures);
    }
  });
});
