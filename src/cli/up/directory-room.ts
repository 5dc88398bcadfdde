/**
 * The directory for the pages: searches and entries, each with the eyes of whoever asks.
 *
 * @module
 */
import type { DirectoryRoom, DirectoryVisitor, TooOften } from '../../../web/directory-room.ts';
import type { AdviceView, DirectorySearchView, SearchAsked } from '../../../web/directory-views.ts';
import { adviceView, rowView, searchHref } from '../../../web/present/directory.ts';
import type { NetworkDefinition } from '../../config/network.ts';
import { type Reader, reachOf, visibleRows, visibleTo } from '../../directory/access.ts';
import { adviceFor } from '../../directory/advice.ts';
import type { Directory } from '../../directory/directory.ts';
import { type SearchOptions, search } from '../../directory/search.ts';
import { SPECIALTIES, specialtyCode, specialtyName } from '../../directory/specialties.ts';
import { STATE_CODES, stateName } from '../../directory/states.ts';
import { visibilityReason } from '../../directory/visibility-reason.ts';
import type { NetworkDirectory } from './directory.ts';
import { directoryDesk } from './directory-desk.ts';
import { entryRoom } from './directory-entry.ts';
import type { People } from './people.ts';

const PAGE = 25;
const KINDS = ['person', 'department', 'organisation', 'device'];

/**
 * @param people whose addresses a stranger may explain from
 * @param openAddresses whether every address of the network is on an open page as well
 */
export function directoryRoom(
  book: NetworkDirectory,
  network: NetworkDefinition,
  people: Pick<People, 'eyes'>,
  openAddresses: boolean,
): DirectoryRoom {
  const { directory, quota, auditor } = book;
  const take = (reader: Reader, cost: number): TooOften | undefined => {
    const admitted = quota.take(reader, cost);
    return admitted.ok ? undefined : { retryAfterMs: admitted.retryAfterMs };
  };
  const examples = examplesOf(network);
  return {
    search(visitor, asked, typing) {
      const { reader } = visitor;
      const head = {
        asked,
        reader: readerView(visitor),
        choices: {
          states: STATE_CODES.map((code) => [code, stateName(code) ?? code] as const),
          hisps: hispsOf(directory),
          kinds: KINDS,
          specialties: SPECIALTIES,
        },
        size: sizeOf(directory),
        examples,
        openAddresses,
        ...(asked.specialty === '' ? {} : nameOfSpecialty(asked.specialty)),
      };
      const { text, page: _, ...filters } = asked;
      const reach = reachOf(reader);
      if (text === '' && Object.values(filters).every((value) => value === '')) return head;
      const refused = take(reader, typing ? 0.5 : 1);
      if (refused) return refused;
      const limit = Math.min(PAGE, reach.page);
      const depth = Math.min(reach.depth, 1000);
      const offset = Math.min((asked.page - 1) * limit, Math.max(0, depth - limit));
      const options: SearchOptions = {
        ...filtersOf(asked),
        limit,
        offset,
        allowed: visibleTo(directory, reader),
        where: visibleRows(directory, reader),
      };
      const found = search(directory, text, options);
      const query = new URLSearchParams(searchHref(asked).split('?')[1]).toString();
      auditor.note(reader, { face: 'page', kind: 'search', query, results: found.hits.length });
      const seen = new Map<string, number>();
      for (const { entry } of found.hits) {
        seen.set(entry.record.DIRECT_ADDRESS, (seen.get(entry.record.DIRECT_ADDRESS) ?? 0) + 1);
      }
      const rows = found.hits.map((hit) =>
        rowView(
          hit,
          seen.get(hit.entry.record.DIRECT_ADDRESS)! > 1,
          reader.kind === 'operator' ? visibilityReason(directory, hit.entry) : undefined,
        ),
      );
      const last = offset + rows.length;
      const end = found.more && last >= depth;
      const advice: AdviceView[] = [
        ...(rows.length === 0 && offset === 0
          ? adviceFor(directory, text, options).map((one) => adviceView(one, asked))
          : []),
        ...(end
          ? [
              {
                tone: 'info' as const,
                text: `No more than ${depth} results are shown. Add a word or a filter.`,
              },
            ]
          : found.incomplete
            ? [
                {
                  tone: 'info' as const,
                  text: 'So many entries have these words that not all were looked at. Add a word or a filter.',
                },
              ]
            : []),
      ];
      return {
        ...head,
        result: {
          rows,
          count: countText(offset, rows.length, found.more),
          advice,
          ...(offset > 0 ? { previous: searchHref(asked, { page: asked.page - 1 }) } : {}),
          ...(found.more && !end ? { next: searchHref(asked, { page: asked.page + 1 }) } : {}),
        },
      } satisfies DirectorySearchView;
    },
    ...entryRoom(book, people, take),
    desk: directoryDesk(book),
  };
}

