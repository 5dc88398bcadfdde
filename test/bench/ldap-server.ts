/**
 * The server side of the LDAP benchmark, a process of its own: `serveLdap` as `up` runs it, or a bare responder that
 * sends ready octets to whatever comes. Tells its port, ends when its parent goes.
 */
import { createServer } from 'node:net';
import { encodeEntry, encodeMessages, SEARCH_DONE } from '../../src/ldap/encode.ts';
import { serveLdap } from '../../src/ldap/server.ts';
import { realHost } from '../../src/net/real.ts';
import { benchTree } from './ldap-entries.ts';

const AT = { host: '127.0.0.1', port: 0 };

async function ours(count: number, template: { der: Buffer; serialAt: number }): Promise<number> {
  const { addr } = await serveLdap(realHost(), { at: AT, tree: benchTree(count, template) });
  return addr.port;
}

/** Knows nothing of LDAP but where the id of the generator's requests lies. */
function bare(der: Buffer): Promise<number> {
  const entry = encodeEntry({ dn: 'cn=bare', attributes: { 'userCertificate;binary': [der] } });
  const answer = encodeMessages(0x01000000, [entry, SEARCH_DONE]);
  const idAt = [
    answer.indexOf(Buffer.from('020401000000', 'hex')) + 2,
    answer.lastIndexOf(Buffer.from('020401000000', 'hex')) + 2,
  ];
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      const out: Buffer[] = [];
      for (let at = 0; at < chunk.length; at += 2 + chunk[at + 1]!) {
        const copy = Buffer.from(answer);
        for (const to of idAt) chunk.copy(copy, to, at + 4, at + 8);
        out.push(copy);
      }
      socket.write(out.length === 1 ? out[0]! : Buffer.concat(out));
    });
  });
  return new Promise((resolve) => {
    server.listen(AT.port, AT.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

process.on('disconnect', () => process.exit());
process.on('message', (order: { kind: 'ours' | 'bare'; count: number; der: string; serialAt: number }) => {
  const der = Buffer.from(order.der, 'base64');
  const started = order.kind === 'ours' ? ours(order.count, { der, serialAt: order.serialAt }) : bare(der);
  void started.then((port) => process.send!(port));
});
