/**
 * One entry of the directory for its page: what is said of it, by whom, how it stands, and what discovery finds.
 *
 * @module
 */
import type { DirectoryRoom, DirectoryVisitor, TooOften } from '../../../web/directory-room.ts';
import type {
  DiscoveryView,
  EntryChangeView,
  EntryFieldView,
  EntryView,
  UnlistedView,
} from '../../../web/directory-views.ts';
import { presentFound } from '../../../web/present/address.ts';
import {
  dayText,
  entryHref,
  momentText,
  shownView,
  standingMark,
  titlesOf,
  verifiedMark,
} from '../../../web/present/directory.ts';
import { type Reader, visibleTo } from '../../directory/access.ts';
import { EMAIL } from '../../directory/address-form.ts';
import { policyName } from '../../directory/check/categories.ts';
import type { CertificateFacts } from '../../directory/check/facts.ts';
import { checkEntry } from '../../directory/check/run.ts';
import { choiceOf } from '../../directory/choices.ts';
import type { Directory } from '../../directory/directory.ts';
import { type Entry, entry, lookUp } from '../../directory/entries.ts';
import { differences, originAt, provenance, versionsOf } from '../../directory/provenance.ts';
import { COLUMNS, type Column } from '../../directory/record.ts';
import { specialtyName } from '../../directory/specialties.ts';
import { keysOf, visibilityReason } from '../../directory/visibility-reason.ts';
import { kindOf } from '../../directory/write/words.ts';
import { POLICY_OIDS, policiesUnder } from '../../rule/certificate/policy-oids.ts';
import type { NetworkDirectory } from './directory.ts';
import type { People } from './people.ts';

const GROUPS: readonly (readonly [string, readonly (readonly [Column, string])[]])[] = [
  [
    'Person',
    [
      ['PROV_FIRST_NAME', 'First name'],
      ['PROV_MIDDLE_NAME', 'Middle name'],
      ['PROV_LAST_NAME', 'Last name'],
      ['PROV_SUFFIX', 'Suffix'],
      ['PROV_NPI', 'NPI'],
      ['PROV_SPECIALTY', 'Specialty'],
      ['PROV_UID', 'Identifier'],
    ],
  ],
  [
    'Organization',
    [
      ['ORG_NAME', 'Name'],
      ['ORG_NPI', 'NPI'],
      ['ORG_SPECIALTY', 'Kind'],
      ['ORG_PHONE', 'Telephone'],
      ['ORG_FAX', 'Fax'],
      ['ORG_UID', 'Identifier'],
    ],
  ],
  [
    'Location',
    [
      ['ORG_ADDR1', 'Street'],
      ['ORG_ADDR2', ''],
      ['ORG_CITY', 'City'],
      ['ORG_STATE', 'State'],
      ['ORG_ZIP', 'ZIP code'],
      ['ORG_COUNTRY', 'Country'],
    ],
  ],
  [
    'Address',
    [
      ['DIRECT_ADDRESS', 'Direct address'],
      ['SERVICE_DESCRIPTION', 'Service'],
      ['PROV_ROLE', 'Role'],
      ['ADDRESS_TYPE', 'Type'],
      ['ENTITY_TYPE', 'Entity type'],
      ['HISP_OPERATOR', 'HISP'],
      ['ENDPOINT_VERIFIED_ON', 'Verified, says its HISP'],
      ['LAST_UPDATED', 'Last updated'],
    ],
  ],
];
const MONO: ReadonlySet<Column> = new Set(['DIRECT_ADDRESS', 'PROV_NPI', 'ORG_NPI', 'PROV_UID', 'ORG_UID']);
/** What is nobody's business but the contributor's and the operator's (directory §5.4). */
const INTERNAL: ReadonlySet<Column> = new Set(['PROV_UID', 'ORG_UID']);

