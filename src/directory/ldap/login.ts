/**
 * Who logs in to the directory over LDAP: a HISP, by its id and one of its keys.
 *
 * @module
 */

import { normalDn, parentDn } from '../../ldap/dn.ts';
import type { BindRequest } from '../../ldap/requests.ts';
import { RESULT } from '../../ldap/result.ts';
import type { BindAnswer, LdapSessionInfo } from '../../ldap/settings.ts';
import type { Host } from '../../net/host.ts';
import { networkOf } from '../quota.ts';
import { BASE_DN } from '../write/ldif-text.ts';
import { bounded } from './bounded.ts';
import { unescaped } from './paths.ts';

export const PARTICIPANTS_DN = `ou=participants,${BASE_DN}`;

/** Wrong keys of one network in a row, after which it waits. */
const TRIES = 5;
const WAIT_MS = 60_000;
/** Networks whose failures are remembered. */
const REMEMBERED = 10_000;

/** @param readerOf whose key it is; undefined: nobody's, or not that HISP's */
export function directoryLogin(
  host: Pick<Host, 'mono'>,
  readerOf: (key: string, id: string) => object | undefined,
): (request: BindRequest, session: LdapSessionInfo) => BindAnswer {
  const failures = bounded<string, { count: number; at: number }>(REMEMBERED);
  return (request, { peer, tls }) => {
    const { name, password, passwordLength } = request;
    if (name === '' && passwordLength === 0) return RESULT.success;
    if (passwordLength === 0) {
      return { result: RESULT.unwillingToPerform, diagnostic: 'a name without a password is nobody' };
    }
    // whoever sent it in clear has told it to the network already, so it is not looked at
    if (!tls && !isLoopback(peer.host)) {
      return {
        result: RESULT.confidentialityRequired,
        diagnostic: 'a key is a password: use StartTLS or LDAPS; replace the key that was sent just now',
      };
    }
    const network = networkOf(peer.host);
    const failed = failures.get(network);
    const now = host.mono();
    if (failed && failed.count >= TRIES && now - failed.at < WAIT_MS) {
      const seconds = Math.ceil((WAIT_MS - (now - failed.at)) / 1000);
      return {
        result: RESULT.unwillingToPerform,
        diagnostic: `${failed.count} wrong keys in a row; try again in ${seconds} s`,
      };
    }
    const id = participantOf(name);
    const who = id === undefined ? undefined : readerOf(Buffer.from(password).toString('utf8'), id);
    if (who) {
      if (failed) failures.set(network, { count: 0, at: now });
      return { result: RESULT.success, who };
    }
    const before = failed && now - failed.at < WAIT_MS ? failed.count : 0;
    failures.set(network, { count: before + 1, at: now });
    return {
      result: RESULT.invalidCredentials,
      diagnostic: `expected cn=<id of the HISP>,${PARTICIPANTS_DN} and a key of that HISP that is not revoked`,
    };
  };
}

/** The id in a bind name; undefined when it is not one of a participant. */
function participantOf(name: string): string | undefined {
  const dn = normalDn(name);
  const [first = ''] = dn.split(',', 1);
  return first.startsWith('cn=') && parentDn(dn) === PARTICIPANTS_DN ? unescaped(first.slice(3)) : undefined;
}

const isLoopback = (peer: string): boolean => {
  const bare = peer.replace(/^::ffff:/i, '');
  return bare.startsWith('127.') || bare === '::1';
};
