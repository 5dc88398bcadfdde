/**
 * Further behaviours of a system that searches.
 *
 * @module
 */
import { cacheForever } from './cache-forever.ts';
import { caseSensitive } from './case-sensitive.ts';
import { edns4096Only } from './edns-4096-only.ts';
import { fetchAny } from './fetch-any.ts';
import { fixedPort } from './fixed-port.ts';
import { needsBind } from './needs-bind.ts';
import { needsEdns } from './needs-edns.ts';
import { newestOnly } from './newest-only.ts';
import { noCname } from './no-cname.ts';
import { noDomain } from './no-domain.ts';
import { noIpv6 } from './no-ipv6.ts';
import { noUrl } from './no-url.ts';
import { referralFatal } from './referral-fatal.ts';
import { servfailAsAbsent } from './servfail-as-absent.ts';
import { singleLabel } from './single-label.ts';
import { trustsAnyAnswer } from './trusts-any-answer.ts';

export const searchingBehaviours = [
  cacheForever,
  caseSensitive,
  edns4096Only,
  needsBind,
  needsEdns,
  referralFatal,
  newestOnly,
  noCname,
  noDomain,
  servfailAsAbsent,
  singleLabel,
  fetchAny,
  fixedPort,
  noIpv6,
  noUrl,
  trustsAnyAnswer,
] as const;
