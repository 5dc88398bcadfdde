import { describe, expect, it } from 'vitest';
import { discover } from '../../src/discovery/resolve.ts';
import type { Fetcher, FetchResult } from '../../src/http/fetch.ts';
import { cert, leaf, world } from './world.ts';

const ADDRESS = 'bob@d.example';
const URL = 'http://pki.example/bob.cer';
const certificate = leaf(ADDRESS).certificate;
const other = leaf(ADDRESS).certificate;

const good: FetchResult = {
  ok: true,
  url: URL,
  status: 200,
  type: '',
  body: certificate.der,
  headers: {},
  event: 0,
};
const bad = (code: Extract<FetchResult, { ok: false }>['code'], status?: number): FetchResult => ({
  ok: false,
  url: URL,
  why: code,
  code,
  ...(status === undefined ? {} : { status }),
  event: 0,
});

const text = (value: string) => Buffer.from(value, 'latin1');
const TYPE_4 = cert(text(URL), 4);

/** Looks up the address with these records at its name; `asked` are the URLs that were fetched. */
async function find(records: ReturnType<typeof cert>[], answer: FetchResult | undefined) {
  const w = world();
  for (const record of records) w.record('bob.d.example', record);
  const asked: string[] = [];
  const fetcher: Pick<Fetcher, 'get'> | undefined = answer && {
    get: async (url) => {
      asked.push(url);
      return answer;
    },
  };
  const found = await w.run(() => discover(w.sut, ADDRESS, undefined, undefined, fetcher));
  const notes = [...found.notes, ...found.candidates.flatMap((one) => one.notes)].map(({ code }) => code);
  return { outcome: found.outcome, ids: found.candidates.map(({ sha256 }) => sha256), notes, asked };
}

describe('records that hold only a URL', () => {
  it.each([
    ['type 4', TYPE_4],
    ['type 253', cert(text(URL), 253)],
    ['type 253 with private data behind', cert(text(`${URL}\0more`), 253)],
  ])('%s: the certificate is fetched, and that is noted', async (_name, record) => {
    expect(await find([record], good)).toEqual({
      outcome: 'found',
      ids: [certificate.sha256],
      notes: ['noted.certificate-by-url'],
      asked: [URL],
    });
  });

  it.each([
    ['an address that is not public', bad('address'), 'none'],
    ['no such page', bad('status', 404), 'none'],
    ['a body without end', bad('too-large'), 'none'],
    ['a server that fails', bad('status', 503), 'temporary'],
    ['a server that is silent', bad('timeout'), 'temporary'],
  ])('%s', async (_name, answer, outcome) => {
    expect(await find([TYPE_4], answer)).toMatchObject({ outcome, ids: [], asked: [URL] });
  });

  it('a silent server does not matter beside a certificate', async () => {
    expect(await find([TYPE_4, cert(other.der)], bad('timeout'))).toMatchObject({
      outcome: 'found',
      ids: [other.sha256],
    });
  });

  it.each([
    ['another scheme', 'file:///etc/passwd'],
    ['blanks', `${URL} x`],
    ['more than 2048 octets', `${URL}/${'x'.repeat(2048)}`],
    ['nothing', ''],
  ])('%s is not fetched', async (_name, url) => {
    expect(await find([cert(text(url), 4)], good)).toMatchObject({
      outcome: 'none',
      notes: ['noted.record-ignored'],
      asked: [],
    });
  });

  it('no more than three are fetched', async () => {
    const many = Array.from({ length: 6 }, (_, index) => cert(text(`${URL}?${index}`), 4));
    const { asked, notes } = await find(many, bad('status', 404));
    expect(asked).toHaveLength(3);
    expect(notes).toHaveLength(6);
  });

  it('without anything to fetch with they count as nothing', async () => {
    expect(await find([TYPE_4], undefined)).toMatchObject({
      outcome: 'none',
      notes: ['noted.record-ignored'],
    });
  });
});

describe('a certificate of the domain at the name of an address', () => {
  const codes = async (certificateOf: string) =>
    (await find([cert(leaf(certificateOf).certificate.der)], undefined)).notes;
  it('is noted', async () => expect(await codes('d.example')).toEqual(['noted.domain-at-address']));
  it('and only that', async () => {
    expect(await codes(ADDRESS)).toEqual([]);
    expect(await codes('else.example')).toEqual([]);
  });
});
