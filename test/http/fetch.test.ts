import { afterEach, describe, expect, it } from 'vitest';
import {
  createFetcher,
  type FetchLimits,
  type FetchOptions,
  type FetchResult,
} from '../../src/http/fetch.ts';
import { type HttpReply, type HttpRequest, serveHttp } from '../../src/http/server.ts';
import { selfSigned } from '../net/self-signed.ts';
import { EPOCH, LIMITS } from '../net/sim/simulation.ts';
import { AT, type Pair, pair, SERVER, saying } from './pair.ts';

let current: Pair;
afterEach(async () => {
  const { stalls } = current.network;
  await current.network.close();
  expect(stalls).toEqual([]);
});

const open = {
  allowPrivate: () => true,
  resolve: async (name: string) => (name === 'crl.example' ? [SERVER] : []),
};

const fetched = async (
  handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>,
  url: string,
  options: FetchOptions = {},
  limits: FetchLimits = {},
): Promise<FetchResult> => {
  current = pair();
  const { network, server, client } = current;
  return network.run(async () => {
    await serveHttp(server, { at: AT, handle });
    return createFetcher(client, { ...open, ...limits }).get(url, options);
  }, LIMITS);
};

/** Fetches from a server that says these bytes, whole or in parts with pauses, and then closes or not. */
const fetchedRaw = async (
  parts: readonly string[],
  { pauseMs = 0, end = true, limits = {} as FetchLimits } = {},
): Promise<FetchResult & { readonly tookMs: number }> => {
  current = pair();
  const { network, server, client } = current;
  return network.run(async () => {
    await saying(server, (socket) => {
      const next = (index: number): void => {
        if (socket.destroyed) return;
        if (index >= parts.length) {
          if (end) socket.end();
          return;
        }
        socket.write(parts[index]!, 'latin1');
        if (pauseMs > 0) server.timer(pauseMs, () => next(index + 1));
        else next(index + 1);
      };
      next(0);
    });
    const result = await createFetcher(client, { ...open, ...limits }).get(`http://${SERVER}/`);
    return { ...result, tookMs: client.mono() };
  }, LIMITS);
};

const codeOf = (result: FetchResult): string => (result.ok ? `ok ${result.status}` : result.code);
const bodyOf = (result: FetchResult): string =>
  result.ok ? Buffer.from(result.body).toString() : result.why;

describe('the fetcher', () => {
  it('gives body, type and headers, and leaves evidence at both ends', async () => {
    const result = await fetched(
      ({ headers }) => ({
        status: 200,
        headers: { 'content-type': 'application/pkix-crl; x=1', etag: '"1"' },
        body: `${headers['host']} ${headers['accept-encoding']}`,
      }),
      'http://crl.example/root.crl#part',
    );
    expect(result).toMatchObject({
      ok: true,
      status: 200,
      type: 'application/pkix-crl',
      url: 'http://crl.example/root.crl',
      headers: { etag: '"1"', date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
    });
    expect(bodyOf(result)).toBe('crl.example identity');
    const common = { method: 'GET', url: 'http://crl.example/root.crl', status: 200, bytes: 20, ms: 0 };
    expect(current.events).toEqual([
      { host: 'server', dir: 'in', summary: { ...common, type: 'application/pkix-crl; x=1' } },
      { host: 'client', dir: 'out', summary: { ...common, type: 'application/pkix-crl' } },
    ]);
    expect(current.network.clock.now()).toBe(EPOCH);
  });

  it.each<[string, FetchOptions, string]>([
    ['taken as it comes', {}, 'ok 200'],
    ['one of those asked for', { types: ['text/html', 'application/pkix-cert'] }, 'media-type'],
    ['the one asked for', { types: ['text/html'] }, 'ok 200'],
  ])('media type: %s', async (_what, options, expected) => {
    const reply = { status: 200, headers: { 'content-type': 'Text/HTML; charset=utf-8' }, body: '<p>' };
    expect(codeOf(await fetched(() => reply, `http://${SERVER}/`, options))).toBe(
      options.types?.length === 2 ? 'ok 200' : expected,
    );
  });

  it('a wrong media type is refused with both named', async () => {
    const result = await fetched(
      () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }),
      `http://${SERVER}/`,
      { types: ['application/pkix-crl'] },
    );
    expect(result).toMatchObject({
      ok: false,
      code: 'media-type',
      why: 'media type text/html, expected application/pkix-crl',
    });
  });

  it('asks with an entity tag, and takes 304 only then', async () => {
    const handle = ({ headers }: HttpRequest): HttpReply =>
      headers['if-none-match'] === '"7"' ? { status: 304, headers: { etag: '"7"' } } : { status: 304 };
    expect(codeOf(await fetched(handle, `http://${SERVER}/`, { etag: '"7"' }))).toBe('ok 304');
    await current.network.close();
    expect(codeOf(await fetched(handle, `http://${SERVER}/`))).toBe('status');
  });

  it.each([204, 200, 201])('status %i is good', async (status) => {
    expect(codeOf(await fetched(() => ({ status }), `http://${SERVER}/`))).toBe(`ok ${status}`);
  });

  it.each([206, 400, 401, 404, 500, 503])('status %i is not', async (status) => {
    const result = await fetched(() => ({ status, body: 'x'.repeat(1000) }), `http://${SERVER}/`);
    expect(result).toMatchObject({ ok: false, code: 'status', status });
  });
});

