/**
 * TLS over a socket that stands already (STARTTLS, LDAPS, https): the same for real and virtual hosts.
 *
 * TLS checks dates by the wall clock, so on a virtual clock a client passes `rejectUnauthorized: false` and validates
 * `peerCertificate()` itself at `host.now()`.
 *
 * @module
 */

import type { KeyObject } from 'node:crypto';
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { ipVersion } from './address.ts';
import { type Addr, type Host, NetError } from './host.ts';
import { layered } from './layer.ts';

export type { TLSSocket } from 'node:tls';

export interface SecureServerOptions {
  /** PEM or a key object. */
  readonly key: string | Uint8Array | KeyObject;
  /** The server's certificate, then its intermediates: PEM text (may hold several) or DER. */
  readonly cert: string | Uint8Array | readonly (string | Uint8Array)[];
  /** PEM or DER of what client certificates may be checked against; none are asked for without it. */
  readonly ca?: string | Uint8Array;
  /** Oldest version that is spoken. Default TLSv1.2 (REQ-EDGE-05); older ones are for peers with faults. */
  readonly oldest?: TlsVersion;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface SecureClientOptions {
  /** Name for SNI and for the check of the certificate; IP literals are not sent (RFC 6066 §3). */
  readonly servername: string;
  /** Default true. With false any certificate is taken, and the caller validates `peerCertificate()`. */
  readonly rejectUnauthorized?: boolean;
  /** PEM or DER of the only roots to trust. */
  readonly ca?: string | Uint8Array;
  /** For the whole handshake; default 10,000. */
  readonly deadlineMs?: number;
  /** Speaks this version and no other, to see whether a server does. */
  readonly only?: TlsVersion;
}

/**
 * Becomes the server of a TLS session on `socket`; resolves when the handshake is done. The caller ends a silent
 * client's wait by destroying `socket`.
 *
 * @throws {NetError} closed, with what TLS said
 */
export function secureServer(socket: Socket, options: SecureServerOptions): Promise<TLSSocket> {
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext: contextOf(options),
    requestCert: options.ca !== undefined,
    rejectUnauthorized: options.ca !== undefined,
  });
  layered(socket, secure);
  return handshake(socket, secure, 'secure');
}

/**
 * Becomes the client of a TLS session on `socket`; resolves when the handshake is done and, unless told otherwise,
 * the certificate was found good.
 *
 * @throws {NetError} closed (with what TLS said), timeout
 */
export async function secureClient(
  host: Host,
  socket: Socket,
  options: SecureClientOptions,
): Promise<TLSSocket> {
  const named = ipVersion(options.servername) === 0;
  const secure = connect({
    socket,
    ...(named ? { servername: options.servername } : { host: options.servername }),
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    ...(options.ca === undefined ? {} : { ca: certificateText(options.ca) }),
    ...(options.only === undefined
      ? {}
      : { minVersion: options.only, maxVersion: options.only, ...anyCipher(options.only) }),
  });
  layered(socket, secure);
  const peer = peerOf(socket);
  const cancel = host.timer(options.deadlineMs ?? 10_000, () =>
    secure.destroy(new NetError('timeout', peer, 'TLS handshake')),
  );
  try {
    return await handshake(socket, secure, 'secureConnect');
  } finally {
    cancel();
  }
}

/** OpenSSL 3 has the digests of TLS 1.0 and 1.1 on no other level of security. */
const anyCipher = (oldest: TlsVersion): { ciphers?: string } =>
  oldest === 'TLSv1' || oldest === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};

/** DER of the certificate that the other end showed, and of those that it sent along, leaf first. */
export function peerCertificates(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let certificate = socket.getPeerX509Certificate();
  while (certificate && chain.length < 16) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

function handshake(socket: Socket, secure: TLSSocket, event: 'secure' | 'secureConnect'): Promise<TLSSocket> {
  const peer = peerOf(socket);
  return new Promise((resolve, reject) => {
    const fail = (error?: Error) => {
      socket.destroy();
      secure.destroy();
      reject(
        error instanceof NetError
          ? error
          : new NetError('closed', peer, error?.message ?? 'during TLS handshake'),
      );
    };
    const onClose = () => fail();
    secure.on('error', fail);
    secure.once('close', onClose);
    secure.once(event, () => {
      secure.off('close', onClose);
      resolve(secure);
    });
  });
}

const contexts = new WeakMap<SecureServerOptions, SecureContext>();

/** Loading a key costs 0.5 ms, so a server that passes the same options again loads it once. */
function contextOf(options: SecureServerOptions): SecureContext {
  const known = contexts.get(options);
  if (known) return known;
  const { key, cert, ca, oldest = 'TLSv1.2' } = options;
  const chain = typeof cert === 'string' || cert instanceof Uint8Array ? [cert] : cert;
  const context = createSecureContext({
    key:
      typeof key === 'string' || key instanceof Uint8Array
        ? Buffer.from(key)
        : key.export({ type: 'pkcs8', format: 'pem' }),
    cert: chain.map(certificateText).join('\n'),
    ...(ca === undefined ? {} : { ca: certificateText(ca) }),
    minVersion: oldest,
    ...anyCipher(oldest),
  });
  contexts.set(options, context);
  return context;
}

function certificateText(certificate: string | Uint8Array): string {
  if (typeof certificate === 'string') return certificate;
  const text = Buffer.from(certificate).toString('latin1');
  return text.startsWith('-----BEGIN') ? text : new X509Certificate(certificate).toString();
}

const peerOf = (socket: Socket): Addr => ({
  host: socket.remoteAddress ?? 'unknown',
  port: socket.remotePort ?? 0,
});
