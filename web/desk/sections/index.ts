/**
 * The pages of administration, in the order in which they are offered.
 *
 * @module
 */
import type { Section } from '../section.ts';
import { accountsSection } from './accounts.ts';
import { addressesSection } from './addresses.ts';
import { auditSection, quarantineSection, queueSection, reportSection, settingsSection } from './books.ts';
import { domainsSection } from './domains.ts';
import { organizationsSection } from './organizations.ts';
import { anchorsSection, keysSection, subscriptionsSection } from './trust.ts';

export const SECTIONS: readonly Section[] = [
  organizationsSection,
  domainsSection,
  addressesSection,
  accountsSection,
  keysSection,
  anchorsSection,
  subscriptionsSection,
  queueSection,
  quarantineSection,
  reportSection,
  settingsSection,
  auditSection,
];