describe('redirects', () => {
  const chain =
    (length: number) =>
    (request: HttpRequest): HttpReply => {
      const hop = Number(request.url.slice(1));
      return hop < length
        ? { status: 302, headers: { location: `/${hop + 1}` } }
        : { status: 200, body: `at ${hop}` };
    };

  it('follows three, each with its event, caused by the one before', async () => {
    const result = await fetched(chain(3), `http://${SERVER}/0`);
    expect(bodyOf(result)).toBe('at 3');
    expect(
      current.events.filter((event) => event.host === 'client').map((event) => event.summary['status']),
    ).toEqual([302, 302, 302, 200]);
  });

  it('does not follow a fourth', async () => {
    const result = await fetched(chain(4), `http://${SERVER}/0`);
    expect(result).toMatchObject({ ok: false, code: 'redirect', why: 'more than 3 redirects', status: 302 });
  });

  it.each([
    ['to itself', `http://${SERVER}/`, 'redirect'],
    ['to a private address', 'http://10.9.9.9/', 'address'],
    ['to loopback', 'http://127.0.0.1:2375/', 'address'],
    ['to another scheme', 'ftp://crl.example/', 'url'],
    ['with credentials', `http://a:b@${SERVER}/`, 'url'],
    ['to a name without address', 'http://nobody.example/', 'resolve'],
    ['to nothing', undefined, 'redirect'],
  ])('%s', async (_what, location, code) => {
    const result = await fetched(
      () => ({ status: 301, ...(location === undefined ? {} : { headers: { location } }) }),
      `http://${SERVER}/`,
      {},
      { allowPrivate: (address) => address === SERVER },
    );
    expect(codeOf(result)).toBe(code);
  });
});

