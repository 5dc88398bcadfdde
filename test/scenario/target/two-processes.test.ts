import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeMessage } from '../../../src/mail/compose.ts';
import type { RunReport } from '../../../src/scenario/index.ts';
import { converse } from '../../../src/scenario/steps/talking/conversation.ts';
import { deliver } from '../../../src/smtp/sender.ts';
import { type TwoProcesses, troubles, twoProcesses, verdicts } from './two-processes.ts';

let two: TwoProcesses;
beforeAll(async () => {
  two = await twoProcesses({ timerMs: 12_000, lanes: 3 });
}, 60_000);
afterAll(() => two?.close());

describe('a HISP in another process', () => {
  it('is asked where it publishes, receives, sends and is read', { timeout: 90_000 }, async () => {
    const report = await two.lanes[0]!.judged(
      'hosting',
      'HappyPathDeliveryIG',
      'ExceptionPathNT',
      'SND-message',
      'imap-HappyPathRetrieveDirectMessage',
      'smtp-ExceptionPathInvalidLogin',
      'XR-02/sha1',
      'XB-01',
    );
    expect(troubles(report)).toEqual([]);
    expect(verdicts(report)).toEqual([
      'skip H1',
      'pass H2',
      'skip H3',
      'skip H4',
      'pass H5',
      'skip H6',
      'pass H7',
      'pass H8',
      'pass ExceptionPathNT',
      'pass HappyPathDeliveryIG',
      'pass SND-message',
      'pass imap-HappyPathRetrieveDirectMessage',
      'pass smtp-ExceptionPathInvalidLogin',
      'pass XR-02/sha1',
      'na XB-01/added',
      'na XB-01/removed',
    ]);
  });
});

/** Hands a message in at B, as its user would by hand. */
async function sendByHand(to: string): Promise<void> {
  const from = 'alice@direct.b.example';
  const access = {
    at: { host: '127.0.0.1', port: two.b.submission },
    tls: 'starttls',
    user: from,
    password: two.password,
  } as const;
  const talk = await converse(two.host, access, () => undefined);
  await talk.secure();
  await talk.logIn(two.password, 'PLAIN', undefined);
  const { uuid } = two.host.random;
  const bytes = composeMessage({
    from,
    to: [to],
    subject: 'By hand',
    date: two.host.now(),
    messageId: `<${uuid()}@direct.b.example>`,
    text: 'A message that a person sends.\n',
  });
  expect((await talk.hand(from, [to], bytes, undefined)).code).toMatch(/^2/);
  talk.end();
}

/** What the state of a run says, and to whom the tester has to send. */
const stateOf = (lane: number, run: string) =>
  JSON.parse(readFileSync(two.file(`.anchorage/targets/b${lane}/runs/${run}/session.json`), 'utf8')) as {
    waiting?: { what: string; until: string };
    strangers: { from: string }[];
  };
const runIn = (text: string): string => /run (\d{8}T\d{6})/.exec(text)![1]!;
const recipientIn = (what: string): string => / to (\S+@\S+)\. /.exec(what)![1]!;

describe('a tester who has to do something', () => {
  it('is waited for, over a stop of the program; a stranger is shown', { timeout: 90_000 }, async () => {
    const lane = two.lanes[1]!;
    lane.write({ edges: {}, waits: { answer: '3 s', settle: '300 ms', tester: '60 s' } });
    const first = two.anchorage('run', '--target', lane.profile, 'SND-message', '--format', 'json');
    let heard = '';
    first.child.stderr?.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    await first.says(/waiting Send one message from alice@direct\.b\.example/);
    const run = runIn(heard);
    const { waiting } = stateOf(2, run);
    expect(waiting?.what).toContain('Its text does not matter');
    first.child.kill('SIGKILL');
    await first.ended;

    const args = ['run', '--target', lane.profile, '--resume', run, '--format', 'json'];
    const second = two.anchorage(...args);
    await second.says(/waiting Send one message/);
    const to = recipientIn(stateOf(2, run).waiting!.what);
    const peer = { host: lane.address, port: two.portBase + 25 };
    const stranger = 'mallory@elsewhere.example';
    const bytes = Buffer.from(`From: ${stranger}\r\nTo: ${to}\r\nSubject: hello\r\n\r\nhello\r\n`);
    await deliver(two.host, peer, { helo: 'elsewhere.example', mailFrom: stranger, rcptTo: [to], bytes });
    await second.says(/a message came from mallory@elsewhere\.example, which is no address of the profile/);
    expect(stateOf(2, run).waiting).toBeDefined();
    await sendByHand(to);
    const { out, code } = await second.ended;
    const report = JSON.parse(out) as RunReport;
    expect(troubles(report)).toEqual([]);
    expect(verdicts(report)).toEqual(['pass SND-message']);
    expect(code).toBe(0);
    expect(stateOf(2, run)).toMatchObject({ strangers: [{ from: stranger }] });
    expect(stateOf(2, run).waiting).toBeUndefined();
  });

  it('is not waited for forever, and what was not done is no pass', { timeout: 60_000 }, async () => {
    const lane = two.lanes[2]!;
    lane.write({ edges: {}, waits: { answer: '1 s', settle: '300 ms', tester: '1 s' } });
    const report = await lane.judged('SND-message', 'dn-HappyPathGoodHeader');
    expect(
      report.scenarios.map(({ id, status, firstCause, reason }) => [id, status, firstCause?.text ?? reason]),
    ).toEqual([
      ['SND-message', 'error', expect.stringContaining('within 1 s')],
      [
        'dn-HappyPathGoodHeader',
        'skip',
        'the profile has no edges.imap or edges.pop3: where the sender’s mailbox is read, with a login',
      ],
    ]);
  });
});
