/**
 * Everything that somebody could do to be trusted, or to keep us busy: each is refused with a code of its own, within
 * bounds of time and of octets, and what was trusted before stays trusted. Details stand in the tests of the parts.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFetcher } from '../../src/http/fetch.ts';
import { type HttpReply, serveHttp } from '../../src/http/server.ts';
import type { Host, Socket } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import type { Code } from '../../src/outcome/cause.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { BUNDLE_FETCH } from '../../src/trust/bundle/consume-parts.ts';
import { memoryShelf } from '../../src/trust/bundle/shelf.ts';
import type { BundleEvent } from '../../src/trust/bundle/state.ts';
import { createSubscriber } from '../../src/trust/bundle/subscriber.ts';
import { type SubscriptionSpec, subscription } from '../../src/trust/bundle/subscription.ts';
import { createTrustCache, referenceIssuers } from '../../src/trust/reference.ts';
import { anchors, stranger as otherPublisher, pin, publisher, signed, unsigned } from './bundle/fixtures.ts';
import { crlOf, DAY, judge, leaf, NOW, root, stranger } from './fixtures.ts';

const SERVER = '10.0.0.80';
/** Nobody allowed us to call it. */
const PRIVATE = '10.0.0.99';
const GIGABYTE = 1 << 30;
/** What a server may have sent before we hang up: limits of the reader, and what was on its way. */
const SENT = 16 << 20;
/** A fetch may take as long as its deadline, a decision as long as a few of them; virtual time. */
const SECONDS = 60_000;
/** What all this may keep in memory. */
const MEMORY = 200 << 20;

let network: SimNetwork;
let server: Host;
let client: Host;
/** Octets that the flood has sent. */
let sent = 0;
const events: BundleEvent[] = [];
beforeEach(() => {
  sent = 0;
  events.length = 0;
  network = simNetwork({ seed: 1, epoch: NOW, sink: () => 0 });
  server = network.host('server', { addresses: [SERVER, PRIVATE] });
  client = network.host('client', { addresses: ['10.0.0.1'] });
});
afterEach(() => network.close());

/** @returns what the work gave; it took little time and memory */
async function bounded<T>(work: () => Promise<T>): Promise<T> {
  const before = process.memoryUsage();
  const began = performance.now();
  const result = await network.run(
    async () => {
      const start = client.now();
      const got = await work();
      expect(client.now() - start).toBeLessThanOrEqual(SECONDS);
      return got;
    },
    { virtualMs: 2 * DAY, realMs: 20_000 },
  );
  const after = process.memoryUsage();
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(MEMORY);
  return result;
}

/** A gigabyte on port 8080, as long as somebody reads it. */
const flood = (head: string) =>
  server.listen({ host: SERVER, port: 8080 }, (socket: Socket) => {
    const piece = Buffer.alloc(64 << 10, 0x30);
    let left = GIGABYTE;
    const pour = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= piece.length;
        sent += piece.length;
        if (!socket.write(piece)) return void socket.once('drain', pour);
      }
      socket.end();
    };
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n`);
      pour();
    });
  });

const CRL = `http://${SERVER}/root.crl`;
const FLOOD = `http://${SERVER}:8080/large`;

const entity = (spec: Partial<CertificateSpec>): Issued =>
  issueCertificate({
    profile: 'address',
    subject: { CN: 'bob' },
    key: keyPool.take('rsa2048', 3),
    issuer: 'self',
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    emails: ['bob@b.example'],
    crlUrls: [CRL],
    ...spec,
  });

const authority = (CN: string, key: number, issuer: Issued | 'self', url?: string): Issued =>
  issueCertificate({
    profile: 'intermediate',
    subject: { CN },
    key: keyPool.take('rsa2048', key),
    issuer,
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    ...(url && { caIssuersUrls: [url] }),
  });
/** A is issued by B, B by A, and each says where the other is. */
const A = authority('A', 4, authority('B', 5, 'self'), `http://${SERVER}/b.cer`);
const B = authority('B', 5, A, `http://${SERVER}/a.cer`);

