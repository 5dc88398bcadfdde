/**
 * The record types with a meaning here. Every other type is carried as it is (RFC 3597).
 *
 * @module
 */
import { type AData, a } from './a.ts';
import { type AaaaData, aaaa } from './aaaa.ts';
import { type CertData, cert } from './cert.ts';
import { type MxData, mx } from './mx.ts';
import { type SoaData, soa } from './soa.ts';
import { type SrvData, srv } from './srv.ts';
import { cname, ns, ptr, type TargetData } from './target.ts';
import { type TxtData, txt } from './txt.ts';
import type { RecordType } from './type.ts';

export type KnownData =
  | AData
  | AaaaData
  | CertData
  | MxData
  | SoaData
  | SrvData
  | TargetData<'CNAME'>
  | TargetData<'NS'>
  | TargetData<'PTR'>
  | TxtData;

export type KnownType = KnownData['type'];

export const RECORD_TYPES: { readonly [T in KnownType]: RecordType<Extract<KnownData, { type: T }>> } = {
  A: a,
  NS: ns,
  CNAME: cname,
  SOA: soa,
  PTR: ptr,
  MX: mx,
  TXT: txt,
  AAAA: aaaa,
  SRV: srv,
  CERT: cert,
};
