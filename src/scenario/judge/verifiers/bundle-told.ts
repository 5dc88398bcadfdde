import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../verifier.ts';
import type { RunView } from '../view.ts';

const told = z.looseObject({
  op: z.literal('bundle'),
  kind: z.string(),
  code: z.string().optional(),
  alarm: z.boolean().optional(),
  notes: z.array(z.looseObject({ code: z.string() })).default([]),
  inactive: z.array(z.looseObject({ code: z.string() })).default([]),
});

type Told = z.infer<typeof told> & { readonly event: number };

/** What the system under test said of its bundles. */
const toldBySut = ({ events, run }: RunView): Told[] =>
  events
    .filter((event) => event.host === run.facts.sut.host && event.kind === 'step')
    .flatMap((event) => {
      const read = told.safeParse(event.summary);
      return read.success ? [{ ...read.data, event: event.n }] : [];
    });

const eventArgs = z.strictObject({
  kind: z.enum(['installed', 'failed', 'held', 'replay', 'stale', 'not-kept']),
  /** Of the reason. */
  code: z.string().optional(),
  /** Of what was installed: whether somebody should look. */
  alarm: z.boolean().optional(),
});

/** The system told what happened to a bundle, with its reason (hisp-behaviour §7, §10). */
export const bundleTold: Verifier<z.infer<typeof eventArgs>> = {
  id: 'bundle-told',
  about: 'the system told what became of a bundle, with its reason (seen from inside)',
  args: eventArgs,
  verify({ kind, code, alarm }, view, scope) {
    const all = toldBySut(view);
    const hit = all.find(
      (one) =>
        one.kind === kind &&
        (code === undefined || one.code === code) &&
        (alarm === undefined || one.alarm === alarm),
    );
    const what = 'bundle';
    const wanted = [kind, code, alarm === true ? 'with an alarm' : undefined].filter(Boolean).join(' ');
    if (hit) {
      const reason = { code: 'observed.seen', params: { what, found: wanted } } as const;
      return verdictOf([found('info', reason, [hit.event], scope)]);
    }
    const seen = all
      .filter((one) => one.kind !== 'noted' && one.kind !== 'unchanged')
      .map((one) => [one.kind, one.code].filter(Boolean).join(' '));
    const params = { what, expected: wanted, found: [...new Set(seen)].join(', ') || 'nothing' };
    return verdictOf([found('fail', { code: 'observed.differs', params }, [], scope)]);
  },
};

const noteArgs = z.strictObject({
  /** Notes on the bundle that was taken last. */
  has: z.array(z.string()).default([]),
  lacks: z.array(z.string()).default([]),
  /** Why certificates of it are no anchors. */
  inactive: z.array(z.string()).default([]),
});

/** The system noted what is wrong with a bundle that it took (REQ-TB-11, -17). */
export const bundleNoted: Verifier<z.infer<typeof noteArgs>> = {
  id: 'bundle-noted',
  about: 'the system noted what is wrong with the bundle that it took last (seen from inside)',
  args: noteArgs,
  verify({ has, lacks, inactive }, view, scope) {
    const last = toldBySut(view).findLast(({ kind }) => kind === 'noted');
    const notes = new Set(last?.notes.map(({ code }) => code));
    const out = new Set(last?.inactive.map(({ code }) => code));
    const wanted = [
      ...has.map((code) => ({ code, present: notes.has(code), right: notes.has(code) })),
      ...lacks.map((code) => ({ code, present: notes.has(code), right: !notes.has(code) })),
      ...inactive.map((code) => ({ code, present: out.has(code), right: out.has(code) })),
    ];
    return verdictOf(
      wanted.map(({ code, present, right }) =>
        found(
          right ? 'info' : 'fail',
          { code: 'observed.finding', params: { code, present } },
          last ? [last.event] : [],
          scope,
        ),
      ),
    );
  },
};