/** @param take takes from the reader's quota */
export function entryRoom(
  book: NetworkDirectory,
  people: Pick<People, 'eyes'>,
  take: (reader: Reader, cost: number) => TooOften | undefined,
): Pick<DirectoryRoom, 'entry' | 'discover'> {
  const { directory, auditor } = book;
  const explainFrom = ({ addresses }: DirectoryVisitor): EntryView['explainFrom'] =>
    addresses && addresses.length > 0
      ? addresses.map((address) => ({ address, label: address }))
      : people.eyes;

  return {
    entry(visitor, key, more = {}) {
      const { reader } = visitor;
      const refused = take(reader, 1);
      if (refused) return refused;
      const address = key.trim().toLowerCase();
      const numbered = /^\d{1,15}$/.test(key) ? newest(directory, Number(key)) : undefined;
      const visible = visibleTo(directory, reader);
      const wanted = numbered?.record.DIRECT_ADDRESS ?? address;
      const all = lookUp(directory, wanted).filter(visible);
      auditor.note(reader, { face: 'page', kind: 'read', query: wanted, results: all.length });
      const here = all.find(({ n }) => n === numbered?.n) ?? all[0];
      if (here) {
        const view = entryView(directory, here, all, visitor, explainFrom(visitor));
        return { ...view, ...more };
      }
      if (/^\d+$/.test(key) || !EMAIL.test(address)) return undefined;
      const text =
        reader.kind === 'public'
          ? 'It is not listed, or not shown to everybody. Discovery can tell whether mail reaches it all the same.'
          : 'It is not listed. Discovery can tell whether mail reaches it all the same.';
      return {
        address,
        text,
        explainFrom: explainFrom(visitor),
        ...(more.discovery ? { discovery: more.discovery } : {}),
      } satisfies UnlistedView;
    },
    async discover({ reader }, asked) {
      const address = asked.trim().toLowerCase();
      if (!EMAIL.test(address)) return undefined;
      const refused = take(reader, 2);
      if (refused) return refused;
      const { found } = await book.verify(address);
      const policies = found.discovery.candidates.flatMap(({ certificate }) => certificate?.policies ?? []);
      return {
        ...presentFound(found),
        categories: categoriesIn(policies),
        at: momentText(directory.host.now()),
      } satisfies DiscoveryView;
    },
  };
}

/** The version of the entry that is shown, by the number of any version. */
function newest(directory: Directory, n: number): Entry | undefined {
  const current = versionsOf(directory, n).findLast(({ gone }) => gone === null);
  return current && entry(directory, current.n);
}

const categoriesIn = (policies: readonly string[]) =>
  [...new Set(policiesUnder(policies, POLICY_OIDS.category))].map((oid) => ({
    oid,
    name: (policyName(oid) ?? 'unknown category').replaceAll('-', ' '),
  }));

function entryView(
  directory: Directory,
  here: Entry,
  all: readonly Entry[],
  { reader, addresses }: DirectoryVisitor,
  explainFrom: EntryView['explainFrom'],
): EntryView {
  const { record } = here;
  const insider = reader.kind !== 'public';
  const standing = standingMark(here, directory.host.now());
  const facts = factsOf(directory, here);
  const shown = visibilityReason(directory, here);
  const { shown: who, why } = shownView(shown);
  return {
    address: record.DIRECT_ADDRESS,
    ...titlesOf(here),
    kind: kindOf(record),
    verified: verifiedMark(here),
    ...(standing ? { standing } : {}),
    others:
      all.length > 1
        ? all.map((one) => {
            const { name, subtitle } = titlesOf(one);
            return { href: entryHref(one.n), text: `${name}, ${subtitle}`, here: one.n === here.n };
          })
        : [],
    ...recordView(directory, here, reader),
    ...(facts ? { found: foundView(facts, here) } : {}),
    publication: {
      tone: shown.visibility === 'never' ? 'warn' : shown.visibility === 'public' ? 'good' : 'info',
      shown: who,
      why: insider ? why : '',
      ...(reader.kind === 'operator'
        ? {
            choices: keysOf(here).map(({ subject, key }) => ({
              subject,
              name: { address: 'this address', organization: record.ORG_NAME, contributor: here.contributor }[
                subject
              ],
              choice: choiceOf(directory, subject, key)?.choice ?? 'default',
            })),
          }
        : {}),
    },
    ...(reader.kind === 'operator' || (reader.kind === 'participant' && reader.id === here.contributor)
      ? { findings: checkEntry(directory, here) }
      : {}),
    ...(insider ? { history: historyOf(directory, here, reader) } : {}),
    explainFrom: explainFrom.filter(({ address }) => address !== record.DIRECT_ADDRESS),
    ...(addresses && addresses.length > 0
      ? { write: `/webmail/new?to=${encodeURIComponent(record.DIRECT_ADDRESS)}` }
      : {}),
  };
}

