import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import type { SimNetwork } from '../../src/net/sim/network.ts';
import { peerCertificates, secureClient, secureServer } from '../../src/net/tls.ts';
import { type SelfSigned, selfSigned } from './self-signed.ts';
import { EPOCH, LIMITS, quietNetwork, read, sleep } from './sim/simulation.ts';

let identity: SelfSigned;
let network: SimNetwork;
beforeAll(async () => {
  identity = await selfSigned('mail.b.example');
});
afterEach(() => network?.close());

const pair = () => {
  network = quietNetwork();
  return {
    server: network.host('server', { addresses: ['10.0.0.2'] }),
    client: network.host('client', { addresses: ['10.0.0.1'] }),
  };
};

const AT = { host: '10.0.0.2', port: 636 };

/** Speaks TLS and answers each read with who asked; failures of the handshake go to `failed`. */
const serve = (server: Host, failed: (error: Error) => void = () => undefined) =>
  server.listen(AT, (socket) => {
    secureServer(socket, identity).then((secure) => {
      secure.on('data', (bytes) => secure.write(`${secure.remoteAddress} ${bytes.length}`));
    }, failed);
  });

describe('TLS in the simulation', () => {
  it('carries data, shows virtual addresses and the peer certificate, and takes no virtual time', async () => {
    const { server, client } = pair();
    const seen = await network.run(async () => {
      await serve(server);
      client.timer(1, () => undefined);
      const secure = await secureClient(client, await client.dial(AT), {
        servername: 'mail.b.example',
        rejectUnauthorized: false,
      });
      const certificate = peerCertificates(secure)[0]!;
      const answers: string[] = [];
      for (const size of [1, 1000, 9000]) {
        secure.write(new Uint8Array(size));
        answers.push(await read(secure));
      }
      const closed = new Promise((done) => secure.once('close', done));
      secure.end();
      await closed;
      return { certificate, answers, remote: `${secure.remoteAddress}:${secure.remotePort}` };
    }, LIMITS);
    expect(seen.answers).toEqual(['10.0.0.1 1', '10.0.0.1 1000', '10.0.0.1 9000']);
    expect(seen.remote).toBe('10.0.0.2:636');
    expect(Buffer.from(seen.certificate).equals(identity.der)).toBe(true);
    expect(network.clock.now()).toBe(EPOCH);
    expect(network.stalls).toEqual([]);
  });

  it('the end of a TLS stream is seen by the other end before the clock moves', async () => {
    const { server, client } = pair();
    const closedAt = await network.run(async () => {
      await server.listen(AT, (socket) => {
        void secureServer(socket, identity).then((secure) => secure.end('bye'));
      });
      client.timer(1, () => undefined);
      const secure = await secureClient(client, await client.dial(AT), {
        servername: 'x.example',
        rejectUnauthorized: false,
      });
      expect(await read(secure)).toBe('bye');
      await new Promise((done) => secure.once('close', done));
      return client.mono();
    }, LIMITS);
    expect(closedAt).toBe(0);
    expect(network.stalls).toEqual([]);
  });

  it('setTimeout of the TLS socket counts virtual time', async () => {
    const { server, client } = pair();
    const fired = await network.run(async () => {
      await serve(server);
      const secure = await secureClient(client, await client.dial(AT), {
        servername: 'x.example',
        rejectUnauthorized: false,
      });
      let at = -1;
      secure.setTimeout(5000, () => {
        at = client.mono();
      });
      await sleep(client, 2000);
      secure.write('x');
      await read(secure);
      await sleep(client, 60_000);
      return at;
    }, LIMITS);
    expect(fired).toBe(7000);
  });

  it('validation by TLS itself is for the real clock: without a root it refuses', async () => {
    const { server, client } = pair();
    const message = await network.run(async () => {
      await serve(server);
      const dialled = await client.dial(AT);
      return secureClient(client, dialled, { servername: 'mail.b.example' }).catch(
        (error: Error) => error.message,
      );
    }, LIMITS);
    expect(message).toMatch(/^10\.0\.0\.2:636: connection closed \(.*(self-signed|expired)/);
  });

  it('a server that says nothing is given up in virtual time', async () => {
    const { server, client } = pair();
    const error = await network.run(async () => {
      await server.listen(AT, (socket) => socket.on('data', () => undefined));
      const dialled = await client.dial(AT);
      return secureClient(client, dialled, { servername: 'x.example', deadlineMs: 7000 }).catch(
        (caught: Error) => caught,
      );
    }, LIMITS);
    expect(error).toMatchObject({ name: 'NetError', code: 'timeout' });
    expect(network.clock.now()).toBe(EPOCH + 7000);
  });

  it('what is no TLS is a typed error at both ends', async () => {
    const { server, client } = pair();
    const errors = await network.run(async () => {
      const failures: Error[] = [];
      await serve(server, (error) => void failures.push(error));
      const plain = await client.dial(AT);
      plain.on('data', () => undefined);
      plain.write('GET / HTTP/1.0\r\n\r\n');
      await new Promise((done) => plain.once('close', done));
      return failures;
    }, LIMITS);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ name: 'NetError', code: 'closed' });
  });
});

describe('TLS on the real network', () => {
  let host: Host;
  const sockets: Socket[] = [];
  afterAll(() => sockets.forEach((socket) => void socket.destroy()));

  it('carries data', async () => {
    host = realHost({ resolvers: [] });
    const listener = await host.listen({ host: '127.0.0.1', port: 0 }, (socket) => {
      void secureServer(socket, { key: identity.key, cert: identity.der }).then((secure) =>
        secure.write('hello'),
      );
    });
    const secure = await secureClient(host, await host.dial(listener.addr), {
      servername: 'mail.b.example',
      rejectUnauthorized: false,
    });
    expect(await read(secure)).toBe('hello');
    secure.destroy();
    await listener.close();
  });
});
