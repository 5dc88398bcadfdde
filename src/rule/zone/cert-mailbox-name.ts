import { labelTexts } from '../../dns/names.ts';
import { type PublishedCert, zoneRule } from './subject.ts';

export const certMailboxName = zoneRule({
  id: 'zone/cert-mailbox-name',
  title: 'A dot in a local part is a border between labels of the owner name',
  level: 'must',
  cites: ['REQ-DNS-02'],
  items: ({ certs }) => certs,
  where: ({ name }: PublishedCert) => name,
  check: ({ name }) => {
    const label = labelTexts(name).find((text) => text.includes('\\.'));
    return label === undefined ? undefined : { label };
  },
  text: ({ label }) =>
    `found the label ${label} with a dot in it; nobody asks for that name, expected ${label.replaceAll('\\.', '.')}`,
});
