/**
 * A trust bundle as rules see it: read, or refused. What is noted of a bundle is decided in `trust/bundle`, once; a rule
 * of this area is one of those notes, or one reason to refuse, with its citation and the question whether it applies.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';
import { BundleError, type BundleErrorCode } from '../../trust/bundle/error.ts';
import { lintBundle } from '../../trust/bundle/lint.ts';
import {
  type BundleNote,
  type BundleNoteCode,
  bundleNote,
  noteMeaning,
  noteText,
} from '../../trust/bundle/note.ts';
import { type Bundle, readBundle } from '../../trust/bundle/read.ts';
import type { Pin } from '../../trust/bundle/signature.ts';
import { isRequirement, type RequirementId } from '../requirement.ts';
import { defineRule, type Level, type Rule, type RuleContext } from '../rule.ts';

export interface BundleSubject {
  /** The bundle, or why it is refused. */
  readonly reading: Bundle | BundleError;
  /** Whether a signer is pinned. */
  readonly pinned: boolean;
  /** Name of the file. */
  readonly file?: string;
  /** Where it was fetched. */
  readonly url?: string;
  /** Why an anchor is revoked, for those who know. */
  readonly revoked?: (certificate: Certificate) => string | undefined;
}

export interface BundlePlace extends Pick<BundleSubject, 'file' | 'url' | 'revoked'> {
  readonly pins?: readonly Pin[];
}

/** Never throws for what the octets may be. @param at ms since 1970 UTC; for signers below a pinned authority */
export function bundleSubject(
  bytes: Uint8Array,
  at: number,
  { pins = [], ...place }: BundlePlace = {},
): BundleSubject {
  const common = { pinned: pins.length > 0, ...place };
  try {
    return {
      reading: readBundle(bytes, { pins, at, url: place.url ?? place.file ?? 'this file' }),
      ...common,
    };
  } catch (error) {
    if (error instanceof BundleError) return { reading: error, ...common };
    throw error;
  }
}

export const isRead = (reading: Bundle | BundleError): reading is Bundle => !(reading instanceof BundleError);

type NoteName = BundleNoteCode extends `bundle.${infer Name}` ? Name : never;

interface NoteParts {
  /** The name of the rule is the name of the note. */
  readonly id: `bundle/${NoteName}`;
  readonly title: string;
  /** Default: to every bundle that was read. */
  readonly applies?: (bundle: Bundle, subject: BundleSubject) => boolean;
}

const LEVELS = { fail: 'must', error: 'must', warn: 'should', info: 'info' } as const satisfies Record<
  BundleNote['level'],
  Level
>;

/** The rule that a note stands for: its level, its citation and its sentence are the note's. */
export function noteRule({ id, title, applies }: NoteParts): Rule<BundleSubject> {
  const code = id.replace('/', '.') as BundleNoteCode;
  const { level, cites } = noteMeaning(code);
  return defineRule<BundleSubject, BundleNote | undefined, BundleNote['params']>({
    id,
    title,
    level: LEVELS[level],
    cites: requirements(cites),
    items: (subject, context) => {
      const { reading } = subject;
      if (!isRead(reading) || (applies && !applies(reading, subject))) return [];
      const notes = notesOf(reading, subject, context).filter((note) => note.code === code);
      return notes.length > 0 ? notes : [undefined];
    },
    check: (note) => note?.params,
    text: (params) => noteText(bundleNote(code, params)),
    where: (note) => note?.where?.slice(0, 16),
    madeAt: (_, { at }) => at,
  });
}

const known = new WeakMap<BundleSubject, { readonly key: string; readonly notes: readonly BundleNote[] }>();

/** All rules of a run ask for the same notes. */
function notesOf(
  bundle: Bundle,
  subject: BundleSubject,
  { at, profile }: RuleContext,
): readonly BundleNote[] {
  const key = `${at} ${profile}`;
  const before = known.get(subject);
  if (before?.key === key) return before.notes;
  const { file, url, revoked } = subject;
  const notes = lintBundle(bundle, {
    at,
    profile,
    ...(file && { file }),
    ...(url && { url }),
    ...(revoked && { revoked }),
  });
  known.set(subject, { key, notes });
  return notes;
}

const requirements = (cites: readonly string[]): RequirementId[] =>
  cites.map((id) => {
    if (!isRequirement(id))
      throw new TypeError(`a note cites ${id}, which is not in the list of requirements`);
    return id;
  });

interface RefusalParts {
  readonly id: `bundle/${string}`;
  readonly title: string;
  readonly cites: readonly RequirementId[];
  /** Reasons to refuse a bundle that break this rule. */
  readonly refusals: readonly BundleErrorCode[];
  /** Whether the rule speaks of a bundle that was read. Default: yes. */
  readonly applies?: (bundle: Bundle, subject: BundleSubject) => boolean;
}

/** A rule that nobody may read over: a bundle that breaks it is refused whole. */
export const refusalRule = ({ refusals, applies, ...head }: RefusalParts): Rule<BundleSubject> =>
  defineRule<BundleSubject, Bundle | BundleError, { readonly code: string; readonly why: string }>({
    ...head,
    level: 'must',
    items: (subject) => {
      const { reading } = subject;
      const concerned = isRead(reading)
        ? (applies?.(reading, subject) ?? true)
        : refusals.includes(reading.code);
      return concerned ? [reading] : [];
    },
    check: (reading) => (isRead(reading) ? undefined : { code: reading.reason.code, why: reading.message }),
    text: ({ why }) => `the bundle is refused: ${why}`,
    madeAt: (_, { at }) => at,
  });

export const hasMetadata = ({ metadata, notes }: Bundle): boolean =>
  metadata !== undefined || notes.some(({ code }) => code === 'bundle.metadata-fault');
