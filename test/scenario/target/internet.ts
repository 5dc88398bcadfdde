import { type Addr, type Host, NetError, type Socket, type UdpPort } from '../../../src/net/host.ts';

/**
 * A name server for networks that do not know each other: hands every question on, octet for octet, to the one whose
 * name it is: `testbed1.example` and so on, or B.
 */
export async function internet(
  host: Host,
  where: { readonly testbed: (n: number) => Addr; readonly b: () => Addr },
): Promise<{ readonly addr: Addr; close(): Promise<void> }> {
  const upstream = (query: Uint8Array): Addr => {
    const testbed = /testbed(\d)/i.exec(Buffer.from(query).toString('latin1'));
    return testbed ? where.testbed(Number(testbed[1])) : where.b();
  };
  const [udp, listener] = await openPair(host);
  udp.onMessage(async (query, from) => {
    const out = await host.udp();
    const done = host.timer(5000, () => void out.close());
    out.onMessage((answer) => {
      udp.send(Uint8Array.from(answer), from);
      done();
      void out.close();
    });
    out.send(Uint8Array.from(query), upstream(query));
  });
  listener.onSocket = (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', async (first: Buffer) => {
      try {
        const out = await host.dial(upstream(first));
        out.on('error', () => socket.destroy());
        out.write(first);
        socket.pipe(out).pipe(socket);
      } catch {
        socket.destroy();
      }
    });
  };
  return {
    addr: udp.addr,
    async close() {
      await listener.close();
      await udp.close();
    },
  };
}

interface Listening {
  onSocket: (socket: Socket) => void;
  close(): Promise<void>;
}

/** The same port for both; one that is free for the first is not always free for the second. */
async function openPair(host: Host): Promise<readonly [UdpPort, Listening]> {
  for (let attempt = 1; ; attempt++) {
    const udp = await host.udp({ host: '127.0.0.1', port: 0 });
    try {
      const tcp = await host.listen(udp.addr, (socket) => listening.onSocket(socket));
      const listening: Listening = { onSocket: (socket) => socket.destroy(), close: () => tcp.close() };
      return [udp, listening];
    } catch (error) {
      await udp.close();
      if (!(error instanceof NetError && error.code === 'address-in-use') || attempt >= 20) throw error;
    }
  }
}
