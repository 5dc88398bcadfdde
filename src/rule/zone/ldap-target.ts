import type { SrvData } from '../../dns/records.ts';
import { hostState, zoneRule } from './subject.ts';

export const ldapTarget = zoneRule({
  id: 'zone/ldap-target',
  title: 'The target of an LDAP server is a host with an address, no alias',
  level: 'must',
  cites: ['REQ-DNS-18'],
  items: ({ servers }) => servers.filter(({ data }) => data.target !== ''),
  where: ({ name }: { readonly name: string; readonly data: SrvData }) => name,
  check: ({ data: { target } }, subject) => {
    if (/^\d+(\.\d+){3}$/.test(target)) return { target, state: 'an address, not a name' };
    const state = hostState(subject, target);
    if (state === 'alias') return { target, state: 'an alias' };
    return state === 'bare' ? { target, state: 'a name without A and AAAA' } : undefined;
  },
  text: ({ target, state }) => `found the target ${target}, which is ${state}`,
});
