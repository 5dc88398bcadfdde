/**
 * The record of who searched and downloaded (directory §5.5). Lines are gathered for a moment and written together, so
 * that a search does not wait for the disk, and a contribution that is being written does not hold up searches; a
 * process that is killed loses the last moment. What takes the whole directory is written before it is given.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { Reader } from './access.ts';
import type { Directory } from './directory.ts';
import { networkOf } from './quota.ts';

export type AuditKind = 'search' | 'read' | 'bulk';

export interface AuditLine {
  readonly at: number;
  readonly reader: Reader['kind'];
  /** Id of the HISP, the network of a peer, or nothing for operators. */
  readonly who: string;
  /** The person, or the label of the key. */
  readonly name: string;
  /** `fhir`, `rest`, `ldap`, `page`, `cli`. */
  readonly face: string;
  readonly kind: AuditKind;
  /** What was asked; of a reader that nobody knows only a digest, with `sha256:` before it. */
  readonly query: string;
  readonly results: number;
}

export interface Asked {
  readonly face: string;
  readonly kind: AuditKind;
  readonly query: string;
  readonly results: number;
}

export interface Auditor {
  note(reader: Reader, asked: Asked): void;
  /** Writes what was gathered. */
  flush(): void;
  /** Writes it, and no more after that. */
  close(): void;
}

const GATHER_MS = 250;
const AGAIN_MS = 1000;
/** Lines that wait for a file that cannot be written. */
const MOST_GATHERED = 100_000;
const LONGEST_QUERY = 500;
/** How long lines are kept. */
const KEPT_MS = 2 * 365 * 86_400_000;

export function createAuditor(directory: Directory): Auditor {
  const { handle, tenant, host } = directory;
  let gathered: AuditLine[] = [];
  let cancel: (() => void) | undefined;
  let closed = false;
  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (gathered.length === 0) return;
    handle.atomically(() => {
      const insert = handle.prepare(
        'insert into directory_audit (tenant, at, reader, who, name, face, kind, query, results) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      );
      for (const { at, reader, who, name, face, kind, query, results } of gathered) {
        insert.run(tenant, at, reader, who, name, face, kind, query, results);
      }
    });
    gathered = [];
  };
  /** Where the file is busy for long, the lines wait for the next time. */
  const later = (ms: number): void => {
    cancel ??= host.timer(ms, () => {
      cancel = undefined;
      try {
        flush();
      } catch {
        if (!closed && gathered.length <= MOST_GATHERED) later(AGAIN_MS);
      }
    });
  };
  handle.prepare('delete from directory_audit where tenant = ? and at < ?').run(tenant, host.now() - KEPT_MS);
  return {
    note(reader, asked) {
      gathered.push(lineOf(reader, asked, host.now()));
      // what takes everything is not given before it is written down
      if (asked.kind === 'bulk') flush();
      else later(GATHER_MS);
    },
    flush,
    close() {
      closed = true;
      flush();
    },
  };
}

function lineOf(reader: Reader, { face, kind, query, results }: Asked, at: number): AuditLine {
  const known = reader.kind !== 'public';
  return {
    at,
    reader: reader.kind,
    who: reader.kind === 'public' ? networkOf(reader.peer) : reader.kind === 'participant' ? reader.id : '',
    name: known ? reader.name : '',
    face,
    kind,
    query: known
      ? query.slice(0, LONGEST_QUERY)
      : `sha256:${createHash('sha256').update(query).digest('hex').slice(0, 16)}`,
    results,
  };
}

export interface AuditFilter {
  /** Id of a HISP. */
  readonly who?: string;
  readonly kind?: AuditKind;
  /** From this time on, ms UTC. */
  readonly since?: number;
  /** Default 100, at most 10,000. */
  readonly limit?: number;
}

/** What was asked, newest first. */
export function auditLines({ handle, tenant }: Directory, filter: AuditFilter = {}): AuditLine[] {
  const { who = null, kind = null, since = 0, limit = 100 } = filter;
  return handle
    .prepare(
      `select * from directory_audit where tenant = ? and at >= ? and (? is null or who = ?) and (? is null or kind = ?)
       order by n desc limit ?`,
    )
    .all(tenant, since, who, who, kind, kind, Math.min(Math.max(1, limit), 10_000))
    .map((row) => ({
      at: Number(row['at']),
      reader: row['reader'] as Reader['kind'],
      who: String(row['who']),
      name: String(row['name']),
      face: String(row['face']),
      kind: row['kind'] as AuditKind,
      query: String(row['query']),
      results: Number(row['results']),
    }));
}
