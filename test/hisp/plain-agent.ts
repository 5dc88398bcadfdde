import type { Inbound } from '../../src/agent/types.ts';
import type { Agent } from '../../src/hisp/world.ts';
import { parseAddressList } from '../../src/mail/address.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { requestsFinalDelivery } from '../../src/mail/mdn.ts';
import { messageIdKey } from '../../src/mail/message-id.ts';
import { cause } from '../../src/outcome/cause.ts';

const local = (address: string): string => address.split('@')[0]!;

/**
 * An agent without cryptography, for what the queue does: it "encrypts" by base64. The local part of a recipient says
 * what becomes of it: `none` has no certificate, `later` is undecided for a while, `distrust` refuses every sender,
 * `unsure` cannot decide.
 */
export function plainAgent(laterUntil = 0): Agent {
  return {
    async prepare({ from, to, bytes }, { host }) {
      const messageId = messageIdKey(readEntity(bytes).header('message-id')) ?? '';
      const now = host.now();
      const undecided = (address: string) => local(address) === 'later' && now < laterUntil;
      const served = to.filter((address) => local(address) !== 'none' && !undecided(address));
      const outer = `From: ${from}\r\nTo: ${served.join(', ')}\r\nContent-Type: application/pkcs7-mime\r\n\r\n`;
      const body = Buffer.from(bytes)
        .toString('base64')
        .replace(/(.{76})/g, '$1\r\n');
      return {
        messageId,
        envelopes:
          served.length > 0
            ? [{ mailFrom: from, rcptTo: served, bytes: Buffer.from(`${outer}${body}\r\n`), messageId }]
            : [],
        failures: to
          .filter((address) => local(address) === 'none')
          .map((address) => ({ address, cause: cause('discovery.none', { names: ['n'], servers: [] }) })),
        deferred: to.filter(undecided).map((address) => ({
          address,
          cause: cause('discovery.temporary', { stage: 'dns', why: 'SERVFAIL' }),
        })),
        decisions: [],
        findings: [],
      };
    },
    async open(bytes, { rcptTo }, { host }): Promise<Inbound> {
      const message = Buffer.from(Buffer.from(readEntity(bytes).body).toString('latin1'), 'base64');
      const inner = readEntity(message);
      const report = inner.contentType.parameters['report-type'];
      const sender = parseAddressList(inner.header('from') ?? '')[0]?.address;
      const messageId = messageIdKey(inner.header('message-id'));
      const unsure = host.now() < laterUntil;
      return {
        perRecipient: rcptTo.map((address) => {
          if (local(address) === 'distrust') {
            return {
              address,
              verdict: 'refused',
              causes: [cause('trust.no-anchors', { domain: 'x', direction: 'incoming' })],
            };
          }
          if (local(address) === 'unsure' && unsure) {
            const why = cause('trust.aia-failed', { issuer: 'i', url: 'u', why: 'timeout' });
            return { address, verdict: 'deferred', causes: [why] };
          }
          return { address, verdict: 'accepted', causes: [] };
        }),
        message,
        kind:
          report === 'disposition-notification' ? 'mdn' : report === 'delivery-status' ? 'dsn' : 'message',
        ...(sender === undefined ? {} : { sender }),
        ...(messageId === undefined ? {} : { messageId }),
        deliveryRequested: requestsFinalDelivery(inner),
        stages: [],
        findings: [],
      };
    },
  };
}
