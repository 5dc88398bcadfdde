/**
 * Entries of the directory and results of a search, as pages show them.
 *
 * @module
 */
import type { Advice } from '../../src/directory/advice.ts';
import type { Entry } from '../../src/directory/entries.ts';
import { type Column, displayName } from '../../src/directory/record.ts';
import type { Hit } from '../../src/directory/search.ts';
import { specialtyName } from '../../src/directory/specialties.ts';
import { standingOf } from '../../src/directory/standing.ts';
import type { Shown } from '../../src/directory/visibility-reason.ts';
import { kindOf } from '../../src/directory/write/words.ts';
import type { AdviceView, DirectoryRowView, Marked, MarkView, SearchAsked } from '../directory-views.ts';

export const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);
export const momentText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** Where an entry has its page: by its address, or by its number where the address has several. */
export const entryHref = (key: string | number): string => `/directory/${encodeURIComponent(String(key))}`;

/** Whether, and when, an address was verified, by us or by its HISP's word. */
export function verifiedMark({ verification, verifiedAt, record }: Entry): MarkView {
  const at = verifiedAt === null ? '' : dayText(verifiedAt);
  const said = record.ENDPOINT_VERIFIED_ON.slice(0, 10);
  switch (verification) {
    case 'verified':
      return { tone: 'good', text: at, detail: 'verified by discovery' };
    case 'failed':
      return { tone: 'bad', text: 'failed', detail: `discovery failed ${at}` };
    case 'temporary':
      return { tone: 'warn', text: 'no answer', detail: `servers did not answer ${at}` };
    case 'never':
      return said === ''
        ? { tone: 'muted', text: 'not yet', detail: 'never verified' }
        : { tone: 'info', text: said, detail: 'verified, says its HISP' };
  }
}

/** A warning where an address cannot be verified for long. @param now ms since 1970 UTC */
export function standingMark(entry: Entry, now: number): MarkView | undefined {
  const { state, since, everVerified } = standingOf(entry, now);
  if (state === 'listed' || since === undefined) return undefined;
  const what = everVerified
    ? `cannot be verified since ${dayText(since)}`
    : `never verified since it was listed on ${dayText(since)}`;
  return state === 'hidden'
    ? { tone: 'bad', text: 'hidden', detail: what }
    : { tone: 'warn', text: 'flagged', detail: `${what}; hidden after 30 days` };
}

const WHO = { public: 'everybody', participants: 'participants', never: 'nobody' } as const;

/** Who sees an entry, and why. */
export function shownView({ visibility, reason }: Shown): { readonly shown: string; readonly why: string } {
  const shown = `Shown to ${WHO[visibility]}`;
  switch (reason.kind) {
    case 'patient':
      return { shown, why: 'Addresses of patients are never published.' };
    case 'hidden':
      return { shown, why: `It could not be verified since ${dayText(reason.since)}, which is too long.` };
    case 'default':
      return { shown, why: 'Nobody chose anything: then participants see it.' };
    case 'choice': {
      const { subject, by, at, reason: said } = reason.choice;
      const of = {
        address: 'this address',
        organization: 'the organization',
        contributor: 'the contributor',
      };
      return {
        shown,
        why: `Chosen for ${of[subject]} by ${by}, ${dayText(at)}${said === '' ? '' : `: ${said}`}.`,
      };
    }
  }
}

/** The values of columns in one text, with the marks of a hit. */
function marked({ entry: { record }, matches }: Hit, columns: readonly Column[], between = ' '): Marked {
  const pieces: { text: string; hit: boolean }[] = [];
  for (const column of columns) {
    const value = record[column];
    if (value === '') continue;
    if (pieces.length > 0) pieces.push({ text: between, hit: false });
    let from = 0;
    for (const match of matches.filter((one) => one.column === column)) {
      if (match.from > from) pieces.push({ text: value.slice(from, match.from), hit: false });
      pieces.push({ text: value.slice(match.from, match.to), hit: true });
      from = match.to;
    }
    if (from < value.length) pieces.push({ text: value.slice(from), hit: false });
  }
  return pieces;
}

const PERSON = ['PROV_FIRST_NAME', 'PROV_MIDDLE_NAME', 'PROV_LAST_NAME', 'PROV_SUFFIX'] as const;

function nameOf(hit: Hit): Marked {
  for (const columns of [PERSON, ['SERVICE_DESCRIPTION'], ['ORG_NAME'], ['DIRECT_ADDRESS']] as const) {
    const name = marked(hit, columns);
    if (name.length > 0) return name;
  }
  return [];
}

