/** Constraints of the published structures that are more than cardinality and type, by their keys. */
import type { Obj } from './check.ts';

type Rule = (value: never) => boolean;

const list = (value: unknown): readonly Obj[] => (Array.isArray(value) ? (value as Obj[]) : []);
const rule =
  (check: (value: Obj) => boolean): Rule =>
  (value: Obj) =>
    check(value);
const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const searching = ({ type }: Obj): boolean => type === 'searchset';

export const INVARIANTS: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  Organization: {
    'org-1': rule(({ identifier, name }) => identifier !== undefined || name !== undefined),
    'org-2': rule(({ address }) => list(address).every(({ use }) => use !== 'home')),
    'org-3': rule(({ telecom }) => list(telecom).every(({ use }) => use !== 'home')),
  },
  ContactPoint: { 'cpt-2': rule(({ value, system }) => value === undefined || system !== undefined) },
  Period: {
    'per-1': rule(
      ({ start, end }) => start === undefined || end === undefined || String(start) <= String(end),
    ),
  },
  Bundle: {
    'bdl-1': rule(({ total, type }) => total === undefined || type === 'searchset' || type === 'history'),
    'bdl-2': rule(
      (bundle) => searching(bundle) || list(bundle['entry']).every(({ search }) => search === undefined),
    ),
    'bdl-5': rule(({ entry }) => list(entry).every(({ resource }) => resource !== undefined)),
    'bdl-7': rule(({ entry }) =>
      unique(list(entry).flatMap(({ fullUrl }) => (fullUrl === undefined ? [] : [fullUrl]))),
    ),
    'bdl-8': rule(({ entry }) =>
      list(entry).every(({ fullUrl }) => !String(fullUrl ?? '').includes('/_history/')),
    ),
    // R4 3.1.1.2 and 2.36.4: of a search
    'search: self': rule(
      (bundle) => !searching(bundle) || list(bundle['link']).some(({ relation }) => relation === 'self'),
    ),
    'search: modes': rule(
      (bundle) =>
        !searching(bundle) ||
        list(bundle['entry']).every(({ resource, search }) => {
          const type = (resource as Obj)['resourceType'];
          return ((search as Obj)['mode'] === 'outcome') === (type === 'OperationOutcome');
        }),
    ),
    'search: total': rule(({ entry, total }) => {
      const matches = list(entry).filter(({ search }) => (search as Obj | undefined)?.['mode'] === 'match');
      return typeof total !== 'number' || matches.length <= total;
    }),
    'search: one type matches': rule(({ entry }) => {
      const matches = list(entry).filter(({ search }) => (search as Obj | undefined)?.['mode'] === 'match');
      return new Set(matches.map(({ resource }) => (resource as Obj)['resourceType'])).size <= 1;
    }),
    'fullUrl is of the resource': rule(({ entry }) =>
      list(entry).every(({ fullUrl, resource }) => {
        const { resourceType, id } = resource as Obj;
        return resourceType === 'OperationOutcome' || String(fullUrl).endsWith(`/${resourceType}/${id}`);
      }),
    ),
    'links are of one kind each': rule(({ link }) => unique(list(link).map(({ relation }) => relation))),
  },
  CapabilityStatement: {
    'cpb-1': rule(({ rest, messaging, document }) => Boolean(rest ?? messaging ?? document)),
    'cpb-2': rule(({ description, software, implementation }) =>
      Boolean(description ?? software ?? implementation),
    ),
    'cpb-14': rule(({ kind, implementation }) => kind !== 'instance' || implementation !== undefined),
    'cpb-15': rule(({ kind, implementation, software }) =>
      kind !== 'capability' ? true : implementation === undefined && software !== undefined,
    ),
    'cpb-16': rule(({ kind, implementation, software }) =>
      kind !== 'requirements' ? true : implementation === undefined && software === undefined,
    ),
  },
  'CapabilityStatement.rest': {
    'cpb-9': rule(({ resource }) => unique(list(resource).map(({ type }) => type))),
  },
  'CapabilityStatement.rest.resource': {
    'cpb-12': rule(({ searchParam }) => unique(list(searchParam).map(({ name }) => name))),
  },
};
