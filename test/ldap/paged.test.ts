import { describe, expect, it } from 'vitest';
import { encode } from '../../src/asn1/write.ts';
import { BerCursor, frameEnd } from '../../src/ldap/ber-cursor.ts';
import { createTree } from '../../src/ldap/entries.ts';
import { PAGED_RESULTS, RESULT } from '../../src/ldap/result.ts';
import type { Addr } from '../../src/net/host.ts';
import { ask, server, type Talk, talk } from './talk.ts';
import { person } from './tree.ts';
import * as wire from './wire.ts';

const people = (count: number) =>
  createTree({
    namingContexts: ['o=one'],
    entries: Array.from({ length: count }, (_, n) => person(`cn=p${n},o=one`, `p${n % 2}@d.example`)),
  });

const paged = (size: number, cookie: Uint8Array = Buffer.alloc(0)): Uint8Array =>
  wire.control(PAGED_RESULTS, true, wire.sequence(wire.int(size), wire.octets(cookie)));

interface Page {
  readonly names: string[];
  readonly code: number | undefined;
  readonly cookie: Buffer;
}

/** One page: entries, result, and the cookie of the control behind the result. */
async function page(conversation: Talk, parts: wire.SearchParts, control: Uint8Array): Promise<Page> {
  const skip = wire.answers(conversation.received()).length;
  conversation.socket.write(wire.message(7, wire.searchOp(parts), control));
  for (let count = skip + 1; ; count++) {
    const found = (await conversation.ask(Buffer.alloc(0), count)).slice(skip);
    const last = found.at(-1);
    if (last?.tag !== 0x65) continue;
    return {
      names: found.flatMap(({ dn }) => dn ?? []),
      code: last.code,
      cookie: cookieOf(lastMessage(conversation.received())),
    };
  }
}

function lastMessage(bytes: Buffer): Buffer {
  let at = 0;
  for (;;) {
    const end = frameEnd(bytes, at, bytes.length, 1e6);
    if (end === bytes.length) return bytes.subarray(at);
    at = end;
  }
}

function cookieOf(message: Buffer): Buffer {
  const cursor = new BerCursor(message, 0);
  const end = cursor.open(0x30, message.length, 'message');
  cursor.octets(0x02, end, 'id');
  cursor.octets(0x65, end, 'result');
  if (cursor.at === end) return Buffer.from('no control');
  const control = cursor.open(0x30, cursor.open(0xa0, end, 'controls'), 'control');
  expect(cursor.text(0x04, control, 'type')).toBe(PAGED_RESULTS);
  const value = cursor.open(0x30, cursor.open(0x04, control, 'value'), 'value');
  expect(cursor.integer(0x02, value, 'size')).toBe(0);
  return Buffer.from(cursor.octets(0x04, value, 'cookie'));
}

async function all(addr: Addr, parts: wire.SearchParts, size: number): Promise<Page[]> {
  const conversation = talk(addr);
  const pages: Page[] = [];
  let cookie: Buffer = Buffer.alloc(0);
  do {
    const one = await page(conversation, parts, paged(size, cookie));
    pages.push(one);
    cookie = one.cookie;
  } while (cookie.length > 0);
  return pages;
}

describe('answers in pages (RFC 2696)', () => {
  const found = { base: 'o=one', filter: wire.equal('mail', 'p1@d.example') };
  const everyone = { base: 'o=one', filter: wire.present('mail') };

  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
    [9, [5]],
  ])('of %i entries', async (size, lengths) => {
    const { addr } = await server({ tree: people(10) });
    const pages = await all(addr, found, size);
    expect(pages.map(({ names }) => names.length)).toEqual(lengths);
    expect(pages.flatMap(({ names }) => names)).toEqual([1, 3, 5, 7, 9].map((n) => `cn=p${n},o=one`));
    expect(pages.every(({ code }) => code === RESULT.success)).toBe(true);
  });

  it('are no way around the limits', async () => {
    const { addr } = await server({ tree: people(10), limits: { enumeration: 4 } });
    const pages = await all(addr, everyone, 3);
    expect(pages.map(({ names, code }) => [names.length, code])).toEqual([
      [3, RESULT.success],
      [1, RESULT.adminLimitExceeded],
    ]);
    const asked = await all(addr, { ...everyone, size: 2 }, 3);
    expect(asked.map(({ names, code }) => [names.length, code])).toEqual([[2, RESULT.sizeLimitExceeded]]);
  });

  it('go on over what is too much for one page', async () => {
    const { addr } = await server({ tree: people(10), limits: { work: 4, enumeration: 100 } });
    const pages = await all(addr, everyone, 100);
    expect(pages.flatMap(({ names }) => names)).toHaveLength(10);
    expect(pages.length).toBeGreaterThan(2);
  });

  it('take a cookie once, for the same search, on the same connection', async () => {
    const { addr } = await server({ tree: people(10) });
    const conversation = talk(addr);
    const { cookie } = await page(conversation, found, paged(2));
    const other = await page(conversation, everyone, paged(2, cookie));
    expect(other.code).toBe(RESULT.unwillingToPerform);
    expect((await page(conversation, found, paged(2, cookie))).names).toHaveLength(2);
    expect((await page(conversation, found, paged(2, cookie))).code).toBe(RESULT.unwillingToPerform);
    const [answer] = await ask(addr, wire.message(1, wire.searchOp(found), paged(2, cookie)));
    expect(answer).toMatchObject({ code: RESULT.unwillingToPerform });
  });

  it.each([
    ['no value', wire.control(PAGED_RESULTS, false)],
    ['a value that is none', wire.control(PAGED_RESULTS, false, Buffer.from('x'))],
    ['a negative size', wire.control(PAGED_RESULTS, false, wire.sequence(wire.int(-1), wire.octets('')))],
    [
      'a long cookie',
      wire.control(PAGED_RESULTS, false, wire.sequence(wire.int(1), wire.octets('x'.repeat(65)))),
    ],
    [
      'octets behind the value',
      wire.control(
        PAGED_RESULTS,
        false,
        Buffer.concat([wire.sequence(wire.int(1), wire.octets('')), encode(0x05)]),
      ),
    ],
  ])('refuse %s', async (_what, control) => {
    const { addr } = await server();
    const [answer] = await ask(addr, wire.message(1, wire.searchOp(found), control));
    expect(answer).toMatchObject({ code: RESULT.protocolError });
  });

  it('belong to searches only', async () => {
    const { addr } = await server();
    const [answer] = await ask(addr, wire.message(1, wire.bindOp(), paged(2)));
    expect(answer).toMatchObject({ code: RESULT.unavailableCriticalExtension });
  });
});

