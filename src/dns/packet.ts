/**
 * The codec of dns2, taught what it lacks: whole octets instead of single bits, names with dots in their labels,
 * CERT, SRV without compression, TXT and EDNS options as octets. dns2 keeps its codecs in open tables, so this is
 * done once, here; nothing else imports dns2.
 *
 * @module
 */
import { codecs, type Dns2Codec, Packet } from './dns2.ts';
import { DnsError } from './error.ts';
import { RECORD_TYPES } from './types/index.ts';
import type { OwnWire, RecordType } from './types/type.ts';
import { WireReader, WireWriter } from './wire.ts';
import { readName, writeName } from './wire-name.ts';

export { Packet };

/** One EDNS option (RFC 6891 §6.1.2). */
export interface EdnsOption {
  readonly code: number;
  readonly data: Uint8Array;
}

const codec = <D>(wire: OwnWire<D>): Dns2Codec => ({
  decode(reader, length) {
    this.own = wire.read(reader, length);
    return this;
  },
  encode: (resource, writer) => wire.write(resource.own as D, writer),
});

const opt: OwnWire<EdnsOption[]> = {
  read(reader, length) {
    const end = reader.offset + length * 8;
    const options: EdnsOption[] = [];
    while (reader.offset < end) {
      const code = reader.read(16);
      const size = reader.read(16);
      if (reader.offset + size * 8 > end)
        throw new DnsError('opt', `EDNS option ${code} is longer than its record`);
      options.push({ code, data: reader.octets(size) });
    }
    return options;
  },
  write(options, writer) {
    for (const { code, data } of options) {
      writer.write(code, 16);
      writer.write(data.length, 16);
      writer.octets(data);
    }
  },
};

/** OPT (RFC 6891 §6.1.1). dns2 calls it EDNS. */
export const OPT = 41;

// Types without an entry in TYPE_NAME keep their RDATA as it came, which is what RFC 3597 asks for.
for (const number of Object.keys(Packet.TYPE_NAME)) delete Packet.TYPE_NAME[Number(number)];
for (const [name, type] of Object.entries(RECORD_TYPES) as [string, RecordType<unknown>][]) {
  Packet.TYPE_NAME[type.number] = name;
  if ('read' in type.wire) codecs[name] = codec(type.wire);
}
Packet.TYPE_NAME[OPT] = 'EDNS';
codecs['EDNS'] = codec(opt);
Packet.Name.decode = readName;
Packet.Name.encode = writeName;
Packet.Reader = WireReader;
Packet.Writer = WireWriter;
