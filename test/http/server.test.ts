import { afterEach, describe, expect, it } from 'vitest';
import { createFetcher } from '../../src/http/fetch.ts';
import { type HttpReply, type HttpRequest, type HttpServerLimits, serveHttp } from '../../src/http/server.ts';
import { realHost } from '../../src/net/real.ts';
import { LIMITS } from '../net/sim/simulation.ts';
import { AT, type Pair, pair, raw } from './pair.ts';

let current: Pair | undefined;
afterEach(async () => {
  const { network } = current ?? pair();
  await network.close();
  expect(network.stalls).toEqual([]);
});

const echo = ({ method, url, body, peer }: HttpRequest): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: `${method} ${url} ${body === undefined ? 'no body' : body.length} from ${peer.host}`,
});

const conversation = async (
  text: string | readonly string[],
  options: {
    handle?: (request: HttpRequest) => HttpReply | Promise<HttpReply>;
    limits?: HttpServerLimits;
    pauseMs?: number;
  } = {},
) => {
  current = pair();
  const { network, server, client, events } = current;
  const got = await network.run(async () => {
    await serveHttp(server, {
      at: AT,
      handle: options.handle ?? echo,
      ...(options.limits ? { limits: options.limits } : {}),
    });
    return raw(client, text, options.pauseMs);
  }, LIMITS);
  return { got, events, tookMs: client.mono() };
};

const statuses = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]!);

describe('the small server', () => {
  it('answers with body, length and virtual date, and keeps the connection until it is idle', async () => {
    const { got, tookMs } = await conversation('GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(got).toBe(
      'HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\ncontent-type: text/plain\r\ncontent-length: 32\r\n' +
        'Connection: keep-alive\r\n\r\nGET /a?b=1 no body from 10.0.0.1',
    );
    expect(tookMs).toBe(5000);
  });

  it('HEAD tells the length and keeps the bytes back', async () => {
    const { got } = await conversation('HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(got).toContain('content-length: 28');
    expect(got.endsWith('\r\n\r\n')).toBe(true);
  });

  it('takes bodies, by length and in chunks, and several requests on a connection', async () => {
    const { got } = await conversation(
      'POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc' +
        'POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n' +
        'GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(got.match(/(POST|GET) \/\d .*? from/g)).toEqual([
      'POST /1 3 from',
      'POST /2 2 from',
      'GET /3 no body from',
    ]);
  });

  it.each<[string, string, string[]]>([
    [
      'a body that claims a gigabyte',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n',
      ['413'],
    ],
    [
      'a body over the limit',
      `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n${'x'.repeat(4096)}\r\n0\r\n\r\n`,
      ['413'],
    ],
    ['a header over the limit', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, ['431']],
    ['what is not HTTP', 'EHLO client\r\n', ['400']],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
      ['400'],
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ['400'],
    ],
    ['a method with no answer', 'CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n', []],
  ])('%s', async (_what, text, expected) => {
    const { got } = await conversation(text, { limits: { bodyBytes: 1000 } });
    expect(statuses(got)).toEqual(expected);
  });

  it.each<[string, readonly string[], string[], number]>([
    ['silence', [''], [], 10_000],
    ['a header that drips', Array.from(`GET / HTTP/1.1\r\nX: ${'x'.repeat(100)}`), ['408'], 10_000],
    [
      'a body that drips',
      ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n', ...Array.from({ length: 50 }, () => 'x')],
      ['408'],
      10_000,
    ],
    [
      'a second request that drips',
      ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', ...Array.from('GET / HTTP/1.1\r\nX: 123456789')],
      ['200'],
      5000,
    ],
  ])('%s is ended in time', async (_what, parts, expected, tookMs) => {
    const result = await conversation(parts, { pauseMs: 700 });
    expect(statuses(result.got)).toEqual(expected);
    expect(result.tookMs).toBe(tookMs);
  });

  it('what a handler throws is a 500 without its text, with the text in the evidence', async () => {
    const { got, events } = await conversation('GET /secret HTTP/1.1\r\nHost: x\r\n\r\n', {
      handle: () => Promise.reject(new Error('disk is full')),
    });
    expect(statuses(got)).toEqual(['500']);
    expect(got).not.toContain('disk');
    expect(events[0]?.summary).toMatchObject({ status: 500, error: 'disk is full', url: 'http://x/secret' });
  });

  it('more connections than allowed are closed', async () => {
    current = pair();
    const { network, server, client } = current;
    const got = await network.run(async () => {
      await serveHttp(server, { at: AT, handle: echo, limits: { connections: 2 } });
      const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
      return Promise.all([raw(client, request), raw(client, request), raw(client, request)]);
    }, LIMITS);
    expect(got.map((text) => statuses(text).length)).toEqual([1, 1, 0]);
  });

  it('serves on the real network too', async () => {
    current = undefined;
    const host = realHost({ resolvers: [] });
    const server = await serveHttp(host, { at: { host: '127.0.0.1', port: 0 }, handle: echo });
    const url = `http://127.0.0.1:${server.addr.port}/x`;
    const result = await createFetcher(host, { allowPrivate: () => true }).get(url);
    expect(result.ok && Buffer.from(result.body).toString()).toBe('GET /x no body from 127.0.0.1');
    expect(await createFetcher(host).get(url)).toMatchObject({ ok: false, code: 'address' });
    await server.close();
    expect(await createFetcher(host, { allowPrivate: () => true }).get(url)).toMatchObject({
      code: 'refused',
    });
  });
});
