/**
 * What the pages of the directory show: plain values, already decided and already worded.
 *
 * @module
 */
import type { AddressView, Tone } from './views.ts';

/** A text in pieces; those that were searched for are marked. */
export type Marked = readonly { readonly text: string; readonly hit: boolean }[];

export interface SearchAsked {
  readonly text: string;
  readonly state: string;
  /** Name of a HISP. */
  readonly hisp: string;
  readonly kind: string;
  /** NUCC code, or the name of one. */
  readonly specialty: string;
  readonly verified: '' | 'yes' | 'no';
  /** From 1. */
  readonly page: number;
}

export interface MarkView {
  readonly tone: Tone;
  readonly text: string;
  readonly detail?: string;
}

export interface DirectoryRowView {
  readonly href: string;
  readonly name: Marked;
  readonly kind: string;
  readonly role: Marked;
  readonly organization: Marked;
  readonly place: Marked;
  readonly address: Marked;
  readonly hisp: Marked;
  readonly verified: MarkView;
  /** For operators, where it is not shown to everybody. */
  readonly shown?: MarkView;
}

/** What helps somebody who found nothing, or too much. */
export interface AdviceView {
  readonly tone: Tone;
  readonly text: string;
  readonly link?: { readonly href: string; readonly text: string };
}

export interface DirectorySearchView {
  readonly asked: SearchAsked;
  /** What the specialty was taken for. */
  readonly specialtyName?: string;
  /** Whose eyes the results are seen with, in words. */
  readonly reader: { readonly tone: Tone; readonly text: string; readonly signIn: boolean };
  readonly choices: {
    readonly states: readonly (readonly [string, string])[];
    readonly hisps: readonly string[];
    readonly kinds: readonly string[];
    readonly specialties: readonly (readonly [string, string])[];
  };
  /** Missing when nothing was asked. */
  readonly result?: {
    readonly rows: readonly DirectoryRowView[];
    /** `1 to 25 of more than 25`. */
    readonly count: string;
    readonly previous?: string;
    readonly next?: string;
    readonly advice: readonly AdviceView[];
  };
  /** Entries that this reader's kind may search, in words; and examples to try. */
  readonly size: string;
  readonly examples: readonly { readonly text: string; readonly href: string }[];
  /** Whether every address of the network is on an open page as well. */
  readonly openAddresses: boolean;
}

export interface EntryFieldView {
  readonly name: string;
  readonly value: string;
  readonly mono?: boolean;
  /** Of a code: its name. */
  readonly means?: string;
  /** Where the value comes from, when that is not where most come from: `lakeshore, 2026-11-23`. */
  readonly from?: string;
  readonly fromHref?: string;
}

