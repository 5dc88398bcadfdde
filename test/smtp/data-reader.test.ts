import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataReader } from '../../src/smtp/data-reader.ts';
import { dotStuffed } from '../../src/smtp/dot-stuffing.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** What comes out when `wire` arrives in segments that end at `cuts`. */
function read(wire: string, cuts: readonly number[], limit = 1_000_000) {
  const bytes = Buffer.from(wire, 'latin1');
  const reader = createDataReader(limit);
  const edges = [0, ...new Set(cuts.filter((cut) => cut > 0 && cut < bytes.length))].sort((a, b) => a - b);
  for (const [index, from] of edges.entries()) {
    const to = edges[index + 1] ?? bytes.length;
    const rest = reader.push(bytes.subarray(from, to));
    if (rest) {
      const content = latin1(reader.content());
      return {
        content,
        bare: reader.bareLineEnd,
        size: reader.size,
        rest: latin1(rest) + latin1(bytes.subarray(to)),
      };
    }
  }
  return { open: true as const, bare: reader.bareLineEnd };
}

describe('a large message', () => {
  const large = Buffer.from(`${'A line of a large message, with a dot in front\r\n.\r\n'.repeat(20_000)}`);

  it.each([0, 1, 300_000, large.length, 1_500_000, 90_000_000])(
    'is read whole, whatever was announced: %i',
    (announced) => {
      const reader = createDataReader(2_000_000, announced);
      const wire = Buffer.concat([dotStuffed(large), Buffer.from('QUIT')]);
      for (let at = 0; at < wire.length; at += 60_001) {
        const rest = reader.push(wire.subarray(at, at + 60_001));
        if (rest) expect(latin1(rest)).toBe('QUIT');
      }
      expect(reader.size).toBe(large.length);
      expect(Buffer.compare(reader.content(), large)).toBe(0);
    },
  );

  it('over the limit is counted and not kept', () => {
    const reader = createDataReader(1_000_000, 100);
    expect(reader.push(dotStuffed(large))?.length).toBe(0);
    expect([reader.size, reader.content().length]).toEqual([large.length, 0]);
  });
});

/** Every way to cut a short text in two or three. */
function* allCuts(length: number): Generator<number[]> {
  for (let a = 0; a <= length; a++) for (let b = a; b <= length; b++) yield [a, b];
}

describe('the end of DATA', () => {
  it.each([
    ['a\r\n.\r\n', 'a\r\n', ''],
    ['.\r\n', '', ''],
    ['..a\r\n.\r\n', '.a\r\n', ''],
    ['.a\r\n.\r\n', 'a\r\n', ''],
    ['a.\r\n.\r\n', 'a.\r\n', ''],
    ['...\r\n.\r\nQUIT\r\n', '..\r\n', 'QUIT\r\n'],
    ['a\r\n\r\n.b\r\n.\r\n.\r\n', 'a\r\n\r\nb\r\n', '.\r\n'],
  ])('%j at every segmentation', (wire, content, rest) => {
    for (const cuts of allCuts(wire.length)) {
      const got = read(wire, cuts);
      expect({ cuts, ...got }).toEqual({ cuts, content, rest, bare: false, size: content.length });
    }
  });

  /** The ends that some servers take and others do not: inside a message they are smuggled commands. */
  it.each(
    [
      '\n.\n',
      '\n.\r\n',
      '\r\n.\n',
      '\r.\r',
      '\r.\r\n',
      '\r\n.\r',
      '\r\n\0.\r\n',
      '\r\r\n.\r\r\n',
      '\n\n.\r\n',
    ].map((end) => [end]),
  )('%j is not one, at every segmentation', (end) => {
    const wire = `a${end}MAIL FROM:<x@y.example>\r\n`;
    for (const cuts of allCuts(wire.length)) {
      const open = read(wire, cuts);
      expect('open' in open).toBe(true);
      const ended = read(`${wire}.\r\n`, cuts);
      expect({ cuts, rest: 'rest' in ended && ended.rest }).toEqual({ cuts, rest: '' });
      // only the NUL, which is no line end, leaves a message that may be stored
      if (end !== '\r\n\0.\r\n') expect(ended.bare).toBe(true);
    }
  });

  it('ends at the first CRLF.CRLF of any octets, and marks every line end that stands alone', () => {
    const octet = fc.constantFrom('\r', '\n', '.', 'a', '\0', '\r\n', '\r\n.', '\r\n.\r\n');
    fc.assert(
      fc.property(
        fc.array(octet, { maxLength: 20 }),
        fc.array(fc.nat(40), { maxLength: 6 }),
        (parts, cuts) => {
          const wire = parts.join('');
          const end = `\r\n${wire}`.indexOf('\r\n.\r\n');
          const got = read(wire, cuts);
          if (end < 0) {
            expect('open' in got).toBe(true);
            return;
          }
          const inside = wire.slice(0, end);
          const bare = /(^|[^\r])\n|\r(?!\n)/.test(inside);
          expect(got).toMatchObject({ rest: wire.slice(end + 3), bare });
          if (!bare) expect(got).toMatchObject({ content: inside.replace(/(^|\r\n)\./g, '$1') });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('gives back what was stuffed, byte for byte', () => {
    const line = fc.stringMatching(/^[\x00-\x09\x0b\x0c\x0e-\xff]{0,6}$/);
    const dots = fc.constantFrom('.', '..', '.a', '');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, dots), { maxLength: 12 }),
        fc.array(fc.nat(60), { maxLength: 6 }),
        (lines, cuts) => {
          const message = lines.map((text) => `${text}\r\n`).join('');
          const wire = latin1(dotStuffed(Buffer.from(message, 'latin1')));
          expect(read(wire, cuts)).toMatchObject({ content: message, rest: '', bare: false });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('counts past the limit and keeps nothing', () => {
    expect(read(`${'a'.repeat(98)}\r\n.\r\n`, [], 99)).toMatchObject({ content: '', size: 100 });
    expect(read(`${'a'.repeat(98)}\r\n.\r\n`, [], 100)).toMatchObject({ size: 100 });
  });
});

describe('dot-stuffing', () => {
  it.each([
    ['a', 'a\r\n.\r\n'],
    ['', '.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['a.\r\n..b\r\n', 'a.\r\n...b\r\n.\r\n'],
  ])('%j', (message, wire) => {
    expect(latin1(dotStuffed(Buffer.from(message)))).toBe(wire);
  });
  it.each(['a\n', 'a\rb', '\n', 'a\r', '\r\r\n'])('%j is not canonical', (message) => {
    expect(() => dotStuffed(Buffer.from(message))).toThrow(/line end that is not CRLF/);
  });
});
