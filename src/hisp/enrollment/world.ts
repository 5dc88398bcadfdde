/**
 * What enrollment needs beside the tenancy: the texts of the network, and what is shown outside at this moment.
 *
 * @module
 */
import type { TenancyWorld } from '../tenancy/change.ts';
import type { Checklist } from './checklist.ts';

/** The text that applicants agree to. */
export interface ParticipationPolicy {
  readonly version: string;
  /** Markdown. */
  readonly text: string;
  /** SHA-256 of the octets of the text. */
  readonly sha256: string;
}

/** What others see of this HISP, asked anew each time. Missing where the HISP does not run. */
export interface Shown {
  /** Whether DNS answers for the domain. */
  dns(domain: string): boolean;
  /** Entries of the directory that has certificates, about the domain or its addresses. */
  ldap(domain: string): number;
  /** Entries of the address directory; what changed is taken over first. */
  entries(domain: string): Promise<number>;
  /** Whether the authority’s list and responder say that these certificates (SHA-256) are revoked. */
  revoked(sha256: string): boolean;
}

export interface EnrollmentSeams {
  /** Domains below which the HISP gives out Health Domain Names. */
  readonly parents: readonly string[];
  readonly policy: ParticipationPolicy;
  readonly checklist: Checklist;
  /** The texts of TXT records at a name; none when there are none. @throws {Error} when nobody answers */
  lookUpTxt(name: string): Promise<readonly string[]>;
  /** Who else in this network has the domain: the title of a HISP. */
  takenElsewhere(domain: string): Promise<string | undefined>;
  readonly shown?: Shown;
  /** Folder for exported mailboxes. */
  readonly exports: string;
  /** Name server that a domain of one's own is to be delegated to. */
  readonly nameServer: string;
}

export interface EnrollmentWorld extends TenancyWorld {
  readonly seams: EnrollmentSeams;
  /** One piece of work on a thing after the other. */
  inTurn<T>(thing: string, work: () => Promise<T>): Promise<T>;
}

/** Runs what is asked for one thing in the order in which it was asked. */
export function turns(): EnrollmentWorld['inTurn'] {
  const last = new Map<string, Promise<unknown>>();
  return async (thing, work) => {
    const before = last.get(thing) ?? Promise.resolve();
    const mine = before.then(work, work);
    const done = mine
      .catch(() => undefined)
      .finally(() => {
        if (last.get(thing) === done) last.delete(thing);
      });
    last.set(thing, done);
    return mine;
  };
}
