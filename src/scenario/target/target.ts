/**
 * A system outside, as it is put under test: its profile, with files and passwords read.
 *
 * @module
 */
import type { Addr } from '../../net/host.ts';
import type { Route } from '../../net/routes.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { type EdgeAccess, placeOf, spanMs, type TargetProfile } from './profile.ts';

export interface Target {
  readonly profile: TargetProfile;
  readonly anchors: readonly Certificate[];
  /** Folder of what is kept of it: the anchor that it has to trust. */
  readonly folder: string;
}

/** Where an edge is, and how to log in. */
export interface EdgePlace {
  readonly at: Addr;
  readonly tls: EdgeAccess['tls'];
  readonly user: string;
  readonly password: string;
}

export const edgePlace = (access: EdgeAccess | undefined): EdgePlace | undefined =>
  access && {
    at: { host: access.host, port: access.port },
    tls: access.tls,
    user: access.user,
    password: access.password ?? '',
  };

export const routesOf = ({ routes }: TargetProfile): Route[] =>
  routes.map(({ from, to }) => ({ from: placeOf(from), to: placeOf(to) }));

export const resolversOf = ({ resolvers }: TargetProfile): Addr[] => resolvers.map(placeOf);

/** How long the steps of a scenario wait in real time, where the file says `written` milliseconds. */
export function realWait(suite: string, written: number, { waits }: TargetProfile): number {
  // timers of an hour run as the target has set them
  if (suite === 'notification') return written * (spanMs(waits.timer) / 3_600_000);
  return suite === 'edges' ? written : Math.min(written, spanMs(waits.answer));
}
