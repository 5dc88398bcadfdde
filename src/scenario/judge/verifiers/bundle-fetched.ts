import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import type { Event } from '../../transcript.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import type { RunView } from '../view.ts';

const fetched = z.looseObject({
  step: z.literal('fetch'),
  id: z.string(),
  part: z.string(),
  method: z.string(),
  status: z.int(),
  octets: z.int(),
  etag: z.string().nullable(),
  length: z.string().nullable(),
});

type Fetched = z.infer<typeof fetched> & Pick<Event, 'n' | 'blob'>;

const args = z.strictObject({
  /** Of the step that fetched. */
  id: z.string(),
  status: z.int(),
  /** Id of an earlier fetch that got the same bundle. */
  like: z.string().optional(),
});

/** The publisher answered as HTTP wants it, with the same octets for the same input (REQ-TB-12). */
export const bundleFetched: Verifier<z.infer<typeof args>> = {
  id: 'bundle-fetched',
  about: 'a published bundle was answered with this status, and is the same as before',
  args,
  verify({ id, status, like }, view, scope) {
    const own = fetchOf(view, scope, id);
    const other = like === undefined ? undefined : fetchOf(view, scope, like);
    if (!own || (like !== undefined && !other)) {
      const params = { what: `fetch "${own ? like : id}"`, expected: 'an answer', found: 'none' };
      return verdictOf([found('error', { code: 'observed.differs', params }, [], scope)]);
    }
    const evidence = [own.n, ...(other ? [other.n] : [])];
    const compare = (what: string, expected: string, is: string): Finding =>
      is === expected
        ? found('info', { code: 'observed.seen', params: { what, found: is } }, evidence, scope)
        : found('fail', { code: 'observed.differs', params: { what, expected, found: is } }, evidence, scope);
    return verdictOf([
      compare('HTTP status', String(status), String(own.status)),
      ...(own.octets > 0 === (own.method === 'GET' && own.status === 200)
        ? []
        : [compare('octets of the answer', 'as the method and status want', String(own.octets))]),
      ...(other ? sameAs(own, other).map(([what, a, b]) => compare(what, a, b)) : []),
    ]);
  },
};

function fetchOf(view: RunView, { part }: Scope, id: string): Fetched | undefined {
  for (const event of view.events) {
    const read = fetched.safeParse(event.summary);
    if (read.success && read.data.id === id && read.data.part === part)
      return { ...read.data, n: event.n, ...(event.blob ? { blob: event.blob } : {}) };
  }
  return undefined;
}

/** What has to be equal, with what it was and what it is. */
function sameAs(own: Fetched, other: Fetched): [what: string, expected: string, found: string][] {
  const none = 'none';
  return [
    ['ETag', other.etag ?? none, own.etag ?? none],
    ...(own.octets > 0
      ? [['SHA-256', other.blob ?? none, own.blob ?? none] as [string, string, string]]
      : []),
    ...(own.method === 'HEAD'
      ? [['Content-Length', String(other.octets), own.length ?? none] as [string, string, string]]
      : []),
  ];
}
