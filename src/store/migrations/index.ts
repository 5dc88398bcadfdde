/**
 * The steps that make the tables, in order, one a file. A step that was released is never changed: a new one follows
 * it.
 *
 * @module
 */
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { first } from './001-first.ts';
import { custody } from './002-custody.ts';
import { calendar } from './003-calendar.ts';
import { notification } from './004-notification.ts';
import { mailboxes } from './006-mailboxes.ts';
import { tenancy } from './007-tenancy.ts';
import { directory } from './008-directory.ts';
import { publication } from './009-publication.ts';
import { watch } from './009-watch.ts';
import { access } from './010-access.ts';
import { foldedKeys } from './010b-folded.ts';
import { enrollment } from './011-enrollment.ts';
import { directoryFaces } from './012-directory-faces.ts';
import { due } from './013-due.ts';
import { standing } from './014-standing.ts';
import { blobParts } from './015-blob-parts.ts';
import type { ColumnKinds, Step } from './columns.ts';

const STEPS: Readonly<Record<string, Step>> = {
  '001-first': first,
  '002-custody': custody,
  '003-calendar': calendar,
  '004-notification': notification,
  '006-mailboxes': mailboxes,
  '007-tenancy': tenancy,
  '008-directory': directory,
  '009-publication': publication,
  '009-watch': watch,
  '010-access': access,
  '010b-folded': foldedKeys,
  '011-enrollment': enrollment,
  '012-directory-faces': directoryFaces,
  '013-due': due,
  '014-standing': standing,
  '015-blob-parts': blobParts,
};

/** Brings the tables up to date. @throws {Error} what the database said */
export async function migrate<T>(db: Kysely<T>, kinds: ColumnKinds): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(STEPS).map(([name, step]): [string, Migration] => [name, { up: (on) => step(on, kinds) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
