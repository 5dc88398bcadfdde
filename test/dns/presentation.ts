/** Tables of records and questions in presentation text, for the tests of this folder. */
import { createAuthority } from '../../src/dns/answer.ts';
import { parseZone } from '../../src/dns/master/index.ts';
import { type DnsMessage, makeQuery, ourEdns } from '../../src/dns/message.ts';
import { formatRecord, type ResourceRecord, type TypeName } from '../../src/dns/records.ts';
import type { Zone } from '../../src/dns/zone.ts';

/** A zone from entries as a master file has them, SOA and NS added. */
export const zoneText = (origin: string, entries: string): Zone =>
  parseZone(
    `$ORIGIN ${origin}.\n$TTL 300\n@ SOA ns.${origin}. hostmaster 7 3600 600 604800 60\n@ NS ns\nns A 192.0.2.53\n${entries}\n`,
    { file: 'test.zone' },
  );

export const question = (name: string, type: TypeName, over: Partial<DnsMessage> = {}): DnsMessage => ({
  ...makeQuery(4711, { name, type, class: 1 }),
  ...over,
});

export const ednsQuestion = (name: string, type: TypeName): DnsMessage =>
  question(name, type, { edns: ourEdns() });

/** `d.example. 300 MX 10 mx.d.example.`: class IN left out. */
export const shown = (records: readonly ResourceRecord[]): string[] =>
  records.map((record) => formatRecord(record).replace(' IN ', ' '));

/** What zones answer, as lines: the code and AA, then each section. */
export function told(zones: readonly Zone[], name: string, type: TypeName, transport: 'udp' | 'tcp' = 'udp') {
  const answer = createAuthority(zones).answer(question(name, type), transport);
  return {
    rcode: answer.rcode,
    aa: answer.authoritative,
    answers: shown(answer.answers),
    authority: shown(answer.authority),
    additional: shown(answer.additional),
  };
}
