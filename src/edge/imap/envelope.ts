/**
 * ENVELOPE (RFC 3501 §7.4.2): the header as a structure. Groups are shown as their members.
 *
 * @module
 */
import { type Address, parseAddressList } from '../../mail/address.ts';
import { encodeWords } from '../../mail/encoded-words.ts';
import type { Entity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { nstring, string } from './write.ts';

export function envelopeText(entity: Entity): string {
  const addresses = (name: string): Address[] => entity.headerAll(name).flatMap(addressesIn);
  const from = addresses('from');
  const orFrom = (name: string): Address[] => {
    const own = addresses(name);
    return own.length > 0 ? own : from;
  };
  return `(${[
    nstring(entity.header('date')),
    nstring(entity.header('subject')),
    addressList(from),
    addressList(orFrom('sender')),
    addressList(orFrom('reply-to')),
    addressList(addresses('to')),
    addressList(addresses('cc')),
    addressList(addresses('bcc')),
    nstring(entity.header('in-reply-to')),
    nstring(entity.header('message-id')),
  ].join(' ')})`;
}

function addressesIn(value: string): Address[] {
  try {
    return parseAddressList(value);
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

const addressList = (addresses: readonly Address[]): string =>
  addresses.length === 0 ? 'NIL' : `(${addresses.map(addressText).join('')})`;

const addressText = ({ name, local, domain }: Address): string =>
  `(${name === undefined ? 'NIL' : string(encodeWords(name))} NIL ${string(local)} ${string(domain)})`;
