/**
 * An alert: what happened at one domain in one look, for somebody to read. Addresses, names and dates only.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { composeMessage } from '../mail/compose.ts';
import { titleOf, toneOf, type WatchEvent } from './event.ts';

export interface Alert {
  /** Follows from the events, so that an alert that was made again is the same one. */
  readonly id: string;
  readonly domain: string;
  /** ms since 1970 UTC. */
  readonly at: number;
  /** At least one. */
  readonly events: readonly WatchEvent[];
}

export type Taken =
  | { readonly ok: true }
  /** `lasting`: trying again does not help. */
  | { readonly ok: false; readonly why: string; readonly lasting: boolean };

/** A way to tell somebody. */
export interface Channel {
  /** Kept in the books: the same way has the same name after a restart. */
  readonly name: string;
  /** Whether it wants to hear of this. */
  readonly wants: (event: WatchEvent) => boolean;
  /** May be asked twice for one alert, when the program ended in between. Never throws for what the network did. */
  send(alert: Alert): Promise<Taken>;
}

export function alertOf(domain: string, at: number, events: readonly WatchEvent[]): Alert {
  const ids = events.map(({ id }) => id).sort();
  return {
    id: createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32),
    domain,
    at,
    events: events.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** As a JSON document for programs. */
export const alertJson = ({ id, domain, at, events }: Alert): object => ({
  schema: 1,
  id,
  domain,
  at: new Date(at).toISOString(),
  events: events.map((event) => ({
    id: event.id,
    kind: event.kind,
    over: event.over,
    severity: toneOf(event),
    at: new Date(event.at).toISOString(),
    ...(event.subject === '' ? {} : { subject: event.subject }),
    ...(event.eyes === undefined ? {} : { eyes: event.eyes }),
    title: titleOf(event),
    text: event.text,
    ...(event.todo === undefined ? {} : { todo: event.todo }),
  })),
});

export const subjectOf = ({ domain, events }: Alert): string => {
  const more = events.length > 1 ? ` (and ${events.length - 1} more)` : '';
  return `${domain}: ${titleOf(events[0]!)}${more}`;
};

/** The Message-ID, without its brackets. */
export const messageIdOf = ({ id }: Alert, domain: string): string => `watch-${id}@${domain}`;

/** As a mail. The same alert gives the same Message-ID. */
export const alertMail = (alert: Alert, from: string, to: readonly string[]): Uint8Array =>
  composeMessage({
    from,
    to,
    subject: subjectOf(alert),
    date: alert.at,
    messageId: messageIdOf(alert, from.slice(from.lastIndexOf('@') + 1)),
    text: alert.events
      .map((event) =>
        [
          `${titleOf(event)}: ${event.text}.`,
          ...(event.todo === undefined ? [] : [`What to do: ${event.todo}.`]),
          `Seen ${new Date(event.at).toISOString()}.`,
        ].join('\n'),
      )
      .join('\n\n'),
    extraHeaders: [['Auto-Submitted', 'auto-generated']],
  });
