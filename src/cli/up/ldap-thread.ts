/**
 * The LDAP server in a thread of its own, with a bounded heap: whatever a client makes of it, DNS and mail go on.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { serveLdap } from '../../ldap/server.ts';
import { NetError } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { directoryTree } from '../demo/directory.ts';
import type { LdapNews, LdapUpdate, LdapWork } from './ldap.ts';

/** Of one client: ample for a HISP that looks up every recipient, little for whoever guesses. */
const SEARCHES_PER_MINUTE = 3000;

const { content, at } = workerData as LdapWork;
let tree = directoryTree(content);
const tell = (news: LdapNews): void => parentPort?.postMessage(news);

try {
  const server = await serveLdap(realHost({ name: 'ldap' }), {
    at,
    tree: () => tree,
    limits: { searchesPerMinute: SEARCHES_PER_MINUTE },
  });
  parentPort?.on('message', (update: LdapUpdate) => {
    tree = directoryTree(update.content);
    tell({ kind: 'updated', n: update.n });
  });
  tell({ kind: 'listening', addr: server.addr });
} catch (error) {
  tell({
    kind: 'failed',
    message: (error as Error).message,
    ...(error instanceof NetError ? { code: error.code } : {}),
  });
  parentPort?.close();
}
