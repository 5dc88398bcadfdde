import type { Addr } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import { dotStuffed } from '../../../src/smtp/dot-stuffing.ts';
import { client, plain } from '../../edge/submission/client.ts';
import { letterOf, type Wanted } from './letters.ts';
import { PASSWORD } from './world.ts';

const host = realHost({ resolvers: [] });

/** Hands a message in as a mail program does: STARTTLS, AUTH, DATA. Whether it was told 250 at the end. */
export async function handIn(at: Addr, wanted: Wanted): Promise<boolean> {
  try {
    const talk = await client(at);
    try {
      await talk.say('EHLO c', 'STARTTLS');
      await talk.startTls();
      const recipients = wanted.to.map((to) => `RCPT TO:<${to}>`);
      const told = await talk.say(
        'EHLO c',
        plain(wanted.from, PASSWORD),
        `MAIL FROM:<${wanted.from}>`,
        ...recipients,
        'DATA',
      );
      if (!told.endsWith('354')) return false;
      talk.raw(Buffer.from(dotStuffed(letterOf(wanted, host.now()))).toString('latin1'));
      return (await talk.reply()) === '250';
    } finally {
      talk.end();
    }
  } catch {
    // it died while it was being talked to
    return false;
  }
}