function roleOf(hit: Hit): Marked {
  const role = marked(hit, ['PROV_ROLE']);
  if (role.length > 0) return role;
  const { PROV_SPECIALTY: code } = hit.entry.record;
  return code === '' ? [] : [{ text: specialtyName(code) ?? code, hit: false }];
}

/**
 * @param shown why the reader sees it, for operators
 * @param several whether the address has other results beside this one
 */
export function rowView(hit: Hit, several: boolean, shown?: Shown): DirectoryRowView {
  const { entry } = hit;
  return {
    href: entryHref(several ? entry.n : entry.record.DIRECT_ADDRESS),
    name: nameOf(hit),
    kind: kindOf(entry.record),
    role: roleOf(hit),
    organization: marked(hit, ['ORG_NAME']),
    place: marked(hit, ['ORG_CITY', 'ORG_STATE'], ', '),
    address: marked(hit, ['DIRECT_ADDRESS']),
    hisp: marked(hit, ['HISP_OPERATOR']),
    verified: verifiedMark(entry),
    ...(shown && shown.visibility !== 'public'
      ? {
          shown: {
            tone: shown.visibility === 'never' ? ('warn' as const) : ('muted' as const),
            text: shown.visibility === 'never' ? 'not published' : 'participants only',
            detail: shownView(shown).why,
          },
        }
      : {}),
  };
}

/** `Maria Alvarez MD`, and what it is there. */
export function titlesOf(entry: Entry): { readonly name: string; readonly subtitle: string } {
  const { record } = entry;
  const name = displayName(record);
  const role = record.PROV_ROLE || (specialtyName(record.PROV_SPECIALTY) ?? '');
  const parts = [role, record.ORG_NAME === name ? '' : record.ORG_NAME, record.HISP_OPERATOR];
  return { name, subtitle: parts.filter((part) => part !== '').join(' · ') };
}

/** The page of a search; what is empty is left out. */
export function searchHref(asked: SearchAsked, change: Partial<SearchAsked> = {}): string {
  const { text, page, ...filters } = { ...asked, ...change };
  const query = new URLSearchParams();
  if (text !== '') query.set('q', text);
  for (const [name, value] of Object.entries(filters)) if (value !== '') query.set(name, value);
  if (page > 1) query.set('page', String(page));
  const found = query.toString();
  return found === '' ? '/directory' : `/directory?${found}`;
}

const NO_FILTERS = { state: '', hisp: '', kind: '', specialty: '', verified: '', page: 1 } as const;

export function adviceView(advice: Advice, asked: SearchAsked): AdviceView {
  const search = (text: string) => ({
    href: searchHref(asked, { text, page: 1 }),
    text: `Search for ${text}`,
  });
  switch (advice.kind) {
    case 'npi-check-digit':
      return {
        tone: 'warn',
        text: `${advice.npi} is no NPI: its check digit is wrong. The first nine digits would end in ${advice.right.at(-1)}.`,
        link: search(advice.right),
      };
    case 'npi-first-digit':
      return { tone: 'warn', text: `${advice.npi} is no NPI: those begin with 1 or 2.` };
    case 'npi-length':
      return { tone: 'warn', text: `An NPI has ten digits; this has ${advice.digits}.` };
    case 'npi-unknown':
      return { tone: 'info', text: `${advice.npi} is a well-formed NPI. No entry that you may see has it.` };
    case 'address':
      return {
        tone: 'info',
        text: `${advice.address} is not listed, or not for you to see. Discovery can tell whether mail reaches it all the same.`,
        link: { href: entryHref(advice.address), text: 'Discover it now' },
      };
    case 'malformed-address':
      return {
        tone: 'warn',
        text: `“${advice.text}” is no address: expected one such as name@direct.clinic.example.`,
      };
    case 'domain':
      return {
        tone: 'info',
        text: `No address in ${advice.domain} is listed that you may see.`,
        link: { href: `/address?a=${encodeURIComponent(advice.domain)}`, text: 'Look the domain up' },
      };
    case 'spelling':
      return { tone: 'info', text: 'Was something else meant?', link: search(advice.text) };
    case 'filters':
      return {
        tone: 'info',
        text: 'The words are found, but not with these filters.',
        link: { href: searchHref(asked, NO_FILTERS), text: 'Search without filters' },
      };
  }
}