/** The fields with their names, and where they come from: once for most, and beside those that differ. */
function recordView(
  directory: Directory,
  { n, record, contributor }: Entry,
  reader: Reader,
): Pick<EntryView, 'groups' | 'from'> {
  const origins = new Map(provenance(directory, n).map((one) => [one.column, one]));
  const operator = reader.kind === 'operator';
  const counts = Map.groupBy(origins.values(), ({ contribution }) => contribution);
  const [most] = [...counts.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const hrefOf = (contribution: number): string | undefined =>
    operator ? `/directory/contributions/${contribution}` : undefined;
  const field = (column: Column, name: string): EntryFieldView[] => {
    const value = record[column];
    if (value === '' || (INTERNAL.has(column) && !operator)) return [];
    const origin = origins.get(column);
    const means = column.endsWith('SPECIALTY') ? specialtyName(value) : undefined;
    const other = origin && origin.contribution !== most?.contribution ? origin : undefined;
    const href = other && hrefOf(other.contribution);
    return [
      {
        name,
        value,
        ...(MONO.has(column) ? { mono: true } : {}),
        ...(means === undefined ? {} : { means }),
        ...(other ? { from: `since ${dayText(other.at)}: ${other.source}` } : {}),
        ...(href ? { fromHref: href } : {}),
      },
    ];
  };
  const groups = GROUPS.map(([title, columns]) => ({
    title,
    fields: columns.flatMap(([column, name]) => field(column, name)),
  }));
  const extra = Object.entries(record.extra ?? {}).map(([name, value]) => ({ name, value }));
  const href = most && hrefOf(most.contribution);
  return {
    groups: [
      ...groups,
      ...(operator && extra.length > 0 ? [{ title: 'Passed through', fields: extra }] : []),
    ].filter(({ fields }) => fields.length > 0),
    from: {
      text: most ? `${contributor}, since ${dayText(most.at)}: ${most.source}` : contributor,
      ...(href ? { href } : {}),
    },
  };
}

function factsOf({ handle }: Directory, { endpoint }: Entry): CertificateFacts | undefined {
  const text = handle.prepare('select facts from directory_endpoint where n = ?').get(endpoint)?.['facts'];
  return typeof text === 'string' ? (JSON.parse(text) as CertificateFacts) : undefined;
}

function foundView(facts: CertificateFacts, { verifiedAt }: Entry): NonNullable<EntryView['found']> {
  const text =
    facts.mx === 'none'
      ? 'The domain has no mail server.'
      : facts.fault
        ? `${capital(facts.fault.text)} (${facts.fault.code}).`
        : facts.outcome === 'found'
          ? 'A certificate was found that can be used, and chains to an anchor of the network.'
          : facts.outcome === 'none'
            ? 'No certificate was found.'
            : 'Servers did not answer, so nothing is known.';
  return {
    at: verifiedAt === null ? '' : momentText(verifiedAt),
    text,
    ...(facts.serial === undefined ? {} : { serial: facts.serial }),
    categories: categoriesIn(facts.policies ?? []),
    asked: facts.outcome === 'found' ? facts.asked.replace(/ \(no records\)$/, '') : facts.asked,
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const VERSIONS = 50;

/** What was said of the entry over time, newest first. */
function historyOf(directory: Directory, { n, contributor }: Entry, reader: Reader): EntryChangeView[] {
  const versions = versionsOf(directory, n).slice(-VERSIONS);
  const changes: EntryChangeView[] = [];
  const line = (revision: number, what: string, tone: EntryChangeView['tone']) => {
    const origin = originAt(directory, revision);
    return {
      at: origin ? momentText(origin.at) : '',
      what,
      tone,
      by: origin ? `${contributor}, ${origin.source}` : contributor,
      ...(origin && reader.kind === 'operator'
        ? { href: `/directory/contributions/${origin.contribution}` }
        : {}),
    };
  };
  for (const [i, { n: version, born, gone }] of versions.entries()) {
    const before = versions[i - 1];
    const now = entry(directory, version)!.record;
    if (before?.gone === born) {
      const fields = differences(entry(directory, before.n)!.record, now).map(
        ({ column, before: old, after }) => ({ name: column, before: old, after }),
      );
      const shown = fields.filter(
        ({ name }) =>
          reader.kind === 'operator' || COLUMNS.every((one) => one !== name || !INTERNAL.has(one)),
      );
      changes.push({ ...line(born, 'changed', 'info'), fields: shown });
    } else changes.push({ ...line(born, before ? 'listed again' : 'listed', 'good'), fields: [] });
    if (gone !== null && versions[i + 1]?.born !== gone)
      changes.push({ ...line(gone, 'withdrawn', 'warn'), fields: [] });
  }
  return changes.reverse();
}
