import { canonicalName } from '../../dns/names.ts';
import type { SrvData } from '../../dns/records.ts';
import { type ZoneSubject, zoneRule } from './subject.ts';

type Group = { readonly name: string; readonly orders: readonly string[] };

export const ldapOrder = zoneRule({
  id: 'zone/ldap-order',
  title: 'The order of LDAP servers is told by priority and weight',
  level: 'info',
  cites: ['REQ-LDAP-04'],
  items: (subject) => groups(subject).filter(({ orders }) => orders.length > 1),
  where: ({ name }: Group) => name,
  check: ({ orders }) => {
    const twice = orders.find((order, index) => orders.indexOf(order) !== index);
    return twice === undefined ? undefined : { order: twice };
  },
  text: ({ order }) => `found two servers of priority and weight ${order}: each peer picks one as it likes`,
});

const groups = ({ servers }: ZoneSubject): Group[] =>
  [...Map.groupBy(servers, ({ name }) => canonicalName(name))].map(([name, records]) => ({
    name,
    orders: records.map(({ data }: { readonly data: SrvData }) => `${data.priority}/${data.weight}`),
  }));