export interface EntryChangeView {
  readonly at: string;
  readonly what: string;
  readonly tone: Tone;
  readonly by: string;
  readonly href?: string;
  readonly fields: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

/** A discovery that was just run. */
export interface DiscoveryView
  extends Pick<AddressView, 'verdict' | 'code' | 'cure' | 'steps' | 'certificates' | 'ms'> {
  /** `covered-entity`, … of the certificates that were found. */
  readonly categories: readonly { readonly name: string; readonly oid: string }[];
  readonly at: string;
}

export interface EntryView {
  readonly address: string;
  readonly name: string;
  /** `Family medicine · Lakeside Family Clinic`. */
  readonly subtitle: string;
  readonly kind: string;
  readonly verified: MarkView;
  readonly standing?: MarkView;
  readonly others: readonly { readonly href: string; readonly text: string; readonly here: boolean }[];
  readonly groups: readonly { readonly title: string; readonly fields: readonly EntryFieldView[] }[];
  /** Who contributed it, and since when most of it is so. */
  readonly from: { readonly text: string; readonly href?: string };
  /** What our last verification found. */
  readonly found?: {
    readonly at: string;
    readonly text: string;
    readonly serial?: string;
    readonly categories: readonly { readonly name: string; readonly oid: string }[];
    readonly asked: string;
  };
  readonly publication: {
    readonly tone: Tone;
    readonly shown: string;
    readonly why: string;
    /** For those who may change it: what was chosen of the address, its organization, its contributor. */
    readonly choices?: readonly {
      readonly subject: 'address' | 'organization' | 'contributor';
      readonly name: string;
      readonly choice: string;
    }[];
  };
  /** For participants and operators. */
  readonly findings?: readonly { readonly code: string; readonly title: string; readonly reason: string }[];
  readonly history?: readonly EntryChangeView[];
  /** Own addresses to explain from. */
  readonly explainFrom: readonly { readonly address: string; readonly label: string }[];
  readonly write?: string;
  readonly discovery?: DiscoveryView;
  readonly told?: string;
}

/** An address that is not listed, or not shown to the reader. */
export interface UnlistedView {
  readonly address: string;
  readonly text: string;
  readonly explainFrom: readonly { readonly address: string; readonly label: string }[];
  readonly discovery?: DiscoveryView;
}

export interface ContributionRowView {
  readonly id: number;
  readonly at: string;
  readonly contributor: string;
  readonly kind: string;
  readonly source: string;
  readonly by: string;
  readonly state: MarkView;
  readonly counts: string;
}

export interface ContributionsView {
  readonly rows: readonly ContributionRowView[];
  readonly contributors: readonly {
    readonly id: string;
    readonly name: string;
    readonly entries: number;
    readonly domains: string;
    readonly approval: boolean;
  }[];
  readonly formats: readonly string[];
  readonly publications: readonly {
    readonly day: string;
    readonly entries: string;
    readonly changes: string;
    readonly checksum: string;
  }[];
  readonly busy?: string;
}

export interface ContributionView {
  readonly row: ContributionRowView;
  readonly reason?: string;
  readonly facts: readonly { readonly name: string; readonly value: string; readonly mono?: boolean }[];
  readonly findings: readonly {
    readonly line: number;
    readonly column: string;
    readonly level: 'error' | 'warning';
    readonly found: string;
    readonly expected: string;
  }[];
  readonly moreFindings: number;
  readonly can: readonly ('approve' | 'refuse' | 'undo')[];
}

/** A dry run. */
export interface PreviewView {
  /** Name under which the file is kept until it is contributed. */
  readonly staged: string;
  readonly kind: 'whole' | 'incremental';
  readonly format: string;
  readonly tolerate: number;
  readonly contributor: string;
  readonly source: string;
  readonly counts: string;
  readonly refused: boolean;
  readonly changes: readonly {
    readonly what: 'added' | 'changed' | 'removed';
    readonly address: string;
    readonly line: number;
    readonly fields: readonly { readonly column: string; readonly before: string; readonly after: string }[];
  }[];
  readonly moreChanges: number;
  readonly faults: readonly {
    readonly line: number;
    readonly column: string;
    readonly found: string;
    readonly expected: string;
  }[];
  readonly moreFaults: number;
}

export interface ChecksView {
  readonly checks: readonly { readonly code: string; readonly category: string; readonly title: string }[];
  readonly days: readonly string[];
  readonly npiTable?: string;
  /** Newest first. */
  readonly runs: readonly CheckRunView[];
}

export interface CheckRunView {
  readonly id: string;
  readonly at: string;
  readonly title: string;
  readonly state: MarkView;
  /** 0 to 1 while it goes on. */
  readonly part?: number;
}

export interface CheckReportView extends CheckRunView {
  readonly by: string;
  readonly summary: string;
  readonly codes: readonly {
    readonly code: string;
    readonly category: string;
    readonly title: string;
    readonly failures: number;
  }[];
  /** Only checks that found something are columns. */
  readonly groups: readonly {
    readonly group: string;
    readonly entries: number;
    readonly failures: readonly number[];
  }[];
  readonly columns: readonly string[];
  readonly examples: readonly {
    readonly code: string;
    readonly title: string;
    readonly failures: number;
    readonly rows: readonly { readonly address: string; readonly group: string; readonly reason: string }[];
  }[];
}

export interface CountsView {
  readonly by: string;
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

export interface ReportsView {
  readonly counts: CountsView;
  readonly days: readonly string[];
  readonly trend?: {
    readonly before: string;
    readonly after: string;
    readonly entries: readonly [number, number];
    readonly lines: readonly { readonly code: string; readonly before: number; readonly after: number }[];
    readonly hisps: readonly { readonly name: string; readonly before: number; readonly after: number }[];
    readonly added: number;
    readonly removed: number;
  };
}
