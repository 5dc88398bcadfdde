/**
 * Whose mail a HISP takes and sends: its domains, addresses and keys at this moment.
 *
 * The lists may be replaced between two decisions; each list is indexed once.
 *
 * @module
 */
import type { LocalKey } from '../agent/types.ts';
import { type DomainPolicy, defaultPolicy } from '../agent/types.ts';
import { addressKey } from '../mail/address.ts';
import type { HispAddress, HispConfig, HispDomain, HispKey, HispTimers, Listed } from './config.ts';

/** What is asked of a configuration here. */
export type MemberLists = Pick<HispConfig, 'domains' | 'addresses' | 'keys'>;

export const listed = <T>(list: Listed<T>): readonly T[] => (typeof list === 'function' ? list() : list);

/** Indexes a list by a key of each of its items; the same list is indexed once. */
function indexed<T extends object>(
  keyOf: (item: T) => string,
): (list: Listed<T>) => ReadonlyMap<string, T[]> {
  const known = new WeakMap<readonly T[], ReadonlyMap<string, T[]>>();
  return (list) => {
    const items = listed(list);
    let index = known.get(items);
    if (!index) known.set(items, (index = Map.groupBy(items, keyOf)));
    return index;
  };
}

const byDomain = indexed<HispDomain>(({ name }) => name.toLowerCase());
const byAddress = indexed<HispAddress>(({ address }) => addressKey(address));
const byOwner = indexed<HispKey>(({ owner }) => owner.toLowerCase());

export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

export const postmasterOf = (domain: HispDomain): string => domain.postmaster ?? `postmaster@${domain.name}`;

export const domainNamed = (config: Pick<MemberLists, 'domains'>, name: string): HispDomain | undefined =>
  byDomain(config.domains).get(name.toLowerCase())?.[0];

/** `key` in compared form. */
export const addressNamed = (config: Pick<MemberLists, 'addresses'>, key: string): HispAddress | undefined =>
  byAddress(config.addresses).get(key)?.[0];

/**
 * The mailbox that mail to `address` goes to: that of the address, of the one without its plus tag, of the one that
 * it is an alias of, or the postmaster of its domain. Lower case; undefined for nobody.
 */
export function mailboxOf(
  config: Pick<MemberLists, 'domains' | 'addresses'>,
  address: string,
): string | undefined {
  const key = addressKey(address);
  const known = byAddress(config.addresses);
  const exact = known.get(key)?.[0];
  const found = exact ?? withoutTag(known, key);
  if (found) return found.aliasOf === undefined ? addressKey(found.address) : behind(known, found.aliasOf);
  const domain = domainNamed(config, domainOf(key));
  return domain && addressKey(postmasterOf(domain)) === key ? key : undefined;
}

function withoutTag(known: ReadonlyMap<string, HispAddress[]>, key: string): HispAddress | undefined {
  const untagged = key.replace(/^([^"+@]+)\+[^@]*@/, '$1@');
  const found = known.get(untagged)?.[0];
  return found?.plusTags === 'refuse' ? undefined : found;
}

/** An alias leads to an address that is in use and no alias itself; otherwise it leads nowhere. */
function behind(known: ReadonlyMap<string, HispAddress[]>, aliasOf: string): string | undefined {
  const target = known.get(addressKey(aliasOf))?.[0];
  return target && target.aliasOf === undefined ? addressKey(target.address) : undefined;
}

/** The keys of an owner (an address or a domain). */
export function keysOf(keys: MemberLists['keys'], owner: string, purpose: 'sign' | 'decrypt'): LocalKey[] {
  return (byOwner(keys).get(owner.toLowerCase()) ?? [])
    .filter(
      ({ purpose: kind = 'dual', state = 'active' }) =>
        purpose === 'decrypt' || (kind !== 'encrypt' && state === 'active'),
    )
    .map(({ certificate, privateKey, chain }) => ({ certificate, privateKey, ...(chain ? { chain } : {}) }));
}

export const policyOf = (config: Pick<MemberLists, 'domains'>, domain: string): DomainPolicy => ({
  ...defaultPolicy,
  ...domainNamed(config, domain)?.policy,
});

/** The timers for what the domain sends. */
export const timersOf = (
  config: Pick<MemberLists, 'domains'>,
  timers: HispTimers,
  domain: string,
): HispTimers => ({ ...timers, ...domainNamed(config, domain)?.timers });