describe('a certificate that nobody vouches for', () => {
  const good = leaf({ crlUrls: [CRL] });
  const pages: Readonly<Record<string, Uint8Array>> = {
    '/root.crl': crlOf(root),
    '/a.cer': A.certificate.der,
    '/b.cer': B.certificate.der,
  };

  it.each<[what: string, certificate: Issued, code: Code, says: RegExp, verdict: 'refused' | 'undetermined']>(
    [
      [
        'carries the key identifier of a trusted anchor',
        entity({ ski: root.certificate.ski!, aki: root.certificate.ski! }),
        'trust.no-path',
        /CN=bob/,
        'refused',
      ],
      [
        'carries the name of a trusted anchor',
        entity({ subject: { CN: 'Root', O: 'Test', C: 'US' } }),
        'trust.constraint',
        /signature does not verify with the key of CN=Root/,
        'refused',
      ],
      [
        'says that a trusted anchor issued it',
        leaf({ crlUrls: [CRL], signWith: stranger.key }),
        'trust.constraint',
        /signature does not verify/,
        'refused',
      ],
      [
        'leads by AIA in a circle',
        leaf({ crlUrls: [CRL], caIssuersUrls: [`http://${SERVER}/a.cer`] }, A),
        'trust.no-path',
        /CN=(A|B)/,
        'refused',
      ],
      [
        'leads by AIA to a private address',
        leaf({ crlUrls: [CRL], caIssuersUrls: [`http://${PRIVATE}/x.cer`] }, stranger),
        'trust.aia-failed',
        /10\.0\.0\.99 is private/,
        'undetermined',
      ],
      [
        'leads by AIA to a gigabyte',
        leaf({ crlUrls: [CRL], caIssuersUrls: [FLOOD] }, stranger),
        'trust.aia-failed',
        /larger than|more than|too large/,
        'undetermined',
      ],
      [
        'has its list at a private address',
        leaf({ crlUrls: [`http://${PRIVATE}/x.crl`] }),
        'cert.revocation-unknown',
        /10\.0\.0\.99 is private/,
        'undetermined',
      ],
      [
        'has a list of a gigabyte',
        leaf({ crlUrls: [FLOOD] }),
        'cert.revocation-unknown',
        /larger than|more than|too large/,
        'undetermined',
      ],
    ],
  )('%s', async (_, certificate, code, says, verdict) => {
    const [decision, other] = await bounded(async () => {
      const asked: string[] = [];
      await serveHttp(server, {
        at: { host: SERVER, port: 80 },
        handle: ({ url: target }) => {
          asked.push(target);
          const body = pages[target];
          return body ? { status: 200, body } : { status: 404 };
        },
      });
      await flood('');
      const fetcher = createFetcher(client, { allowPrivate: (address) => address === SERVER });
      const sources = { fetcher, cache: createTrustCache(), issuers: referenceIssuers };
      const first = await judge([certificate], { sources });
      expect(asked.length).toBeLessThan(10);
      // what is good is good all the same, with the same cache
      return [first, await judge([good], { sources })] as const;
    });
    expect(decision.verdict).toBe(verdict);
    expect(decision.usable).toEqual([]);
    expect(decision.causes[0]?.code).toBe(code);
    expect(JSON.stringify(decision.causes[0]?.params)).toMatch(says);
    expect(other.verdict).toBe('trusted');
    expect(sent).toBeLessThan(SENT);
  });
});

describe('a bundle that nobody vouches for', () => {
  const few = anchors.slice(0, 2);
  const body = (bytes: Uint8Array): HttpReply => ({ status: 200, body: bytes });
  const pinned = { pins: [pin(publisher)] };
  const own = signed(few, publisher, NOW);
  const empty = Buffer.from(
    '302306092a864886f70d010702a01630140201013100300b06092a864886f70d0107013100',
    'hex',
  );

  it.each<[what: string, bad: HttpReply, spec: Partial<SubscriptionSpec>, code: Code]>([
    ['is a .p7m by a wrong signer', body(signed(anchors, otherPublisher)), pinned, 'bundle.signer-mismatch'],
    ['is unsigned where a signature is pinned', body(unsigned(anchors)), pinned, 'bundle.signer-missing'],
    ['is empty', body(empty), {}, 'bundle.empty'],
    ['has no octet', body(Buffer.alloc(0)), {}, 'bundle.format'],
    ['is truncated', body(unsigned(anchors).subarray(0, 900)), {}, 'bundle.format'],
    ['is truncated under a signature', body(own.subarray(0, 900)), pinned, 'bundle.format'],
    [
      'leads to a private address',
      { status: 302, headers: { location: `http://${PRIVATE}/x.p7b` } },
      {},
      'bundle.unreachable',
    ],
    ['leads to a gigabyte', { status: 302, headers: { location: FLOOD } }, {}, 'bundle.format'],
  ])('%s', async (_, bad, spec, code) => {
    const result = await bounded(async () => {
      let reply = body(spec.pins ? own : unsigned(few));
      await serveHttp(server, { at: { host: SERVER, port: 80 }, handle: () => reply });
      await flood('');
      const one = consumer(spec);
      await one.refresh('community');
      reply = bad;
      await one.refresh('community');
      return { failure: one.state('community').failure?.code, trusted: trusted(one) };
    });
    expect(result).toEqual({ failure: code, trusted: shas(few) });
    expect(sent).toBeLessThan(SENT);
  });

  it('has shrunk: it is held, and the last good one stays', async () => {
    const result = await bounded(async () => {
      let reply = body(unsigned(anchors));
      await serveHttp(server, { at: { host: SERVER, port: 80 }, handle: () => reply });
      const one = consumer({});
      await one.refresh('community');
      reply = body(unsigned(few));
      await one.refresh('community');
      const told = events.flatMap((event) => (event.kind === 'held' ? [event.cause.code] : []));
      return { told, held: one.state('community').held?.why, trusted: trusted(one) };
    });
    expect(result).toEqual({ told: ['bundle.shrink'], held: 'shrink', trusted: shas(anchors) });
  });

  it('has its signer among its certificates: that is no anchor', async () => {
    const result = await bounded(async () => {
      await serveHttp(server, { at: { host: SERVER, port: 80 }, handle: () => body(own) });
      const one = consumer(pinned);
      await one.refresh('community');
      return trusted(one);
    });
    expect(result).toEqual(shas(few));
    expect(result).not.toContain(publisher.certificate.sha256);
  });
});

const shas = (certificates: readonly Certificate[]): string[] =>
  certificates.map(({ sha256 }) => sha256).toSorted();

function consumer(spec: Partial<SubscriptionSpec>) {
  return createSubscriber(client, {
    subscriptions: [
      subscription({
        id: 'community',
        url: `http://${SERVER}/community.p7b`,
        unauthenticated: true,
        domains: [{ domain: 'a.example', incoming: true, outgoing: true }],
        ...spec,
      }),
    ],
    fetcher: createFetcher(client, { ...BUNDLE_FETCH, allowPrivate: (address) => address === SERVER }),
    shelf: memoryShelf(),
    tell: (event) => events.push(event),
  });
}

const trusted = (one: ReturnType<typeof consumer>): (string | undefined)[] =>
  one
    .anchors('a.example', 'incoming')
    .map((anchor) => anchor.certificate?.sha256)
    .toSorted();
