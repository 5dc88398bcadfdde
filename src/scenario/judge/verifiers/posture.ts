import { z } from 'zod';
import { inspectedDnsSchema, inspectedExposureSchema, inspectedLdapSchema } from '../../inspected.ts';
import { DNS_ASPECTS } from '../posture/dns.ts';
import { EXPOSURE_ASPECTS } from '../posture/exposure.ts';
import { LDAP_ASPECTS } from '../posture/ldap.ts';
import { notDone, stepOf } from '../published.ts';
import { type Verifier, verdictOf } from '../verifier.ts';

type DnsAspect = keyof typeof DNS_ASPECTS;
type LdapAspect = keyof typeof LDAP_ASPECTS;
type ExposureAspect = keyof typeof EXPOSURE_ASPECTS;

const ASPECTS = [DNS_ASPECTS, LDAP_ASPECTS, EXPOSURE_ASPECTS].flatMap(Object.keys) as (
  | DnsAspect
  | LdapAspect
  | ExposureAspect
)[];

const args = z.strictObject({
  /** Id of the step that asked the servers. */
  inspect: z.string(),
  aspects: z
    .array(z.enum(ASPECTS))
    .min(1)
    .optional()
    .describe('Which are judged; all that the step has seen if absent.'),
});

/** A table of findings on the servers of a domain: one line for each server and way of asking. */
export const posture: Verifier<z.infer<typeof args>> = {
  id: 'posture',
  about: 'the name servers or directories of the domain answer as they should, each in every way of asking',
  args,
  verify({ inspect, aspects }, view, scope) {
    const chosen = <A extends string>(known: readonly A[]): A[] =>
      known.filter((name) => !aspects || (aspects as readonly string[]).includes(name));
    const dns = stepOf(view, inspectedDnsSchema, inspect, scope);
    if (dns) {
      const names = chosen(Object.keys(DNS_ASPECTS) as DnsAspect[]);
      return verdictOf(names.flatMap((name) => DNS_ASPECTS[name](dns, scope)));
    }
    const ldap = stepOf(view, inspectedLdapSchema, inspect, scope);
    if (ldap) {
      const names = chosen(Object.keys(LDAP_ASPECTS) as LdapAspect[]);
      return verdictOf(names.flatMap((name) => LDAP_ASPECTS[name](ldap, scope)));
    }
    const exposure = stepOf(view, inspectedExposureSchema, inspect, scope);
    if (exposure) {
      const names = chosen(Object.keys(EXPOSURE_ASPECTS) as ExposureAspect[]);
      return verdictOf(names.flatMap((name) => EXPOSURE_ASPECTS[name](exposure, scope)));
    }
    return notDone(`the inspection ${inspect}`, scope);
  },
};
