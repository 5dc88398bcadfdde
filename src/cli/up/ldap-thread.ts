/**
 * The LDAP server of certificates in a thread of its own, with a bounded heap: whatever a client makes of it, DNS and
 * mail go on.
 *
 * @module
 */
import { serveLdap } from '../../ldap/server.ts';
import { realHost } from '../../net/real.ts';
import { type DirectoryContent, directoryTree } from '../demo/directory.ts';
import { runThread } from './threaded.ts';

/** Of one client: ample for a HISP that looks up every recipient, little for whoever guesses. */
const SEARCHES_PER_MINUTE = 3000;

await runThread<DirectoryContent>(async ({ content, at }) => {
  let tree = directoryTree(content);
  const { addr } = await serveLdap(realHost({ name: 'ldap' }), {
    at: at[0]!,
    tree: () => tree,
    limits: { searchesPerMinute: SEARCHES_PER_MINUTE },
  });
  return {
    addrs: [addr],
    update(changed) {
      tree = directoryTree(changed);
    },
  };
});
