import { zoneRule } from './subject.ts';

type Domain = { readonly domain: string };

export const mailPresent = zoneRule({
  id: 'zone/mail-present',
  title: 'A Health Domain Name has a mail server: MX, or an address',
  level: 'must',
  cites: ['REQ-DNS-22'],
  items: ({ domains, tree }) => domains.filter((domain) => !tree.cut(domain)).map((domain) => ({ domain })),
  where: ({ domain }: Domain) => domain,
  check: ({ domain }, { tree }) => {
    const sets = tree.node(domain)?.sets;
    const there = sets && (['MX', 'A', 'AAAA', 'CNAME'] as const).some((type) => sets.has(type));
    return there ? undefined : { domain };
  },
  text: ({ domain }) => `found neither MX nor A nor AAAA at ${domain}; no message can be delivered there`,
});
