import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mustTakeAll,
  type Reader,
  reachOf,
  readerOf,
  visibleRows,
  visibleTo,
} from '../../src/directory/access.ts';
import { auditLines, createAuditor } from '../../src/directory/audit.ts';
import { recordFacts } from '../../src/directory/check/verify.ts';
import { type Choice, choose, VISIBILITIES } from '../../src/directory/choices.ts';
import { currentRevision, type Directory } from '../../src/directory/directory.ts';
import { entries, entryOf, SELECT_ENTRY } from '../../src/directory/entries.ts';
import { addKey, keys, revokeKey } from '../../src/directory/keys.ts';
import { createQuota, networkOf } from '../../src/directory/quota.ts';
import { freshDirectory, take } from './fixture.ts';

const PUBLIC: Reader = { kind: 'public', peer: '192.0.2.7' };
const PARTICIPANT: Reader = { kind: 'participant', id: 'acme', name: 'acme', bulk: false };
const OPERATOR: Reader = { kind: 'operator', name: 'op' };

const seen = (directory: Directory, reader: Reader): string[] => {
  const visible = visibleTo(directory, reader);
  return [...entries(directory)].filter(visible).map(({ record }) => record.DIRECT_ADDRESS);
};

/** The same by the database alone. */
const selected = (directory: Directory, reader: Reader): string[] => {
  const { sql, values } = visibleRows(directory, reader);
  return directory.handle
    .prepare(
      `${SELECT_ENTRY} where r.gone is null and r.born <= ${currentRevision(directory)} and ${sql} order by r.n`,
    )
    .all(...values)
    .map((row) => entryOf(row).record.DIRECT_ADDRESS);
};

const pick = (subject: Choice['subject'], key: string, choice: Choice['choice']) => ({
  subject,
  key,
  choice,
  by: 'op',
  reason: 'asked',
});

const CONTENT = [
  'DIRECT_ADDRESS,ADDRESS_TYPE,ORG_UID,ORG_NAME',
  'a@d.example,person,O1,One',
  'b@d.example,person,O1,One',
  'c@d.example,person,o2,Two',
  'd@d.example,person,,Three',
  'p@d.example,Patient,O1,One',
  '',
].join('\n');

describe('what a reader sees', () => {
  it('is nothing to everybody, and all but patients to participants, until somebody chooses', async () => {
    const directory = await freshDirectory();
    await take(directory, CONTENT);
    expect(seen(directory, PUBLIC)).toEqual([]);
    expect(seen(directory, PARTICIPANT)).toEqual([
      'a@d.example',
      'b@d.example',
      'c@d.example',
      'd@d.example',
    ]);
    expect(seen(directory, OPERATOR)).toHaveLength(5);
  });

  it('follows the nearest choice', async () => {
    const directory = await freshDirectory();
    await take(directory, CONTENT);
    choose(directory, pick('contributor', 'acme', 'public'));
    choose(directory, pick('organization', 'ACME/o1', 'never'));
    choose(directory, pick('address', 'B@d.example', 'participants'));
    expect(seen(directory, PUBLIC)).toEqual(['c@d.example', 'd@d.example']);
    expect(seen(directory, PARTICIPANT)).toEqual(['b@d.example', 'c@d.example', 'd@d.example']);
  });

  it('leaves out who has the certificate of a patient, whatever the contributor says', async () => {
    const directory = await freshDirectory();
    await take(directory, CONTENT);
    choose(directory, pick('contributor', 'acme', 'public'));
    const [first, second] = [...entries(directory)];
    const found = { outcome: 'found', asked: '' } as const;
    recordFacts(directory, first!.endpoint, { ...found, policies: ['1.3.6.1.4.1.41179.2.4'] });
    recordFacts(directory, second!.endpoint, { ...found, policies: ['1.3.6.1.4.1.41179.2.1'] });
    for (const reader of [PUBLIC, PARTICIPANT]) {
      expect(seen(directory, reader)).toEqual(['b@d.example', 'c@d.example', 'd@d.example']);
      expect(selected(directory, reader)).toEqual(seen(directory, reader));
    }
    expect(seen(directory, OPERATOR)).toHaveLength(5);
  });

  it('is the same by function and by database, whatever was chosen', async () => {
    const directory = await freshDirectory();
    await take(directory, CONTENT);
    const subject = fc.constantFrom(
      ['address', 'a@d.example'] as const,
      ['address', 'P@D.example'] as const,
      ['organization', 'acme/O1'] as const,
      ['organization', 'acme/o2'] as const,
      ['organization', 'acme/'] as const,
      ['contributor', 'acme'] as const,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(subject, fc.constantFrom(...VISIBILITIES))), (made) => {
        directory.handle.exec('delete from directory_choice');
        for (const [[what, key], choice] of made) choose(directory, pick(what, key, choice));
        for (const reader of [PUBLIC, PARTICIPANT, OPERATOR]) {
          expect(selected(directory, reader)).toEqual(seen(directory, reader));
        }
        expect(seen(directory, PARTICIPANT)).not.toContain('p@d.example');
      }),
      { numRuns: 50 },
    );
  });

  it('ends early for whoever may not take all of it', () => {
    expect(reachOf(PUBLIC)).toEqual({ page: 20, depth: 60, listing: false });
    expect(reachOf(PARTICIPANT)).toEqual({ page: 1000, depth: 1000, listing: false });
    expect(reachOf({ ...PARTICIPANT, bulk: true }).listing).toBe(true);
    expect(() => mustTakeAll(PARTICIPANT)).toThrow(/only with the right "bulk"/);
    expect(() => mustTakeAll(OPERATOR)).not.toThrow();
  });
});

