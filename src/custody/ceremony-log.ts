/**
 * The ceremony log: who used which key for what, when and why. One JSON object a line; each line holds the SHA-256 of
 * the line before it, so that nothing can be changed, taken out or put in without breaking the chain behind it. Taking
 * lines off the end breaks no chain: for that the last hash is kept elsewhere too.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export interface CeremonyFacts {
  /** What was done, for example `issue address bob@direct.clinic.example`. */
  readonly use: string;
  /** The key's name. */
  readonly key?: string;
  /** Of the key's certificate, lower hex. */
  readonly sha256?: string;
  /** Of a certificate that was added or issued. */
  readonly serial?: string;
  readonly who?: string;
  readonly why?: string;
  /** The approval that allowed it, and who approved. */
  readonly approval?: string;
  readonly approvedBy?: string;
}

const text = z.string().max(10_000);
const line = z.strictObject({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  use: text,
  key: text.optional(),
  sha256: text.optional(),
  serial: text.optional(),
  who: text.optional(),
  why: text.optional(),
  approval: text.optional(),
  approvedBy: text.optional(),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});

export type CeremonyEntry = z.infer<typeof line>;

/** Where the chain stands. */
export interface Head {
  readonly seq: number;
  /** SHA-256 of the last line without its line feed, lower hex. */
  readonly hash: string;
}

/** Before the first line. */
export const START: Head = { seq: 0, hash: '0'.repeat(64) };

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The next line, without line feed, and where the chain then stands.
 *
 * @param at ms since 1970 UTC
 */
export function ceremonyLine(head: Head, at: number, facts: CeremonyFacts): { line: string; head: Head } {
  const seq = head.seq + 1;
  const entry: CeremonyEntry = { seq, at: new Date(at).toISOString(), ...facts, previous: head.hash };
  const written = JSON.stringify(entry);
  return { line: written, head: { seq, hash: hashOf(written) } };
}

export type CeremonyCheck =
  | { readonly ok: true; readonly entries: readonly CeremonyEntry[]; readonly head: Head }
  | { readonly ok: false; readonly line: number; readonly why: string };

/**
 * Checks a whole log.
 *
 * @param known where the chain is known to have stood at some time: a log that never stood there was cut or rewritten
 */
export function checkCeremonyLog(log: string, known: Head = START): CeremonyCheck {
  const entries: CeremonyEntry[] = [];
  let head = START;
  let met = known.seq === 0;
  for (const [index, written] of linesOf(log).entries()) {
    const wrong = (why: string): CeremonyCheck => ({ ok: false, line: index + 1, why });
    const entry = entryOf(written);
    if (!entry) return wrong('this is no entry of a ceremony log');
    if (entry.seq !== head.seq + 1)
      return wrong(`entry ${entry.seq} stands where entry ${head.seq + 1} is expected`);
    if (entry.previous !== head.hash)
      return wrong(`the entry does not follow the one before it: entry ${head.seq} was changed`);
    head = { seq: entry.seq, hash: hashOf(written) };
    if (head.seq === known.seq) {
      if (head.hash !== known.hash) return wrong(`entry ${known.seq} is not the one that was written`);
      met = true;
    }
    entries.push(entry);
  }
  if (!met) {
    const why = `the log ends at entry ${head.seq}, and had reached entry ${known.seq}: entries were taken off its end`;
    return { ok: false, line: entries.length, why };
  }
  return { ok: true, entries, head };
}

const linesOf = (log: string): string[] => (log === '' ? [] : log.replace(/\n$/, '').split('\n'));

function entryOf(written: string): CeremonyEntry | undefined {
  try {
    const parsed = line.safeParse(JSON.parse(written));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
