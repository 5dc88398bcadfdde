/**
 * What the pages of the directory ask of the running system.
 *
 * @module
 */
import type { Reader } from '../src/directory/access.ts';
import type { AuditLine } from '../src/directory/audit.ts';
import type { DirectoryKey } from '../src/directory/keys.ts';
import type { ReportBy } from '../src/directory/reports.ts';
import type {
  CheckReportView,
  ChecksView,
  ContributionsView,
  ContributionView,
  DirectorySearchView,
  DiscoveryView,
  EntryView,
  PreviewView,
  ReportsView,
  SearchAsked,
  UnlistedView,
} from './directory-views.ts';

/** Who looks: what may be seen, and from which addresses mail would go. */
export interface DirectoryVisitor {
  readonly reader: Reader;
  /** Own addresses; of nobody that we know, those that the network offers. */
  readonly addresses?: readonly string[];
}

export interface TooOften {
  readonly retryAfterMs: number;
}

export interface DirectoryRoom {
  /** @param typing asked while somebody types, which costs less */
  search(visitor: DirectoryVisitor, asked: SearchAsked, typing: boolean): DirectorySearchView | TooOften;
  /**
   * Looks an entry up by its number or address. Undefined: the text is neither, or such a number was never given out to
   * the reader's eyes.
   */
  entry(
    visitor: DirectoryVisitor,
    key: string,
    more?: { readonly discovery?: DiscoveryView; readonly told?: string },
  ): EntryView | UnlistedView | TooOften | undefined;
  /** Runs discovery now, and keeps what it found. Undefined: it is no address. */
  discover(visitor: DirectoryVisitor, address: string): Promise<DiscoveryView | TooOften | undefined>;
  readonly desk: DirectoryDesk;
}

export interface UploadRequest {
  readonly contributor: string;
  /** A file, or the name under which a dry run kept it. */
  readonly file: File | string;
  readonly kind: 'whole' | 'incremental';
  readonly format?: string;
  readonly tolerate: number;
  readonly by: string;
}

/** What operators do. Everything here throws `DirectoryError` for reasons that a person can act on. */
export interface DirectoryDesk {
  /** Of an address that is listed, or of what it belongs to; `default` takes the choice back. */
  choose(
    address: string,
    subject: string,
    choice: { readonly choice: string; readonly by: string; readonly reason: string },
  ): void;
  contributions(): ContributionsView;
  contribution(id: number): ContributionView | undefined;
  approve(id: number, by: string): Promise<string>;
  refuse(id: number, by: string): Promise<string>;
  undo(id: number, by: string): Promise<string>;
  preview(request: UploadRequest): Promise<PreviewView>;
  upload(request: UploadRequest): Promise<{ readonly id: number; readonly text: string }>;
  contributor(id: string, name: string, domains: readonly string[], approval: boolean): string;
  checks(): ChecksView;
  /** Starts a run and returns its id. */
  startChecks(options: {
    readonly by: 'state' | 'hisp';
    readonly codes: readonly string[];
    readonly day?: string;
  }): string;
  report(run: string): CheckReportView | undefined;
  /** The ZIP of a run that is done. */
  archive(run: string): { readonly name: string; readonly bytes: Uint8Array } | undefined;
  keys(): {
    readonly keys: readonly DirectoryKey[];
    readonly hisps: readonly { readonly id: string; readonly name: string }[];
    readonly asked: readonly AuditLine[];
  };
  /** Returns the key itself, which is shown this once. */
  makeKey(hisp: string, label: string, bulk: boolean, by: string): string;
  revokeKey(id: string, by: string): void;
  reports(by: ReportBy, trend?: { readonly before: string; readonly after: string }): Promise<ReportsView>;
}
