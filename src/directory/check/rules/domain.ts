import { domainOf } from '../../write/words.ts';
import type { ComplianceRule } from '../rule.ts';

/** addr-spec of RFC 5322 §3.4.1 without comments, its domain a host name. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export const domain: ComplianceRule = {
  code: 'DOMAIN',
  category: 'format',
  title: "The address is valid, and its domain is one of the contributor's.",
  check: ({ record, contributor }, context) => {
    const value = record.DIRECT_ADDRESS;
    const field = 'DIRECT_ADDRESS' as const;
    const host = domainOf(value);
    const local = value.slice(0, value.length - host.length - 1);
    const faults = [
      ...(LOCAL.test(local) && local.length <= 64 ? [] : ['local part is not valid']),
      ...(DOMAIN.test(host) ? [] : ['domain is not valid']),
    ];
    if (faults.length > 0)
      return [{ field, value, faults, closing: 'expected an address such as name@direct.clinic.example' }];
    const own = context.contributor(contributor)?.domains ?? [];
    if (own.length === 0 || own.some((one) => host === one || host.endsWith(`.${one}`))) return [];
    return [
      {
        field,
        value,
        faults: [`domain ${host} does not belong to ${contributor}`],
        closing: `expected ${own.join(' or ')}`,
      },
    ];
  },
};
