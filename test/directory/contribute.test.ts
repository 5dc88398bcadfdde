import { describe, expect, it } from 'vitest';
import { approve, refuse } from '../../src/directory/contribute.ts';
import { contribution, findings, history } from '../../src/directory/contributions.ts';
import { putContributor } from '../../src/directory/directory.ts';
import { countEntries, entries, lookUp } from '../../src/directory/entries.ts';
import { differences, provenance } from '../../src/directory/provenance.ts';
import { undo } from '../../src/directory/undo.ts';
import type { TextFormat } from '../../src/directory/write/formats.ts';
import { asShown, freshDirectory, shownRecords, some, take, written } from './fixture.ts';

const csv = (...rows: string[]): string =>
  ['DIRECT_ADDRESS,PROV_UID,ORG_UID,ORG_NAME', ...rows, ''].join('\r\n');

describe('a contribution', () => {
  it.each<TextFormat>(['csv', 'ndjson', 'fhir'])('in %s is read as it was written', async (format) => {
    const directory = await freshDirectory();
    const records = some(100);
    expect(await take(directory, written(format, records))).toMatchObject({
      state: 'applied',
      counts: { added: 100, errors: 0 },
    });
    expect(shownRecords(directory).filter((one, i) => one !== asShown(records)[i])).toEqual([]);
  });

  it.each<[TextFormat, number]>([
    ['csv-2016', 100],
    ['ldif', 100],
    ['nppes', 87],
  ])('in %s brings what the format has', async (format, count) => {
    const directory = await freshDirectory();
    const records = some(100);
    expect(await take(directory, written(format, records))).toMatchObject({
      state: 'applied',
      counts: { added: count, errors: 0 },
    });
    const [entry] = lookUp(directory, records[1]!.DIRECT_ADDRESS);
    expect(entry?.record).toMatchObject({
      PROV_NPI: records[1]!.PROV_NPI,
      ORG_NAME: records[1]!.ORG_NAME,
      ORG_CITY: records[1]!.ORG_CITY,
    });
  });

  it('replaces, and says what was added, changed and removed', async () => {
    const directory = await freshDirectory();
    await take(directory, csv('a@d.example,,o,One', 'b@d.example,,o,One', 'c@d.example,,p,Two'));
    const second = await take(
      directory,
      csv('a@d.example,,o,One', 'c@d.example,,p,Three', 'd@d.example,,p,Three'),
    );
    expect(second.counts).toEqual({ added: 1, changed: 1, unchanged: 1, removed: 1, errors: 0, warnings: 0 });
    expect([...entries(directory)].map(({ record }) => record.DIRECT_ADDRESS).sort()).toEqual([
      'a@d.example',
      'c@d.example',
      'd@d.example',
    ]);
    expect(countEntries(directory, 1)).toBe(3);
    const [entry] = lookUp(directory, 'C@D.example');
    expect(provenance(directory, entry!.n).map(({ column, contribution: of }) => [column, of])).toEqual([
      ['DIRECT_ADDRESS', 1],
      ['ORG_UID', 1],
      ['ORG_NAME', 2],
    ]);
    const [before] = lookUp(directory, 'c@d.example', 1);
    expect(differences(before!.record, entry!.record)).toEqual([
      { column: 'ORG_NAME', before: 'Two', after: 'Three' },
    ]);
  });

  it('adds and deletes when it is incremental', async () => {
    const directory = await freshDirectory();
    await take(directory, csv('a@d.example,,o,One', 'b@d.example,,o,One'));
    const head = 'CHANGE,DIRECT_ADDRESS,ORG_UID,ORG_NAME';
    const result = await take(
      directory,
      `${head}\ndelete,a@d.example,o,\nadd,c@d.example,o,One\ndelete,x@d.example,o,\n`,
      { kind: 'incremental' },
    );
    expect(result.counts).toMatchObject({ added: 1, removed: 1, warnings: 1 });
    expect(countEntries(directory)).toBe(2);
  });

  it('goes on where it was stopped, and ends the same', async () => {
    const records = some(9000);
    const text = written('csv', records);
    const whole = await freshDirectory();
    await take(whole, text);
    const stopped = await freshDirectory();
    await take(stopped, written('csv', some(50, 2)));
    const before = shownRecords(stopped);
    let batches = 0;
    const first = await take(stopped, text, { stopped: () => ++batches === 2 });
    expect(first).toMatchObject({ state: 'applying', checkpoint: 4000 });
    expect(shownRecords(stopped)).toEqual(before);
    await expect(take(stopped, written('csv', some(10, 3)))).rejects.toMatchObject({ code: 'busy' });
    expect(await take(stopped, text)).toMatchObject({
      id: first.id,
      state: 'applied',
      checkpoint: 9000,
      counts: { added: 9000, removed: 50 },
    });
    expect(shownRecords(stopped)).toEqual(shownRecords(whole));
  });

  it('waits for approval where the contributor needs it', async () => {
    const directory = await freshDirectory();
    putContributor(directory, { id: 'acme', approval: true });
    const waiting = await take(directory, csv('a@d.example,,o,One'));
    expect(waiting.state).toBe('waiting');
    expect(countEntries(directory)).toBe(0);
    expect(await approve(directory, waiting.id, { by: 'op' })).toMatchObject({
      state: 'applied',
      counts: { added: 1 },
    });
    expect(countEntries(directory)).toBe(1);
    const other = await take(directory, csv('b@d.example,,o,One'));
    expect(await refuse(directory, other.id, 'not yours')).toMatchObject({
      state: 'refused',
      reason: 'not yours',
    });
    await expect(approve(directory, other.id, { by: 'op' })).rejects.toMatchObject({ code: 'state' });
  });

  it('can be undone, but for what was changed since', async () => {
    const directory = await freshDirectory();
    await take(directory, csv('a@d.example,,o,One', 'b@d.example,,o,One', 'c@d.example,,o,One'));
    const before = shownRecords(directory);
    const wrong = await take(directory, csv('a@d.example,,o,Wrong', 'd@d.example,,o,Wrong'));
    const back = await undo(directory, wrong.id, 'op');
    expect(back.counts).toMatchObject({ added: 2, changed: 1, removed: 1 });
    expect(shownRecords(directory)).toEqual(before);
    expect(contribution(directory, wrong.id).state).toBe('undone');
    await expect(undo(directory, wrong.id, 'op')).rejects.toMatchObject({ code: 'state' });

    const one = await take(directory, csv('a@d.example,,o,Two'), { kind: 'incremental' });
    await take(directory, csv('a@d.example,,o,Three'), { kind: 'incremental' });
    await expect(undo(directory, one.id, 'op')).rejects.toMatchObject({ code: 'state' });
    expect(lookUp(directory, 'a@d.example')[0]!.record.ORG_NAME).toBe('Three');
    expect(history(directory)[0]).toMatchObject({ kind: 'undo', state: 'refused' });
  });

  it('is kept apart from those of others', async () => {
    const directory = await freshDirectory('acme', 'other');
    await take(directory, csv('a@d.example,,o,One'));
    await take(directory, csv('b@d.example,,o,Two'), { contributor: 'other' });
    expect(countEntries(directory)).toBe(2);
  });

  it('keeps the columns that we do not know', async () => {
    const directory = await freshDirectory();
    await take(directory, 'direct address,Fax Hours\na@d.example,"8-12, 13-17"\n');
    expect(lookUp(directory, 'a@d.example')[0]!.record.extra).toEqual({ 'Fax Hours': '8-12, 13-17' });
  });
});

