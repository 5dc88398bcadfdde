import { describe, expect, it } from 'vitest';
import { EVERY_RULE, exampleOf } from '../../src/rule/index.ts';
import { createApp } from '../../web/app.ts';
import { inventedRooms } from './invented.ts';

const app = createApp(inventedRooms());
const get = async (path: string) => {
  const response = await app.request(`http://127.0.0.1${path}`, { headers: { host: '127.0.0.1' } });
  return { status: response.status, text: await response.text() };
};

describe('the index of rules', () => {
  it('has every rule once, with a link to its page', async () => {
    const { status, text } = await get('/rules');
    expect(status).toBe(200);
    const links = [...text.matchAll(/href="\/rules\/([a-z0-9/-]+)"/g)].map((match) => match[1]);
    expect(links).toEqual(EVERY_RULE.map(({ id }) => id));
  });

  it('is linked from every page and from the page about the program', async () => {
    expect((await get('/')).text).toMatch(/<footer>.*href="\/rules"/s);
    expect((await get('/about')).text).toMatch(/<main.*href="\/rules".*<\/main>/s);
  });

  it.each(EVERY_RULE.filter((_, index) => index % 12 === 0).map(({ id }) => id))(
    '%s has a page with what it says, its level, its source and a violation',
    async (id) => {
      const { status, text } = await get(`/rules/${id}`);
      expect(status).toBe(200);
      expect(text).toContain('REQ-');
      expect(text).toMatch(/class="level (must|should|told)"/);
      const words = exampleOf(id)!
        .slice(1)
        .split(/[^\w ]/)[0]!;
      expect(text).toContain(words);
    },
  );

  it('says that there is no such rule', async () => {
    expect(await get('/rules/zone/nothing')).toMatchObject({ status: 404 });
    expect((await get('/rules/zone/%3Cscript%3E')).text).not.toContain('<script>');
  });
});
