import { formatAddr } from '../../net/host.ts';
import type { Step } from '../schema.ts';
import { openProgram } from './reading/programs.ts';
import type { StepContext, StepKind } from './step.ts';

type Reading = Extract<Step, { mailbox: unknown }>['mailbox'];

/** Reads a mailbox of the system under test as its user's mail program, and notes every answer and every message. */
export const mailbox: StepKind<'mailbox'> = {
  kind: 'mailbox',
  run: ({ mailbox: reading }, context) => readMailbox(reading, context),
};

async function readMailbox(
  { id, protocol, begin, words }: Reading,
  { host, edge, part }: StepContext,
): Promise<void> {
  const access = edge.reading[protocol];
  const about = { part, talk: id, server: formatAddr(access.at) };
  const tell = (summary: Readonly<Record<string, string | number>>, blob?: Uint8Array): void =>
    void host.events.emit({
      kind: protocol,
      dir: 'out',
      peer: access.at,
      summary: { ...about, ...summary },
      ...(blob ? { blob } : {}),
    });
  const program = await openProgram(protocol, host, access, (said, as, { code, text }) =>
    tell({ op: 'exchange', said, ...(as ? { as } : {}), heard: code, text: text.slice(0, 200) }),
  );
  try {
    if (begin !== 'greeted') await program.secure();
    if (begin === 'logged-in') await program.logIn(access.password, undefined);
    for (const word of words) {
      if ('say' in word) await program.say(word.say, word.as);
      else if ('login' in word) {
        await program.logIn(word.login === 'right' ? access.password : `not ${access.password}`, word.as);
      } else {
        const mails = await program.fetchAll(word.as);
        for (const [index, bytes] of mails.entries()) tell({ op: 'mail', index }, bytes);
      }
    }
  } finally {
    program.end();
  }
}