describe('a file that is wrong', () => {
  const good = 'a@d.example,,o,One';
  it.each([
    [
      'mixed encodings',
      Buffer.concat([Buffer.from(csv(good)), Buffer.from('b@d.example,,o,Mu\xf1oz\n', 'latin1')]),
      {
        line: 3,
        column: 'ORG_NAME',
        found: "octet 0xF1 at position 18, which is not UTF-8 (in Windows-1252 it is 'ñ')",
        expected: 'UTF-8 in the whole file',
      },
    ],
    [
      'a 10 MB line',
      csv(good, `b@d.example,,o,${'x'.repeat(10 << 20)}`),
      { line: 3, column: '', found: 'a line of 10485775 octets', expected: 'at most 65536 octets a line' },
    ],
    [
      'duplicate keys',
      csv(good, 'b@d.example,,o,One', good),
      {
        line: 4,
        column: 'DIRECT_ADDRESS',
        found: "the key of line 2 again: a@d.example, PROV_UID '', ORG_UID 'o'",
        expected: 'each key (address, PROV_UID, ORG_UID) once',
      },
    ],
    [
      'a formula',
      csv(good, 'b@d.example,,o,=cmd|calc'),
      {
        line: 3,
        column: 'ORG_NAME',
        found: '=cmd|calc (a spreadsheet takes it for a formula)',
        expected: 'a value that is no formula',
      },
    ],
    [
      'a NUL octet',
      csv(good, 'b@d.example,,o,O\u0000ne'),
      { line: 3, column: 'ORG_NAME', found: 'a NUL octet at position 17', expected: 'text' },
    ],
    [
      'too few fields',
      csv(good, 'b@d.example'),
      { line: 3, column: '', found: '1 fields', expected: '4 fields, as the header has' },
    ],
    [
      'no address',
      csv(good, ',,o,One'),
      {
        line: 3,
        column: 'DIRECT_ADDRESS',
        found: 'nothing',
        expected: 'an address, such as name@direct.clinic.example',
      },
    ],
  ])('with %s is refused with a report, and changes nothing', async (_, content, expected) => {
    const directory = await freshDirectory();
    await take(directory, csv('z@d.example,,o,Zero'));
    const before = shownRecords(directory);
    const result = await take(directory, content);
    expect(result.state).toBe('refused');
    expect(findings(directory, result.id)).toEqual([{ level: 'error', ...expected }]);
    expect(shownRecords(directory)).toEqual(before);
    expect(await take(directory, csv('y@d.example,,o,Zero'))).toMatchObject({ state: 'applied' });
  });

  it.each([
    [
      'a wrong header',
      'direct_adress,name\na@d.example,A\n',
      /found the columns direct_adress, name; expected DIRECT_ADDRESS/,
    ],
    ['semicolons', 'DIRECT_ADDRESS;ORG_NAME\na@d.example;A\n', /separated by semicolons/],
    ['a column twice', 'DIRECT_ADDRESS,direct address\na@d.example,A\n', /are the same column/],
    ['nothing in it', '', /is empty/],
  ])('with %s is refused as a whole', async (_, content, message) => {
    const directory = await freshDirectory();
    await take(directory, csv('z@d.example,,o,Zero'));
    await expect(take(directory, content)).rejects.toThrow(message);
    expect(countEntries(directory)).toBe(1);
    expect(history(directory)[0]).toMatchObject({ state: 'refused' });
  });

  it('is taken without its wrong records where that is tolerated', async () => {
    const directory = await freshDirectory();
    const result = await take(directory, csv(good, ',,o,One'), { tolerate: 1 });
    expect(result).toMatchObject({ state: 'applied', counts: { added: 1, errors: 1 } });
  });
});

