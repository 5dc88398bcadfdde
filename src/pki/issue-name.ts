import 'reflect-metadata';
import { type JsonName, Name as X509Name } from '@peculiar/x509';

/** Parts of a subject; written in this order, country first. */
export interface Subject {
  readonly C?: string;
  readonly ST?: string;
  readonly L?: string;
  readonly O?: string;
  readonly OU?: string;
  readonly CN?: string;
  readonly E?: string;
  readonly DC?: readonly string[];
}

/** The Name in DER: PrintableString where it fits, else UTF8String; IA5String for E and DC (RFC 5280 §4.1.2.4). */
export function encodeSubject(subject: Subject): Uint8Array {
  const parts: JsonName = (subject.DC ?? []).map((value) => ({ DC: [value] }));
  for (const type of ['C', 'ST', 'L', 'O', 'OU', 'CN', 'E'] as const) {
    const value = subject[type];
    if (value !== undefined) parts.push({ [type]: [value] });
  }
  return new Uint8Array(new X509Name(parts).toArrayBuffer());
}
