import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import { found, type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({
  address: z.string(),
  count: z.int().min(0).default(1),
  code: z.string().optional(),
  withinMinutes: z.number().positive().default(65),
});

/** The user was told once, in time, that the address was not reached (REQ-AS-26, REQ-DN-08). */
export const notice: Verifier<z.infer<typeof args>> = {
  id: 'notice',
  about: 'the sender was given this many negative notices for the address (seen from inside)',
  args,
  verify({ address, count, code, withinMinutes }, view, scope) {
    const own = view.noticed.filter((given) => given.address === address.toLowerCase());
    const evidence = own.map((given) => given.event);
    const level = own.length === count ? 'info' : 'fail';
    const findings: Finding[] = [
      found(
        level,
        { code: 'observed.notice', params: { address, expected: count, found: own.length } },
        evidence,
        scope,
      ),
    ];
    const sent = view.sent.find((step) => step.part === scope.part)?.at ?? 0;
    for (const given of own) {
      const seconds = Math.round((given.at - sent) / 1000);
      if (seconds > withinMinutes * 60) {
        const params = { what: `the notice for ${address}`, seconds };
        findings.push(found('fail', { code: 'observed.late', params }, [given.event], scope));
      }
      if (code && given.code !== code) {
        const params = { address, expected: code, found: given.code };
        findings.push(found('fail', { code: 'observed.refusal', params }, [given.event], scope));
      }
    }
    return verdictOf(findings);
  },
};