describe('a tree for whoever asks', () => {
  const named = { base: 'o=one', filter: wire.equal('mail', 'p1@d.example') };
  const closed = { result: RESULT.insufficientAccessRights, diagnostic: 'log in' };

  it('is closed to strangers and open after a bind', async () => {
    const open = people(2);
    const { addr } = await server({
      tree: ({ who }) => (who ? open : { ...open, closed }),
      bind: ({ name, password }) =>
        name === ''
          ? RESULT.success
          : Buffer.from(password).toString() === 'key'
            ? { result: RESULT.success, who: { name } }
            : { result: RESULT.invalidCredentials, diagnostic: 'not this key' },
    });
    const conversation = talk(addr);
    const answers = await conversation.ask(
      Buffer.concat([
        wire.search(1, named),
        wire.compare(2, 'cn=p1,o=one', 'cn', 'p1'),
        wire.search(3, { base: '', scope: 0 }),
        wire.bind(4, 3, 'cn=x', 'wrong'),
        wire.bind(5, 3, 'cn=x', 'key'),
        wire.search(6, named),
        wire.bind(7),
        wire.search(8, named),
      ]),
      10,
    );
    expect(answers.map(({ id, code, diagnostic }) => [id, code, diagnostic])).toEqual([
      [1, 50, 'log in'],
      [2, 50, ''],
      [3, undefined, undefined],
      [3, 0, ''],
      [4, 49, 'not this key'],
      [5, 0, ''],
      [6, undefined, undefined],
      [6, 0, ''],
      [7, 0, ''],
      [8, 50, 'log in'],
    ]);
  });

  it('counts searches for whom it is told to', async () => {
    const { addr } = await server({
      bind: ({ name }) => ({ result: RESULT.success, who: { name } }),
      client: ({ who }) => (who as { name: string } | undefined)?.name ?? 'nobody',
      limits: { searchesPerMinute: 1 },
    });
    const search = (id: number) => wire.search(id, { base: '', scope: 0, attributes: ['1.1'] });
    const answers = await talk(addr).ask(
      Buffer.concat([search(1), search(2), wire.bind(3, 3, 'cn=a', 'x'), search(4), search(5)]),
      7,
    );
    expect(answers.filter(({ tag }) => tag === 0x65).map(({ id, code }) => [id, code])).toEqual([
      [1, 0],
      [2, RESULT.busy],
      [4, 0],
      [5, RESULT.busy],
    ]);
  });
});

it('telephone numbers compare without blanks and hyphens, names as names', async () => {
  const tree = createTree({
    namingContexts: ['o=one'],
    entries: [
      {
        dn: 'cn=a,o=one',
        attributes: { cn: ['a'], telephoneNumber: ['+1 614-555 0142'], seeAlso: ['UID=B, O=One'] },
      },
    ],
  });
  const { addr } = await server({ tree });
  const count = async (filter: Uint8Array): Promise<number> =>
    (await ask(addr, wire.search(1, { base: 'o=one', filter }), 2)).filter(({ tag }) => tag === 0x64).length;
  expect(await count(wire.equal('telephoneNumber', '+16145550142'))).toBe(1);
  expect(await count(wire.substrings('telephoneNumber', '+1-614', [], ''))).toBe(1);
  expect(await count(wire.equal('seeAlso', 'uid=b,o=ONE'))).toBe(1);
});
