/**
 * The anchors that the HISPs of a running network hold, for verbs that judge in a process of their own.
 *
 * @module
 */
import { z } from 'zod';
import type { Cause } from '../../outcome/cause.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { type AnchorEntry, type AnchorSource, anchorOf } from '../../trust/anchors.ts';
import type { AnchorPlace } from '../../trust/explain/facts.ts';
import type { RunningNetwork } from './network.ts';

export interface Held {
  /** Whose anchors count, as of now. */
  readonly entries: readonly AnchorEntry[];
  /** Anchors in all bundles that are known, and those that stand in one and do not count. */
  readonly elsewhere: readonly AnchorPlace[];
}

/** What the HISPs hold at this moment. */
export function heldBy({
  hisps,
  publishing,
  network,
  context,
}: Pick<RunningNetwork, 'hisps' | 'publishing' | 'network' | 'context'>): Held {
  const all = hisps.flatMap(({ taken }) => taken());
  const inactive = all.flatMap(({ subscription: { id, title, domains }, subscriber }) =>
    subscriber.inactive(id).map(({ certificate, cause }) => ({
      ...placeOf(certificate, title),
      inactive: { domains: domains.map(({ domain }) => domain), cause },
    })),
  );
  const published = publishing
    .communities()
    .flatMap(({ definition, bundle }) =>
      (bundle?.certificates ?? []).map((one) => placeOf(one, `the ${definition.title} bundle`)),
    );
  const taken = all.flatMap(({ subscription: { id, title }, subscriber }) =>
    (subscriber.state(id).current?.certificates ?? []).map((one) => placeOf(one, title)),
  );
  return {
    entries: domainsOf({ hisps, network }).flatMap((domain) => entriesOf(context.anchors, domain)),
    elsewhere: [...inactive, ...distinct([...published, ...taken])],
  };
}

/** The domains of the network's file, and those that administrators added. */
export const domainsOf = ({ hisps, network }: Pick<RunningNetwork, 'hisps' | 'network'>): string[] => [
  ...new Set([
    ...network.organizations.map(({ domain }) => domain),
    ...hisps.flatMap(({ members }) => members.domains().map(({ name }) => name)),
  ]),
];

/** The anchors of a domain, each with the directions it counts for. */
function entriesOf(anchors: AnchorSource, domain: string): AnchorEntry[] {
  const [incoming, outgoing] = [anchors(domain, 'incoming'), anchors(domain, 'outgoing')];
  const id = ({ source, certificate: one, spki }: AnchorEntry['anchor']): string =>
    `${source} ${one?.sha256 ?? Buffer.from(spki).toString('hex')}`;
  const [ins, outs] = [new Set(incoming.map(id)), new Set(outgoing.map(id))];
  const all = new Map([...incoming, ...outgoing].map((anchor) => [id(anchor), anchor]));
  return [...all].map(([key, anchor]) => ({
    domain,
    anchor,
    incoming: ins.has(key),
    outgoing: outs.has(key),
  }));
}

const placeOf = (certificate: Certificate, source: string): AnchorPlace => ({
  anchor: anchorOf(certificate, source),
  source,
});

const distinct = (places: readonly AnchorPlace[]): AnchorPlace[] => [
  ...new Map(places.map((one) => [`${one.source} ${one.anchor.certificate?.sha256}`, one])).values(),
];

const certificate = z.base64().transform((text) => parseCertificate(Buffer.from(text, 'base64')));

const schema = z.object({
  schema: z.literal(1),
  /** By SHA-256: DER, base64. */
  certificates: z.record(z.string(), certificate),
  entries: z.array(
    z.object({
      domain: z.string(),
      source: z.string(),
      sha256: z.string(),
      incoming: z.boolean(),
      outgoing: z.boolean(),
    }),
  ),
  elsewhere: z.array(
    z.object({
      source: z.string(),
      sha256: z.string(),
      inactive: z
        .object({
          domains: z.array(z.string()),
          cause: z.object({ code: z.string(), params: z.record(z.string(), z.unknown()) }),
        })
        .optional(),
    }),
  ),
});

/** The answer of `GET /api/trust/anchors`. */
export function heldJson({ entries, elsewhere }: Held): z.input<typeof schema> {
  const certificates: Record<string, string> = {};
  const known = ({ anchor }: Pick<AnchorPlace, 'anchor'>): string[] => {
    const { certificate: one } = anchor;
    if (!one) return [];
    certificates[one.sha256] ??= Buffer.from(one.der).toString('base64');
    return [one.sha256];
  };
  return {
    schema: 1,
    certificates,
    entries: entries.flatMap(({ domain, anchor, incoming, outgoing }) =>
      known({ anchor }).map((sha256) => ({ domain, source: anchor.source, sha256, incoming, outgoing })),
    ),
    elsewhere: elsewhere.flatMap(({ anchor, source, inactive }) =>
      known({ anchor }).map((sha256) => ({
        source,
        sha256,
        ...(inactive
          ? {
              inactive: {
                domains: [...inactive.domains],
                cause: { code: inactive.cause.code, params: { ...inactive.cause.params } },
              },
            }
          : {}),
      })),
    ),
  };
}

/** Reads that answer. @throws {z.ZodError} @throws {PkiError} when it is none */
export function readHeld(said: unknown): Held {
  const { certificates, entries, elsewhere } = schema.parse(said);
  const anchor = (sha256: string, source: string) => {
    const found = certificates[sha256];
    return found ? [anchorOf(found, source)] : [];
  };
  return {
    entries: entries.flatMap(({ sha256, source, ...rest }) =>
      anchor(sha256, source).map((one) => ({ ...rest, anchor: one })),
    ),
    elsewhere: elsewhere.flatMap(({ sha256, source, inactive }) =>
      anchor(sha256, source).map((one) => ({
        anchor: one,
        source,
        // codes stay the same over versions; a reason is told as it was given
        ...(inactive
          ? { inactive: { domains: inactive.domains, cause: inactive.cause as unknown as Cause } }
          : {}),
      })),
    ),
  };
}
