import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeDsn, type DsnParts, readDsn } from '../../src/mail/dsn.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { MailError } from '../../src/mail/error.ts';
import {
  composeMdn,
  finalDeliveryRequest,
  type MdnParts,
  readMdn,
  requestsFinalDelivery,
} from '../../src/mail/mdn.ts';
import { returnedHeaders } from '../../src/mail/report.ts';

const mdn: MdnParts = {
  from: 'bob@direct.b.example',
  to: ['alice@direct.a.example'],
  subject: 'Processed: Referral',
  date: Date.UTC(2026, 0, 5, 15, 4, 5),
  messageId: 'mdn-7f3a@direct.b.example',
  text: 'The security agent of direct.b.example has processed your message.',
  boundary: 'r1',
  reportingUa: 'hisp.b.example; ReferenceHISP',
  finalRecipient: 'bob@direct.b.example',
  originalMessageId: '<m-1001@direct.a.example>',
  disposition: 'processed',
};
const written = (parts: MdnParts): string => Buffer.from(composeMdn(parts)).toString('latin1');
const read = (text: string) => readMdn(Buffer.from(text, 'latin1'));

describe('disposition notifications (wire-facts §7)', () => {
  it('are written as agreed', () => {
    expect(written(mdn).split('\r\n')).toEqual([
      'From: bob@direct.b.example',
      'To: alice@direct.a.example',
      'Date: Mon, 05 Jan 2026 15:04:05 +0000',
      'Message-ID: <mdn-7f3a@direct.b.example>',
      'In-Reply-To: <m-1001@direct.a.example>',
      'Subject: Processed: Referral',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=disposition-notification;',
      ' boundary="r1"',
      '',
      '--r1',
      'Content-Type: text/plain; charset=us-ascii',
      'Content-Transfer-Encoding: 7bit',
      '',
      'The security agent of direct.b.example has processed your message.',
      '',
      '--r1',
      'Content-Type: message/disposition-notification',
      '',
      'Reporting-UA: hisp.b.example; ReferenceHISP',
      'Final-Recipient: rfc822; bob@direct.b.example',
      'Original-Message-ID: <m-1001@direct.a.example>',
      'Disposition: automatic-action/MDN-sent-automatically; processed',
      '',
      '--r1--',
      '',
    ]);
  });

  it('dispatched carries the extension with an empty value, before the disposition', () => {
    const text = written({ ...mdn, disposition: 'dispatched', finalDelivery: true });
    expect(text).toContain(
      'X-DIRECT-FINAL-DESTINATION-DELIVERY:\r\nDisposition: automatic-action/MDN-sent-automatically; dispatched\r\n',
    );
    expect(read(text)).toMatchObject({
      finalDelivery: true,
      negative: false,
      disposition: { type: 'dispatched' },
    });
  });

  it('failed carries its reason', () => {
    const notice = read(written({ ...mdn, disposition: 'failed', failure: 'mailbox\r\nfull é' }));
    expect(notice).toMatchObject({ negative: true, finalDelivery: false, disposition: { type: 'failed' } });
    expect(notice?.reasons).toHaveLength(1);
  });

  const expected = {
    finalRecipient: 'bob@direct.b.example',
    originalMessageId: 'm-1001@direct.a.example',
    disposition: { mode: 'automatic-action/mdn-sent-automatically', type: 'processed', modifiers: [] },
    negative: false,
    finalDelivery: false,
  };
  it.each<[string, (text: string) => string]>([
    ['as written', (text) => text],
    ['with LF only', (text) => text.replaceAll('\r\n', '\n')],
    ['without the final boundary', (text) => text.replace('--r1--\r\n', '')],
    ['with the final boundary cut', (text) => text.replace('--r1--\r\n', '--r1-')],
    [
      'with field names in other case',
      (text) =>
        text.replace(/^(Reporting-UA|Final-Recipient|Original-Message-ID|Disposition)/gm, (name) =>
          name.toUpperCase(),
        ),
    ],
    ['with a blank before the colon', (text) => text.replace(/^(Final-Recipient|Disposition):/gm, '$1 :')],
    [
      'with folded values',
      (text) => text.replace('rfc822; bob', 'rfc822;\r\n\tbob').replace('; processed', ';\r\n  processed'),
    ],
    [
      'with blanks everywhere',
      (text) =>
        text.replace(
          'automatic-action/MDN-sent-automatically; processed',
          '  automatic-action / MDN-sent-automatically ;   PROCESSED  ',
        ),
    ],
    [
      'with empty lines between fields',
      (text) => text.replace(/^(Final-Recipient|Original-Message-ID|Disposition):/gm, '\r\n\r\n$1:'),
    ],
    ['without a blank after the semicolon', (text) => text.replace('; processed', ';processed')],
    [
      'with a base64 machine part',
      (text) =>
        text.replace(
          /(Content-Type: message\/disposition-notification)\r\n\r\n([\s\S]*)\r\n--r1--/,
          (_, head: string, body: string) =>
            `${head}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n--r1--`,
        ),
    ],
    [
      'with the original as a third part',
      (text) =>
        text.replace('--r1--', '--r1\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--r1--'),
    ],
    ['without report-type', (text) => text.replace('report-type=disposition-notification;', '')],
    ['with rfc822 in capitals, no blank', (text) => text.replace('rfc822; bob', 'RFC822;bob')],
    ['with a bare recipient', (text) => text.replace('rfc822; bob', 'bob')],
    [
      'with an angle bracket recipient',
      (text) => text.replace('rfc822; bob@direct.b.example', '<bob@direct.b.example>'),
    ],
    [
      'with a display name',
      (text) => text.replace('rfc822; bob@direct.b.example', 'rfc822; Bob Smith <bob@direct.b.example>'),
    ],
    [
      'with a quoted display name',
      (text) =>
        text.replace('rfc822; bob@direct.b.example', 'rfc822;"Smith; Bob, MD" <bob@direct.b.example>'),
    ],
    [
      'with a display name that needs quotes',
      (text) =>
        text.replace('rfc822; bob@direct.b.example', 'rfc822; Smith, Bob M.D. <bob@direct.b.example>'),
    ],
    [
      'without brackets at the id',
      (text) =>
        text.replace(
          'Original-Message-ID: <m-1001@direct.a.example>',
          'Original-Message-ID:   m-1001@direct.a.example  ',
        ),
    ],
    ['with the id in In-Reply-To only', (text) => text.replace(/Original-Message-ID.*\r\n/, '')],
    [
      'with the id in References only',
      (text) =>
        text.replace(/Original-Message-ID.*\r\n/, '').replace('In-Reply-To:', 'References: <older@x>'),
    ],
  ])('are read %s', (_, change) => {
    const changed = change(written(mdn));
    const notice = read(changed);
    expect(notice).toMatchObject(expected);
  });

  it.each([
    ['automatic-action/MDN-sent-automatically; processed/error', 'processed', ['error'], true],
    ['manual-action/MDN-sent-manually;displayed', 'displayed', [], false],
    ['automatic-action/MDN-sent-automatically; failure', 'failure', [], true],
    ['automatic-action/MDN-sent-automatically; denied', 'denied', [], true],
    ['a/b; processed/warning, superseded', 'processed', ['warning', 'superseded'], false],
    ['processed', 'processed', [], false],
    [
      'a/b; dispatched/X-DIRECT-FINAL-DESTINATION-DELIVERY',
      'dispatched',
      ['x-direct-final-destination-delivery'],
      false,
    ],
  ])('disposition %s', (value, type, modifiers, negative) => {
    const notice = read(written(mdn).replace(/Disposition: .*/, `Disposition: ${value}`));
    expect(notice).toMatchObject({ disposition: { type, modifiers }, negative, finalDelivery: false });
  });

  it('with nothing in them are notifications that say nothing', () => {
    const notice = read(
      'Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n--b--',
    );
    expect(notice).toMatchObject({
      disposition: undefined,
      finalRecipient: undefined,
      originalMessageId: undefined,
    });
  });

  it('prefer the original recipient for matching', () => {
    expect(read(written({ ...mdn, originalRecipient: 'Bob+x@direct.b.example' }))?.recipient).toBe(
      'Bob+x@direct.b.example',
    );
  });

  it.each([
    ['a plain message', 'Content-Type: text/plain\r\n\r\nx'],
    [
      'a notification attached to a message',
      `Content-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n${written(mdn)}\r\n--z--`,
    ],
    ['a report without a boundary', 'Content-Type: multipart/report\r\n\r\nx'],
    ['a delivery notification', Buffer.from(composeDsn(dsn())).toString('latin1')],
  ])('%s is none', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('the request for the dispatched notification (REQ-DN-01, REQ-DN-04)', () => {
  it.each([
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true', true],
    [' x-direct-final-destination-delivery = Optional , TRUE ', true],
    ['a=required,b;X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true;c=d', true],
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY=\r\n optional,true', true],
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY', false],
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY=true', false],
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,false', false],
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true,x', false],
    ['X-DIRECT-FINAL-DESTINATION-DELIVERY=required,true', false],
    ['"X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true"', false],
    ['', false],
  ])('%j: %s', (value, wanted) => {
    const message = `disposition-notification-OPTIONS: ${value}\r\n\r\n`;
    expect(requestsFinalDelivery(readEntity(Buffer.from(message)))).toBe(wanted);
  });

  it('is written so that it is read', () => {
    const text = finalDeliveryRequest('a@a.example')
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    expect(requestsFinalDelivery(readEntity(Buffer.from(`${text}\r\n`)))).toBe(true);
    expect(requestsFinalDelivery(readEntity(Buffer.from('Subject: x\r\n\r\n')))).toBe(false);
  });
});

function dsn(): DsnParts {
  return {
    from: 'postmaster@direct.a.example',
    to: ['alice@direct.a.example'],
    subject: 'Not delivered: Referral',
    date: Date.UTC(2026, 0, 5, 15, 4, 5),
    messageId: 'd-1@direct.a.example',
    text: 'Your message was not delivered to bob@direct.b.example:\nno certificate for this address could be found.',
    boundary: 'd1',
    reportingMta: 'hisp.a.example',
    originalMessageId: 'm-1001@direct.a.example',
    arrivalDate: Date.UTC(2026, 0, 5, 15, 0, 0),
    recipients: [
      {
        finalRecipient: 'bob@direct.b.example',
        action: 'failed',
        status: '5.7.1',
        diagnosticCode: 'X-Direct; discovery.none',
        reason: 'discovery.none',
      },
      { finalRecipient: 'carol@direct.c.example', action: 'delayed', status: '4.4.3' },
    ],
  };
}

describe('delivery notifications (wire-facts §8)', () => {
  const text = Buffer.from(composeDsn(dsn())).toString('latin1');
  const wanted = {
    originalMessageId: 'm-1001@direct.a.example',
    reportingMta: 'hisp.a.example',
    arrivalDate: Date.UTC(2026, 0, 5, 15, 0, 0),
    recipients: [
      {
        recipient: 'bob@direct.b.example',
        action: 'failed',
        status: '5.7.1',
        diagnostic: 'discovery.none',
        diagnosticType: 'x-direct',
        reason: 'discovery.none',
      },
      { recipient: 'carol@direct.c.example', action: 'delayed', status: '4.4.3', reason: undefined },
    ],
  };

  it('are written as agreed', () => {
    expect(text.slice(text.indexOf('Content-Type: message/delivery-status')).split('\r\n')).toEqual([
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; hisp.a.example',
      'X-Original-Message-ID: <m-1001@direct.a.example>',
      'Arrival-Date: Mon, 05 Jan 2026 15:00:00 +0000',
      '',
      'Final-Recipient: rfc822; bob@direct.b.example',
      'Action: failed',
      'Status: 5.7.1',
      'Diagnostic-Code: X-Direct; discovery.none',
      'X-Direct-Reason: discovery.none',
      '',
      'Final-Recipient: rfc822; carol@direct.c.example',
      'Action: delayed',
      'Status: 4.4.3',
      '',
      '--d1--',
      '',
    ]);
  });

  it.each<[string, (text: string) => string]>([
    ['as written', (value) => value],
    ['with LF only', (value) => value.replaceAll('\r\n', '\n')],
    ['without the final boundary', (value) => value.replace('--d1--\r\n', '')],
    ['with more empty lines', (value) => value.replace(/^(Action|Status):/gm, '\r\n$1:')],
    [
      'without empty lines between recipients',
      (value) =>
        value.replace('\r\n\r\nFinal-Recipient: rfc822; carol', '\r\nFinal-Recipient: rfc822; carol'),
    ],
    ['with the usual id field', (value) => value.replace('X-Original-Message-ID', 'Original-Message-ID')],
    ['with the id in In-Reply-To only', (value) => value.replace(/X-Original-Message-ID.*\r\n/, '')],
    [
      'with capitals and comments',
      (value) =>
        value.replace('Action: failed', 'ACTION : Failed (permanent)').replace('5.7.1', '5.7.1 (policy)'),
    ],
  ])('are read %s, each recipient by its own block', (_, change) => {
    expect(readDsn(Buffer.from(change(text), 'latin1'))).toMatchObject(wanted);
  });

  it('may return header fields, only those named', () => {
    const original = readEntity(Buffer.from('Subject: Referral\r\nX-PHI: y\r\n\r\nbody'));
    const returned = returnedHeaders(original, ['subject']);
    const composed = Buffer.from(composeDsn({ ...dsn(), returned })).toString();
    expect(composed).toContain('Content-Type: text/rfc822-headers\r\n\r\nSubject: Referral\r\n');
    expect(composed).not.toContain('PHI');
    expect(readDsn(Buffer.from(composed))?.recipients).toHaveLength(2);
  });
});

describe('any octets', () => {
  it('give a notification, undefined or a MailError', () => {
    const base = [Buffer.from(composeMdn(mdn)), Buffer.from(composeDsn(dsn()))];
    fc.assert(
      fc.property(
        fc.nat(1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.nat(),
        (which, edits, cut) => {
          const message = Buffer.from(base[which]!);
          for (const [at, value] of edits) message[at % message.length] = value;
          const cutMessage = message.subarray(0, cut % 3 === 0 ? cut % message.length : message.length);
          for (const parse of [readMdn, readDsn]) {
            try {
              parse(cutMessage);
            } catch (error) {
              expect(error).toBeInstanceOf(MailError);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
