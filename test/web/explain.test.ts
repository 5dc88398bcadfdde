import { beforeAll, describe, expect, it } from 'vitest';
import { type Explanation, explanationSchema } from '../../src/trust/explain/schema.ts';
import { createApp } from '../../web/app.ts';
import { layoutAcross, layoutDown } from '../../web/parts/chain-layout.ts';
import { ALICE, BOB, explained, giveBob, setup } from '../trust/explain-world.ts';
import { intermediate, leaf, root } from '../trust/fixtures.ts';
import { inventedRooms } from './invented.ts';

const told = new Map<string, Explanation>();
beforeAll(async () => {
  const broken = setup();
  giveBob(broken, leaf({}, intermediate));
  broken.anchors = broken.anchors.filter(({ domain }) => domain !== 'a.example');
  told.set(BOB, await explained(broken));
  const hostile = setup();
  giveBob(hostile, leaf({ subject: { CN: '</title><script>alert(1)</script>' } }, root));
  told.set('eve@b.example', await explained(hostile));
});

const app = createApp(
  {
    ...inventedRooms(),
    explain: {
      choices: [{ address: ALICE, label: 'Alice' }],
      examples: [{ from: ALICE, to: BOB, label: 'Alice to Bob' }],
      explain: async (_, to) => told.get(to) ?? { refused: `${to} is not known` },
    },
  },
  { apiToken: 'secret-of-the-state-folder' },
);
const page = async (path: string) => {
  const answer = await app.request(path);
  return { status: answer.status, text: await answer.text() };
};
const pair = (to: string) => `from=${encodeURIComponent(ALICE)}&to=${encodeURIComponent(to)}`;

describe('/explain', () => {
  it('asks for two addresses and offers pairs', async () => {
    const { status, text } = await page('/explain');
    expect(status).toBe(200);
    expect(text).toContain('name="from"');
    expect(text).toContain(`/explain?${pair(BOB)}`.replace('&', '&amp;'));
  });

  it('says the sentence first, then the cure', async () => {
    const { status, text } = await page(`/explain?${pair(BOB)}`);
    expect(status).toBe(200);
    const { headline, first } = told.get(BOB)!;
    expect(text).toContain(`<h1 id="sentence" class="sentence">${headline}</h1>`);
    expect(text.indexOf(headline)).toBeLessThan(text.indexOf(first!.cure.text));
    expect(text).toContain('trust.no-anchors');
    expect(text).toContain('The other way round');
  });

  it('leads from every box and line to findings that are on the page', async () => {
    const { text } = await page(`/explain?${pair(BOB)}`);
    const links = [...text.matchAll(/<a class="(?:box|edge)[^"]*" href="#([^"]+)" aria-label="([^"]+)"/g)];
    expect(links.length).toBeGreaterThan(8);
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target, label] of links) {
      expect(ids).toContain(target);
      // what colour says is said in words too
      expect(label).toMatch(/good|fails|nobody could tell|not decided/);
    }
    // each picture shows something before anything is chosen
    const pictures = text.split('class="chain-findings"').slice(1);
    for (const picture of pictures) expect(picture.match(/class="finding [a-z]+ first"/g)).toHaveLength(1);
  });

  it('escapes what stands in certificates and loads nothing from elsewhere', async () => {
    const { text } = await page(`/explain?${pair('eve@b.example')}`);
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script\\&gt;alert(1)');
    expect(text).not.toMatch(/<script(?![^>]*src="\/static\/)|<style|\sstyle="|\son[a-z]+="/);
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it.each([`/explain?${pair('nobody@c.example')}`, '/explain?from=%3Cb%3E&to='])(
    'refuses %s',
    async (path) => {
      const { status, text } = await page(path);
      expect(status).toBe(422);
      expect(text).toContain('This cannot be explained');
      expect(text).not.toContain('value="<b>"');
    },
  );

  it('is linked from the broken pair of the home page and from the page of an address', async () => {
    expect((await page('/')).text).toContain('href="/explain?from=');
    expect((await page('/address?a=results%40direct.meadowlark-dx.example')).text).toContain(
      'href="/explain?from=',
    );
  });

  it('is not there when nothing is known that could explain it', async () => {
    expect((await createApp(inventedRooms()).request('/explain')).status).toBe(404);
  });
});

describe('/api/explain', () => {
  const ask = (query: string, token = 'secret-of-the-state-folder') =>
    app.request(`/api/explain?${query}`, { headers: { authorization: `Bearer ${token}` } });

  it('answers with the explanation itself, in the published form', async () => {
    const answer = await ask(pair(BOB));
    expect(answer.status).toBe(200);
    expect(explanationSchema.parse(await answer.json())).toEqual(told.get(BOB));
  });

  it('wants the token, and addresses', async () => {
    expect((await ask(pair(BOB), 'other')).status).toBe(401);
    expect((await ask('')).status).toBe(422);
  });
});

describe('the picture', () => {
  it.each([
    ['across', layoutAcross],
    ['down', layoutDown],
  ])('stands %s without boxes over each other or over its edge', (_, layout) => {
    for (const explanation of told.values()) {
      for (const way of explanation.ways) {
        for (const decision of [way.encrypt!, way.accept!]) {
          const { boxes, lines, width, height, size } = layout(decision.graph);
          expect(boxes).toHaveLength(decision.graph.nodes.length);
          expect(lines).toHaveLength(decision.graph.edges.length);
          for (const [index, a] of boxes.entries()) {
            expect(a.x).toBeGreaterThanOrEqual(0);
            expect(a.x + size.w).toBeLessThanOrEqual(width);
            expect(a.y + size.h).toBeLessThanOrEqual(height);
            for (const b of boxes.slice(index + 1)) {
              const apart = Math.abs(a.x - b.x) >= size.w || Math.abs(a.y - b.y) >= size.h;
              expect(apart).toBe(true);
            }
          }
          for (const { d } of lines) expect(d).not.toMatch(/NaN|undefined/);
        }
      }
    }
  });
});
