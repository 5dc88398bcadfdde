import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import { inspectedMailSchema } from '../../inspected.ts';
import { notDone, right, stepOf, wrong } from '../published.ts';
import { type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({
  /** Id of the step that asked the mail servers. */
  inspect: z.string(),
});

/** Mail for the domain can be handed over: MX or an address leads to a host that greets on port 25 (REQ-DNS-22). */
export const mailHost: Verifier<z.infer<typeof args>> = {
  id: 'mail-host',
  about: 'MX, or the address of the domain, leads to a mail server that greets and answers EHLO',
  args,
  verify({ inspect }, view, scope) {
    const seen = stepOf(view, inspectedMailSchema, inspect, scope);
    if (!seen) return notDone(`the inspection ${inspect}`, scope);
    const { domain, outcome, why, byMx, hosts } = seen;
    if (outcome !== 'found') {
      const found = outcome === 'none' ? 'no host that takes mail' : `no answer (${why ?? 'unknown'})`;
      const differs = { what: `MX of ${domain}`, expected: 'a mail server with an address', found };
      return verdictOf([wrong('fail', differs, [seen.event], scope)]);
    }
    const good = hosts.filter(({ hello }) => hello?.startsWith('250'));
    const findings: Finding[] = hosts.map((one) => {
      const what = `${one.host} (${one.address}) on port 25`;
      const found = one.hello ?? one.greeting ?? one.error ?? 'silence';
      if (good.includes(one)) return right(what, found, [one.event], scope);
      const expected = '220, then 250 to EHLO';
      return wrong(good.length > 0 ? 'warn' : 'fail', { what, expected, found }, [one.event], scope);
    });
    const way = byMx ? 'by MX' : 'by the address of the domain: there is no MX record';
    return verdictOf([right(`mail for ${domain}`, way, [seen.event], scope), ...findings]);
  },
};
