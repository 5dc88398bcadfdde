import { type Context, Hono } from 'hono';
import { directoryVisitor } from '../desk/reader.ts';
import type { TooOften } from '../directory-room.ts';
import type { DiscoveryView, SearchAsked } from '../directory-views.ts';
import { entryPage, unlistedPage } from '../pages/directory/entry.ts';
import { searchPage, tooOftenPage } from '../pages/directory/search.ts';
import { errorPage } from '../pages/error.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { directoryDeskRoutes } from './directory-desk.ts';
import { show } from './room.ts';

const here = 'directory' as const;

/** The directory: search and entries for everybody, its administration for operators. Absent where there is none. */
export const directoryRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { directory } = rooms;
  if (!directory) return app;
  const missing = (c: Context) =>
    show(c, tokens, {
      title: 'Not found',
      here,
      status: 404,
      body: () =>
        errorPage(
          'There is no such entry',
          'It may have been withdrawn. Search for the name or the address at /directory.',
        ),
    });
  const tooOften = (c: Context, { retryAfterMs }: TooOften, place: 'found' | 'discovery') => {
    c.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
    const body = () => tooOftenPage(Math.max(1, Math.ceil(retryAfterMs / 1000)), place);
    return show(c, tokens, { title: 'Too many questions', here, status: 429, body });
  };
  const entry = (c: Context, more: { discovery?: DiscoveryView } = {}) => {
    const visitor = directoryVisitor(c);
    const operator = visitor.reader.kind === 'operator';
    const view = directory.entry(visitor, c.req.param('key') ?? '', more);
    if (!view) return missing(c);
    if ('retryAfterMs' in view) return tooOften(c, view, 'discovery');
    const listed = 'groups' in view;
    return show(c, tokens, {
      title: view.address,
      here,
      ...(listed ? {} : { status: 404 as const }),
      body: (token) => (listed ? entryPage(view, token, operator) : unlistedPage(view, token, operator)),
    });
  };

  app.get('/directory', (c) => {
    const visitor = directoryVisitor(c);
    const asked = askedIn(c);
    const view = directory.search(visitor, asked, c.req.header('hx-request') !== undefined);
    const operator = visitor.reader.kind === 'operator';
    const title = asked.text === '' ? 'Directory' : `${asked.text} in the directory`;
    return 'retryAfterMs' in view
      ? tooOften(c, view, 'found')
      : show(c, tokens, { title, here, body: () => searchPage(view, operator) });
  });
  app.route('/', directoryDeskRoutes(directory, tokens));
  app.get('/directory/:key', (c) => entry(c));
  app.post('/directory/:key/discover', async (c) => {
    const found = await directory.discover(directoryVisitor(c), c.req.param('key'));
    if (!found) return missing(c);
    return 'retryAfterMs' in found ? tooOften(c, found, 'discovery') : entry(c, { discovery: found });
  });
  return app;
};

/** The state of a search is in its address. */
function askedIn(c: Context): SearchAsked {
  const text = (name: string, longest = 100) => (c.req.query(name) ?? '').trim().slice(0, longest);
  const verified = text('verified');
  const page = Number(text('page'));
  return {
    text: text('q', 200),
    state: text('state').toUpperCase(),
    hisp: text('hisp', 200),
    kind: text('kind').toLowerCase(),
    specialty: text('specialty'),
    verified: verified === 'yes' || verified === 'no' ? verified : '',
    page: Number.isSafeInteger(page) && page > 1 ? Math.min(page, 1000) : 1,
  };
}
