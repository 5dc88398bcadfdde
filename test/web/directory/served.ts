/** A directory that is served without a socket. */

import type { Directory } from '../../../src/directory/directory.ts';
import { addKey, type DirectoryKey } from '../../../src/directory/keys.ts';
import { createQuota } from '../../../src/directory/quota.ts';
import { createApp } from '../../../web/app.ts';
import { type DirectoryDoor, openDoor } from '../../../web/directory/door.ts';
import { inventedRooms } from '../invented.ts';

export const TOKEN = 'token-of-the-state-folder';

export interface Served {
  readonly app: ReturnType<typeof createApp>;
  readonly door: DirectoryDoor;
  readonly keys: { readonly plain: string; readonly bulk: string };
  readonly made: { readonly plain: DirectoryKey; readonly bulk: DirectoryKey };
  flush(): void;
}

const MANY = { burst: 100_000, perMinute: 1 };

export function serve(
  directory: Directory,
  hisp = 'acme',
  limits = { participant: MANY, public: MANY },
): Served {
  const quota = createQuota({ mono: () => 0 }, limits);
  const door = openDoor(directory, { quota });
  const plain = addKey(directory, { hisp, by: 'test' });
  const bulk = addKey(directory, { hisp, bulk: true, by: 'test' });
  return {
    app: createApp(inventedRooms(), { directory: door, apiToken: TOKEN, version: '0' }),
    door,
    keys: { plain: plain.key, bulk: bulk.key },
    made: { plain: plain.made, bulk: bulk.made },
    flush: () => door.auditor.flush(),
  };
}
