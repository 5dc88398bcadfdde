import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { referenceImapLimits } from '../../../src/edge/imap/limits.ts';
import { createImapSession } from '../../../src/edge/imap/session.ts';
import { ADDRESS, type AliceStore, accounts, aliceStore, PASSWORD, recordingPort } from '../fixture.ts';

let store: AliceStore;
beforeEach(async () => {
  store = await aliceStore(10_000);
});
afterEach(() => store.close());

function conversation({ secure = true, limits = {} } = {}) {
  const recorder = recordingPort(secure);
  const session = createImapSession({
    hostname: 'mail.a.example',
    peer: { host: '10.0.0.1', port: 40000 },
    limits: { ...referenceImapLimits, ...limits },
    accounts,
    mailboxes: store.mailboxes,
    reply: (proposed) => proposed,
    port: recorder.port,
  });
  session.greet();
  recorder.take();
  let count = 0;
  const raw = async (text: string): Promise<string> => {
    await session.push(Buffer.from(text, 'latin1'));
    return recorder.take();
  };
  return {
    session,
    recorder,
    raw,
    /** One command; the responses without tag, `OK`, `NO` or `BAD` at the end. */
    async say(command: string): Promise<string[]> {
      const tag = `t${++count}`;
      const lines = (await raw(`${tag} ${command}\r\n`)).split('\r\n').slice(0, -1);
      expect(recorder.state.errors).toEqual([]);
      return lines.map((line) => (line.startsWith(`${tag} `) ? line.slice(tag.length + 1) : line));
    },
    async login() {
      await this.say(`LOGIN ${ADDRESS} "${PASSWORD}"`);
      return this;
    },
  };
}
type Conversation = ReturnType<typeof conversation>;
const last = (lines: readonly string[]): string => lines.at(-1) ?? '';
const inbox = async (): Promise<Conversation> => {
  const one = await conversation().login();
  await one.say('SELECT INBOX');
  return one;
};

describe('before the login', () => {
  it.each([
    ['CAPABILITY', 'OK'],
    ['NOOP', 'OK'],
    ['ID NIL', 'OK'],
    ['ID ("name" "x" "version" NIL)', 'OK'],
    ['SELECT INBOX', 'BAD Log in first'],
    ['FETCH 1 FLAGS', 'BAD Log in first'],
    ['NONSENSE', 'BAD NONSENSE is not known'],
    ['LOGIN alice wrong', 'NO [AUTHENTICATIONFAILED]'],
    ['LOGIN locked x', 'NO [UNAVAILABLE] Too many attempts, try again in 2 seconds'],
    ['LOGIN away x', 'NO [UNAVAILABLE]'],
    ['LOGIN', 'BAD expected " "'],
    ['AUTHENTICATE LOGIN', 'NO The mechanism is PLAIN'],
    ['AUTHENTICATE PLAIN !', 'BAD'],
    ['STARTTLS', 'BAD TLS is on already'],
  ])('%s: %s', async (command, expected) => {
    expect(last(await conversation().say(command))).toMatch(
      new RegExp(`^${expected.replace(/[[\]]/g, '\\$&')}`),
    );
  });

  it('takes no login in clear, and forgets what came behind STARTTLS', async () => {
    const one = conversation({ secure: false });
    expect((await one.say('CAPABILITY'))[0]).toMatch(/STARTTLS LOGINDISABLED$/);
    expect(last(await one.say(`LOGIN ${ADDRESS} "${PASSWORD}"`))).toBe('NO [PRIVACYREQUIRED] STARTTLS first');
    expect(await one.raw('x STARTTLS\r\ny NOOP\r\n')).toBe('x OK Begin\r\n');
    expect((await one.say('CAPABILITY'))[0]).toMatch(/ID AUTH=PLAIN$/);
  });

  it.each([
    ['at once', (token: string) => [`x AUTHENTICATE PLAIN ${token}\r\n`]],
    ['when asked', (token: string) => ['x AUTHENTICATE PLAIN\r\n', `${token}\r\n`]],
  ])('takes PLAIN %s', async (_when, lines) => {
    const one = conversation();
    const token = Buffer.from(`\0${ADDRESS}\0${PASSWORD}`).toString('base64');
    let said = '';
    for (const line of lines(token)) said += await one.raw(line);
    expect(said).toMatch(/x OK \[CAPABILITY .*\] Logged in\r\n$/);
    expect(last(await one.say('LOGIN a b'))).toBe('BAD Logged in already');
  });

  it('ends after too many errors', async () => {
    const one = conversation({ limits: { errors: 3 } });
    for (let i = 0; i < 3; i++) await one.say('LOGIN alice wrong');
    expect(one.recorder.state.ended).toBe(true);
  });
});

