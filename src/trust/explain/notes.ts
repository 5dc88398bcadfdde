/**
 * What single checks and revocation lists said, in words.
 *
 * @module
 */
import { sentence } from '../../outcome/cause.ts';
import type { RevState } from '../../pki/revocation.ts';
import type { CheckSummary } from '../decision.ts';
import { reasonText, type Use } from './reason.ts';
import type { Mark, Note } from './schema.ts';

/** What each check asks, as it reads when it is answered with yes. */
const PASSED: Readonly<Record<string, string>> = {
  parse: 'it can be read',
  binding: 'it belongs to the address or its domain',
  usage: 'its key may be used for this',
  ca: 'it is not a CA certificate',
  strength: 'key and signature are strong enough',
  time: 'it is valid now',
  path: 'it leads to an anchor',
  revocation: 'it is not revoked',
};

/** No message is at hand, so what is asked of a signature itself is left out. */
export const asked = (checks: readonly CheckSummary[]): CheckSummary[] =>
  checks.filter(({ name }) => name !== 'signature' && name !== 'digest');

export const checkNotes = (checks: readonly CheckSummary[], use: Use): (Note & { name: string })[] =>
  checks.map(({ name, state, cause: reason }) => ({
    name,
    mark: state,
    text: reason ? reasonText(reason, use).text : (PASSED[name] ?? name),
    ...(reason && { code: reason.code }),
  }));

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const REVOCATION: Readonly<Record<RevState['state'], Mark>> = {
  good: 'pass',
  revoked: 'fail',
  unknown: 'unknown',
};

/** The revocation state of one certificate, with its source. */
export function revocationNote(state: RevState, whose?: string): Note {
  const of = whose === undefined ? '' : `${whose}: `;
  const mark = REVOCATION[state.state];
  switch (state.state) {
    case 'good': {
      const until = state.nextUpdate === undefined ? '' : `, in force until ${day(state.nextUpdate)}`;
      return { mark, text: `${of}not revoked, says ${state.source}${until}` };
    }
    case 'revoked':
      return {
        mark,
        text: `${of}revoked on ${day(state.at)} (${state.reason}), says ${state.source}`,
        code: 'cert.revoked',
      };
    case 'unknown':
      return {
        mark,
        text: `${of}${state.url === '' ? 'revocation is unknown' : sentence({ code: 'cert.revocation-unknown', params: { url: state.url, why: state.why } })}${state.url === '' ? `: ${state.why}` : ''}`,
        code: 'cert.revocation-unknown',
      };
  }
}
