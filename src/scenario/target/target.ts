/**
 * A system outside, as it is put under test: its profile, with files and passwords read.
 *
 * @module
 */
import type { Addr } from '../../net/host.ts';
import type { Route } from '../../net/routes.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Scenario } from '../schema.ts';
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

/** Timers of an hour run as the target has set them: what an hour of a scenario file is in real time, as a share of it. */
export const timerScale = ({ waits }: TargetProfile): number => spanMs(waits.timer) / HOUR_MS;

const HOUR_MS = 3_600_000;
/** A timer that is shortened does not make programs quicker: no wait is shorter than this share of it. */
const SHORTEST = 1 / 8;
/** Who waits for so long waits for an answer. */
const ANSWER_MS = 300_000;

/** How long the steps of a scenario wait in real time, where the file says `written` milliseconds. */
export function realWait(suite: string, written: number, profile: TargetProfile): number {
  if (suite !== 'notification') return Math.min(written, spanMs(profile.waits.answer));
  const timer = spanMs(profile.waits.timer);
  const least = written < ANSWER_MS ? timer * SHORTEST : Math.min(spanMs(profile.waits.answer), timer / 2);
  const real = Math.max(written * timerScale(profile), Math.min(written, least));
  // who waits for the end of a timer gives it time to be noticed
  return written >= HOUR_MS ? real + spanMs(profile.waits.settle) : real;
}

/** The user whom a scenario is about: whoever has the edge, where one is used, else who receives. */
export function userOf({ sut, steps, control }: Scenario, { addresses }: TargetProfile): string | undefined {
  const atEdge = [...steps, ...(control?.steps ?? [])].some((step) =>
    EDGE_STEPS.some((kind) => kind in step),
  );
  return sut === 'sender' || atEdge ? addresses.sender : addresses.receiver;
}

/** Whether the reverse-path of a message is the target's, or none: how it writes it is judged elsewhere. */
export const isOfTarget = (mailFrom: string, profile: TargetProfile): boolean =>
  mailFrom === '' || domainsOf(profile).includes(domainOf(mailFrom));

/** Domains of its registered addresses. */
export const domainsOf = ({ addresses: { sender, receiver } }: TargetProfile): string[] => [
  ...new Set([sender, receiver].flatMap((one) => (one === undefined ? [] : domainOf(one)))),
];

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Steps of a user at the edge. */
export const EDGE_STEPS = ['send', 'read', 'talk', 'mailbox'] as const;
