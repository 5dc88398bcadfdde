import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({ address: z.string(), code: z.string() });

/** The system refused the address, and its own first cause is the expected one. */
export const refused: Verifier<z.infer<typeof args>> = {
  id: 'refused',
  about: 'the system refused the address for the expected reason (seen from inside)',
  args,
  verify({ address, code }, view, scope) {
    const own = view.decided.filter((decision) => decision.to === address.toLowerCase());
    const last = own.at(-1);
    const evidence = own.map((decision) => decision.event);
    const params = { address, expected: code, found: last ? (last.code ?? last.verdict) : 'no decision' };
    const right = last !== undefined && last.verdict !== 'trusted' && last.code === code;
    return verdictOf([found(right ? 'info' : 'fail', { code: 'observed.refusal', params }, evidence, scope)]);
  },
};
