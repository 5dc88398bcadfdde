/**
 * Writing names. By hand: `@peculiar/x509` takes text in double quotes and after `#` for syntax, so that the subject
 * `Dr "Bob"` would lose its first word.
 *
 * @module
 */
import { type Der, ia5String, oid, printableString, sequence, setOf, utf8String } from '../asn1/write.ts';
import { ATTRIBUTE } from './oids.ts';

/** Parts of a subject; written in this order, country first. */
export interface Subject {
  readonly DC?: readonly string[];
  readonly C?: string;
  readonly ST?: string;
  readonly L?: string;
  readonly O?: string;
  readonly OU?: string;
  readonly CN?: string;
  readonly E?: string;
}

const ORDER = ['DC', 'C', 'ST', 'L', 'O', 'OU', 'CN', 'E'] as const;

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** The Name in DER: PrintableString where it fits, else UTF8String; IA5String for E and DC (RFC 5280 §4.1.2.4). */
export function encodeSubject(subject: Subject): Der {
  return sequence(
    ...ORDER.flatMap((type) =>
      [subject[type] ?? []].flat().map((value) => setOf(sequence(oid(ATTRIBUTE[type]), text(type, value)))),
    ),
  );
}

function text(type: keyof Subject, value: string): Der {
  if ((type === 'E' || type === 'DC') && /^[\0-\x7f]*$/.test(value)) return ia5String(value);
  return PRINTABLE.test(value) ? printableString(value) : utf8String(value);
}
