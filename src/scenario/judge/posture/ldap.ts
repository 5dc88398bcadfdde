/**
 * How the directories of a domain stand, aspect by aspect.
 *
 * @module
 */
import type { Finding } from '../../../outcome/check.ts';
import type { InspectedLdap, LdapFact } from '../../inspected.ts';
import { right, type Seen, wrong } from '../published.ts';
import type { Scope } from '../verifier.ts';
import type { Aspect } from './dns.ts';

/** SRV leads to host names with addresses of their own (REQ-DNS-18, REQ-LDAP-02). */
const srv: Aspect<InspectedLdap> = (seen, scope) => {
  const { service, targets, error } = seen;
  const evidence = [seen.event];
  if (targets.length === 0) {
    const expected = 'at least one server';
    return [wrong('fail', { what: `SRV ${service}`, expected, found: error ?? 'none' }, evidence, scope)];
  }
  return targets.map(({ server, priority, weight, alias, addresses }) => {
    const what = `SRV ${service}`;
    const text = `${server}, priority ${priority}, weight ${weight}`;
    if (addresses.length === 0)
      return wrong('fail', { what, expected: 'a name with an address', found: text }, evidence, scope);
    return alias
      ? wrong('fail', { what, expected: 'a name that is no alias', found: text }, evidence, scope)
      : right(what, `${text}: ${addresses.join(', ')}`, evidence, scope);
  });
};

const perServer =
  (judge: (server: LdapFact, seen: Seen<InspectedLdap>, scope: Scope) => Finding[]): Aspect<InspectedLdap> =>
  (seen, scope) =>
    seen.servers.flatMap((server) => judge(server, seen, scope));

/** The server can be talked to, without name and password (REQ-LDAP-05). */
const bind = perServer(({ server, bind: result, error }, { event }, scope) => {
  const what = `anonymous bind at ${server}`;
  if (result === 'success' && error === undefined) return [right(what, result, [event], scope)];
  const found = error ?? result ?? 'no answer';
  return [wrong('fail', { what, expected: 'success', found }, [event], scope)];
});

/** It says which naming contexts it has (REQ-LDAP-06). */
const root = perServer(({ server, root: result, contexts }, { event }, scope) => {
  const what = `root DSE at ${server}`;
  if (contexts.length > 0) return [right(what, contexts.join(', '), [event], scope)];
  const found = result === undefined ? 'not to be had' : `${result}, none`;
  return [wrong('fail', { what, expected: 'namingContexts', found }, [event], scope)];
});

/** Anybody may search each of them; some clients count only the last (REQ-LDAP-06, REQ-LDAP-18). */
const contexts = perServer(({ server, searches }, _seen, scope) =>
  searches
    .filter(({ filter, attribute }) => filter === 'a' && attribute.includes(';'))
    .map(({ base, result, event }) => {
      const what = `naming context ${base} at ${server}`;
      return result === 'success'
        ? right(what, result, [event], scope)
        : wrong('fail', { what, expected: 'success', found: result }, [event], scope);
    }),
);

/** Both filters of the field find the same (wire-facts §5). */
const filters = perServer(({ server, searches, contexts: bases }, _seen, scope) =>
  bases.flatMap((base) => {
    const here = searches.filter((one) => one.base === base && one.attribute.includes(';'));
    const [a, b] = (['a', 'b'] as const).map((filter) => here.find((one) => one.filter === filter));
    if (!a || !b || a.certificates === 0) return [];
    const what = `the filter with the presence of a certificate, in ${base} at ${server}`;
    const found = `${b.certificates} certificates (${b.result})`;
    if (b.certificates === a.certificates) return [right(what, found, [b.event], scope)];
    return [wrong('fail', { what, expected: `${a.certificates} certificates`, found }, [b.event], scope)];
  }),
);

/** Values come as `userCertificate;binary`, however they were asked for (REQ-LDAP-09, RFC 4523 §4.1). */
const names = perServer(({ server, searches }, _seen, scope) =>
  searches
    .filter(({ names: spelled }) => spelled.length > 0)
    .map(({ names: spelled, attribute, event }) => {
      const what = `${attribute} asked of ${server}`;
      const text = spelled.join(', ');
      const good = spelled.every((name) => /^usercertificate;binary$/i.test(name));
      const expected = 'userCertificate;binary';
      return good
        ? right(what, text, [event], scope)
        : wrong('warn', { what, expected, found: text }, [event], scope);
    }),
);

/** Something is there for the name that was asked (REQ-LDAP-08). */
const entry: Aspect<InspectedLdap> = (seen, scope) => {
  const found = seen.servers.map(({ searches }) => Math.max(0, ...searches.map((one) => one.certificates)));
  const evidence = [seen.event];
  const what = `certificates of ${seen.name}`;
  return found.some((count) => count > 0)
    ? [right(what, found.map(String).join(', '), evidence, scope)]
    : [wrong('fail', { what, expected: 'at least one', found: 'none' }, evidence, scope)];
};

export const LDAP_ASPECTS = { srv, bind, root, contexts, filters, names, entry };
