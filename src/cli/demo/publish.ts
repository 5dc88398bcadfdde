/**
 * What the authorities of a network publish over HTTP: their certificates, revocation lists, and answers by OCSP. Bundles are
 * published by `up/publishing.ts`.
 *
 * @module
 */
import { writePem } from '../../asn1/pem.ts';
import type { NetworkDefinition } from '../../config/network.ts';
import type { HttpReply, HttpRequest } from '../../http/server.ts';
import { issueCrl, type RevokedEntry } from '../../pki/crl.ts';
import type { Issued } from '../../pki/issue.ts';
import type { Material } from './material.ts';
import { cacheHeaders, isHeld, type OcspServer, ocspServer } from './responder.ts';

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
  /** Since when it has been so, ms since 1970 UTC. */
  readonly made: () => number;
  /** Answers requests for this path and those below it itself. */
  readonly server?: OcspServer;
}

/** What the authority that issues for a HISP's members knows of its certificates; another object after a change. */
export interface Register {
  /** Hex serial numbers of all that it issued. */
  readonly issued: ReadonlySet<string>;
  /** By hex serial number. */
  readonly revoked: ReadonlyMap<string, RevokedEntry>;
}

/**
 * @param now ms since 1970 UTC
 * @param registerOf as the HISP's store has it at this moment
 */
export function publicationsOf(
  network: NetworkDefinition,
  material: Material,
  now: () => number,
  registerOf: (hisp: string) => Register,
): Publication[] {
  const started = now();
  const made = () => started;
  return [...material].flatMap(([id, one]) => {
    const { root, issuer } = one;
    const hisp = network.hisps[id]!.title;
    const both = [{ which: 'root', issued: root, title: `${hisp} Root CA` }];
    if (issuer !== root) both.push({ which: 'intermediate', issued: issuer, title: `${hisp} Issuing CA` });
    return both.flatMap(({ which, issued, title }): Publication[] => [
      {
        path: `/${id}/${which}.cer`,
        type: 'application/pkix-cert',
        what: `certificate of ${title}`,
        body: () => issued.certificate.der,
        made,
      },
      {
        path: `/${id}/${which}.pem`,
        type: 'application/x-pem-file',
        what: `certificate of ${title}, PEM`,
        body: () => writePem('CERTIFICATE', issued.certificate.der),
        made,
      },
      {
        path: `/${id}/${which}.crl`,
        type: 'application/pkix-crl',
        what: `revocation list of ${title}`,
        ...revocationList(issued, now, issued === issuer ? () => registerOf(id) : noneRevoked),
      },
      {
        path: `/${id}/${which}/ocsp`,
        type: 'application/ocsp-response',
        what: `OCSP responder of ${title}`,
        body: () => '',
        made,
        server: ocspServer(
          issued,
          (serial) => {
            const { issued: known, revoked } = registerOf(id);
            if (issued === issuer && known.has(serial)) return revoked.get(serial) ?? 'good';
            const isBelow = issued === root && issuer !== root && issuer.certificate.serial === serial;
            return isBelow ? 'good' : undefined;
          },
          now,
          () => registerOf(id),
        ),
      },
    ]);
  });
}

const nobody: Register = { issued: new Set(), revoked: new Map() };
const noneRevoked = (): Register => nobody;

/** Made anew when it is an hour old or something was revoked, with a number that rises. */
function revocationList(
  issuer: Issued,
  now: () => number,
  register: () => Register,
): Pick<Publication, 'body' | 'made'> {
  let last: { octets: Uint8Array; made: number; number: number; revoked: number } | undefined;
  const current = () => {
    const made = now();
    const { revoked } = register();
    if (!last || made - last.made > CRL_AGE || revoked.size !== last.revoked) {
      const number = Math.max(Math.floor(made / 1000), (last?.number ?? 0) + 1);
      const octets = issueCrl({
        issuer,
        number,
        thisUpdate: made - 60_000,
        nextUpdate: made + CRL_LIFE,
        revoked: [...revoked.values()],
      });
      last = { octets, made, number, revoked: revoked.size };
    }
    return last;
  };
  return { body: () => current().octets, made: () => current().made };
}

/** What else is published, and what it is called in the list at `/`. */
export interface AlsoPublished {
  readonly reply: (request: HttpRequest) => HttpReply | undefined;
  readonly listed: () => readonly { readonly path: string; readonly what: string }[];
}

/**
 * Answers GET and HEAD, and POST where OCSP is asked; `/` lists what there is.
 *
 * @param now ms since 1970 UTC
 */
export function publisher(
  publications: readonly Publication[],
  now: () => number,
  also?: AlsoPublished,
): (request: HttpRequest) => HttpReply {
  const byPath = new Map(publications.map((one) => [one.path, one]));
  return (request): HttpReply => {
    const { method, url } = request;
    const text = { 'content-type': 'text/plain; charset=utf-8' };
    const path = url.split('?')[0]!;
    const server = publications.find(
      (one) => one.server && (path === one.path || path.startsWith(`${one.path}/`)),
    );
    if (server?.server) return server.server.reply(request, path.slice(server.path.length));
    if (method !== 'GET' && method !== 'HEAD') {
      return { status: 405, headers: { ...text, allow: 'GET, HEAD' }, body: 'Only GET and HEAD.\n' };
    }
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
    const octets = found.body();
    const at = now();
    const headers = cacheHeaders(octets, found.made(), at + CRL_AGE, at);
    if (isHeld(request, headers.etag)) return { status: 304, headers };
    return { status: 200, headers: { 'content-type': found.type, ...headers }, body: octets };
  };
}