describe('hostile servers', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';
  it.each<[string, readonly string[], string]>([
    ['a length that is a gigabyte', [`${ok}Content-Length: 1073741824\r\n\r\nxx`], 'too-large'],
    ['a length just over', [`${ok}Content-Length: 1048577\r\n\r\nxx`], 'too-large'],
    ['a length that is a lie: too short a body', [`${ok}Content-Length: 50\r\n\r\nxx`], 'closed'],
    ['a length that is no number', [`${ok}Content-Length: many\r\n\r\nxx`], 'protocol'],
    ['two lengths', [`${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`], 'protocol'],
    [
      'length and chunks',
      [`${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
      'protocol',
    ],
    ['no length, closed at the end', [`${ok}\r\nbody`], 'ok 200'],
    ['chunks', [`${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n`], 'ok 200'],
    ['chunks without end', [`${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n`], 'closed'],
    ['gzip', [`${ok}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx`], 'encoding'],
    ['brotli', [`${ok}Content-Encoding: br\r\n\r\nxx`], 'encoding'],
    ['a header without end', [ok, 'X: '.padEnd(20_000, 'x'), '\r\n\r\n'], 'too-large'],
    [
      'interim answers without end',
      [`${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20)}${ok}\r\n`],
      'protocol',
    ],
    ['another protocol', ['220 mail.example ESMTP\r\n'], 'protocol'],
    ['nothing', [], 'closed'],
    ['an upgrade', ['HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'], 'protocol'],
  ])('%s', async (_what, parts, code) => {
    expect(codeOf(await fetchedRaw(parts))).toBe(code);
  });

  it('a gigabyte without a length is cut off early', async () => {
    current = pair();
    const { network, server, client } = current;
    let sent = 0;
    const block = Buffer.alloc(1 << 16);
    const result = await network.run(async () => {
      await saying(server, (socket) => {
        socket.write(`${ok}\r\n`);
        const more = (): void => {
          while (!socket.destroyed && sent < 1 << 30) {
            sent += block.length;
            if (!socket.write(block)) return;
          }
          socket.end();
        };
        socket.on('drain', more);
        more();
      });
      return createFetcher(client, open).get(`http://${SERVER}/`);
    }, LIMITS);
    expect(codeOf(result)).toBe('too-large');
    expect(sent).toBeLessThan(64 << 20);
  });

  it.each<[string, readonly string[]]>([
    ['a body that drips', [`${ok}Content-Length: 100\r\n\r\n`, ...Array.from({ length: 100 }, () => 'x')]],
    ['a header that drips', Array.from(`${ok}X-Long: ${'x'.repeat(200)}\r\n\r\n`)],
    [
      'chunks that drip',
      [`${ok}Transfer-Encoding: chunked\r\n\r\n`, ...Array.from({ length: 100 }, () => '1\r\nx\r\n')],
    ],
  ])('%s ends by the deadline, in virtual time', async (_what, parts) => {
    const result = await fetchedRaw(parts, { pauseMs: 900 });
    expect(result).toMatchObject({
      ok: false,
      code: 'timeout',
      why: 'no complete answer in 10000 ms',
      tookMs: 10_000,
    });
  });

  it('silence ends by the deadline', async () => {
    const result = await fetchedRaw([], { end: false, limits: { totalMs: 3000 } });
    expect(result).toMatchObject({ ok: false, code: 'timeout', tookMs: 3000 });
  });

  it.each([
    ['nobody listens', 'http://10.0.0.81/', 'refused', 0],
    ['nobody has the address', 'http://10.7.7.7/', 'timeout', 10_000],
    ['a resolver that never answers', 'http://slow.example/', 'timeout', 10_000],
    ['no name resolver', 'http://nobody.example/', 'resolve', 0],
  ])('%s', async (_what, url, code, tookMs) => {
    current = pair();
    const { network, client } = current;
    const resolve = (name: string): Promise<string[]> =>
      name === 'slow.example' ? new Promise(() => undefined) : Promise.resolve([]);
    const result = await network.run(() => createFetcher(client, { ...open, resolve }).get(url), LIMITS);
    expect([codeOf(result), client.mono()]).toEqual([code, tookMs]);
    expect(current.events).toHaveLength(1);
  });

  it('the deadline is over all redirects together', async () => {
    const result = await fetched(async () => {
      await new Promise<void>((done) => current.server.timer(4000, done));
      return { status: 302, headers: { location: '/again' } };
    }, `http://${SERVER}/`);
    expect(codeOf(result)).toBe('timeout');
    expect(current.client.mono()).toBe(10_000);
  });
});

describe('https', () => {
  const secured = async (limits: FetchLimits, redirectTo?: string): Promise<FetchResult> => {
    current = pair();
    const { network, server, client } = current;
    const identity = await selfSigned('crl.example');
    return network.run(async () => {
      await serveHttp(server, {
        at: { host: SERVER, port: 443 },
        tls: identity,
        handle: () =>
          redirectTo
            ? { status: 302, headers: { location: redirectTo } }
            : { status: 200, body: Buffer.from(identity.der) },
      });
      return createFetcher(client, { ...open, ...limits }).get('https://crl.example/bundle.p7b');
    }, LIMITS);
  };

  it('hands the certificates of the server to the caller, at virtual time', async () => {
    const seen: unknown[] = [];
    const result = await secured({
      judgeServer: (chain, hostname, at) => {
        seen.push(chain[0], hostname, at);
        return undefined;
      },
    });
    expect(result.ok && Buffer.from(result.body).equals(Buffer.from(seen[0] as Uint8Array))).toBe(true);
    expect(seen.slice(1)).toEqual(['crl.example', EPOCH]);
  });

  it.each<[string, FetchLimits]>([
    ['the caller refuses the certificate', { judgeServer: () => 'expired' }],
    ['nobody judges and TLS does not know it', {}],
  ])('%s', async (_what, limits) => {
    expect(codeOf(await secured(limits))).toBe('tls');
  });

  it('is not led down to http', async () => {
    expect(codeOf(await secured({ judgeServer: () => undefined }, 'http://crl.example/'))).toBe('redirect');
  });
});
