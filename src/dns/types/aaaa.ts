import { DnsError } from '../error.ts';
import { isIpv4 } from './a.ts';
import type { RecordType } from './type.ts';

/** An IPv6 address (RFC 3596), its text as RFC 5952 writes it. */
export interface AaaaData {
  readonly type: 'AAAA';
  readonly address: string;
}

/** The sixteen octets of an IPv6 address in any text form (RFC 4291 §2.2); undefined when it is none. */
export function ipv6Octets(text: string): Uint8Array | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted && !isIpv4(dotted[2]!)) return undefined;
  const last = dotted ? dotted[2]!.split('.').map(Number) : [];
  const plain = dotted
    ? dotted[1]! +
      last
        .map((octet) => octet.toString(16).padStart(2, '0'))
        .join('')
        .replace(/^(....)/, '$1:')
    : text;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left!.length - (right?.length ?? 0);
  if (right ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left!, ...Array<string>(missing).fill('0'), ...(right ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

/** RFC 5952: lower case, the longest run of two or more zero groups (the first of equals) as `::`. */
export function formatIpv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((octets[2 * i]! << 8) | octets[2 * i + 1]!).toString(16),
  );
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

export const aaaa: RecordType<AaaaData> = {
  number: 28,
  wire: {
    // dns2 writes 2001:db8::192.0.2.1 wrongly.
    read: (reader, length) => {
      if (length !== 16) throw new DnsError('rdata', `an AAAA record of ${length} octets (of 16)`);
      return { type: 'AAAA', address: formatIpv6(reader.octets(16)) };
    },
    write({ address }, writer) {
      const octets = ipv6Octets(address);
      if (!octets) throw new DnsError('value', `${address} is not an IPv6 address`);
      writer.octets(octets);
    },
  },
  parse(text) {
    const address = text.word('IPv6 address');
    const octets = ipv6Octets(address);
    if (!octets)
      return text.fail(address, 'an IPv6 address as 2001:db8::1', 'write groups of hexadecimal digits');
    return { type: 'AAAA', address: formatIpv6(octets) };
  },
  format: ({ address }) => address,
};
