/**
 * A message from the edge, made ready: whole, canonical, and one copy for those who are named and one for each who is
 * not (hisp-behaviour §2.3, §2.4).
 *
 * @module
 */
import { addressKey, readAddressList } from '../mail/address.ts';
import { formatDate } from '../mail/date.ts';
import { readEntity } from '../mail/entity.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { toSevenBit } from '../mail/seven-bit.ts';
import type { Host } from '../net/host.ts';
import { cause } from '../outcome/cause.ts';
import { editHeader, type NewField } from './header-edit.ts';
import { AgentStop } from './stop.ts';
import type { Submission } from './types.ts';

/** What some of the recipients get. */
export interface Copy {
  readonly message: Uint8Array;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly recipients: readonly string[];
}

export interface ReadSubmission {
  /** The header From. */
  readonly sender: string;
  /** Without brackets. */
  readonly messageId: string;
  readonly copies: readonly Copy[];
}

/**
 * Reads and completes a submission: CRLF, 7 bits, Date, Message-ID and MIME-Version where they are missing, no Bcc.
 *
 * @throws {AgentStop} message.from-missing, message.from-multiple
 * @throws {MailError} when the header cannot be read
 */
export function readSubmission(submission: Submission, host: Host): ReadSubmission {
  const entity = readEntity(toSevenBit(submission.bytes));
  const from = entity.headerAll('from').flatMap((value) => readAddressList(value).addresses);
  if (from.length === 0) throw new AgentStop(cause('message.from-missing', {}));
  if (from.length > 1) throw new AgentStop(cause('message.from-multiple', { count: from.length }));
  const sender = from[0]!;
  const messageId = messageIdKey(entity.header('message-id')) ?? `${host.random.uuid()}@${sender.domain}`;
  const missing: NewField[] = [
    ...(entity.header('date') === undefined ? [{ name: 'Date', value: formatDate(host.now()) }] : []),
    ...(messageIdKey(entity.header('message-id')) === undefined
      ? [{ name: 'Message-ID', value: `<${messageId}>` }]
      : []),
    ...(entity.header('mime-version') === undefined ? [{ name: 'MIME-Version', value: '1.0' }] : []),
  ];
  const drop = new Set(['bcc', 'resent-bcc', ...missing.map(({ name }) => name.toLowerCase())]);
  const named = (name: string): string[] =>
    unique(
      entity
        .headerAll(name)
        .flatMap((value) => readAddressList(value).addresses.map(({ address }) => address)),
    );
  const [to, cc] = [named('to'), named('cc')];
  const shown = new Set([...to, ...cc].map(addressKey));
  const recipients = unique(submission.to);
  const open = recipients.filter((address) => shown.has(addressKey(address)));
  const blind = recipients.filter((address) => !shown.has(addressKey(address)));
  return {
    sender: sender.address,
    messageId,
    copies: [
      ...(open.length > 0 ? [{ message: editHeader(entity, drop, missing), to, cc, recipients: open }] : []),
      ...blind.map((address) => ({
        message: editHeader(entity, new Set([...drop, 'to', 'cc']), [
          ...missing,
          { name: 'To', addresses: [address] },
        ]),
        to: [address],
        cc: [],
        recipients: [address],
      })),
    ],
  };
}

/** Each address once, however it is spelled. */
function unique(addresses: readonly string[]): string[] {
  const seen = new Set<string>();
  return addresses.filter((address) => !seen.has(addressKey(address)) && seen.add(addressKey(address)));
}
