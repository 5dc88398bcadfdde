/**
 * A HISP in a process of its own, to be killed. Arguments: store file, port of the name server, port of the other
 * HISP's mail server; of several on one store the name of this one, and T1 in milliseconds. Speaks lines of JSON: `{submit}` and `{report}` come in, `{port}`, `{submitted}` and `{report}`
 * go out.
 */
import { createInterface } from 'node:readline';
import { createHisp } from '../../src/hisp/hisp.ts';
import { realHost } from '../../src/net/real.ts';
import { openStore } from '../../src/store/open.ts';
import { letter } from '../hisp/network.ts';
import { plainAgent } from '../hisp/plain-agent.ts';

const [file, dns, mail, node, processedMs] = process.argv.slice(2);
const host = realHost({ name: 'b', resolvers: [{ host: '127.0.0.1', port: Number(dns) }] });
const store = await openStore(host, { file: file! });
const hisp = createHisp(
  host,
  {
    name: 'b',
    hostname: 'mx.b.example',
    domains: [{ name: 'b.example' }],
    addresses: ['bob', 'distrust'].map((local) => ({ address: `${local}@b.example` })),
    keys: [],
    anchors: [],
    smtp: { listen: [{ host: '127.0.0.1', port: 0 }] },
    store,
    port: Number(mail),
    ...(node ? { node } : {}),
    ...(processedMs ? { timers: { processedMs: Number(processedMs) } } : {}),
  },
  undefined,
  plainAgent(),
);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

await hisp.start();
say({ port: hisp.listening[0]!.port });

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as { submit?: string; report?: true };
  if (command.submit) {
    const to = ['alice@a.example', 'none@a.example'];
    const id = `${command.submit}@b.example`;
    await hisp.submit({ from: 'bob@b.example', to, bytes: letter('bob@b.example', to, { id }) });
    say({ submitted: command.submit });
  } else {
    const open = await store.db
      .selectFrom('recipient')
      .select('address')
      .where('stage', '!=', 'ended')
      .execute();
    const rows = await store.db
      .selectFrom('recipient')
      .innerJoin('message', 'message.id', 'recipient.message_id')
      .select([
        'message.internet_id',
        'recipient.address',
        'recipient.state',
        'message.direction',
        'message.kind',
      ])
      .execute();
    say({
      report: {
        open: open.length,
        rows,
        quarantined: (await hisp.quarantine()).length,
        mailboxes: {
          bob: (await hisp.mailbox('bob@b.example')).map(({ kind, internet_id, message_id }) => ({
            kind,
            internet_id,
            message_id,
          })),
          distrust: (await hisp.mailbox('distrust@b.example')).length,
        },
      },
    });
  }
}
