import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import { found, type Verifier, verdictOf } from '../verifier.ts';
import { type Arrived, arrivedFor } from '../view.ts';

const args = z.strictObject({ address: z.string(), kept: z.boolean() });

/**
 * Whether the address stands in the envelope and in the outer To or Cc. An address without a usable certificate must
 * leave both (REQ-AS-26); the inner message keeps it.
 */
export const recipient: Verifier<z.infer<typeof args>> = {
  id: 'recipient',
  about: 'the address is kept in, or dropped from, the envelope and the outer To',
  args,
  verify({ address, kept }, view, scope) {
    const wanted = address.toLowerCase();
    const messages = scope.part === 'main' ? view.arrived : arrivedFor(view, scope.part);
    const inEnvelope = messages.filter((message) => message.rcptTo.includes(wanted));
    const inHeader = messages.filter((message) => message.to.includes(wanted));
    const findings: Finding[] = [];
    if (kept) {
      const params = { what: address, found: 'in the envelope' };
      findings.push(
        inEnvelope.length > 0
          ? found('info', { code: 'observed.seen', params }, eventsOf(inEnvelope), scope)
          : found('fail', { code: 'observed.message-missing', params: { to: address } }, [], scope),
      );
    }
    if (!kept) {
      for (const [where, list] of [
        ['the envelope', inEnvelope],
        ['the outer To', inHeader],
      ] as const) {
        if (list.length === 0) continue;
        findings.push(
          found(
            'fail',
            { code: 'observed.recipient-kept', params: { address, where } },
            eventsOf(list),
            scope,
            {
              kind: 'address',
              value: address,
            },
          ),
        );
      }
      if (findings.length === 0) {
        findings.push(
          found(
            'info',
            { code: 'observed.recipient-dropped', params: { address } },
            eventsOf(messages),
            scope,
          ),
        );
      }
    }
    return verdictOf(findings);
  },
};

const eventsOf = (messages: readonly Arrived[]): number[] => messages.map((message) => message.event);
