/**
 * What the transcript says of a DNS exchange.
 *
 * @module
 */
import type { Json } from '../net/host.ts';
import type { DnsMessage } from './message.ts';
import { formatRecord } from './records.ts';

export type Summary = { readonly [key: string]: Json };

/** Longest text of one record. */
const CUT = 120;

/** Name in lower case without trailing dot, answers as text. */
export const summaryOf = (
  transport: 'udp' | 'tcp',
  query: DnsMessage,
  answer: DnsMessage | undefined,
  more: Summary = {},
): Summary => ({
  transport,
  name: query.question?.name.toLowerCase() ?? '',
  type: query.question?.type ?? '',
  edns: query.edns?.udpSize ?? null,
  id: query.id,
  rcode: answer?.rcode ?? '',
  tc: answer?.truncated ?? false,
  answers: answer?.answers.map((record) => formatRecord(record).slice(0, CUT)) ?? [],
  ...more,
});
