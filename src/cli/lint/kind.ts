/**
 * What a file is, by its content and never by its name.
 *
 * @module
 */
import { Asn1Error } from '../../asn1/error.ts';
import { children, is, readAsn1, TAG } from '../../asn1/read.ts';
import { MailError } from '../../mail/error.ts';
import { dsnSubject, mdnSubject } from '../../rule/index.ts';

export const KINDS = ['certificate', 'bundle', 'zone', 'message', 'mdn', 'dsn'] as const;
export type Kind = (typeof KINDS)[number];

/** Of what is read as text. */
const HEAD = 64 * 1024;

/** What the octets look like; what looks like nothing else is taken for a zone, whose reader says what is wrong. */
export function kindOf(bytes: Uint8Array): Kind {
  if (bytes[0] === 0x30) return isContentInfo(bytes) ? 'bundle' : 'certificate';
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
  if (isHeader(head)) return noticeKind(bytes) ?? 'message';
  const label = /-----BEGIN ([A-Z0-9# ]+)-----/.exec(head)?.[1];
  if (label === undefined) return 'zone';
  return /^(PKCS7|CMS|PKCS #7 SIGNED DATA)$/.test(label) ? 'bundle' : 'certificate';
}

/** A CMS object begins with its type, a certificate with what is signed. */
function isContentInfo(bytes: Uint8Array): boolean {
  try {
    return is(children(readAsn1(bytes, { trailing: 'allow' }))[0], TAG.oid);
  } catch (error) {
    if (error instanceof Asn1Error) return false;
    throw error;
  }
}

const FIELDS =
  /^(from|to|cc|date|subject|message-id|mime-version|content-type|received|return-path|sender|reply-to|dkim-signature):/im;

/** A mail begins with fields, one of them a well-known one; a line of a zone file has no colon after its first word. */
function isHeader(head: string): boolean {
  const [header = ''] = head.trimStart().split(/\r?\n\r?\n/, 1);
  return /^(>?From [^\n]*\n)?[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(header) && FIELDS.test(header);
}

function noticeKind(bytes: Uint8Array): 'mdn' | 'dsn' | undefined {
  try {
    return mdnSubject(bytes) ? 'mdn' : dsnSubject(bytes) ? 'dsn' : undefined;
  } catch (error) {
    if (error instanceof MailError) return undefined;
    throw error;
  }
}
