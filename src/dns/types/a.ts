import type { RecordType } from './type.ts';

/** An IPv4 address (RFC 1035 §3.4.1). */
export interface AData {
  readonly type: 'A';
  readonly address: string;
}

/** Four decimal numbers from 0 to 255, without leading zeros. */
export const isIpv4 = (text: string): boolean =>
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text) && !/(?:^|\.)0\d/.test(text);

export const a: RecordType<AData> = {
  number: 1,
  wire: {
    toFields: ({ address }) => ({ address }),
    fromFields: ({ address }) => ({ type: 'A', address: address! }),
  },
  parse(text) {
    const address = text.word('IPv4 address');
    if (!isIpv4(address))
      text.fail(address, 'an IPv4 address as 192.0.2.1', 'write four decimal numbers with dots');
    return { type: 'A', address };
  },
  format: ({ address }) => address,
};
