/**
 * The subscriptions of this machine, in the state folder.
 *
 * @module
 */
import { z } from 'zod';
import { readPem, writePem } from '../../asn1/pem.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Pin } from '../../trust/bundle/signature.ts';
import { type Subscription, subscription } from '../../trust/bundle/subscription.ts';
import type { State } from '../demo/state.ts';
import { Failure } from '../failure.ts';

const FILE = 'bundles/subscriptions.json';

const kept = z.strictObject({
  id: z.string(),
  url: z.string(),
  intervalMs: z.number(),
  /** PEM. */
  pins: z.array(z.strictObject({ as: z.enum(['signer', 'authority']), certificate: z.string() })),
  domains: z.array(z.strictObject({ domain: z.string(), incoming: z.boolean(), outgoing: z.boolean() })),
  replay: z.enum(['hold', 'alarm']),
  allowed: z.array(z.string()),
});

/** Where the sets are kept. */
export const shelfFolder = (state: State): string => state.path('bundles');

export function readSubscriptions(state: State): Subscription[] {
  const text = state.read(FILE);
  if (text === undefined) return [];
  const parsed = z.array(kept).safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Failure(`${state.path(FILE)} cannot be read: ${z.prettifyError(parsed.error)}`, {
      exitCode: 2,
    });
  // what was accepted once, with a word about plain http, is not asked again
  return parsed.data.map((one) => subscription({ ...one, pins: one.pins.map(pinOf), unauthenticated: true }));
}

const pinOf = ({ as, certificate }: { as: Pin['as']; certificate: string }): Pin => ({
  as,
  certificate: parseCertificate(readPem(certificate)[0]!.bytes),
});

export function writeSubscriptions(state: State, list: readonly Subscription[]): void {
  const plain = list.map(({ id, url, intervalMs, pins, domains, replay, allowed }) => ({
    id,
    url,
    intervalMs,
    pins: pins.map(({ as, certificate }) => ({ as, certificate: writePem('CERTIFICATE', certificate.der) })),
    domains,
    replay,
    allowed,
  }));
  state.write(FILE, `${JSON.stringify(plain, null, 2)}\n`, 'all');
}
