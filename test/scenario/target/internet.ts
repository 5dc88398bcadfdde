import type { Addr, Host } from '../../../src/net/host.ts';

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
  const udp = await host.udp({ host: '127.0.0.1', port: 0 });
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
  const tcp = await host.listen(udp.addr, (socket) => {
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
  });
  return {
    addr: udp.addr,
    async close() {
      await tcp.close();
      await udp.close();
    },
  };
}
