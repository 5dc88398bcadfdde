import { z } from 'zod';
import type { Reader } from '../../src/directory/access.ts';
import { approve, contribute, refuse } from '../../src/directory/contribute.ts';
import { type Contribution, contribution, findings, history } from '../../src/directory/contributions.ts';
import type { Directory } from '../../src/directory/directory.ts';
import { DirectoryError } from '../../src/directory/error.ts';
import { FORMATS, openSource } from '../../src/directory/read/source.ts';
import { undo } from '../../src/directory/undo.ts';
import type { DirectoryDoor } from './door.ts';
import { keepUpload } from './octets.ts';
import { type DirectoryCall, type DirectoryRoute, withJson } from './route.ts';
import { contributionView, findingView, toContribution, toFinding } from './views.ts';

const answer = { status: 202, schema: contributionView } as const;

export const CONTRIBUTING_ROUTES: readonly DirectoryRoute[] = [
  {
    method: 'post',
    path: '/contribute',
    summary: 'Contribute a file: CSV, NPPES endpoints, FHIR bundle, LDIF or NDJSON, also in a ZIP',
    for: 'participants',
    cost: 5,
    body: 'file',
    query: {
      contributor: 'Whose it is; default, and for participants only, the own HISP',
      kind: 'whole (default): replaces what the contributor had; incremental: column CHANGE says add, change or delete',
      as: `What the file is: ${FORMATS.join(', ')}; default what it looks like`,
      name: 'Name of the file, for the history',
      tolerate: 'Wrong records up to which the others are taken; default 0',
    },
    answer,
    serve: contributed,
  },
  {
    method: 'get',
    path: '/contributions',
    summary: 'Contributions, newest first: of the own HISP, or for operators of all',
    for: 'participants',
    answer: { status: 200, schema: z.array(contributionView) },
    serve: ({ door, reader }) =>
      history(door.directory)
        .filter(({ contributor }) => mayTouch(reader, contributor))
        .map(toContribution),
  },
  {
    method: 'get',
    path: '/contribute/{id}',
    summary: 'How a contribution stands',
    for: 'participants',
    answer: { status: 200, schema: contributionView },
    serve: (call) => toContribution(own(call)),
  },
  {
    method: 'get',
    path: '/contribute/{id}/findings',
    summary: 'What was wrong with a contribution, record by record; the first 10,000',
    for: 'participants',
    answer: { status: 200, schema: z.array(findingView) },
    serve: (call) => findings(call.door.directory, own(call).id).map(toFinding),
  },
  {
    method: 'post',
    path: '/contribute/{id}/approve',
    summary: 'Apply a contribution that waits',
    for: 'operators',
    answer,
    serve: (call) => changed(call, (directory, id, by) => approve(directory, id, { by })),
  },
  withJson({
    method: 'post',
    path: '/contribute/{id}/refuse',
    summary: 'Give up a contribution that waits',
    for: 'operators',
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    answer,
    serve: (call, { reason }) => changed(call, (directory, id) => refuse(directory, id, reason)),
  }),
  {
    method: 'post',
    path: '/contribute/{id}/undo',
    summary: 'Take a contribution back; what was changed since stays',
    for: 'participants',
    answer,
    serve: (call) => changed(call, (directory, id, by) => undo(directory, id, by)),
  },
];

const mayTouch = (reader: Reader, contributor: string): boolean =>
  reader.kind === 'operator' || (reader.kind === 'participant' && reader.id === contributor);

const personOf = (reader: Reader): string =>
  reader.kind === 'operator'
    ? reader.name
    : reader.kind === 'participant'
      ? `${reader.name} (${reader.id})`
      : '';

/** What belongs to another HISP is answered as if it were not there. */
function own({ door, reader, param }: DirectoryCall): Contribution {
  const id = param('id');
  const found = /^\d{1,9}$/.test(id) ? contribution(door.directory, Number(id)) : undefined;
  if (found && mayTouch(reader, found.contributor)) return found;
  throw new DirectoryError('unknown', `there is no contribution ${id.slice(0, 20)}`);
}

/** How long an answer waits for work to be done, or for the work before it. */
const PATIENCE_MS = 5000;

async function contributed({ door, reader, query, octets }: DirectoryCall) {
  const { directory } = door;
  const contributor = query('contributor') ?? (reader.kind === 'participant' ? reader.id : '');
  if (contributor === '') {
    throw new DirectoryError('format', 'it is not said whose contribution it is; expected ?contributor=');
  }
  if (!mayTouch(reader, contributor)) {
    throw new DirectoryError(
      'not-allowed',
      `this key contributes for its own HISP only, not for "${contributor}"`,
    );
  }
  const kind = oneOf(query('kind') ?? 'whole', ['whole', 'incremental'] as const, 'kind');
  const as = query('as');
  const format = as === undefined ? undefined : oneOf(as, FORMATS, 'as');
  const tolerate = query('tolerate') ?? '0';
  if (!/^\d{1,9}$/.test(tolerate)) {
    throw new DirectoryError('format', `tolerate is "${tolerate.slice(0, 20)}"; expected a whole number`);
  }
  const upload = await keepUpload(octets, query('name') ?? `upload of ${contributor}`);
  const take = async (tell: (id: number) => void) => {
    try {
      const source = openSource(upload.path, format);
      const by = personOf(reader);
      return await contribute(directory, {
        contributor,
        source,
        kind,
        by,
        tolerate: Number(tolerate),
        onBegun: (one) => tell(one.id),
      });
    } finally {
      await upload.remove();
    }
  };
  return begun(door, take, upload.remove);
}

function changed(
  call: DirectoryCall,
  work: (directory: Directory, id: number, by: string) => Promise<Contribution>,
) {
  const { id } = own(call);
  return begun(call.door, (tell) => {
    tell(id);
    return work(call.door.directory, id, personOf(call.reader));
  });
}

/**
 * Does the work when it is its turn, and answers when it is done, or, once it has begun, how far it got meanwhile.
 *
 * @param notDone called when it comes too late to be done
 * @throws {DirectoryError} what the work threw; `busy`: it was not its turn for long, and it is not done at all
 */
function begun(
  door: DirectoryDoor,
  work: (tell: (id: number) => void) => Promise<Contribution>,
  notDone: () => Promise<void> = () => Promise.resolve(),
) {
  const { directory } = door;
  let id: number | undefined;
  let late = false;
  return new Promise<z.output<typeof contributionView>>((resolve, reject) => {
    const cancel = directory.host.timer(PATIENCE_MS, () => {
      if (id !== undefined) return resolve(toContribution(contribution(directory, id)));
      late = true;
      reject(new DirectoryError('busy', 'another contribution is under way; nothing was taken of this one'));
    });
    door
      .inTurn(async () => {
        if (late) return notDone();
        const done = await work((one) => {
          id = one;
        });
        resolve(toContribution(done));
      })
      .catch(reject)
      .finally(cancel);
  });
}

function oneOf<T extends string>(text: string, known: readonly T[], name: string): T {
  const found = known.find((one) => one === text);
  if (found) return found;
  throw new DirectoryError('format', `${name} is "${text.slice(0, 40)}"; expected ${known.join(', ')}`);
}
