/**
 * What the signed message says of itself: who sent it, what it is, whether the envelope agrees.
 *
 * @module
 */
import { addressKey, readAddressList } from '../mail/address.ts';
import { readDsn } from '../mail/dsn.ts';
import type { Entity } from '../mail/entity.ts';
import { readMdn, requestsFinalDelivery } from '../mail/mdn.ts';
import { cause } from '../outcome/cause.ts';
import type { Opening } from './opening.ts';
import { noted, refuseWhere } from './opening-edit.ts';
import type { NamedStage } from './parts.ts';
import { AgentStop } from './stop.ts';

const addressesIn = (inner: Entity, ...names: string[]): string[] =>
  names.flatMap((name) =>
    inner.headerAll(name).flatMap((value) => readAddressList(value).addresses.map(({ address }) => address)),
  );

/** The sender is the one From of the signed message (REQ-AS-14); no other field counts. */
export const senderStage: NamedStage<Opening> = {
  name: 'sender',
  run(opening) {
    if (!opening.inner) return opening;
    const from = addressesIn(opening.inner, 'from');
    if (from.length === 0) throw new AgentStop(cause('message.from-missing', {}));
    if (from.length > 1) throw new AgentStop(cause('message.from-multiple', { count: from.length }));
    const sender = from[0]!;
    const next = { ...opening, sender };
    const other = addressesIn(opening.inner, 'sender').find(
      (address) => addressKey(address) !== addressKey(sender),
    );
    return other === undefined ? next : noted(next, 'noted.sender-differs', { sender: other, from: sender });
  },
};

/** A notice, or a message (hisp-behaviour §3.9). */
export const classifyStage: NamedStage<Opening> = {
  name: 'classify',
  async run(opening) {
    const { inner, world } = opening;
    if (!inner) return opening;
    const mdn = readMdn(inner);
    const dsn = mdn ? undefined : readDsn(inner);
    const about = (mdn ?? dsn)?.originalMessageId;
    const asked = about === undefined ? [] : opening.recipients;
    const ours = await Promise.all(
      asked.map(({ address }) => world.answersOurs?.(about ?? '', addressKey(address)) ?? false),
    );
    const answersOurs = ours.includes(true);
    const kind = mdn ? 'mdn' : dsn ? 'dsn' : 'message';
    return {
      ...opening,
      kind,
      answersOurs,
      deliveryRequested: kind === 'message' && requestsFinalDelivery(inner),
    };
  },
};

/**
 * MAIL FROM is the From or Sender inside, and every recipient stands in To or Cc (REQ-AS-15, -16). Profile 1.3 refuses
 * the whole message, notices too; only a null reverse-path is free to them (REQ-MDN-11). 1.2 notes it.
 */
export const envelopeStage: NamedStage<Opening> = {
  name: 'envelope',
  run(opening) {
    const { inner, envelope, kind } = opening;
    if (!inner) return opening;
    const mismatch =
      senderMismatch(inner, envelope.mailFrom, kind) ?? recipientMismatch(inner, envelope.rcptTo);
    if (!mismatch) return opening;
    const reason = cause('message.envelope-mismatch', mismatch);
    const strict = refuseWhere(opening, ({ policy }) => (policy.profile === '1.3' ? reason : undefined));
    return {
      ...strict,
      findings: [
        ...strict.findings,
        { ...reason, level: 'warn', cites: ['REQ-AS-15', 'REQ-AS-16'], evidence: [] },
      ],
    };
  },
};

type Mismatch = { envelope: string; inner: string } | undefined;

function senderMismatch(inner: Entity, mailFrom: string, kind: Opening['kind']): Mismatch {
  if (mailFrom === '' && kind !== 'message') return undefined;
  const allowed = addressesIn(inner, 'from', 'sender');
  if (allowed.some((address) => addressKey(address) === addressKey(mailFrom))) return undefined;
  return { envelope: `MAIL FROM <${mailFrom}>`, inner: `From and Sender: ${allowed.join(', ')}` };
}

function recipientMismatch(inner: Entity, rcptTo: readonly string[]): Mismatch {
  const shown = addressesIn(inner, 'to', 'cc');
  const keys = new Set(shown.map(addressKey));
  const stranger = rcptTo.find((address) => !keys.has(addressKey(address)));
  if (stranger === undefined) return undefined;
  return { envelope: `RCPT TO <${stranger}>`, inner: `To and Cc: ${shown.join(', ')}` };
}
