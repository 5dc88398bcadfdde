/**
 * One process under measurement: `ours` is the server as it is run in production, `bare` is a datagram socket that
 * sends ready answers of the same zone in turn, whatever is asked, with the id of the query and nothing else done: as
 * little as this runtime can do with as many octets.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createAuthority } from '../../src/dns/answer.ts';
import { parseZone } from '../../src/dns/master/index.ts';
import { encodeMessage, makeQuery, ourEdns } from '../../src/dns/message.ts';
import { serveDns } from '../../src/dns/server.ts';
import { realHost } from '../../src/net/real.ts';

const [kind, portText, zoneFile, sharing] = process.argv.slice(2);
const port = Number(portText);
const zone = parseZone(readFileSync(zoneFile!, 'utf8'), { file: zoneFile! });
const authority = createAuthority([zone]);

if (kind === 'ours') {
  await serveDns(realHost({ reusePort: sharing === 'shared' }), {
    at: [{ host: '127.0.0.1', port }],
    answer: (query, { transport }) => authority.answer(query, transport),
    repeatable: true,
    ...(sharing === 'shared' && { transports: ['udp'] as const }),
  });
} else {
  const names = zone.records.filter((record) => record.data.type === 'CERT').map((record) => record.name);
  const wires = names.map((name) => {
    const query = makeQuery(0, { name, type: 'CERT', class: 1 }, { edns: ourEdns() });
    return Buffer.from(encodeMessage(authority.answer(query, 'udp'), { limit: 1232 }));
  });
  const socket = createSocket({
    type: 'udp4',
    reusePort: sharing === 'shared',
    lookup: (host, _options, done) => done(null, host, 4),
  });
  let turn = 0;
  socket.on('message', (bytes, from) => {
    const answer = Buffer.from(wires[turn++ % wires.length]!);
    bytes.copy(answer, 0, 0, 2);
    socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((done) => socket.bind(port, '127.0.0.1', done));
}
process.send?.('ready');
