export type Asn1Code =
  | 'truncated'
  | 'length'
  | 'tag'
  | 'depth'
  | 'nodes'
  | 'indefinite'
  | 'trailing'
  | 'unexpected'
  | 'value';

/** The only error of this layer. `offset` counts octets from the start of the bytes that were handed in. */
export class Asn1Error extends Error {
  override readonly name = 'Asn1Error';
  readonly code: Asn1Code;
  readonly offset: number;
  constructor(code: Asn1Code, offset: number, detail: string) {
    super(`${detail} at octet ${offset}`);
    this.code = code;
    this.offset = offset;
  }
}
