/**
 * What the directories of a domain let strangers do, aspect by aspect (REQ-LDAP-17).
 *
 * @module
 */
import type { Finding } from '../../../outcome/check.ts';
import type { ExposureFact, InspectedExposure } from '../../inspected.ts';
import { right, wrong } from '../published.ts';
import type { Scope } from '../verifier.ts';
import type { Aspect } from './dns.ts';

/** What discovery and white pages need; the rest is nobody's business. */
const NEEDED = new Set([
  ...['objectclass', 'cn', 'sn', 'givenname', 'displayname', 'mail', 'usercertificate', 'o', 'ou', 'title'],
  ...['l', 'st', 'postalcode', 'street', 'postaladdress', 'telephonenumber', 'description', 'uid'],
  ...['entrydn', 'subschemasubentry', 'structuralobjectclass', 'hassubordinates', 'creatorsname'],
  ...['createtimestamp', 'modifytimestamp', 'modifiersname', 'entryuuid', 'entrycsn'],
]);

const perServer =
  (
    judge: (server: ExposureFact, evidence: readonly number[], scope: Scope) => Finding[],
  ): Aspect<InspectedExposure> =>
  (seen, scope) => {
    if (seen.servers.length === 0) {
      const differs = { what: 'LDAP servers', expected: 'at least one', found: 'none' };
      return [wrong('fail', differs, [seen.event], scope)];
    }
    return seen.servers.flatMap((server) =>
      judge(server, [seen.event, ...(server.event ? [server.event] : [])], scope),
    );
  };

/** Nobody reads the list of all addresses. */
const list = perServer(({ server, list: told, error }, evidence, scope) => {
  const what = `a search for all addresses at ${server}`;
  const found = told ? `${told.result}, ${told.entries} entries` : (error ?? 'no answer');
  return told?.result === 'success' && told.entries > 0
    ? [wrong('warn', { what, expected: 'refused, or cut short', found }, evidence, scope)]
    : [right(what, found, evidence, scope)];
});

/** Nobody guesses addresses as fast as a machine can. */
const guesses = perServer(({ server, burst, error }, evidence, scope) => {
  if (!burst) return [right(`guesses at ${server}`, error ?? 'no answer', evidence, scope)];
  const what = `${burst.asked} searches for addresses in a row at ${server}`;
  const found = `${burst.answered} answered (${burst.results.join(', ')})`;
  return burst.answered < burst.asked
    ? [right(what, found, evidence, scope)]
    : [wrong('warn', { what, expected: 'a limit', found }, evidence, scope)];
});

/** Nobody changes anything. */
const changes = perServer(({ server, changes: tried }, evidence, scope) =>
  tried.map(({ op, result }) => {
    const what = `${op} at ${server}`;
    return result === 'success'
      ? wrong('fail', { what, expected: 'refused', found: result }, evidence, scope)
      : right(what, result, evidence, scope);
  }),
);

/** An entry shows what a sender or a person who looks for somebody needs. */
const attributes = perServer(({ server, attributes: shown = [] }, evidence, scope) => {
  const what = `attributes of an entry at ${server}`;
  const extra = shown.filter((name) => !NEEDED.has(name.toLowerCase().split(';')[0]!));
  return extra.length === 0
    ? [right(what, shown.join(', ') || 'none', evidence, scope)]
    : [
        wrong(
          'warn',
          { what, expected: 'names, addresses, certificates', found: extra.join(', ') },
          evidence,
          scope,
        ),
      ];
});

export const EXPOSURE_ASPECTS = { list, guesses, changes, attributes };
