/**
 * The edge of a system outside: where it has none that we may use, a person does what is to be done.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import type { ReadingPlaces } from '../fixtures/reading-edge.ts';
import { openProgram } from '../steps/reading/programs.ts';
import type { Edge } from '../steps/step.ts';
import { converse, type SubmissionAccess } from '../steps/talking/conversation.ts';
import type { Event, Transcript } from '../transcript.ts';
import { spanMs, type TargetProfile } from './profile.ts';
import { cameIn } from './strangers.ts';
import { edgePlace, isOfTarget, type Target } from './target.ts';
import { NobodyDidIt, type Waiting, waitFor } from './waiting.ts';

const NOWHERE = { at: { host: '0.0.0.0', port: 0 }, tls: 'none', user: '', password: '' } as const;

export function outsideEdge(
  host: Host,
  { profile }: Target,
  transcript: Transcript,
  tell: (waiting: Waiting | undefined) => void,
): Edge {
  const submission: SubmissionAccess | undefined = edgePlace(profile.edges.submission);
  const reading: ReadingPlaces = {
    imap: edgePlace(profile.edges.imap) ?? NOWHERE,
    pop3: edgePlace(profile.edges.pop3) ?? NOWHERE,
  };
  const address = profile.addresses.sender ?? '';
  return {
    address,
    submission: submission ?? NOWHERE,
    reading,
    byHand: submission === undefined,
    submit: (message) =>
      submission ? handIn(host, submission, message) : sentByHand(host, transcript, message, profile, tell),
    async read() {
      const protocol = profile.edges.imap ? 'imap' : 'pop3';
      const access = reading[protocol];
      const program = await openProgram(protocol, host, access, () => undefined);
      try {
        await program.secure();
        const heard = await program.logIn(access.password, undefined);
        if (heard.code !== 'OK')
          throw new Error(`${protocol} of the target refuses the login: ${heard.text}`);
        return { mails: await program.fetchAll(undefined) };
      } finally {
        program.end();
      }
    },
  };
}

type Message = Parameters<Edge['submit']>[0];

/** @returns why it was not taken */
async function handIn(
  host: Host,
  access: SubmissionAccess,
  { from, to, bytes }: Message,
): Promise<string | undefined> {
  const conversation = await converse(host, access, () => undefined);
  try {
    await conversation.secure();
    const login = await conversation.logIn(access.password, 'PLAIN', undefined);
    if (!login.code.startsWith('2')) return `login: ${login.code} ${login.text}`;
    const heard = await conversation.hand(from, to, bytes, undefined);
    return heard.code.startsWith('2') ? undefined : `${heard.code} ${heard.text}`;
  } finally {
    conversation.end();
  }
}

/** @throws {NobodyDidIt} */
async function sentByHand(
  host: Host,
  transcript: Transcript,
  { from, to, requests }: Message,
  profile: TargetProfile,
  tell: (waiting: Waiting | undefined) => void,
): Promise<undefined> {
  const wanted = new Set(to.map((one) => one.toLowerCase()));
  const since = host.now();
  const patienceMs = spanMs(profile.waits.tester);
  const waiting: Waiting = {
    what: `Send one message from ${from} to ${to.join(', ')}. Its text does not matter.${requests ? ' It has to ask for notice of delivery.' : ''}`,
    since,
    until: since + patienceMs,
  };
  const came = await waitFor(host, transcript, waiting, (event) => isFor(event, wanted, profile), tell);
  if (came) return undefined;
  throw new NobodyDidIt(
    `nobody sent a message from ${from} to ${to.join(', ')} within ${profile.waits.tester}`,
  );
}

/** Whether a message of the target for one of these came to our mail server. */
function isFor(event: Event, wanted: ReadonlySet<string>, profile: TargetProfile): boolean {
  const came = cameIn(event);
  if (!came || !isOfTarget(came.from, profile)) return false;
  return came.to.some((one) => wanted.has(one.toLowerCase()));
}
