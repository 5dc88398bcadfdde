/**
 * Resource records as values. All are of class IN unless they say otherwise.
 *
 * @module
 */
import { absoluteName } from './names.ts';
import { type KnownData, type KnownType, RECORD_TYPES } from './types/index.ts';
import type { RecordType } from './types/type.ts';

export type { AData } from './types/a.ts';
export type { AaaaData } from './types/aaaa.ts';
export type { CertData } from './types/cert.ts';
export type { KnownData, KnownType } from './types/index.ts';
export type { MxData } from './types/mx.ts';
export type { SoaData } from './types/soa.ts';
export type { SrvData } from './types/srv.ts';
export type { TargetData } from './types/target.ts';
export type { TxtData } from './types/txt.ts';

/** A type that we have no meaning for: RDATA as it is (RFC 3597). */
export interface UnknownData {
  readonly type: 'unknown';
  readonly typeNumber: number;
  readonly rdata: Uint8Array;
}

export type RecordData = KnownData | UnknownData;

export interface ResourceRecord {
  /** Presentation format without trailing dot; the root is `''`. */
  readonly name: string;
  /** Seconds, at most 2^31 - 1. */
  readonly ttl: number;
  readonly data: RecordData;
  /** Only when it is not IN (1). */
  readonly class?: number;
}

/** Types that only a question can have (RFC 1035 §3.2.3). */
export type QuestionType = 'ANY' | 'AXFR' | 'IXFR';

/** A type by its mnemonic, or as `TYPE65280` (RFC 3597 §5). */
export type TypeName = KnownType | QuestionType | `TYPE${number}`;

const QUESTION_TYPES: Readonly<Record<QuestionType, number>> = { IXFR: 251, AXFR: 252, ANY: 255 };

const NUMBER_OF = new Map<string, number>([
  ...Object.entries(RECORD_TYPES).map(([name, type]) => [name, type.number] as const),
  ...Object.entries(QUESTION_TYPES),
]);
const NAME_OF = new Map<number, TypeName>([...NUMBER_OF].map(([name, number]) => [number, name as TypeName]));

export const typeName = (number: number): TypeName => NAME_OF.get(number) ?? `TYPE${number}`;

/** The number of a mnemonic or of `TYPE123`, in any case; undefined when it is neither. */
export function typeNumber(name: string): number | undefined {
  const upper = name.toUpperCase();
  const known = NUMBER_OF.get(upper);
  if (known !== undefined) return known;
  const generic = /^TYPE(\d{1,5})$/.exec(upper);
  return generic && Number(generic[1]) <= 0xffff ? Number(generic[1]) : undefined;
}

export const dataTypeNumber = (data: RecordData): number =>
  data.type === 'unknown' ? data.typeNumber : RECORD_TYPES[data.type].number;

export const dataTypeName = (data: RecordData): TypeName =>
  data.type === 'unknown' ? typeName(data.typeNumber) : data.type;

/** The description of a known type. Its methods take and give data of that type only. */
export const recordType = (type: KnownType): RecordType<KnownData> =>
  RECORD_TYPES[type] as RecordType<KnownData>;

/** RDATA in presentation format; of unknown types as `\# length hex` (RFC 3597 §5). */
export function formatRdata(data: RecordData): string {
  if (data.type !== 'unknown') return recordType(data.type).format(data);
  const hex = Buffer.from(data.rdata).toString('hex');
  return `\\# ${data.rdata.length}${hex ? ` ${hex}` : ''}`;
}

/** `d.example. 300 IN MX 10 mx.d.example.` */
export const formatRecord = (record: ResourceRecord): string =>
  `${absoluteName(record.name)} ${record.ttl} ${record.class === undefined ? 'IN' : `CLASS${record.class}`} ${dataTypeName(record.data)} ${formatRdata(record.data)}`;
