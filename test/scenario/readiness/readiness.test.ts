import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/net/host.ts';
import { planOf } from '../../../src/scenario/cases.ts';
import { readCatalogue, select } from '../../../src/scenario/catalogue.ts';
import { execute } from '../../../src/scenario/execute.ts';
import {
  profileSchema,
  type Readiness,
  readinessOf,
  scenarioReport,
  writeRun,
} from '../../../src/scenario/index.ts';
import { readinessSchema } from '../../../src/scenario/readiness/schema.ts';
import { standaloneReadiness } from '../../../web/pages/readiness-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-readiness-'));
const catalogue = readCatalogue();
let readiness: Readiness;

/** One run of the reference, and one of a broken twin, saved as runs against a target are. */
async function saved(
  run: string,
  started: string,
  ids: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const done = [];
  for (const [id, behaviour] of Object.entries(ids)) {
    const [entry] = select(catalogue, [id]);
    const behaviours = behaviour ? [{ on: 'sut', behaviour }] : [];
    const { transcript, result } = await execute(planOf(entry!, catalogue), {
      seed: 1,
      version: '0',
      behaviours,
    });
    writeRun(join(folder, run, id.replace('/', '.')), transcript, result as unknown as Json);
    done.push(scenarioReport({ result, durationMs: 1 }));
  }
  mkdirSync(join(folder, run), { recursive: true });
  const state = {
    schema: 1,
    title: 'Under test',
    seed: 1,
    started,
    entries: Object.keys(ids),
    done,
    ended: Object.fromEntries(Object.keys(ids).map((id) => [id, started])),
    strangers: [{ from: 'mallory@elsewhere.example', to: ['bob@d.example'], at: started }],
  };
  writeFileSync(join(folder, run, 'session.json'), JSON.stringify(state));
}

beforeAll(async () => {
  await saved('one', '2026-03-01T10:00:00.000Z', {
    HappyPathTextOnly: 'recv.no-mdn',
    ExceptionPathNT: undefined,
    'SND-message': 'send.sha1',
  });
  await saved('two', '2026-03-02T10:00:00.000Z', { HappyPathTextOnly: undefined });
  const profile = profileSchema.parse({
    title: 'Under test',
    addresses: { sender: 'alice@direct.hisp.example', receiver: 'bob@direct.hisp.example' },
    testbed: { domain: 'testbed.example' },
  });
  readiness = readinessOf({
    target: { profile, anchors: [], folder },
    name: 'under-test',
    version: '0',
    now: Date.UTC(2026, 2, 3),
    runs: folder,
    candidates: [
      { name: 'HappyPathTextOnly', suite: 'receive', usual: true, fitness: { kind: 'run' } },
      { name: 'HappyPathPDFOnly', suite: 'receive', usual: true, fitness: { kind: 'run' } },
      { name: 'H3', suite: 'hosting', usual: true, fitness: { kind: 'skip', reason: 'nothing is in LDAP' } },
      { name: 'XN-15', suite: 'notification', usual: false, fitness: { kind: 'na', reason: 'its store' } },
    ],
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('readiness', () => {
  it('is what its schema says', () => {
    expect(() => readinessSchema.parse(readiness)).not.toThrow();
  });

  it('takes the latest result of each scenario, and says how old the oldest of an area is', () => {
    const area = (id: string) => readiness.areas.find((one) => one.id === id);
    expect(area('receive')).toMatchObject({
      verdict: 'pass',
      complete: false,
      oldest: '2026-03-01T10:00:00.000Z',
    });
    expect(area('send')).toMatchObject({
      verdict: 'fail',
      firstCause: { scenario: 'SND-message', check: 'SND-S2' },
    });
    expect(area('hosting')).toMatchObject({ verdict: 'not-tested', complete: false });
    expect(area('notification')).toMatchObject({ verdict: 'not-tested', complete: true });
  });

  it('says what is not tested, and why', () => {
    expect(readiness.notTested.filter(({ kind }) => kind !== 'inside')).toEqual([
      { kind: 'skip', why: 'nothing is in LDAP', what: ['H3'] },
      { kind: 'not-run', why: 'it was not run yet', what: ['HappyPathPDFOnly'] },
      { kind: 'na', why: 'its store', what: ['XN-15'] },
    ]);
  });

  it('shows each failure with its evidence, and what to do first', () => {
    const [failure] = readiness.failures;
    expect(failure).toMatchObject({ name: 'SND-message', status: 'fail' });
    expect(failure?.checks.map(({ id }) => id)).toContain('SND-S2');
    expect(failure?.checks[0]?.evidence.length).toBeGreaterThan(0);
    expect(readiness.actions.map(({ scenario }) => scenario)).toEqual([
      'SND-message',
      'H3',
      'HappyPathPDFOnly',
    ]);
  });

  it('shows algorithms, signers and how soon notices came', () => {
    const sent = readiness.crypto.sent.map(({ what, algorithm }) => `${what} ${algorithm}`);
    expect(sent).toEqual(expect.arrayContaining(['content aes256-cbc', 'digest sha1', 'digest sha256']));
    expect(readiness.crypto.accepted).toContainEqual({
      content: 'aes128-cbc',
      keyTransport: 'oaep-sha1',
      digest: 'sha256',
      scenario: expect.any(String),
      processed: true,
    });
    expect(readiness.certificates[0]?.seen).toEqual(['signs its messages']);
    expect(readiness.timings.find(({ notice }) => notice === 'processed')?.count).toBeGreaterThan(0);
    expect(readiness.strangers).toHaveLength(2);
  });

  it('is one file that loads nothing and promises nothing', async () => {
    const page = await standaloneReadiness(readiness);
    expect(page).not.toMatch(/<(script|link|img)\b|https?:\/\/[^\s"<]*\.(css|js)|url\(/);
    expect(page).not.toMatch(/\b(accredited|certified)\b/i);
    expect(JSON.stringify(readiness)).not.toMatch(/\b(accredited|certified)\b/i);
    expect(page).toContain('Prepares for accreditation');
  });
});
