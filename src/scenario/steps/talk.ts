import { composeMessage } from '../../mail/compose.ts';
import { formatAddr } from '../../net/host.ts';
import { duration, type Step } from '../schema.ts';
import type { Utterance } from '../talk-schema.ts';
import type { StepContext, StepKind } from './step.ts';
import { type Conversation, converse, type Heard } from './talking/conversation.ts';

type Talk = Extract<Step, { talk: unknown }>['talk'];

/** Talks to the submission server of the system under test, as its user's mail program, and notes every reply. */
export const talk: StepKind<'talk'> = {
  kind: 'talk',
  async run({ talk: talking }, context) {
    const all = Array.from({ length: talking.connections }, (_, index) => one(talking, context, index + 1));
    await Promise.all(all);
  },
};

async function one(talking: Talk, context: StepContext, n: number): Promise<void> {
  const { host, edge, part } = context;
  const access = edge.submission;
  const note = (said: string, as: string | undefined, heard: Heard): void =>
    void host.events.emit({
      kind: 'smtp',
      dir: 'out',
      peer: access.at,
      conn: n,
      summary: {
        op: 'exchange',
        talk: talking.id,
        part,
        server: formatAddr(access.at),
        said,
        ...(as ? { as } : {}),
        heard: heard.code,
        text: heard.text,
      },
    });
  const conversation = await converse(host, access, note);
  try {
    if (talking.begin !== 'greeted') await conversation.secure();
    if (talking.begin === 'logged-in') await conversation.logIn(access.password, 'PLAIN', undefined);
    for (const word of talking.words) await utter(word, conversation, context, n);
  } finally {
    conversation.end();
  }
}

async function utter(
  word: Utterance,
  conversation: Conversation,
  context: StepContext,
  n: number,
): Promise<void> {
  const { edge, host, random, part, silence = Number.POSITIVE_INFINITY } = context;
  const fill = (text: string): string => text.replaceAll('{n}', String(n));
  if ('say' in word) await conversation.say(fill(word.say), word.as);
  else if ('octets' in word) await conversation.octets(fill(word.octets), word.apart, word.as);
  else if ('starttls' in word) {
    await conversation.startTls(word.as, fill(word.starttls.inject), word.starttls.version);
  } else if ('login' in word) {
    const password = word.login === 'right' ? edge.submission.password : `not ${edge.submission.password}`;
    await conversation.logIn(password, word.mechanism, word.as);
  } else if ('silence' in word) await conversation.listen(Math.min(duration(word.silence), silence), word.as);
  else {
    const { id, mailFrom = edge.submission.user, from = edge.submission.user } = word.message;
    const to = word.message.to.map(fill);
    const messageId = `<${random.uuid()}@${from.split('@')[1]}>`;
    const turn = n;
    const step = host.events.emit({
      kind: 'step',
      summary: { step: 'send', id, part, turn, from, to, messageId },
    });
    const bytes = composeMessage({
      from,
      to,
      subject: 'Referral',
      date: host.now(),
      messageId,
      text: `A test message.\n\n.It holds no data of any person. Mark: ${random.uuid()}\n`,
    });
    const heard = await conversation.hand(mailFrom, to, bytes, word.as);
    const summary = { step: 'handed', part, id, messageId, to, heard: heard.code };
    host.events.emit({ kind: 'step', cause: step, summary });
  }
}
