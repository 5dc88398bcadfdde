/**
 * One process under measurement: `ours` is the server as it is run in production, `bare` is a datagram socket that
 * sends one ready answer with the id and question of the query, which is as little as can be done in this runtime.
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
  const name = zone.records.find((record) => record.data.type === 'CERT')!.name;
  const query = makeQuery(0, { name, type: 'CERT', class: 1 }, { edns: ourEdns() });
  const wire = encodeMessage(authority.answer(query, 'udp'), { limit: 1232 });
  const socket = createSocket({
    type: 'udp4',
    reusePort: sharing === 'shared',
    lookup: (host, _options, done) => done(null, host, 4),
  });
  socket.on('message', (bytes, from) => {
    const answer = Buffer.from(wire);
    bytes.copy(answer, 0, 0, 2);
    bytes.copy(answer, 12, 12, 12 + name.length + 2);
    socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((done) => socket.bind(port, '127.0.0.1', done));
}
process.send?.('ready');
