/**
 * How people connect with the HISPs of a running network: the register, and the ports that are really open.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ConnectRoom, EdgePlace } from '../../../web/connect-room.ts';
import {
  type HispEdge,
  type Product,
  productInput,
  type RegisteredHisp,
} from '../../directory/connect/product.ts';
import {
  products,
  putHisp,
  putProduct,
  registeredHisps,
  removeProduct,
  seedRegister,
} from '../../directory/connect/register.ts';
import type { EdgePlaces } from '../../hisp/edges.ts';
import { Failure } from '../failure.ts';
import { ENROLLMENT_TEXTS } from './enrolling.ts';
import type { RunningHisp, RunningNetwork } from './network.ts';

const seeds = z.object({ products: z.array(productInput).default([]) });

/** @throws {Failure} where the first mistake is */
function productsIn(file: string): readonly Product[] {
  const read = seeds.safeParse(parse(readFileSync(file, 'utf8')));
  if (read.success) return read.data.products;
  const [first] = read.error.issues;
  throw new Failure(`${file}, ${first!.path.join('.')}: ${first!.message}`, { exitCode: 2 });
}

/** What a HISP that runs here offers. XDR is none of it yet. */
const offered = ({ hisp: { edges } }: RunningHisp): HispEdge[] => {
  const open = ({ listening, secure }: EdgePlaces): boolean => listening.length + secure.length > 0;
  return [
    ...(open(edges.submission) ? (['smtp'] as const) : []),
    ...(open(edges.imap) ? (['imap'] as const) : []),
    ...(open(edges.pop3) ? (['pop3'] as const) : []),
    'rest',
    'webmail',
  ];
};

/** Fills an empty register: with the invented products in the demo network, or with those beside one's own texts. */
export function connectRoom({ network, config, directory, hisps }: RunningNetwork): ConnectRoom {
  const book = directory.directory;
  const demo = config.network.file === undefined ? ENROLLMENT_TEXTS : undefined;
  const folder = config.network.enrollment ?? demo;
  const file = folder === undefined ? undefined : join(folder, 'products.yaml');
  const some = file && existsSync(file) ? productsIn(file) : [];
  const own = hisps.map(
    (one): RegisteredHisp => ({ id: one.id, edges: offered(one), accepts: true, note: '' }),
  );
  seedRegister(book, own, some);
  return {
    register() {
      const known = new Map(registeredHisps(book).map((one) => [one.id, one]));
      return {
        products: products(book),
        communities: Object.fromEntries(
          Object.entries(network.communities).map(([id, { title }]) => [id, title] as const),
        ),
        hisps: hisps.flatMap((one) => {
          const row = known.get(one.id);
          if (!row) return [];
          // what an operator says, as far as it is open
          const open = offered(one);
          const edges = row.edges.filter((edge) => edge === 'xdr' || open.includes(edge));
          return [{ ...row, edges, title: one.title, communities: network.hisps[one.id]!.member }];
        }),
      };
    },
    places(id) {
      const found = hisps.find((one) => one.id === id);
      if (!found) return undefined;
      const { submission, imap, pop3 } = found.hisp.edges;
      return {
        host: `mail.${network.hisps[id]!.domain}`,
        smtp: placeOf(submission),
        imap: placeOf(imap),
        pop3: placeOf(pop3),
      };
    },
    putProduct: (product, by) => putProduct(book, product, by),
    removeProduct: (product, version) => removeProduct(book, product, version),
    putHisp: (hisp, by) => putHisp(book, hisp, by),
  };
}

const placeOf = ({ listening: [starttls], secure: [tls] }: EdgePlaces): EdgePlace => ({
  ...(starttls ? { starttls } : {}),
  ...(tls ? { tls } : {}),
});