describe('keys', () => {
  it('are shown once, kept as digests, and open until they are revoked', async () => {
    const directory = await freshDirectory('acme', 'beta');
    const { key, made } = addKey(directory, { hisp: 'ACME', label: 'nightly', bulk: true, by: 'op' });
    const stored = directory.handle.prepare('select * from directory_key').all();
    expect(JSON.stringify(stored)).not.toContain(key);
    expect(readerOf(directory, key)).toEqual({
      kind: 'participant',
      id: 'acme',
      name: 'nightly',
      bulk: true,
    });
    expect(readerOf(directory, key, 'Acme')).toBeDefined();
    expect(readerOf(directory, key, 'beta')).toBeUndefined();
    for (const wrong of ['', 'adk_', `${key}x`, key.slice(1), stored[0]!['digest'] as string]) {
      expect(readerOf(directory, wrong)).toBeUndefined();
    }
    revokeKey(directory, made.id, 'op');
    expect(readerOf(directory, key)).toBeUndefined();
    expect(keys(directory, 'acme')[0]?.revokedAt).not.toBeNull();
    expect(() => revokeKey(directory, made.id, 'op')).toThrow(/revoked before/);
    expect(() => addKey(directory, { hisp: 'nobody', by: 'op' })).toThrow(/no contributor "nobody"/);
  });
});

describe('the quota', () => {
  it('counts a HISP, and a network, and fills again with time', () => {
    let now = 0;
    const quota = createQuota(
      { mono: () => now },
      { public: { burst: 2, perMinute: 6 }, participant: { burst: 3, perMinute: 60 } },
    );
    expect(quota.take(PUBLIC).ok).toBe(true);
    expect(quota.take(PUBLIC).ok).toBe(true);
    expect(quota.take(PUBLIC)).toEqual({ ok: false, retryAfterMs: 10_000 });
    expect(quota.take({ kind: 'public', peer: '192.0.2.8' }).ok).toBe(true);
    now = 10_000;
    expect(quota.take(PUBLIC).ok).toBe(true);
    expect(quota.take(PARTICIPANT, 100).ok).toBe(true);
    expect(quota.take({ ...PARTICIPANT, name: 'another key' })).toMatchObject({ ok: false });
    for (let i = 0; i < 100; i++) expect(quota.take(OPERATOR).ok).toBe(true);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is of the network %s', (peer, network) => expect(networkOf(peer)).toBe(network));
});

describe('the audit', () => {
  it('tells who asked what; of strangers not their words', async () => {
    const directory = await freshDirectory();
    const auditor = createAuditor(directory);
    auditor.note(PUBLIC, { face: 'fhir', kind: 'search', query: 'name=lark', results: 2 });
    auditor.note(PARTICIPANT, { face: 'rest', kind: 'search', query: 'lark', results: 3 });
    expect(auditLines(directory)).toEqual([]);
    auditor.note(PARTICIPANT, { face: 'rest', kind: 'bulk', query: 'export csv', results: 40 });
    expect(auditLines(directory).map(({ at: _, ...line }) => line)).toEqual([
      {
        reader: 'participant',
        who: 'acme',
        name: 'acme',
        face: 'rest',
        kind: 'bulk',
        query: 'export csv',
        results: 40,
      },
      {
        reader: 'participant',
        who: 'acme',
        name: 'acme',
        face: 'rest',
        kind: 'search',
        query: 'lark',
        results: 3,
      },
      {
        reader: 'public',
        who: '192.0.2.7',
        name: '',
        face: 'fhir',
        kind: 'search',
        query: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
        results: 2,
      },
    ]);
    expect(auditLines(directory, { who: 'acme', kind: 'search' })).toHaveLength(1);
    auditor.close();
  });
});