describe('literals', () => {
  it('are asked for, or come at once', async () => {
    const one = conversation();
    expect(await one.raw(`x LOGIN {${ADDRESS.length}}\r\n`)).toBe('+ Go ahead\r\n');
    expect(await one.raw(`${ADDRESS} {${PASSWORD.length}+}\r\n${PASSWORD}\r\n`)).toMatch(/^x OK /m);
    expect(last(await one.say('CREATE {3+}\r\na b'))).toBe('OK CREATE completed');
  });

  it.each([
    ['that wait are refused', 'x LOGIN {5000}\r\n', /^x NO \[TOOBIG\]/, false],
    ['that do not wait end it', 'x LOGIN {5000+}\r\n', /^\* BYE \[TOOBIG\]/, true],
    ['of a line without end', `x ${'a'.repeat(20_000)}`, /^\* BYE .*too long/, true],
    ['after a bare LF', 'x NOOP\n', /^\* BYE .*LF stands alone/, true],
    ['after a LF at the end of a literal', 'x LOGIN {1+}\r\na\n', /^\* BYE .*LF stands alone/, true],
    ['after a bare CR', 'x NO\rOP\r\n', /^\* BYE .*CR stands alone/, true],
  ])('%s', async (_what, text, expected, ended) => {
    const one = conversation();
    expect(await one.raw(text)).toMatch(expected);
    expect(one.recorder.state.ended).toBe(ended);
  });
});

describe('folders', () => {
  it('are listed by pattern', async () => {
    const one = await conversation().login();
    for (const name of ['a/b/c', 'Pr&APw-fung']) await one.say(`CREATE ${name}`);
    expect(await one.say('LIST "" *')).toEqual([
      '* LIST (\\HasNoChildren) "/" "INBOX"',
      '* LIST (\\HasNoChildren) "/" "Pr&APw-fung"',
      '* LIST (\\HasChildren) "/" "a"',
      '* LIST (\\HasChildren) "/" "a/b"',
      '* LIST (\\HasNoChildren) "/" "a/b/c"',
      'OK LIST completed',
    ]);
    expect((await one.say('LIST "a/" %')).slice(0, -1)).toEqual(['* LIST (\\HasChildren) "/" "a/b"']);
    expect((await one.say('LIST "" inbox')).length).toBe(2);
    expect((await one.say('LIST "" ""'))[0]).toBe('* LIST (\\Noselect) "/" ""');
    await one.say('SUBSCRIBE a');
    expect((await one.say('LSUB "" *')).slice(0, -1)).toEqual(['* LSUB () "/" "INBOX"', '* LSUB () "/" "a"']);
    expect((await one.say('NAMESPACE'))[0]).toBe('* NAMESPACE (("" "/")) NIL NIL');
  });

  it.each([
    ['CREATE INBOX', 'NO [ALREADYEXISTS]'],
    ['CREATE "a//b"', 'NO [CANNOT]'],
    ['CREATE "a*"', 'NO [CANNOT]'],
    ['CREATE &Jjo', 'BAD'],
    ['CREATE a/', 'OK'],
    ['DELETE INBOX', 'NO [CANNOT]'],
    ['DELETE x', 'NO [NONEXISTENT]'],
    ['RENAME x y', 'NO [NONEXISTENT]'],
    ['SUBSCRIBE x', 'NO [NONEXISTENT]'],
    ['SELECT x', 'NO [NONEXISTENT]'],
    ['STATUS x (MESSAGES)', 'NO [NONEXISTENT]'],
    ['STATUS iNbOx (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)', 'OK'],
    ['APPEND x {1+}\r\na', 'NO [TRYCREATE]'],
    ['APPEND INBOX {1+}\r\n\0', 'BAD'],
    [`APPEND INBOX {20000+}\r\n${'a'.repeat(20_000)}`, 'NO [OVERQUOTA]'],
    ['APPEND INBOX () " 5-Jan-2026 15:00:00 +0100" {1+}\r\na', 'OK [APPENDUID 1 1]'],
    ['CHECK', 'BAD Select a folder first'],
    ['FETCH 1 FLAGS', 'BAD Select a folder first'],
    ['CLOSE', 'BAD Select a folder first'],
  ])('%s: %s', async (command, expected) => {
    const one = await conversation().login();
    expect(last(await one.say(command)).startsWith(expected)).toBe(true);
  });

  it('are selected, and left by whatever follows', async () => {
    await store.deliver('Subject: one\n\nbody\n');
    const one = await conversation().login();
    expect(await one.say('EXAMINE inbox')).toEqual([
      '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)',
      '* OK [PERMANENTFLAGS ()] Flags that are kept',
      '* 1 EXISTS',
      '* 1 RECENT',
      '* OK [UNSEEN 1] The first that was not read',
      '* OK [UIDVALIDITY 1] Identifiers hold',
      '* OK [UIDNEXT 2] The next identifier',
      'OK [READ-ONLY] EXAMINE completed',
    ]);
    expect(last(await one.say('STORE 1 FLAGS (\\Seen)'))).toMatch(/^NO \[READ-ONLY\]/);
    await one.say('SELECT x');
    expect(last(await one.say('CHECK'))).toMatch(/^BAD/);
  });
});

