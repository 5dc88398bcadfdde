import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { lookUp } from '../../../src/directory/entries.ts';
import { readerOf } from '../../../src/directory/read/index.ts';
import { FORMATS, openSource } from '../../../src/directory/read/source.ts';
import { file, freshDirectory, some, take, written } from '../fixture.ts';

const items = (format: (typeof FORMATS)[number], text: string | Uint8Array) => [
  ...readerOf(format)([Buffer.from(text)]),
];

describe('what a file is', () => {
  it.each([
    ['csv', 'csv'],
    ['csv-2016', 'csv'],
    ['nppes', 'nppes'],
    ['fhir', 'fhir'],
    ['ldif', 'ldif'],
    ['ndjson', 'ndjson'],
  ] as const)('%s is known by its beginning', (format, expected) => {
    expect(openSource(file(written(format, some(20)))).format).toBe(expected);
  });

  it('is taken out of a ZIP, without what macOS adds', async () => {
    const directory = await freshDirectory();
    const text = Buffer.from(written('csv', some(50)));
    const zip = zipSync({ '__MACOSX/._directory.csv': Buffer.from('x'), 'directory.csv': text });
    expect(await take(directory, zip)).toMatchObject({ state: 'applied', counts: { added: 50 } });
  });

  it.each([
    [
      'several files',
      zipSync({ 'a.csv': Buffer.from('a'), 'b.csv': Buffer.from('b') }),
      /holds several files/,
    ],
    ['none', zipSync({ '__MACOSX/x': Buffer.from('a') }), /holds no file/],
    [
      'damage',
      Buffer.concat([
        zipSync({ 'a.csv': Buffer.from('abc'.repeat(1000)) }).subarray(0, 34),
        Buffer.alloc(40, 255),
      ]),
      /damaged|holds no/,
    ],
  ])('in a ZIP with %s is refused', (_, bytes, message) => {
    expect(() => openSource(file(bytes))).toThrow(message);
  });
});

describe('every reader', () => {
  it.each(FORMATS)('%s is total over any octets', (format) => {
    const heads: Record<string, string> = {
      csv: 'DIRECT_ADDRESS,ORG_NAME\n',
      nppes: 'NPI,Endpoint Type,Endpoint\n',
      fhir: '{"resourceType":"Bundle","entry":[',
      ldif: 'dn: o=x\n',
      ndjson: '{"DIRECT_ADDRESS":',
    };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
          fc.string().map((text) => Buffer.from(text)),
        ),
        fc.boolean(),
        (bytes, head) => {
          try {
            for (const item of items(
              format,
              head ? Buffer.concat([Buffer.from(heads[format]!), bytes]) : bytes,
            ))
              expect(['record', 'fault']).toContain(item.kind);
          } catch (error) {
            expect((error as Error).name).toBe('DirectoryError');
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('NPPES', () => {
  it('takes Direct addresses only, in whatever form they stand', () => {
    const text =
      'NPI,Endpoint Type,Endpoint\n1234567893,DIRECT,  mailto:Ann@D.Example \n1234567893,FHIR,https://x.example\n';
    expect(items('nppes', text)).toMatchObject([
      { kind: 'record', record: { DIRECT_ADDRESS: 'ann@d.example', PROV_NPI: '1234567893' } },
    ]);
  });
});

describe('FHIR', () => {
  it('joins resources in any order, and takes endpoints that stand alone', async () => {
    const directory = await freshDirectory();
    const endpoint = (id: string, address: string) => ({
      resource: { resourceType: 'Endpoint', id, connectionType: { code: 'direct-project' }, address },
    });
    const bundle = {
      resourceType: 'Bundle',
      entry: [
        {
          resource: {
            resourceType: 'PractitionerRole',
            practitioner: { reference: 'Practitioner/p' },
            organization: { reference: 'Organization/o' },
            endpoint: [{ reference: 'Endpoint/e' }],
          },
        },
        endpoint('e', 'mailto:A@D.example'),
        endpoint('f', 'b@d.example'),
        {
          resource: {
            resourceType: 'Organization',
            id: 'o',
            name: 'One "x" {',
            telecom: [{ system: 'phone', value: '+16145550100' }],
          },
        },
        { resource: { resourceType: 'Practitioner', id: 'p', name: [{ family: 'Lark', given: ['Ann'] }] } },
      ],
    };
    expect(await take(directory, JSON.stringify(bundle, null, 1))).toMatchObject({ counts: { added: 2 } });
    expect(lookUp(directory, 'a@d.example')[0]!.record).toMatchObject({
      PROV_LAST_NAME: 'Lark',
      ORG_NAME: 'One "x" {',
      ORG_PHONE: '+16145550100',
    });
  });
});
