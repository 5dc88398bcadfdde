import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuthStep, beginAuth } from '../../src/smtp/auth.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const said = (step: AuthStep): string => {
  switch (step.kind) {
    case 'challenge':
      return `? ${Buffer.from(step.text, 'base64').toString()}`.trim();
    case 'credentials':
      return `${step.credentials.name} / ${step.credentials.password}`;
    case 'cancelled':
      return 'cancelled';
    case 'malformed':
      return 'malformed';
  }
};

describe('an exchange of AUTH', () => {
  it.each([
    ['PLAIN at once', `PLAIN ${base64('\0user\0pass word')}`, [], ['user / pass word']],
    ['plain after a challenge', 'plain', [base64('\0user\0pass')], ['?', 'user / pass']],
    ['acting for oneself', `PLAIN ${base64('user\0user\0p')}`, [], ['user / p']],
    ['not ASCII', `PLAIN ${base64('\0jürg\0pässwörd')}`, [], ['jürg / pässwörd']],
    ['an empty password', `PLAIN ${base64('\0user\0')}`, [], ['user / ']],
    ['acting for somebody else', `PLAIN ${base64('boss\0user\0p')}`, [], ['malformed']],
    ['PLAIN of two parts', `PLAIN ${base64('user\0p')}`, [], ['malformed']],
    ['PLAIN of four parts', `PLAIN ${base64('\0u\0p\0q')}`, [], ['malformed']],
    ['PLAIN without a name', `PLAIN ${base64('\0\0p')}`, [], ['malformed']],
    ['PLAIN that is empty', 'PLAIN =', [], ['malformed']],
    ['not Base64', 'PLAIN AHVz!XIA', [], ['malformed']],
    ['Base64 without its end', 'PLAIN AHVzZXIAcA', [], ['malformed']],
    ['not UTF-8', `PLAIN ${Buffer.from('\0u\0\xff', 'latin1').toString('base64')}`, [], ['malformed']],
    ['two initial responses', `PLAIN ${base64('\0u\0p')} x`, [], ['malformed']],
    ['LOGIN', 'LOGIN', [base64('user'), base64('pass')], ['? Username:', '? Password:', 'user / pass']],
    ['LOGIN at once', `LOGIN ${base64('user')}`, [base64('pass')], ['? Password:', 'user / pass']],
    ['LOGIN without a name', 'LOGIN', [''], ['? Username:', 'malformed']],
    ['a change of mind', 'LOGIN', [base64('user'), '*'], ['? Username:', '? Password:', 'cancelled']],
  ])('%s', (_name, argument, lines, expected) => {
    const exchange = beginAuth(argument)!;
    expect([exchange.first, ...lines.map((line) => exchange.take(line))].map(said)).toEqual(expected);
  });

  it.each(['', 'CRAM-MD5', 'XOAUTH2 x', 'PLAINX'])('%j is no mechanism of ours', (argument) => {
    expect(beginAuth(argument)).toBeUndefined();
  });

  it('takes any text without an untyped throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('PLAIN', 'LOGIN', 'plain '),
        fc.array(fc.oneof(fc.string(), fc.base64String()), { maxLength: 4 }),
        (mechanism, lines) => {
          const exchange = beginAuth(`${mechanism} ${lines[0] ?? ''}`);
          for (const line of lines) said(exchange!.take(line));
        },
      ),
    );
  });

  it('gives back every name and password of PLAIN', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, text, (name, password) => {
        fc.pre(name !== '' && !`${name}${password}`.includes('\ufffd'));
        const step = beginAuth(`PLAIN ${base64(`\0${name}\0${password}`)}`)!.first;
        expect(step).toEqual({ kind: 'credentials', credentials: { name, password } });
      }),
    );
  });
});
