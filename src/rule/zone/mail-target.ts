import type { MxData } from '../../dns/records.ts';
import { hostState, zoneRule } from './subject.ts';

export const mailTarget = zoneRule({
  id: 'zone/mail-target',
  title: 'A mail server is a host with an address, no alias',
  level: 'must',
  cites: ['REQ-DNS-22'],
  items: ({ exchangers }) => exchangers.filter(({ data }) => data.exchange !== ''),
  where: ({ name }: { readonly name: string; readonly data: MxData }) => name,
  check: ({ data: { exchange } }, subject) => {
    const state = hostState(subject, exchange);
    if (state === 'alias') return { exchange, state: 'an alias' };
    return state === 'bare' ? { exchange, state: 'a name without A and AAAA' } : undefined;
  },
  text: ({ exchange, state }) => `found the mail server ${exchange}, which is ${state}`,
});
