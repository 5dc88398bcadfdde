import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../../verifier.ts';

const args = z.strictObject({ address: z.string(), server: z.string() });

/** The message for an address was taken by this server of its domain, and by no other (RFC 5321 §5.1). */
export const wentTo: Verifier<z.infer<typeof args>> = {
  id: 'went-to',
  about: 'the message for the address was brought to this mail server of its domain, and to no other',
  args,
  verify({ address, server }, view, scope) {
    const hits = view.arrived.filter(({ rcptTo }) => rcptTo.includes(address.toLowerCase()));
    const name = (host: string): string => host.slice(host.lastIndexOf('/') + 1);
    const servers = [...new Set(hits.map(({ host }) => name(host)))];
    const evidence = hits.map(({ event }) => event);
    const what = `the server that took the message for ${address}`;
    const seen = servers.join(', ') || 'none';
    return verdictOf([
      seen === server
        ? found('info', { code: 'observed.seen', params: { what, found: seen } }, evidence, scope)
        : found(
            'fail',
            { code: 'observed.differs', params: { what, expected: server, found: seen } },
            evidence,
            scope,
          ),
    ]);
  },
};
