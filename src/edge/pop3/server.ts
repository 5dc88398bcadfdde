/**
 * POP3 server (RFC 1939) with CAPA, TOP, UIDL, PIPELINING, STLS, and AUTH PLAIN.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import { type ReadingServerOptions, serveReading } from '../reading-server.ts';
import type { EdgeServer } from '../server.ts';
import { type Pop3Limits, referencePop3Limits } from './limits.ts';
import { createPop3Session } from './session.ts';

export type Pop3ServerOptions = ReadingServerOptions<Pop3Limits>;

/** Listens. Leaves one `pop3` event a command. @throws {NetError} when the port is in use */
export const servePop3 = (host: Host, options: Pop3ServerOptions): Promise<EdgeServer> =>
  serveReading<Pop3Limits>(
    host,
    {
      kind: 'pop3',
      limits: referencePop3Limits,
      full: '-ERR [SYS/TEMP] Too many connections, try later\r\n',
      session: createPop3Session,
    },
    options,
  );
