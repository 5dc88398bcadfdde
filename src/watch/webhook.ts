/**
 * Alerts by webhook: one signed POST an alert.
 *
 * The signature is HMAC-SHA-256, by the shared secret, of the timestamp (seconds since 1970 UTC, as the header has it),
 * a full stop, and the octets of the body. Who checks both header and age cannot be sent an old alert again.
 *
 * @module
 */
import { createHmac } from 'node:crypto';
import type { Post } from '../http/post.ts';
import type { Host } from '../net/host.ts';
import { type Alert, alertJson, type Channel, type Taken } from './alert.ts';

export interface WebhookOptions {
  readonly url: string;
  /** Known to both sides. */
  readonly secret: string;
  readonly post: Post;
}

/** `v1=` and the HMAC in hexadecimal. @param timestamp seconds since 1970 UTC, in digits */
export const signatureOf = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;

export function webhook(host: Pick<Host, 'now'>, { url, secret, post }: WebhookOptions): Channel {
  return {
    name: `webhook ${url}`,
    wants: () => true,
    async send(alert: Alert): Promise<Taken> {
      const body = Buffer.from(JSON.stringify(alertJson(alert)));
      const timestamp = String(Math.floor(host.now() / 1000));
      const result = await post(url, body, {
        'content-type': 'application/json',
        'anchorage-alert': alert.id,
        'anchorage-timestamp': timestamp,
        'anchorage-signature': signatureOf(secret, timestamp, body),
      });
      if (result.ok) return { ok: true };
      // gone is said for good; an address or URL that may not be called is no matter of time
      const lasting = result.status === 410 || result.code === 'url' || result.code === 'address';
      return { ok: false, why: result.why, lasting };
    },
  };
}
