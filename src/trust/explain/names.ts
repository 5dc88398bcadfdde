/**
 * Names and times as a reader wants them.
 *
 * @module
 */

/** The common name of a distinguished name in text, or else its organization, or all of it. */
export function shortName(name: string): string {
  for (const attribute of ['CN', 'OU', 'O']) {
    const found = new RegExp(`(?:^|,\\s*|\\+)${attribute}=((?:\\\\.|[^,+\\\\])+)`).exec(name)?.[1];
    if (found !== undefined) return found.replace(/\\(.)/g, '$1');
  }
  return name;
}

export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The day of an ISO 8601 time. */
export const day = (iso: string): string => iso.slice(0, 10);

/** Where an anchor comes from: `manual` is the source of those that an operator set. */
export const supplier = (source: string): string => (source === 'manual' ? 'set by hand' : source);

/** `1 certificate`, `3 certificates`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A sentence begins with a capital letter, unless it begins with an address or a domain. */
export const capital = (text: string): string =>
  /^\S*[.@]\S/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
