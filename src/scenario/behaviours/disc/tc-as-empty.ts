import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Takes a truncated answer without records for an empty one. */
export const tcAsEmpty: Behaviour = {
  id: 'disc.tc-as-empty',
  title: 'takes a truncated answer without records for an empty one',
  legal: false,
  apply: inDiscovery((parts) => ({
    resolver: {
      ...parts.resolver,
      read: (message, exchange) =>
        exchange.tc && message.answers.length === 0 ? 'nodata' : parts.resolver.read(message, exchange),
    },
  })),
};
