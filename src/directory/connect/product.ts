/**
 * The register of who connects how: products in which people write, the edges that they speak, and the HISPs that they
 * go with; HISPs, and the edges that they offer.
 *
 * @module
 */
import { z } from 'zod';

/** What a product may speak: SMTP submission, IMAP, POP3, XDR, the HTTP API. */
export const PRODUCT_EDGES = ['smtp', 'imap', 'pop3', 'xdr', 'rest'] as const;
/** What a HISP may offer: the same, and pages to read and write on. */
export const HISP_EDGES = [...PRODUCT_EDGES, 'webmail'] as const;

export type ProductEdge = (typeof PRODUCT_EDGES)[number];
export type HispEdge = (typeof HISP_EDGES)[number];

export const EDGE_NAMES: Readonly<Record<HispEdge, string>> = {
  smtp: 'SMTP submission',
  imap: 'IMAP',
  pop3: 'POP3',
  xdr: 'XDR',
  rest: 'the HTTP API',
  webmail: 'webmail',
};

const id = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a-z, 0-9 and hyphen');
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'expected one line of text');

export const productInput = z
  .strictObject({
    id,
    version: text(40).min(1, 'expected a version'),
    name: text(100).min(1, 'expected a name'),
    edges: z.array(z.enum(PRODUCT_EDGES)).max(PRODUCT_EDGES.length).describe('None: it speaks none of them'),
    relation: z
      .enum(['any', 'designated', 'integrated'])
      .describe('With any HISP; connected with some, named ones; or a part of them'),
    hisps: z.array(id).max(100).default([]).describe('For designated and integrated: which'),
    note: text(300).default(''),
  })
  .refine(({ relation, hisps }) => relation === 'any' || hisps.length > 0, {
    path: ['hisps'],
    message: 'expected at least one HISP for a product that is designated or integrated',
  });

export const hispInput = z.strictObject({
  id,
  edges: z.array(z.enum(HISP_EDGES)).max(HISP_EDGES.length),
  accepts: z.boolean().describe('Whether it takes new members'),
  note: text(300).default(''),
});

export type Product = Readonly<z.output<typeof productInput>>;
export type RegisteredHisp = Readonly<z.output<typeof hispInput>>;

/** A HISP with what the network says of it. */
export interface ConnectHisp extends RegisteredHisp {
  readonly title: string;
  /** Communities whose bundle carries its anchor. */
  readonly communities: readonly string[];
}

/** Everything that a question is answered by. */
export interface Register {
  readonly products: readonly Product[];
  readonly hisps: readonly ConnectHisp[];
  /** Title of each community. */
  readonly communities: Readonly<Record<string, string>>;
}
