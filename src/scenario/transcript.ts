/**
 * What happened in a run, in order, and the bytes that belong to it.
 *
 * A saved run is a folder: `events.ndjson`, `blobs/<sha256>` and `result.json`. From the first two every verdict can
 * be computed again.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Addr, Json, Observation, ObservationKind } from '../net/host.ts';

export interface Event {
  /** From 1, in the order in which they were seen. Two events of one instant have no order that means anything. */
  readonly n: number;
  /** ISO 8601, of the clock of the run. */
  readonly t: string;
  readonly host: string;
  readonly kind: ObservationKind;
  readonly dir?: 'in' | 'out';
  readonly peer?: Addr;
  readonly conn?: number;
  readonly cause?: number;
  /** SHA-256 of bytes that are kept. */
  readonly blob?: string;
  readonly summary: Json;
}

export type BlobReader = (sha256: string) => Uint8Array;

export interface Transcript {
  readonly events: readonly Event[];
  readonly blob: BlobReader;
  add(host: string, observation: Observation, at: number): number;
  /** Called for every event from now on. */
  onEvent(listen: (event: Event) => void): void;
}

export class TranscriptError extends Error {
  override readonly name = 'TranscriptError';
}

/** @param saved what was seen before, of a run that goes on */
export function createTranscript(saved?: {
  readonly events: readonly Event[];
  readonly blob: BlobReader;
}): Transcript {
  const events: Event[] = [...(saved?.events ?? [])];
  const blobs = new Map<string, Uint8Array>();
  const listeners: ((event: Event) => void)[] = [];
  return {
    events,
    blob: (sha256) => {
      const bytes = blobs.get(sha256);
      if (bytes) return bytes;
      if (saved) return saved.blob(sha256);
      throw new TranscriptError(`no bytes with SHA-256 ${sha256} in this run`);
    },
    add(host, { blob, ...observation }, at) {
      let sha256: string | undefined;
      if (blob) {
        sha256 = createHash('sha256').update(blob).digest('hex');
        blobs.set(sha256, blob);
      }
      const event: Event = {
        n: events.length + 1,
        t: new Date(at).toISOString(),
        host,
        ...observation,
        ...(sha256 ? { blob: sha256 } : {}),
      };
      events.push(event);
      for (const listen of listeners) listen(event);
      return event.n;
    },
    onEvent: (listen) => void listeners.push(listen),
  };
}

/** Writes the run into `folder`, which is made. */
export function writeRun(
  folder: string,
  transcript: Pick<Transcript, 'events' | 'blob'>,
  result: Json,
): void {
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  for (const event of transcript.events) {
    if (event.blob) writeFileSync(join(folder, 'blobs', event.blob), transcript.blob(event.blob));
  }
  writeFileSync(
    join(folder, 'events.ndjson'),
    transcript.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  );
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

const eventSchema = z.object({
  n: z.int(),
  t: z.string(),
  host: z.string(),
  kind: z.enum([
    'run',
    'dns',
    'ldap',
    'http',
    'smtp',
    'pop3',
    'imap',
    'cert',
    'message',
    'decision',
    'step',
    'clock',
    'end',
  ]),
  dir: z.enum(['in', 'out']).optional(),
  peer: z.object({ host: z.string(), port: z.int() }).optional(),
  conn: z.int().optional(),
  cause: z.int().optional(),
  blob: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  summary: z.json(),
});

/** @throws {TranscriptError} naming file and line of what cannot be read */
export function readRun(folder: string): { events: Event[]; blob: BlobReader } {
  const file = join(folder, 'events.ndjson');
  if (!existsSync(file))
    throw new TranscriptError(`${file}: no such file; expected the folder of a saved run`);
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => readEvent(line, `${file}:${index + 1}`));
  return {
    events,
    blob: (sha256) => {
      const path = join(folder, 'blobs', sha256);
      if (!existsSync(path)) throw new TranscriptError(`${path}: no such file; the run is incomplete`);
      return readFileSync(path);
    },
  };
}

function readEvent(line: string, where: string): Event {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new TranscriptError(`${where}: not JSON (${(error as Error).message})`);
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) throw new TranscriptError(`${where}: not an event: ${z.prettifyError(parsed.error)}`);
  return parsed.data as Event;
}
