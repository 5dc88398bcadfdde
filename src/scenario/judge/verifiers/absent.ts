import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import { inspectedLdapSchema } from '../../inspected.ts';
import { lookUpOf, notDone, right, stepOf, wrong } from '../published.ts';
import { type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({
  /** Id of the step that looked the unknown address up. */
  lookup: z.string(),
  /** Id of the step that asked each LDAP server for it. */
  inspect: z.string(),
});

/**
 * Nobody of this name is published, and the servers say so in the right way: every search succeeds with no entry,
 * never with an error, never with somebody else's entry (REQ-LDAP-19).
 */
export const absent: Verifier<z.infer<typeof args>> = {
  id: 'absent',
  about: 'an unknown address: every search succeeds, with no entry',
  args,
  verify({ lookup, inspect }, view, scope) {
    const seen = lookUpOf(view, lookup, scope);
    const servers = stepOf(view, inspectedLdapSchema, inspect, scope);
    if (!seen) return notDone(`the look-up ${lookup}`, scope);
    if (!servers) return notDone(`the inspection ${inspect}`, scope);
    const findings: Finding[] = [];
    if (seen.outcome === 'none') {
      findings.push(right(`the look-up of ${seen.name}`, 'nothing, as it should be', [seen.event], scope));
    } else {
      const what = seen.outcome === 'found' ? `certificates at ${seen.level}` : `no answer (${seen.why})`;
      const differs = { what: `the look-up of ${seen.name}`, expected: 'nothing', found: what };
      findings.push(wrong('fail', differs, [...seen.events, seen.event], scope));
    }
    let searches = 0;
    for (const { server, error, searches: own } of servers.servers) {
      searches += own.length;
      if (error !== undefined) {
        const differs = { what: `the search at ${server}`, expected: 'an answer', found: error };
        findings.push(wrong('fail', differs, [servers.event], scope));
      }
      for (const { filter, base, result, entries, event } of own) {
        const what = `filter ${filter} in ${base || 'the root'} at ${server}`;
        const text = `${result} with ${entries} entries`;
        if (result === 'success' && entries === 0) findings.push(right(what, text, [event], scope));
        else {
          const expected = 'success with 0 entries';
          findings.push(wrong('fail', { what, expected, found: text }, [event], scope));
        }
      }
    }
    if (searches === 0) {
      const differs = { what: 'LDAP', expected: 'a server that can be searched', found: 'none' };
      findings.push(wrong('fail', differs, [servers.event], scope));
    }
    return verdictOf(findings);
  },
};
