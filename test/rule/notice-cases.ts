import { composeDsn, type DsnParts } from '../../src/mail/dsn.ts';
import { composeMdn, type MdnParts } from '../../src/mail/mdn.ts';
import { type DsnSubject, dsnSubject } from '../../src/rule/dsn/subject.ts';
import { type MdnSubject, mdnSubject } from '../../src/rule/mdn/subject.ts';
import { NOW } from '../pki/fixtures.ts';

const header = {
  from: 'bob@direct.b.example',
  to: ['alice@direct.a.example'],
  subject: 'Notice',
  date: NOW,
  messageId: '<2@direct.b.example>',
  originalMessageId: '<1@direct.a.example>',
  text: 'Your message.',
  boundary: 'B0',
};

/** Of the finished message, as text with CRLF. */
type Edit = (text: string) => string;

export const mdnOf = ({
  edit = (text: string) => text,
  ...parts
}: Partial<MdnParts> & { edit?: Edit }): MdnSubject => {
  const message = composeMdn({
    ...header,
    reportingUa: 'hisp.b.example; Anchorage',
    finalRecipient: 'bob@direct.b.example',
    disposition: 'processed',
    ...parts,
  });
  const subject = mdnSubject(Buffer.from(edit(Buffer.from(message).toString('latin1')), 'latin1'));
  if (!subject) throw new Error('it is no MDN');
  return subject;
};

export const dsnOf = ({
  edit = (text: string) => text,
  ...parts
}: Partial<DsnParts> & { edit?: Edit }): DsnSubject => {
  const message = composeDsn({
    ...header,
    reportingMta: 'mail.b.example',
    recipients: [{ finalRecipient: 'carl@direct.c.example', action: 'failed', status: '5.1.1' }],
    ...parts,
  });
  const subject = dsnSubject(Buffer.from(edit(Buffer.from(message).toString('latin1')), 'latin1'));
  if (!subject) throw new Error('it is no DSN');
  return subject;
};

/** In place of something that has to be there. */
export const swap =
  (from: string | RegExp, to: string): Edit =>
  (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${from} is not in the notice`);
    return changed;
  };
