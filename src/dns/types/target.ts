import { absoluteName } from '../names.ts';
import type { RecordType } from './type.ts';

/** A record that is one name: an alias, a name server, a pointer (RFC 1035 §3.3.1, §3.3.11, §3.3.12). */
export interface TargetData<T extends 'CNAME' | 'NS' | 'PTR'> {
  readonly type: T;
  readonly target: string;
}

const target = <T extends 'CNAME' | 'NS' | 'PTR'>(
  type: T,
  number: number,
  field: 'domain' | 'ns',
): RecordType<TargetData<T>> => ({
  number,
  wire: {
    toFields: (data) => ({ [field]: data.target }),
    fromFields: (fields) => ({ type, target: fields[field]! }),
  },
  parse: (text) => ({ type, target: text.name('host name') }),
  format: (data) => absoluteName(data.target),
});

export const ns = target('NS', 2, 'ns');
export const cname = target('CNAME', 5, 'domain');
export const ptr = target('PTR', 12, 'domain');
