import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imapAnswer, pop3Answer, type ReadAnswer } from '../../../src/scenario/steps/reading/answer.ts';

const read = (parse: ReadAnswer, text: string) => {
  const answer = parse(Buffer.from(text, 'latin1'));
  return (
    answer && {
      code: answer.code,
      literals: answer.literals.map(String),
      left: text.slice(answer.octets.length),
    }
  );
};

describe('an answer', () => {
  it.each([
    ['POP3', pop3Answer(false), '+OK 2 44\r\nrest', 'OK', [], 'rest'],
    ['POP3', pop3Answer(false), '-ERR no\r\n', 'ERR', [], ''],
    ['POP3', pop3Answer(true), '+OK\r\na\r\n..b\r\n.\r\n+OK', 'OK', ['a\r\n.b\r\n'], '+OK'],
    ['POP3', pop3Answer(true), '+OK\r\n.\r\n', 'OK', [''], ''],
    ['POP3', pop3Answer(true), '-ERR no\r\n', 'ERR', [], ''],
    ['POP3', pop3Answer(false), '220 smtp\r\n', 'no-protocol', [], ''],
    ['IMAP', imapAnswer('*'), '* OK hello\r\n', 'OK', [], ''],
    ['IMAP', imapAnswer('a1'), '* 1 EXISTS\r\na1 OK done\r\n* 2 EXISTS\r\n', 'OK', [], '* 2 EXISTS\r\n'],
    [
      'IMAP',
      imapAnswer('a1'),
      '* 1 FETCH (BODY[] {8}\r\na1 OK\r\n )\r\na1 NO x\r\n',
      'NO',
      ['a1 OK\r\n '],
      '',
    ],
    ['IMAP', imapAnswer('a1'), '+ go\r\n', '+', [], ''],
    ['IMAP', imapAnswer('a1'), 'a2 OK\r\n', 'no-protocol', [], ''],
    ['IMAP', imapAnswer('a1'), 'a1 MAYBE\r\n', 'no-protocol', [], ''],
  ] as const)('of %s is read: %#', (_what, parse, text, code, literals, left) => {
    expect(read(parse, text)).toEqual({ code, literals, left });
    const whole = text.length - left.length;
    for (let cut = 0; cut < whole; cut++) {
      if (code !== 'no-protocol') expect(read(parse, text.slice(0, cut))).toBeUndefined();
    }
  });

  it('is read or not, whatever comes', () => {
    const piece = fc.constantFrom(
      '+OK',
      '-ERR',
      '* ',
      'a1 ',
      'OK',
      ' x',
      '{3}',
      '\r\n',
      '\r',
      '\n',
      '.',
      'BODY[]',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.boolean(), (pieces, multi) => {
        const input = Buffer.from(pieces.join(''));
        for (const parse of [pop3Answer(multi), imapAnswer('a1')]) {
          const answer = parse(input);
          if (answer) expect(answer.octets.length).toBeLessThanOrEqual(input.length);
        }
      }),
    );
  });
});