function filtersOf({ state, hisp, kind, specialty, verified }: SearchAsked): SearchOptions {
  return {
    ...(state === '' ? {} : { state }),
    ...(hisp === '' ? {} : { hisp }),
    ...(kind === '' ? {} : { type: kind }),
    ...(specialty === '' ? {} : { specialty: specialtyCode(specialty) }),
    ...(verified === '' ? {} : { verified: verified === 'yes' }),
  };
}

function nameOfSpecialty(specialty: string): { readonly specialtyName?: string } {
  const code = specialtyCode(specialty);
  const name = specialtyName(code);
  return name === undefined ? {} : { specialtyName: `${name} (${code})` };
}

function countText(offset: number, count: number, more: boolean): string {
  if (count === 0) return offset === 0 ? 'Nothing found' : 'No more';
  const last = offset + count;
  if (offset === 0 && !more) return count === 1 ? '1 result' : `${count} results`;
  return `${offset + 1} to ${last} of ${more ? `more than ${last}` : last}`;
}

function readerView({ reader }: DirectoryVisitor): DirectorySearchView['reader'] {
  switch (reader.kind) {
    case 'operator':
      return {
        tone: 'info',
        text: 'You see every entry, also what is not published, and why.',
        signIn: false,
      };
    case 'participant':
      return {
        tone: 'good',
        text: 'You see what is published for participating HISPs and their members.',
        signIn: false,
      };
    case 'public':
      return {
        tone: 'muted',
        text: 'You see what is published for everybody. Members of participating HISPs see more.',
        signIn: true,
      };
  }
}

const MAX_HISPS = 500;

const hispsOf = ({ handle, tenant }: Directory): string[] =>
  handle
    .prepare('select name from directory_operator where tenant = ? order by name limit ?')
    .all(tenant, MAX_HISPS)
    .map((row) => String(row['name']));

/** How large the directory is, as the newest publication says it. */
function sizeOf({ handle, tenant }: Directory): string {
  const row = handle
    .prepare('select day, manifest from directory_snapshot where tenant = ? order by day desc limit 1')
    .get(tenant);
  if (!row) return 'Nothing was published yet.';
  const { entries } = JSON.parse(String(row['manifest'])) as { entries: number };
  return `${entries.toLocaleString('en-US')} entries in the publication of ${String(row['day'])}.`;
}

/** Something of each kind that the box understands. */
function examplesOf({ organizations }: NetworkDefinition): DirectorySearchView['examples'] {
  const [first] = organizations.filter(({ directory }) => directory === 'public');
  const person = first?.addresses.find(({ npi }) => npi !== undefined) ?? first?.addresses[0];
  if (!first || !person) return [];
  const texts = [
    person.name.replace(/,.*$/, ''),
    ...(person.npi ? [person.npi] : []),
    first.place.replace(/,.*$/, ''),
    first.domain,
    `${person.local}@${first.domain}`,
  ];
  return texts.map((text) => ({ text, href: `/directory?q=${encodeURIComponent(text)}` }));
}
