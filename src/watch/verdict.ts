/**
 * How a domain stands by its last observation, check by check: pure.
 *
 * @module
 */
import type { Observation } from './observation.ts';
import { disagreement } from './signals.ts';

export const CHECKS = {
  discovery: 'Certificate',
  hosting: 'Hosting',
  trust: 'Trust',
  revocation: 'Revocation lists',
  mx: 'Mail servers',
  port25: 'Port 25',
} as const;

export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

/** `none`: there was nothing to look at. `unknown`: nobody could tell. */
export type CheckState = 'good' | 'warn' | 'bad' | 'unknown' | 'none';

export interface WatchCheck {
  readonly check: CheckName;
  readonly state: CheckState;
  /** What was seen, short. */
  readonly text: string;
}

const SOON = 14 * 86_400_000;

export function checksOf(seen: Observation): WatchCheck[] {
  return [discovery(seen), hosting(seen), trust(seen), revocation(seen), mx(seen), port25(seen)];
}

/** The worst of all. */
export function stateOf(checks: readonly WatchCheck[]): Exclude<CheckState, 'none'> {
  const states = new Set(checks.map(({ state }) => state));
  return (['bad', 'unknown', 'warn'] as const).find((state) => states.has(state)) ?? 'good';
}

/** @param at of the observation: ends are told as of then */
function discovery({ at, discovery: found }: Observation): WatchCheck {
  const check = 'discovery';
  const { state, certificates, level = '', why = '' } = found;
  if (state === 'unknown') return { check, state: 'unknown', text: why || 'no answer' };
  if (state === 'none') return { check, state: 'bad', text: 'none is published' };
  const unreadable = certificates.filter(({ subject }) => subject === undefined).length;
  if (unreadable > 0)
    return { check, state: 'bad', text: `${unreadable} of ${certificates.length} cannot be read` };
  const ends = Math.min(...certificates.map(({ notAfter }) => notAfter ?? Number.POSITIVE_INFINITY));
  const until = Number.isFinite(ends) ? `until ${new Date(ends).toISOString().slice(0, 10)}` : '';
  const text = `${certificates.length} at ${level}, ${until}`;
  return { check, state: ends <= at ? 'bad' : ends - at < SOON ? 'warn' : 'good', text };
}

function hosting({ zone, servers, directories }: Observation): WatchCheck {
  const check = 'hosting';
  if (zone === undefined && directories.length === 0)
    return { check, state: 'unknown', text: 'no name servers were found' };
  const silent = [...servers, ...directories].filter(({ error }) => error !== undefined);
  const all = servers.length + directories.length;
  const differ = disagreement(servers.filter(({ error }) => error === undefined));
  if (all > 0 && silent.length === all) return { check, state: 'bad', text: 'no server answers' };
  if (differ !== undefined) return { check, state: 'warn', text: 'name servers disagree' };
  if (silent.length > 0) return { check, state: 'warn', text: `${silent.length} of ${all} do not answer` };
  return { check, state: all === 0 ? 'none' : 'good', text: `${all} of ${all} answer` };
}

function trust({ trust: facts, discovery: found }: Observation): WatchCheck {
  const check = 'trust';
  if (facts.length === 0) return { check, state: 'none', text: 'nobody’s anchors were given' };
  if (found.state !== 'found') return { check, state: 'none', text: 'nothing to judge' };
  const of = (verdict: string) => facts.filter((fact) => fact.verdict === verdict).length;
  const text = `trusted by ${of('trusted')} of ${facts.length}`;
  if (of('trusted') === facts.length) return { check, state: 'good', text };
  if (of('undetermined') > 0) return { check, state: 'unknown', text };
  // some trusting it and some not is how networks are; that trust was lost is an event
  return { check, state: of('trusted') === 0 ? 'bad' : 'good', text };
}

function revocation({ lists }: Observation): WatchCheck {
  const check = 'revocation';
  if (lists.length === 0) return { check, state: 'none', text: 'none is named' };
  const of = (...states: string[]) => lists.filter(({ state }) => states.includes(state)).length;
  if (of('stale') > 0) return { check, state: 'bad', text: `${of('stale')} of ${lists.length} stale` };
  if (of('unreachable', 'other') > 0)
    return {
      check,
      state: 'unknown',
      text: `${of('unreachable', 'other')} of ${lists.length} not to be had`,
    };
  return { check, state: 'good', text: `${lists.length} in force` };
}

function mx({ mail }: Observation): WatchCheck {
  const check = 'mx';
  if (mail.state === 'unknown') return { check, state: 'unknown', text: mail.why ?? 'no answer' };
  if (mail.state === 'none') return { check, state: 'bad', text: 'none is published' };
  const names = [...new Set(mail.hosts.map(({ host }) => host))];
  return { check, state: 'good', text: mail.byMx ? names.join(', ') : `${names.join(', ')}, without MX` };
}

function port25({ mail }: Observation): WatchCheck {
  const check = 'port25';
  const { hosts } = mail;
  if (hosts.length === 0) return { check, state: 'none', text: 'nothing to call' };
  const closed = hosts.filter(({ open }) => !open).length;
  if (closed === hosts.length) return { check, state: 'bad', text: 'closed' };
  if (closed > 0) return { check, state: 'warn', text: `${closed} of ${hosts.length} closed` };
  return { check, state: 'good', text: hosts.length === 1 ? 'open' : `${hosts.length} open` };
}