describe('formulas', () => {
  const FORMULAS = [
    "=cmd|' /C calc'!A0",
    '@SUM(1+1)',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '=1+1',
  ];

  it.each(FORMULAS)('%s enter in no format', async (formula) => {
    const directory = await freshDirectory();
    const fields = { DIRECT_ADDRESS: 'a@d.example', ORG_UID: 'o', ORG_NAME: formula };
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            resourceType: 'Organization',
            id: 'o',
            name: formula,
            endpoint: [{ reference: 'Endpoint/e' }],
          },
        },
        {
          resource: {
            resourceType: 'Endpoint',
            id: 'e',
            status: 'active',
            connectionType: { code: 'direct-project' },
            address: 'mailto:a@d.example',
          },
        },
      ],
    };
    const ldif = `dn: uid=o,ou=organizations,o=directory\nobjectClass: organization\nuid: o\no: ${formula}\nmail: a@d.example\n`;
    for (const [format, content] of [
      ['csv', csv(`a@d.example,,o,"${formula}"`)],
      ['ndjson', `${JSON.stringify(fields)}\n`],
      ['ndjson', `${JSON.stringify({ DIRECT_ADDRESS: 'a@d.example', extra: { Notes: formula } })}\n`],
      ['fhir', JSON.stringify(bundle)],
      ['ldif', ldif],
    ] as const) {
      const result = await take(directory, content, { format });
      expect(result.state, format).toBe('refused');
      expect(countEntries(directory), format).toBe(0);
    }
  });

  it.each(FORMULAS)('%s is no name of a column either', async (formula) => {
    const directory = await freshDirectory();
    const named = `DIRECT_ADDRESS,"${formula}"\na@d.example,x\n`;
    await expect(take(directory, named)).rejects.toThrow(/a spreadsheet takes it for a formula/);
    const object = JSON.stringify({ DIRECT_ADDRESS: 'a@d.example', extra: { [formula]: 'x' } });
    expect((await take(directory, `${object}\n`)).state).toBe('refused');
    expect(countEntries(directory)).toBe(0);
  });

  it('leave telephone numbers and dashes as they are', async () => {
    const directory = await freshDirectory();
    const content = 'DIRECT_ADDRESS,ORG_PHONE,ORG_NAME\na@d.example,+16145550142,-\n';
    expect((await take(directory, content)).state).toBe('applied');
    expect(
      written(
        'csv',
        [...entries(directory)].map(({ record }) => record),
      ),
    ).toContain('+16145550142');
  });
});
