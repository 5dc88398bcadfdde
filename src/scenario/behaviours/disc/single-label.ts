import { isAddressLevel } from '../../../discovery/reference.ts';
import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Keeps the dots of the local part inside one label, as RFC 1035 writes mailboxes. */
export const singleLabel: Behaviour = {
  id: 'disc.single-label',
  title: 'keeps the dots of the local part inside one label',
  legal: false,
  apply: inDiscovery(({ ownerName }) => ({
    ownerName: (level, names) => {
      if (!isAddressLevel(level)) return ownerName(level, names);
      const at = names.address.lastIndexOf('@');
      return `${names.address.slice(0, at).replaceAll('.', '\\.')}.${names.domain}`;
    },
  })),
};
