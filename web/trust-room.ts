/**
 * What the pages of trust ask of the running system.
 *
 * @module
 */
import { z } from 'zod';
import type {
  BundlePageView,
  BundleView,
  ExpiryView,
  ForecastFormView,
  ForecastView,
} from './trust-views.ts';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'expected a SHA-256 in hexadecimal')
  .toLowerCase();
/** PEM, or base64 of DER. */
const octets = z.string().min(1).max(4_000_000);
const domain = z.string().min(1).max(253).toLowerCase();

/** A change to look at before it is made. Without `domain` it concerns all domains of the network. */
export const changeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bundle'),
    /** The community. */
    bundle: z.string().min(1).max(64),
    /** The new file, or where it is; or the anchors that go from the set of now. */
    file: octets.optional(),
    url: z.url({ protocol: /^https?$/ }).optional(),
    drop: z.array(sha256).min(1).max(1000).optional(),
  }),
  z.strictObject({
    kind: z.literal('anchor'),
    what: z.enum(['add', 'remove']),
    /** One that is known here, or the certificate. */
    sha256: sha256.optional(),
    file: octets.optional(),
    domain: domain.optional(),
    direction: z.enum(['both', 'incoming', 'outgoing']).default('both'),
  }),
  z.strictObject({
    kind: z.literal('policy'),
    profile: z.enum(['1.2', '1.3', 'permissive']).optional(),
    revocation: z.enum(['require', 'soft']).optional(),
    domain: domain.optional(),
  }),
]);

export type ChangeRequest = z.output<typeof changeSchema>;

export interface TrustRoom {
  bundles(): Promise<readonly BundleView[]>;
  /** @param compare two versions */
  bundle(
    name: string,
    compare?: { readonly from: number; readonly to: number },
  ): Promise<BundlePageView | undefined>;
  /** Reads the definitions again and publishes what changed; names the bundles that did. */
  republish(): Promise<readonly string[] | { readonly refused: string }>;
  /** Lets every HISP that takes a bundle fetch it now. */
  refresh(name: string): Promise<boolean>;
  expiry(): Promise<ExpiryView>;
  /** As data: `anchorage expiry --format json` prints it. */
  dated(): readonly object[];
  /** iCalendar. */
  calendar(): string;
  forecastForm(): ForecastFormView;
  forecast(request: ChangeRequest): Promise<ForecastView | { readonly refused: string }>;
  /** The anchors that the HISPs hold, for programs. */
  anchors(): object;
}