describe('messages', () => {
  beforeEach(async () => {
    for (const text of [
      'Subject: one\n\nbody\n',
      'Subject: two\nFrom: b@b.example\n\nother text\n',
      'Subject: three\n\n.\n',
    ]) {
      await store.deliver(text);
    }
  });

  it.each([
    [
      'FETCH 1 BODY.PEEK[]',
      ['* 1 FETCH (BODY[] {22}', 'Subject: one', '', 'body', ')', 'OK FETCH completed'],
    ],
    ['FETCH 1 BODY.PEEK[TEXT]<1.3>', ['* 1 FETCH (BODY[TEXT]<1> {3}', 'ody)', 'OK FETCH completed']],
    ['FETCH 1 BODY.PEEK[TEXT]<99.3>', ['* 1 FETCH (BODY[TEXT]<99> {0}', ')', 'OK FETCH completed']],
    ['FETCH 1 BODY.PEEK[1]', ['* 1 FETCH (BODY[1] {6}', 'body', ')', 'OK FETCH completed']],
    ['FETCH 1 BODY.PEEK[2]', ['* 1 FETCH (BODY[2] NIL)', 'OK FETCH completed']],
    [
      'FETCH 2 BODY.PEEK[HEADER.FIELDS (SUBJECT)]',
      ['* 2 FETCH (BODY[HEADER.FIELDS ("SUBJECT")] {16}', 'Subject: two', '', ')', 'OK FETCH completed'],
    ],
    [
      'FETCH 2 BODY.PEEK[HEADER.FIELDS.NOT (Subject)]',
      [
        '* 2 FETCH (BODY[HEADER.FIELDS.NOT ("SUBJECT")] {21}',
        'From: b@b.example',
        '',
        ')',
        'OK FETCH completed',
      ],
    ],
    [
      'FETCH 1:* (UID RFC822.SIZE)',
      [
        '* 1 FETCH (UID 1 RFC822.SIZE 22)',
        '* 2 FETCH (UID 2 RFC822.SIZE 47)',
        '* 3 FETCH (UID 3 RFC822.SIZE 21)',
        'OK FETCH completed',
      ],
    ],
    [
      'UID FETCH 2:1,9 INTERNALDATE',
      [
        '* 1 FETCH (UID 1 INTERNALDATE " 5-Jan-2026 15:00:00 +0000")',
        '* 2 FETCH (UID 2 INTERNALDATE " 5-Jan-2026 15:00:00 +0000")',
        'OK FETCH completed',
      ],
    ],
    [
      'FETCH 1 BODYSTRUCTURE',
      [
        '* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 6 1 NIL NIL NIL NIL))',
        'OK FETCH completed',
      ],
    ],
    [
      'FETCH 2 ENVELOPE',
      [
        '* 2 FETCH (ENVELOPE (NIL "two" ((NIL NIL "b" "b.example")) ((NIL NIL "b" "b.example")) ((NIL NIL "b" "b.example")) NIL NIL NIL NIL NIL))',
        'OK FETCH completed',
      ],
    ],
    [
      'FETCH 1 RFC822.TEXT',
      ['* 1 FETCH (RFC822.TEXT {6}', 'body', ' FLAGS (\\Seen \\Recent))', 'OK FETCH completed'],
    ],
    ['FETCH 4 FLAGS', ['BAD There is no message of that number']],
    ['FETCH 0 FLAGS', ['BAD numbers of messages begin at 1']],
    ['UID FETCH 9 FLAGS', ['OK FETCH completed']],
    ['FETCH 1 BODY[MIME]', ['BAD MIME wants the number of a part']],
    ['FETCH 1 (FLAGS', ['BAD expected " " at octet 18']],
    [
      'UID STORE 3 +FLAGS (\\Flagged x)',
      ['* 3 FETCH (UID 3 FLAGS (\\Flagged x \\Recent))', 'OK STORE completed'],
    ],
    ['STORE 3 +FLAGS.SILENT \\Flagged', ['OK STORE completed']],
    ['STORE 3 FLAGS (\\Recent)', ['BAD \\Recent is no flag that can be set']],
    ['SEARCH ALL', ['* SEARCH 1 2 3', 'OK SEARCH completed']],
    ['SEARCH NOT SUBJECT TWO', ['* SEARCH 1 3', 'OK SEARCH completed']],
    ['UID SEARCH OR FROM b@ (LARGER 20 SMALLER 22)', ['* SEARCH 2 3', 'OK SEARCH completed']],
    ['SEARCH CHARSET UTF-8 TEXT {5+}\r\nOTHER', ['* SEARCH 2', 'OK SEARCH completed']],
    ['SEARCH CHARSET KOI8-R TEXT x', ['NO [BADCHARSET (US-ASCII UTF-8)] That charset is not known']],
    ['SEARCH ON 5-Jan-2026 UID 2:* UNSEEN', ['* SEARCH 2 3', 'OK SEARCH completed']],
    ['SEARCH SINCE 6-Jan-2026', ['* SEARCH', 'OK SEARCH completed']],
    ['SEARCH SINCE 31-Feb-2026', ['BAD there is no day 31-Feb-2026']],
    ['SEARCH HEADER FROM ""', ['* SEARCH 2', 'OK SEARCH completed']],
    ['SEARCH', ['BAD expected " " at octet 10']],
    ['UID EXPUNGE 1', ['OK EXPUNGE completed']],
    ['COPY 1 x', ['NO [TRYCREATE] There is no such folder']],
    ['COPY 1,3 INBOX', ['* 5 EXISTS', '* 5 RECENT', 'OK [COPYUID 1 1,3 4:5] COPY completed']],
  ])('%s', async (command, expected) => {
    expect(await (await inbox()).say(command)).toEqual(expected);
  });

  it('that are deleted go when it is said, and only those', async () => {
    const one = await inbox();
    await one.say('STORE 1,3 +FLAGS (\\Deleted)');
    expect(await one.say('UID EXPUNGE 2:3')).toEqual(['* 3 EXPUNGE', 'OK EXPUNGE completed']);
    expect(await one.say('EXPUNGE')).toEqual(['* 1 EXPUNGE', 'OK EXPUNGE completed']);
    await one.say('STORE 1 +FLAGS (\\Deleted)');
    expect(await one.say('UNSELECT')).toEqual(['OK UNSELECT completed']);
    expect((await one.say('SELECT INBOX'))[2]).toBe('* 1 EXISTS');
    expect(await one.say('CLOSE')).toEqual(['OK CLOSE completed']);
    expect((await one.say('SELECT INBOX'))[2]).toBe('* 0 EXISTS');
  });

  it('are moved with both numbers', async () => {
    const one = await inbox();
    await one.say('CREATE Old');
    expect(await one.say('MOVE 2 Old')).toEqual([
      '* OK [COPYUID 2 2 1] Moved',
      '* 2 EXPUNGE',
      'OK MOVE completed',
    ]);
  });

  it('keep their numbers while one session asks by number and another removes', async () => {
    const one = await inbox();
    const other = await inbox();
    await other.say('STORE 1 +FLAGS (\\Deleted)');
    await other.say('EXPUNGE');
    expect(await one.say('FETCH 2 UID')).toEqual(['* 2 FETCH (UID 2)', 'OK FETCH completed']);
    expect(last(await one.say('FETCH 1 BODY.PEEK[]'))).toMatch(/^NO \[EXPUNGEISSUED\]/);
    expect(await one.say('NOOP')).toEqual(['* 1 EXPUNGE', 'OK NOOP completed']);
    await other.say('STORE 1 +FLAGS (\\Answered)');
    await store.deliver('Subject: four\n\n\n');
    expect(await one.say('NOOP')).toEqual([
      '* 3 EXISTS',
      '* 3 RECENT',
      '* 1 FETCH (UID 2 FLAGS (\\Answered \\Recent))',
      'OK NOOP completed',
    ]);
  });

  it('are told of while a client waits, also when nobody in this process said so', async () => {
    const one = await inbox();
    expect(await one.raw('x IDLE\r\n')).toBe('+ idling\r\n');
    await store.deliver('Subject: four\n\n\n');
    await one.session.push(Buffer.alloc(0));
    expect(one.recorder.take()).toBe('* 4 EXISTS\r\n* 4 RECENT\r\n');
    await store.mailboxes
      .of(ADDRESS)
      .flag((await store.mailboxes.of(ADDRESS).folder('INBOX'))!, [1], () => ['x']);
    one.recorder.fire();
    await one.session.push(Buffer.alloc(0));
    expect(one.recorder.take()).toBe('* 1 FETCH (UID 1 FLAGS (x \\Recent))\r\n');
    expect(await one.raw('DONE\r\n')).toBe('x OK IDLE completed\r\n');
  });

  it('are no more when the folder is removed', async () => {
    const one = await conversation().login();
    await one.say('CREATE Old');
    await one.say('SELECT Old');
    await (await conversation().login()).say('DELETE Old');
    expect(await one.say('NOOP')).toEqual(['* BYE The folder was removed']);
  });
});

