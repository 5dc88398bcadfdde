import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { parseName } from '../../../src/pki/name.ts';
import {
  compareList,
  readDateTime,
  readMetadata,
  serialNumber,
  writeMetadata,
} from '../../../src/trust/bundle/metadata.ts';
import { nameKey, nameTextKeys } from '../../../src/trust/bundle/name-text.ts';
import { readXml, XmlError } from '../../../src/trust/bundle/xml.ts';
import { A, B, C, DAY, NOW, root } from './fixtures.ts';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('metadata', () => {
  it('are read as they were written', () => {
    const metadata = {
      profile: 'Élan & <Friends> LoA-3',
      distributionPoints: ['https://b.example/x.p7b?a=1&b=2', 'http://b.example/x.p7b'],
      validFrom: NOW,
      validTo: NOW + DAY,
    };
    const { metadata: read, faults } = readMetadata(writeMetadata(metadata, [A, B]));
    expect(faults).toEqual([]);
    expect(read).toMatchObject(metadata);
    expect(compareList(read.anchors!, [A, B])).toEqual({ unlisted: [], absent: [] });
    expect(compareList(read.anchors!, [A, C])).toMatchObject({
      unlisted: [C],
      absent: [{ serial: serialNumber(B) }],
    });
  });

  it.each<[string, string, number]>([
    ['nothing but the root', '<TrustBundle/>', 2],
    [
      'a byte order mark, a namespace, a comment, CDATA',
      '\ufeff<?xml version="1.0"?><!-- x --><t:TrustBundle xmlns:t="urn:x"><t:Profile><![CDATA[P]]></t:Profile><t:DistributionPoint>u</t:DistributionPoint></t:TrustBundle>',
      0,
    ],
    [
      'two profiles',
      '<TrustBundle><Profile>P</Profile><Profile>Q</Profile><DistributionPoint>u</DistributionPoint></TrustBundle>',
      1,
    ],
    [
      'an unknown element',
      '<TrustBundle><Profile>P</Profile><Owner/><DistributionPoint>u</DistributionPoint></TrustBundle>',
      1,
    ],
    [
      'a date that is none',
      '<TrustBundle><Profile>P</Profile><DistributionPoint>u</DistributionPoint><ValidTo>2026-02-30T00:00:00Z</ValidTo></TrustBundle>',
      1,
    ],
    [
      'an anchor without number',
      '<TrustBundle><Profile>P</Profile><DistributionPoint>u</DistributionPoint><Anchors><Anchor><X509IssuerSerial><X509IssuerName>CN=a</X509IssuerName></X509IssuerSerial></Anchor></Anchors></TrustBundle>',
      1,
    ],
  ])('%s: read, with its faults', (_, text, count) => {
    expect(readMetadata(utf8(text)).faults).toHaveLength(count);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['a DTD', '<!DOCTYPE x><TrustBundle/>', 'forbidden'],
    ['a DTD after a comment', '<!-- --><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', 'forbidden'],
    ['an entity of its own', '<a>&xxe;</a>', 'forbidden'],
    ['a processing instruction', '<a><?php x?></a>', 'malformed'],
    ['an unclosed element', '<a><b></a>', 'malformed'],
    ['two roots', '<a/><b/>', 'malformed'],
    ['text outside', '<a/>text', 'malformed'],
    ['a bare ampersand', '<a>AT&T</a>', 'malformed'],
    ['an entity of nothing', '<a>&#0;</a>', 'malformed'],
    ['an attribute without quotes', '<a b=c/>', 'malformed'],
    ['Latin-1', Uint8Array.of(0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e), 'malformed'],
    ['nothing', '', 'malformed'],
    ['too deep', '<a>'.repeat(40), 'limit'],
    ['too many', `<a>${'<b/>'.repeat(60_000)}</a>`, 'limit'],
    ['too long', ' '.repeat((2 << 20) + 1), 'limit'],
  ])('%s is refused', (_, text, code) => {
    const bytes = typeof text === 'string' ? utf8(text) : text;
    expect(() => readXml(bytes)).toThrow(expect.objectContaining({ name: 'XmlError', code }));
  });

  it('any text is XML or an XmlError, in bounded time', () => {
    const token = fc.constantFrom(
      '<a>',
      '</a>',
      '<a ',
      'b="c"',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&lt;',
      '&',
      ';',
      '<!',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        try {
          readXml(utf8(tokens.join('')));
        } catch (error) {
          if (!(error instanceof XmlError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
    const hostile = [
      `<a${' '.repeat(1 << 20)}`,
      `<a ${'b="c" '.repeat(100_000)}`,
      '<a>'.padEnd(1 << 20, '&'),
      '<'.repeat(1 << 20),
    ];
    const began = process.hrtime.bigint();
    for (const text of hostile) expect(() => readXml(utf8(text))).toThrow(XmlError);
    expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(2000);
  });
});

describe('the issuer is the same name in any spelling', () => {
  const odd = issueCertificate({
    profile: 'root',
    subject: { C: 'US', O: 'Good Health, Inc.', CN: 'Root  "A"', E: 'ca@x.example' },
    key: keyPool.take('p256'),
    issuer: 'self',
    notBefore: NOW,
    notAfter: NOW + DAY,
  }).certificate;
  const spells = (text: string) => nameTextKeys(text).includes(nameKey(odd.issuer));
  const order = odd.issuer.rdns.map(([part]) => part!.oid);
  const values: Record<string, string> = {
    '2.5.4.6': 'C=US',
    '2.5.4.10': 'O=Good Health\\, Inc.',
    '2.5.4.3': 'CN=Root \\"A\\"',
    '1.2.840.113549.1.9.1': 'E=ca@x.example',
  };
  const parts = order.map((oid) => values[oid]!);
  const reversed = parts.toReversed();
  it.each<[string, string]>([
    ['RFC 2253', reversed.join(',')],
    ['with spaces', reversed.join(', ')],
    ['in the order of the encoding', parts.join(', ')],
    ['short names in lower case', reversed.join(',').replace('CN=', 'cn=').replace('O=', 'o=')],
    ['other words', reversed.join(', ').replace('E=', 'EMAILADDRESS=')],
    ['identifiers', reversed.join(',').replace('CN=', '2.5.4.3=').replace('E=', 'OID.1.2.840.113549.1.9.1=')],
    [
      'hex value',
      reversed
        .join(',')
        .replace(
          'E=ca@x.example',
          `1.2.840.113549.1.9.1=#160c${Buffer.from('ca@x.example').toString('hex')}`,
        ),
    ],
    ['quoted', reversed.join(',').replace('Good Health\\, Inc.', '"Good Health, Inc."')],
    ['hex escapes', reversed.join(';').replace('\\,', '\\2C')],
    ['openssl', `/${parts.join('/').replaceAll('\\', '')}`],
    ['other case and white space', reversed.join(' , ').replace('Good Health', 'GOOD  health')],
  ])('%s', (_, text) => {
    expect(spells(text)).toBe(true);
  });
  it.each(['', 'CN', 'CN=Root', reversed.slice(1).join(','), `${reversed.join(',')},DC=x`, 'XX=y', 'CN=a\\'])(
    'not %j',
    (text) => {
      expect(spells(text)).toBe(false);
    },
  );
  it('any text has keys or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => void nameTextKeys(text)),
      { numRuns: 300 },
    );
    expect(nameKey(parseName(A.issuerDer))).toBe(nameKey(A.issuer));
  });
});

it('serial numbers are read as they count', () => {
  expect(serialNumber(root('n', { serial: -5n }).certificate)).toBe(-5n);
  expect(serialNumber(root('n', { serial: 0n }).certificate)).toBe(0n);
});

it.each<[string, string | undefined]>([
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T00:00:00.1234567', '2026-01-01T00:00:00.123Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-01-01', undefined],
  ['yesterday', undefined],
])('dateTime %s', (text, expected) => {
  const ms = readDateTime(text);
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(expected);
});
