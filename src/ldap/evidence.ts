/**
 * What the evidence says of one LDAP exchange, alike on both sides.
 *
 * @module
 */
import type { SearchAnswer } from './answer.ts';
import { type LdapEntry, userCertificates } from './entries.ts';
import { formatFilter } from './filter.ts';
import type { RequestOp, SearchRequest } from './requests.ts';
import { resultName } from './result.ts';

export type LdapOp = RequestOp | 'connect' | 'starttls' | 'message';

/** The shape that the judge reads (`kind: 'ldap'`). */
export interface LdapSummary {
  readonly op: LdapOp;
  readonly base?: string;
  readonly scope?: string;
  readonly filter?: string;
  readonly attributes?: readonly string[];
  /** Name of the result code, or `error: ` and what went wrong. */
  readonly result: string;
  readonly entries?: number;
  readonly certificates?: number;
  readonly ms?: number;
  /** Client side: who was asked, as in the field. */
  readonly server?: string;
  readonly why?: string;
  readonly [key: string]: string | number | readonly string[] | undefined;
}

export const requestSummary = (op: LdapOp, code: number, why = ''): LdapSummary => ({
  op: op,
  result: resultName(code),
  ...(why && { why }),
});

export const searchSummary = (search: SearchRequest, answer: SearchAnswer, ms: number): LdapSummary => ({
  op: 'search',
  base: search.base,
  scope: search.scope,
  filter: formatFilter(search.filter),
  attributes: search.attributes,
  result: resultName(answer.result),
  entries: answer.entries.length,
  certificates: countCertificates(answer.entries),
  ms: rounded(ms),
});

export const countCertificates = (entries: readonly LdapEntry[]): number =>
  entries.reduce((sum, entry) => sum + userCertificates(entry).length, 0);

export const rounded = (ms: number): number => Math.round(ms * 100) / 100;
