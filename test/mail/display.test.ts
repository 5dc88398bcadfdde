import { describe, expect, it } from 'vitest';
import { displayMessage } from '../../src/mail/display.ts';

const show = (text: string) => displayMessage(Buffer.from(text, 'latin1'));

describe('a message for display', () => {
  it('prefers the plain text of an alternative and lists attachments', () => {
    const shown = show(
      [
        'From: =?utf-8?Q?J=C3=B6rg?= <a@a.example>',
        'Subject: =?utf-8?B?4oKs?=',
        'Content-Type: multipart/mixed; boundary=m',
        '',
        '--m',
        'Content-Type: multipart/alternative; boundary=n',
        '',
        '--n',
        'Content-Type: text/html',
        '',
        '<b>html</b>',
        '--n',
        'Content-Type: text/plain; charset=iso-8859-1',
        '',
        'caf\xe9',
        '--n--',
        '--m',
        'Content-Type: application/pdf; name="a/../b.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        'aGVsbG8=',
        '--m',
        'Content-Type: message/rfc822',
        '',
        'Subject: inner',
        '',
        'x',
        '--m--',
      ].join('\r\n'),
    );
    expect(shown).toMatchObject({
      subject: '€',
      text: 'café',
      from: [{ address: 'a@a.example', name: 'Jörg' }],
      attachments: [
        { name: 'b.pdf', type: 'application/pdf', size: 5 },
        { name: 'inner.eml', type: 'message/rfc822' },
      ],
      incomplete: false,
    });
  });

  it.each([
    ['a charset that lies', 'Content-Type: text/plain; charset=utf-8\r\n\r\ncaf\xe9', 'café'],
    ['an unknown charset', 'Content-Type: text/plain; charset=x-y\r\n\r\ncaf\xc3\xa9', 'café'],
    ['html alone', 'Content-Type: text/html\r\n\r\n<style>p{}</style><p>a &lt;b&gt;<br>c</p>', 'a <b>\nc'],
    ['no boundary', 'Content-Type: multipart/mixed\r\n\r\nall of it', 'all of it'],
  ])('shows %s', (_, message, text) => {
    expect(show(message).text).toBe(text);
  });

  it('says when a part does not decode', () => {
    expect(show('Content-Transfer-Encoding: base64\r\n\r\nA')).toMatchObject({ text: '', incomplete: true });
  });
});
