/**
 * Response codes and operation codes by name.
 *
 * @module
 */
const RCODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
} as const;

/** A response code by its mnemonic, or as `RCODE12`. Above 15 it needs EDNS (RFC 6891 §6.1.3). */
export type Rcode = keyof typeof RCODES | `RCODE${number}`;

const NAMES = new Map<number, Rcode>(Object.entries(RCODES).map(([name, number]) => [number, name as Rcode]));

export const rcodeName = (number: number): Rcode => NAMES.get(number) ?? `RCODE${number}`;

export const rcodeNumber = (rcode: Rcode): number =>
  rcode in RCODES ? RCODES[rcode as keyof typeof RCODES] : Number(rcode.slice('RCODE'.length));
