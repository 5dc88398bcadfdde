/**
 * What the authorities of a network publish over HTTP: their certificates and their revocation lists. Bundles are
 * published by `up/publishing.ts`.
 *
 * @module
 */
import { writePem } from '../../asn1/pem.ts';
import type { NetworkDefinition } from '../../config/network.ts';
import type { HttpReply, HttpRequest } from '../../http/server.ts';
import { issueCrl } from '../../pki/crl.ts';
import type { Issued } from '../../pki/issue.ts';
import type { Material } from './material.ts';

const HOUR = 3_600_000;
/** A list is good for a day, and made anew when it is an hour old. */
const CRL_LIFE = 24 * HOUR;
const CRL_AGE = HOUR;

/** One path and what stands there. */
export interface Publication {
  readonly path: string;
  readonly type: string;
  readonly what: string;
  readonly body: () => Uint8Array | string;
}

/** @param now ms since 1970 UTC */
export function publicationsOf(
  network: NetworkDefinition,
  material: Material,
  now: () => number,
): Publication[] {
  return [...material].flatMap(([id, { root, issuer }]) => {
    const hisp = network.hisps[id]!.title;
    const both = [{ which: 'root', issued: root, title: `${hisp} Root CA` }];
    if (issuer !== root) both.push({ which: 'intermediate', issued: issuer, title: `${hisp} Issuing CA` });
    return both.flatMap(({ which, issued, title }): Publication[] => [
      {
        path: `/${id}/${which}.cer`,
        type: 'application/pkix-cert',
        what: `certificate of ${title}`,
        body: () => issued.certificate.der,
      },
      {
        path: `/${id}/${which}.pem`,
        type: 'application/x-pem-file',
        what: `certificate of ${title}, PEM`,
        body: () => writePem('CERTIFICATE', issued.certificate.der),
      },
      {
        path: `/${id}/${which}.crl`,
        type: 'application/pkix-crl',
        what: `revocation list of ${title}`,
        body: revocationList(issued, now),
      },
    ]);
  });
}

function revocationList(issuer: Issued, now: () => number): () => Uint8Array {
  let made: { readonly at: number; readonly der: Uint8Array } | undefined;
  return () => {
    const at = now();
    if (!made || at - made.at > CRL_AGE) {
      const der = issueCrl({
        issuer,
        number: Math.floor(at / 1000),
        thisUpdate: at - 60_000,
        nextUpdate: at + CRL_LIFE,
        revoked: [],
      });
      made = { at, der };
    }
    return made.der;
  };
}

/** What else is published, and what it is called in the list at `/`. */
export interface AlsoPublished {
  readonly reply: (request: HttpRequest) => HttpReply | undefined;
  readonly listed: () => readonly { readonly path: string; readonly what: string }[];
}

/** Answers GET and HEAD; `/` lists what there is. */
export function publisher(
  publications: readonly Publication[],
  also?: AlsoPublished,
): (request: HttpRequest) => HttpReply {
  const byPath = new Map(publications.map((one) => [one.path, one]));
  return (request): HttpReply => {
    const { method, url } = request;
    const text = { 'content-type': 'text/plain; charset=utf-8' };
    if (method !== 'GET' && method !== 'HEAD') {
      return { status: 405, headers: { ...text, allow: 'GET, HEAD' }, body: 'Only GET and HEAD.\n' };
    }
    const path = url.split('?')[0]!;
    if (path === '/') {
      return {
        status: 200,
        headers: text,
        body: [...publications, ...(also?.listed() ?? [])]
          .map((one) => `${one.path}\t${one.what}\n`)
          .join(''),
      };
    }
    const found = byPath.get(path);
    const other = found ? undefined : also?.reply(request);
    if (other) return other;
    if (!found) return { status: 404, headers: text, body: `Nothing is published at ${path}.\n` };
    const body = found.body();
    return {
      status: 200,
      headers: { 'content-type': found.type, 'cache-control': 'max-age=3600' },
      body,
    };
  };
}
