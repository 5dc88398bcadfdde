import type { Behaviour } from '../behaviour.ts';

/** Uses every anchor in both directions. */
export const directionIgnored: Behaviour = {
  id: 'trust.direction-ignored',
  title: 'uses every anchor for incoming and for outgoing mail, whatever it is for',
  legal: false,
  apply: (parts) => ({
    ...parts,
    anchors: (source, domain) => [
      ...parts.anchors(source, domain, 'incoming'),
      ...parts.anchors(source, domain, 'outgoing'),
    ],
  }),
};
