/**
 * Zones as master files that BIND and NSD load.
 *
 * @module
 */
import { absoluteName, canonicalName, labelTexts } from '../names.ts';
import {
  type CertData,
  dataTypeName,
  formatRdata,
  type RecordData,
  type ResourceRecord,
} from '../records.ts';
import type { Zone } from '../zone.ts';

/** Base64 in lines of this many characters. */
const LINE = 64;

/**
 * The zone as text: `$ORIGIN`, `$TTL`, SOA, then the names in canonical order (RFC 4034 §6.1). Reading it again gives
 * the same records.
 */
export function printMaster(zone: Zone): string {
  const ttl = commonTtl(zone.records);
  const lines = [`$ORIGIN ${absoluteName(zone.origin)}`, `$TTL ${ttl}`];
  let before: string | undefined;
  for (const record of sorted(zone)) {
    const owner = relative(record.name, zone.origin);
    const first = owner === before ? '' : owner;
    const time = record.ttl === ttl ? '' : `${record.ttl} `;
    lines.push(`${first}\t${time}IN\t${dataTypeName(record.data)}\t${formatData(record.data)}`);
    before = owner;
  }
  return `${lines.join('\n')}\n`;
}

const formatData = (data: RecordData): string =>
  data.type === 'CERT' ? formatCert(data) : formatRdata(data);

function formatCert(data: CertData): string {
  const text = formatRdata(data);
  const cut = text.lastIndexOf(' ');
  const base64 = text.slice(cut + 1);
  if (base64 === '')
    return `\\# 5 ${Buffer.from([data.certType >> 8, data.certType, data.keyTag >> 8, data.keyTag, data.algorithm]).toString('hex')}`;
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return `${text.slice(0, cut)} (\n\t${lines.join('\n\t')} )`;
}

function relative(name: string, origin: string): string {
  const labels = labelTexts(name);
  const own = labels.slice(0, labels.length - labelTexts(origin).length).join('.');
  if (own === '') return '@';
  // At the start of a line a dollar begins a directive.
  return own.startsWith('$') ? `\\${own}` : own;
}

function commonTtl(records: readonly ResourceRecord[]): number {
  const counts = new Map<number, number>();
  for (const { ttl } of records) counts.set(ttl, (counts.get(ttl) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 300;
}

/** SOA first, as it must be; then by name from the right, NS before the rest. */
function sorted(zone: Zone): ResourceRecord[] {
  const keyed = zone.records.map((record, order) => ({
    record,
    order,
    key: labelTexts(canonicalName(record.name)).reverse(),
    rank: record.data.type === 'SOA' ? 0 : record.data.type === 'NS' ? 1 : 2,
  }));
  keyed.sort((a, b) => {
    const length = Math.min(a.key.length, b.key.length);
    for (let i = 0; i < length; i++) {
      if (a.key[i] !== b.key[i]) return a.key[i]! < b.key[i]! ? -1 : 1;
    }
    return a.key.length - b.key.length || a.rank - b.rank || a.order - b.order;
  });
  return keyed.map(({ record }) => record);
}
