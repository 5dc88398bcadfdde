import { describe, expect, it } from 'vitest';
import { bundleReply, type History, publication } from '../../../src/trust/bundle/publish.ts';
import { A, B, C, DAY, NOW, signed, unsigned } from './fixtures.ts';

const publish = (bytes: Uint8Array, before: Uint8Array | undefined, history: History, at = NOW) =>
  publication({ name: 'community', bytes, history, at, ...(before ? { before } : {}) });

describe('a publication', () => {
  it('numbers what changes and says what did', () => {
    const first = publish(unsigned([A, B]), undefined, []);
    const same = publish(unsigned([B, A]), unsigned([A, B]), first.history, NOW + DAY);
    const next = publish(unsigned([A, C]), unsigned([A, B]), same.history, NOW + 2 * DAY);
    expect([first.changed, same.changed, next.changed]).toEqual([true, false, true]);
    expect(same.history).toEqual(first.history);
    expect(next.history.at(-1)).toMatchObject({
      number: 2,
      anchors: 2,
      at: new Date(NOW + 2 * DAY).toISOString(),
    });
    expect(next.history[1]!.added.join()).toContain(C.sha256);
    expect(next.history[1]!.removed.join()).toContain(B.sha256);
  });

  it('is files with the bundle last, so that what describes it is there first', () => {
    const { files, sha256 } = publish(signed([A]), undefined, []);
    expect(files.map(({ path }) => path)).toEqual([
      'history/community-1.p7m',
      'community.history.json',
      'community.lint.json',
      'community.json',
      'community.p7m.sha256',
      'community.p7m',
    ]);
    expect(files.at(-2)!.body).toBe(`${sha256}  community.p7m\n`);
    expect(JSON.parse(files[3]!.body as string)).toMatchObject({ sha256, anchors: [{ sha256: A.sha256 }] });
  });
});

describe('serving', () => {
  const bytes = unsigned([A]);
  const ask = (method: string, headers: Record<string, string> = {}) =>
    bundleReply({ method, headers }, '/x.p7b', bytes);
  const etag = ask('GET').headers!['etag']!;
  it.each<[string, string, Record<string, string>, number]>([
    ['GET', 'GET', {}, 200],
    ['HEAD', 'HEAD', {}, 200],
    ['the same octets', 'GET', { 'if-none-match': etag }, 304],
    ['one of several, weak', 'GET', { 'if-none-match': `"a", W/${etag}` }, 304],
    ['any', 'HEAD', { 'if-none-match': '*' }, 304],
    ['other octets', 'GET', { 'if-none-match': '"a"' }, 200],
    ['POST', 'POST', {}, 405],
  ])('%s', (_, method, headers, status) => {
    expect(ask(method, headers).status).toBe(status);
  });
  it('tells the media type of the form', () => {
    expect(ask('GET').headers!['content-type']).toBe('application/x-pkcs7-certificates');
    expect(bundleReply({ method: 'GET', headers: {} }, '/x.p7m', bytes).headers!['content-type']).toBe(
      'application/pkcs7-mime',
    );
  });
});
