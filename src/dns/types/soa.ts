import { absoluteName } from '../names.ts';
import type { RecordType } from './type.ts';

/** Start of a zone of authority (RFC 1035 §3.3.13). Times are seconds; `minimum` is the negative TTL (RFC 2308 §4). */
export interface SoaData {
  readonly type: 'SOA';
  readonly mname: string;
  /** Mailbox as a name: the first label is the local part. */
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

export const soa: RecordType<SoaData> = {
  number: 6,
  wire: {
    toFields: (data) => ({
      primary: data.mname,
      admin: data.rname,
      serial: data.serial,
      refresh: data.refresh,
      retry: data.retry,
      expiration: data.expire,
      minimum: data.minimum,
    }),
    fromFields: (fields) => ({
      type: 'SOA',
      mname: fields.primary!,
      rname: fields.admin!,
      serial: fields.serial!,
      refresh: fields.refresh!,
      retry: fields.retry!,
      expire: fields.expiration!,
      // dns2 writes at most 31 bits here, as it is a TTL (RFC 2181 §8).
      minimum: Math.min(fields.minimum!, 0x7fffffff),
    }),
  },
  parse: (text) => ({
    type: 'SOA',
    mname: text.name('primary name server'),
    rname: text.name('mailbox of the person responsible'),
    serial: text.number('serial', 32),
    refresh: text.seconds('refresh'),
    retry: text.seconds('retry'),
    expire: text.seconds('expire'),
    minimum: text.seconds('negative TTL'),
  }),
  format: (d) =>
    `${absoluteName(d.mname)} ${absoluteName(d.rname)} ${d.serial} ${d.refresh} ${d.retry} ${d.expire} ${d.minimum}`,
};