describe('whatever comes', () => {
  const word = fc.constantFrom(
    'a',
    'FETCH',
    'SEARCH',
    'UID',
    'STORE',
    'APPEND',
    'LIST',
    '1:*',
    '(',
    ')',
    '"',
    '{3+}\r\nabc',
    '{2}\r\n',
    'BODY[',
    ']',
    '<0.5>',
    'OR',
    'NOT',
    '\\Seen',
    'INBOX',
    ' ',
    ' ',
    '\r\n',
    '\r\n',
    '\0',
    '&',
    '*',
    '%',
    '+FLAGS',
    'ALL',
    'HEADER',
    '1.2',
  );
  it('is answered the same in every segmentation, and never breaks', async () => {
    await store.deliver('Subject: one\n\nbody\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 30 }),
        fc.array(fc.nat(200), { maxLength: 5 }),
        async (words, cuts) => {
          const text = `x EXAMINE INBOX\r\n${words.join('')}\r\n`;
          const whole = await conversation().login();
          const pieces = await conversation().login();
          const expected = await whole.raw(text);
          const edges = [0, ...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b);
          let said = '';
          for (const [i, from] of edges.entries()) said += await pieces.raw(text.slice(from, edges[i + 1]));
          expect(said.replace(/UIDNEXT \d+|\d+ (EXISTS|RECENT)/g, '')).toBe(
            expected.replace(/UIDNEXT \d+|\d+ (EXISTS|RECENT)/g, ''),
          );
          expect([...whole.recorder.state.errors, ...pieces.recorder.state.errors]).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
