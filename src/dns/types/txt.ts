import { DnsError } from '../error.ts';
import type { RecordType } from './type.ts';

/** Character-strings of at most 255 octets (RFC 1035 §3.3.14). */
export interface TxtData {
  readonly type: 'TXT';
  readonly strings: readonly Uint8Array[];
}

const quoted = (string: Uint8Array): string => {
  let text = '';
  for (const octet of string) {
    if (octet < 0x20 || octet > 0x7e) text += `\\${String(octet).padStart(3, '0')}`;
    else
      text +=
        octet === 0x22 || octet === 0x5c ? `\\${String.fromCharCode(octet)}` : String.fromCharCode(octet);
  }
  return `"${text}"`;
};

export const txt: RecordType<TxtData> = {
  number: 16,
  wire: {
    // dns2 reads the octets as UTF-8 and so cannot give them back.
    read(reader, length) {
      const end = reader.offset + length * 8;
      const strings: Uint8Array[] = [];
      while (reader.offset < end) strings.push(reader.octets(reader.read(8)));
      if (strings.length === 0) throw new DnsError('rdata', 'a TXT record without any character-string');
      return { type: 'TXT', strings };
    },
    write({ strings }, writer) {
      if (strings.length === 0) throw new DnsError('value', 'a TXT record needs a character-string');
      for (const string of strings) {
        if (string.length > 255)
          throw new DnsError('value', `a character-string of ${string.length} octets (of 255)`);
        writer.write(string.length, 8);
        writer.octets(string);
      }
    },
  },
  parse: (text) => ({ type: 'TXT', strings: text.strings('text') }),
  format: ({ strings }) => strings.map(quoted).join(' '),
};
