import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceremonyLine, checkCeremonyLog, type Head, START } from '../../src/custody/ceremony-log.ts';

const AT = Date.parse('2026-03-01T12:00:00Z');

/** A log of `count` entries and where the chain stood after each. */
function logOf(count: number): { text: string; heads: Head[] } {
  const heads = [START];
  let text = '';
  for (let i = 0; i < count; i++) {
    const next = ceremonyLine(heads.at(-1)!, AT + i * 1000, {
      use: `issue address a${i}@d.example`,
      key: 'issuing',
      who: 'Ann',
      why: 'enrolment',
    });
    text += `${next.line}\n`;
    heads.push(next.head);
  }
  return { text, heads };
}

const { text, heads } = logOf(6);
const lines = text.trimEnd().split('\n');
const joined = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('');

describe('the ceremony log', () => {
  it('is right as it was written, and empty', () => {
    expect(checkCeremonyLog(text, heads[6])).toMatchObject({ ok: true, head: heads[6] });
    expect(checkCeremonyLog(text, heads[3])).toMatchObject({ ok: true });
    expect(checkCeremonyLog('')).toMatchObject({ ok: true, head: START, entries: [] });
  });

  it.each([
    ['a changed word', joined(lines.with(2, lines[2]!.replace('Ann', 'Eve'))), 4],
    ['a changed time', joined(lines.with(0, lines[0]!.replace('12:00:00', '12:00:01'))), 2],
    ['an entry taken out', joined(lines.toSpliced(3, 1)), 4],
    ['an entry put in', joined(lines.toSpliced(3, 0, lines[1]!)), 4],
    ['two in another order', joined([lines[1]!, lines[0]!, ...lines.slice(2)]), 1],
    ['the last one changed', joined(lines.with(5, lines[5]!.replace('Ann', 'Eve'))), 6],
    ['the last one taken off', joined(lines.slice(0, 5)), 5],
    ['everything taken off', '', 0],
    ['another log altogether', logOf(7).text.replaceAll('Ann', 'Eve'), 2],
    ['no JSON', joined(lines.with(4, 'hello')), 5],
    ['another field', joined(lines.with(4, lines[4]!.replace('"use"', '"x":1,"use"'))), 5],
    ['an empty line', joined(lines.toSpliced(2, 0, '')), 3],
  ])('finds %s', (_, changed, line) => {
    expect(checkCeremonyLog(changed, heads[6])).toMatchObject({ ok: false, line });
  });

  it('finds any change of any octet', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.nat(127), (at, octet) => {
        const bytes = Buffer.from(text);
        fc.pre(bytes[at] !== octet);
        bytes[at] = octet;
        expect(checkCeremonyLog(bytes.toString('latin1'), heads[6]).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
