import { absoluteName } from '../names.ts';
import type { RecordType } from './type.ts';

/** A mail server (RFC 1035 §3.3.9). */
export interface MxData {
  readonly type: 'MX';
  readonly preference: number;
  readonly exchange: string;
}

export const mx: RecordType<MxData> = {
  number: 15,
  wire: {
    toFields: ({ preference, exchange }) => ({ priority: preference, exchange }),
    fromFields: ({ priority, exchange }) => ({ type: 'MX', preference: priority!, exchange: exchange! }),
  },
  parse: (text) => ({
    type: 'MX',
    preference: text.number('preference', 16),
    exchange: text.name('mail server'),
  }),
  format: ({ preference, exchange }) => `${preference} ${absoluteName(exchange)}`,
};
