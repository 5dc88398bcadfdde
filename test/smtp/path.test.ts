import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeLine } from '../../src/smtp/command-lines.ts';
import { SmtpError } from '../../src/smtp/error.ts';
import { parseCommand, parsePathArgument } from '../../src/smtp/path.ts';

const code = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return error instanceof SmtpError ? error.code : `untyped: ${error}`;
  }
};

describe('paths (RFC 5321 §4.1.2)', () => {
  it.each([
    ['FROM:', 'FROM:<a@b.example>', 'a@b.example', {}],
    ['FROM:', 'from:<a@b.example> SIZE=10 BODY=8BITMIME', 'a@b.example', { SIZE: '10', BODY: '8BITMIME' }],
    ['FROM:', 'FROM:<>', '', {}],
    ['FROM:', 'FROM:<> size=7', '', { SIZE: '7' }],
    ['TO:', 'TO:<Postmaster>', 'Postmaster', {}],
    ['TO:', 'TO:<"a b\\"c"@b.example>', '"a b\\"c"@b.example', {}],
    ['TO:', 'TO:<a+tag@[127.0.0.1]>', 'a+tag@[127.0.0.1]', {}],
    ['TO:', 'TO:<@relay.example,@x.example:a@b.example>', 'a@b.example', {}],
  ] as const)('%s %s', (prefix, argument, mailbox, parameters) => {
    const path = parsePathArgument(argument, prefix);
    expect(path.mailbox).toBe(mailbox);
    expect(Object.fromEntries(path.parameters)).toEqual(parameters);
  });

  it.each([
    ['FROM:', 'FROM: <a@b.example>', 'syntax'],
    ['FROM:', 'FROM:a@b.example', 'syntax'],
    ['FROM:', 'FROM:<a@b.example', 'syntax'],
    ['FROM:', 'FROM:<a@b.example>SIZE=1', 'syntax'],
    ['FROM:', 'FROM:<a@b.example> SIZE=1 size=2', 'syntax'],
    ['FROM:', 'FROM:<a..b@b.example>', 'syntax'],
    ['FROM:', 'FROM:<a@-b.example>', 'syntax'],
    ['FROM:', 'TO:<a@b.example>', 'syntax'],
    ['TO:', 'TO:<>', 'syntax'],
    ['TO:', 'TO:<a@b@c>', 'syntax'],
    ['TO:', `TO:<${'a'.repeat(65)}@b.example>`, 'limit'],
    ['TO:', `TO:<a@${'b.'.repeat(140)}example>`, 'limit'],
  ] as const)('%s %s is refused', (prefix, argument, expected) => {
    expect(code(() => parsePathArgument(argument, prefix))).toBe(expected);
  });

  it('gives a value or an SmtpError for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.constantFrom('FROM:' as const, 'TO:' as const),
        (text, prefix) => {
          expect(['ok', 'syntax', 'limit']).toContain(code(() => parsePathArgument(prefix + text, prefix)));
          expect(['ok', 'syntax']).toContain(code(() => parseCommand(Buffer.from(text, 'utf8'))));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('command lines', () => {
  const kinds = (text: string) => {
    const taken = takeLine(Buffer.from(text, 'latin1'), 20);
    if (!taken) return 'waits';
    return taken.line.kind === 'line'
      ? [Buffer.from(taken.line.bytes).toString('latin1'), Buffer.from(taken.rest).toString('latin1')]
      : taken.line.kind;
  };
  it.each([
    ['NOOP\r\nQUIT\r\n', ['NOOP', 'QUIT\r\n']],
    ['\r\n', ['', '']],
    ['NOOP', 'waits'],
    ['NOOP\r', 'waits'],
    ['NOOP\n', 'bare-line-end'],
    ['NOOP\rQUIT\r\n', 'bare-line-end'],
    ['NOOP\r\r\n', 'bare-line-end'],
    ['\n', 'bare-line-end'],
    ['NO\nOP\r\n', 'bare-line-end'],
    [`${'x'.repeat(18)}\r\n`, ['x'.repeat(18), '']],
    [`${'x'.repeat(19)}\r\n`, 'too-long'],
    ['x'.repeat(21), 'too-long'],
  ] as const)('%j', (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });
});
