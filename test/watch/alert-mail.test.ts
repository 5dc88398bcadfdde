import { expect, it } from 'vitest';
import { displayMessage } from '../../src/mail/display.ts';
import { simNetwork } from '../../src/net/sim/network.ts';
import { serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { alertOf, type Taken } from '../../src/watch/alert.ts';
import { alertMailChannel } from '../../src/watch/alert-mail.ts';

const AT = Date.UTC(2026, 0, 5);
const alert = alertOf('b.example', AT, [
  {
    id: '1',
    domain: 'b.example',
    at: AT,
    kind: 'crl-stale',
    over: false,
    subject: 'http://pki.example/root.crl',
    text: 'the list http://pki.example/root.crl: ran out',
    todo: 'Tell the authority',
  },
]);

/** Sends to each address in turn, at a server that answers as its name says. */
async function send(...recipients: string[]): Promise<{ taken: Taken[]; mails: Uint8Array[] }> {
  const network = simNetwork({ seed: 1, epoch: AT, sink: () => 0 });
  const host = network.host('watch', { addresses: ['10.0.0.1'] });
  const at = { host: '10.0.0.25', port: 25 };
  const mails: Uint8Array[] = [];
  const taken: Taken[] = [];
  try {
    await network.run(
      async () => {
        await serveSmtp(network.host('mail', { addresses: [at.host] }), {
          at,
          hostname: 'mail.a.example',
          onRecipient: (_from, to) =>
            to.startsWith('full')
              ? smtpReply(452, '4.2.2 Full')
              : to.startsWith('no')
                ? smtpReply(550, '5.1.1 Nobody')
                : undefined,
          onMessage: async ({ bytes }) => {
            mails.push(bytes);
            return smtpReply(250, '2.6.0 Stored');
          },
        });
        for (const to of recipients) {
          const server = to.startsWith('away') ? { ...at, port: 26 } : at;
          const channel = alertMailChannel(host, {
            server,
            from: 'watch@a.example',
            to,
            tls: 'opportunistic',
          });
          taken.push(await channel.send(alert));
        }
      },
      { virtualMs: 3_600_000, realMs: 10_000 },
    );
  } finally {
    await network.close();
  }
  return { taken, mails };
}

it('brings an alert to an SMTP server, always under the same Message-ID', async () => {
  const { taken, mails } = await send('ops@a.example', 'ops@a.example');
  expect(taken).toEqual([{ ok: true }, { ok: true }]);
  expect(Buffer.from(mails[0]!).equals(Buffer.from(mails[1]!))).toBe(true);
  const { subject, text } = displayMessage(mails[0]!);
  expect(subject).toBe('b.example: A revocation list is stale');
  expect(text).toContain('What to do: Tell the authority.');
  expect(Buffer.from(mails[0]!).toString()).toMatch(/^Auto-Submitted: auto-generated\r$/m);
});

it('tells what may be tried again from what is refused for good', async () => {
  const { taken, mails } = await send('full@a.example', 'no@a.example', 'away@a.example');
  expect(taken).toEqual([
    { ok: false, why: expect.stringContaining('452'), lasting: false },
    { ok: false, why: expect.stringContaining('550'), lasting: true },
    { ok: false, why: expect.stringContaining('connection refused'), lasting: false },
  ]);
  expect(mails).toEqual([]);
});
