/**
 * IMAP4rev1 server (RFC 3501) with LITERAL+, SASL-IR, ID, IDLE, NAMESPACE, CHILDREN, UIDPLUS, MOVE and UNSELECT.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import { type ReadingServerOptions, serveReading } from '../reading-server.ts';
import type { EdgeServer } from '../server.ts';
import { type ImapLimits, referenceImapLimits } from './limits.ts';
import { createImapSession } from './session.ts';

export type ImapServerOptions = ReadingServerOptions<ImapLimits>;

/** Listens. Leaves one `imap` event a command. @throws {NetError} when the port is in use */
export const serveImap = (host: Host, options: ImapServerOptions): Promise<EdgeServer> =>
  serveReading<ImapLimits>(
    host,
    {
      kind: 'imap',
      limits: referenceImapLimits,
      full: '* BYE Too many connections, try later\r\n',
      session: createImapSession,
    },
    options,
  );
