/**
 * Counting what the agent uses private keys for.
 *
 * @module
 */
import type { AgentContext, KeySource } from '../agent/types.ts';
import type { KeyUse } from '../store/key-use.ts';

/** The same context, whose keys note in `uses` whenever one is used. */
export function counting(context: AgentContext, uses: KeyUse[]): AgentContext {
  const keys: KeySource = (owner, purpose) =>
    context.keys(owner, purpose).map((key) => ({
      ...key,
      used: (operation) => uses.push({ certificate_sha256: key.certificate.sha256, operation }),
    }));
  return { ...context, keys };
}
