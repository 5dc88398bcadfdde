import { absoluteName } from '../names.ts';
import { readName, writeName } from '../wire-name.ts';
import type { RecordType } from './type.ts';

/** Where a service is (RFC 2782). Target `''`: the service is decidedly not offered. */
export interface SrvData {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export const srv: RecordType<SrvData> = {
  number: 33,
  wire: {
    read: (reader) => ({
      type: 'SRV',
      priority: reader.read(16),
      weight: reader.read(16),
      port: reader.read(16),
      target: readName(reader),
    }),
    write(data, writer) {
      writer.write(data.priority, 16);
      writer.write(data.weight, 16);
      writer.write(data.port, 16);
      // RFC 2782, Target: "name compression is not to be used for this field". dns2 does.
      writeName(data.target, writer, true);
    },
  },
  parse: (text) => ({
    type: 'SRV',
    priority: text.number('priority', 16),
    weight: text.number('weight', 16),
    port: text.number('port', 16),
    target: text.name('target'),
  }),
  format: (d) => `${d.priority} ${d.weight} ${d.port} ${absoluteName(d.target)}`,
};
