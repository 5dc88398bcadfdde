/**
 * The frame of the checks that dissect a message: each looks at one layer of every message that arrived, and does not
 * apply when an earlier fault keeps it from seeing that layer.
 *
 * @module
 */
import { z } from 'zod';
import type { Finding, FindingLevel, Reason } from '../../../../outcome/check.ts';
import { type Layer, type Letter, lettersFor } from '../../letter.ts';
import { found, type Scope, type Verifier, verdictOf } from '../../verifier.ts';
import type { RunView } from '../../view.ts';

export const nothing = z.strictObject({});

export interface Look {
  readonly letter: Letter;
  readonly view: RunView;
  readonly scope: Scope;
  /** Makes a finding about this message. */
  say(level: FindingLevel, reason: Reason): void;
  /** Something that is not as it should be. */
  differs(level: FindingLevel, what: string, expected: string, seen: string): void;
  /** What was seen where nothing is wrong. */
  seen(what: string, seen: string): void;
}

/**
 * @param about begins with the stage that the check belongs to
 * @param layer what the check looks at
 * @param look says at least what it saw
 */
export const sentCheck = <L>(
  id: string,
  about: string,
  layer: (letter: Letter, view: RunView) => Layer<L>,
  look: (value: L, at: Look) => void,
): Verifier<z.infer<typeof nothing>> => ({
  id,
  about,
  args: nothing,
  verify(_args, view, scope) {
    const layers = lettersFor(view, scope.part).map((letter) => ({ letter, read: layer(letter, view) }));
    const there = layers.flatMap(({ letter, read }) =>
      'value' in read ? [{ letter, value: read.value }] : [],
    );
    if (there.length === 0) {
      const reason = layers.flatMap(({ read }) => ('missing' in read ? [read.missing] : []))[0];
      return { status: 'na', reason: reason ?? 'no message arrived', findings: [] };
    }
    return verdictOf(there.flatMap(({ letter, value }) => judgeLetter(letter, value, look, view, scope)));
  },
});

function judgeLetter<L>(
  letter: Letter,
  value: L,
  look: (value: L, at: Look) => void,
  view: RunView,
  scope: Scope,
): Finding[] {
  const findings: Finding[] = [];
  const say: Look['say'] = (level, reason) => {
    findings.push(found(level, reason, letter.evidence, scope));
  };
  look(value, {
    letter,
    view,
    scope,
    say,
    differs: (level, what, expected, seen) =>
      say(level, { code: 'observed.differs', params: { what, expected, found: seen } }),
    seen: (what, seen) => say('info', { code: 'observed.seen', params: { what, found: seen } }),
  });
  const faults = findings.filter(({ level }) => level !== 'info');
  return faults.length > 0 ? faults : findings;
}

/** A rule of profile 1.3 is only advice to those who follow 1.2. */
export const sinceThirteen = (view: RunView): FindingLevel =>
  view.run.scenario.profile === '1.2' ? 'warn' : 'fail';
