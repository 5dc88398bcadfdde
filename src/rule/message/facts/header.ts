/**
 * Facts of the header fields of a message, for rules and for the judge of scenarios.
 *
 * @module
 */
import { addressKey, parseAddressList } from '../../../mail/address.ts';
import { readDate } from '../../../mail/date.ts';
import type { Entity } from '../../../mail/entity.ts';
import { messageIdKey } from '../../../mail/message-id.ts';
import { readParameterized } from '../../../mail/parameters.ts';

/** Something that is not as it should be. */
export type Difference = {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
};

/** Addresses of these fields, in the form in which they are compared. */
export const addressesIn = (entity: Entity, ...names: string[]): string[] =>
  names.flatMap((name) => entity.headerAll(name).flatMap(parseAddressList)).map(addressKey);

/** Fields that every message has (REQ-AS-38), and what is wrong with one of them; undefined: nothing. */
export const FIELD_FAULTS = {
  From(entity) {
    const from = addressesIn(entity, 'from');
    return from.length === 1
      ? undefined
      : { what: 'From', expected: 'one address', found: from.join(', ') || 'none' };
  },
  To: (entity) =>
    addressesIn(entity, 'to', 'cc').length > 0
      ? undefined
      : { what: 'To', expected: 'an address', found: 'none' },
  Date: (entity) =>
    readDate(entity.header('date')) === undefined
      ? { what: 'Date', expected: 'a date', found: entity.header('date') ?? 'none' }
      : undefined,
  'Message-ID': (entity) =>
    messageIdKey(entity.header('message-id'))
      ? undefined
      : { what: 'Message-ID', expected: 'an identifier', found: 'none' },
  'MIME-Version': (entity) =>
    entity.header('mime-version')?.trim() === '1.0'
      ? undefined
      : { what: 'MIME-Version', expected: '1.0', found: entity.header('mime-version') ?? 'none' },
} as const satisfies Record<string, (entity: Entity) => Difference | undefined>;

const ONCE = ['From', 'To', 'Cc', 'Date', 'Message-ID', 'MIME-Version', 'Subject'];

/** Fields that may stand once and stand more often. */
export const repeatedFields = (entity: Entity): Difference[] =>
  ONCE.flatMap((what) => {
    const count = entity.headerAll(what).length;
    return count > 1 ? [{ what, expected: 'one field', found: `${count}` }] : [];
  });

/** What is wrong with the fields that every message has. */
export const fieldFaults = (entity: Entity): Difference[] => [
  ...Object.values(FIELD_FAULTS).flatMap((fault) => fault(entity) ?? []),
  ...repeatedFields(entity),
];

/** Names of fields with octets that are no printable ASCII. */
export const foreignFields = (entity: Entity): string[] =>
  entity.headers.filter(({ raw }) => raw.some((octet) => octet > 126)).map(({ name }) => name);

const TELLING: ReadonlySet<string> = new Set(['subject', 'comments', 'keywords']);
/** Fields that tell nothing of the content, whatever words they share with it. */
const KNOWN =
  /^(from|to|cc|sender|reply-to|date|orig-date|message-id|mime-version|in-reply-to|references|content-.*|received|return-path|dkim-signature)$/;

/** Names of outer fields that tell of the content (REQ-AS-13). @param inner the wrapped message, where it is known */
export function tellingFields(outer: Entity, inner: Entity | undefined): string[] {
  const subject = inner?.header('subject')?.trim();
  return outer.headers
    .filter(
      ({ key, value }) =>
        value !== '' && (TELLING.has(key) || (!KNOWN.test(key) && !!subject && value.includes(subject))),
    )
    .map(({ name }) => name);
}

/** Names of outer fields that nobody needs on the way (REQ-AS-13). */
export const needlessFields = (outer: Entity): string[] =>
  outer.headers.filter(({ key }) => !KNOWN.test(key) && !TELLING.has(key)).map(({ name }) => name);

/** How the names of the encrypted part differ from `smime.p7m`, as an attachment (REQ-AS-11). */
export function nameFaults(outer: Entity): Difference[] {
  const disposition = readParameterized(outer.header('content-disposition') ?? '');
  const wanted = [
    ['the name', 'smime.p7m', outer.contentType.parameters['name']],
    ['the disposition', 'attachment', disposition.value || undefined],
    ['the file name', 'smime.p7m', disposition.parameters['filename']],
  ] as const;
  return wanted.flatMap(([what, expected, found]) =>
    found?.toLowerCase() === expected ? [] : [{ what, expected, found: found ?? 'none' }],
  );
}

/** How outer From and recipients differ from those of the wrapped message (REQ-AS-14). */
export function outerFromFault(outer: Entity, inner: Entity): Difference | undefined {
  const [found, expected] = [outer, inner].map((one) => addressesIn(one, 'from').join(', ') || 'none');
  return found === expected ? undefined : { what: 'From outside', expected: expected!, found: found! };
}

/** As `outerFromFault`, for To and Cc: outside may be fewer, but no others. */
export function outerRecipientFault(outer: Entity, inner: Entity): Difference | undefined {
  const shown = addressesIn(inner, 'to', 'cc');
  const strangers = addressesIn(outer, 'to', 'cc').filter((address) => !shown.includes(address));
  return strangers.length === 0
    ? undefined
    : { what: 'To and Cc outside', expected: `some of ${shown.join(', ')}`, found: strangers.join(', ') };
}
