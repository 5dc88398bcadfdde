/**
 * What the HTTP API gives of requests to join and of departures. Times are ISO 8601 UTC.
 *
 * @module
 */
import { z } from 'zod';
import type { DepartureView } from '../../src/hisp/enrollment/departure.ts';
import type { StepView } from '../../src/hisp/enrollment/ordered-steps.ts';
import { firstAddress, joinRequest } from '../../src/hisp/enrollment/request.ts';
import type { EnrollmentLine, EnrollmentView } from '../../src/hisp/enrollment/review.ts';
import { iso } from './views.ts';

const time = z.iso.datetime();
const orNull = z.string().nullable();

const step = z.strictObject({
  step: z.string(),
  title: z.string(),
  state: z.enum(['done', 'waits', 'failed', 'ahead']),
  irreversible: z.boolean(),
  at: time.nullable(),
  said: orNull,
});
const toStep = ({ id, title, state, irreversible, at, said }: StepView): z.output<typeof step> => ({
  step: id,
  title,
  state,
  irreversible,
  at: at === undefined ? null : iso(at),
  said: said ?? null,
});

export const enrollmentLine = z.strictObject({
  id: z.string(),
  state: z.enum(['draft', 'submitted', 'asked', 'answered', 'accepted', 'declined', 'withdrawn']),
  name: z.string(),
  npi: orNull,
  domain: z.string(),
  address: z.string(),
  organization: orNull.describe('Short name, once accepted'),
  changed: time,
});
export const toEnrollmentLine = ({ row, form }: EnrollmentLine): z.output<typeof enrollmentLine> => ({
  id: row.id,
  state: row.state,
  name: form.name,
  npi: form.npi,
  domain: form.domain,
  address: firstAddress(form),
  organization: row.organization,
  changed: iso(row.changed_at),
});

export const enrollmentView = z.strictObject({
  ...enrollmentLine.shape,
  request: z.looseObject({}).describe('As it was filled in'),
  policy: z.strictObject({ version: orNull, sha256: orNull, agreedBy: orNull, agreedAt: time.nullable() }),
  domainProven: time.nullable(),
  duplicates: z.array(z.strictObject({ what: z.string(), text: z.string(), hinders: z.boolean() })),
  checklist: z.array(
    z.strictObject({
      item: z.string(),
      title: z.string(),
      checkedBy: orNull,
      checkedAt: time.nullable(),
      document: orNull,
      note: orNull,
    }),
  ),
  evidence: z.array(
    z.strictObject({ n: z.int(), name: z.string(), type: z.string(), size: z.int(), sha256: z.string() }),
  ),
  events: z.array(
    z.strictObject({ at: time, by: z.string(), event: z.string(), state: z.string(), why: orNull }),
  ),
  approvedBy: orNull,
  steps: z.array(step),
});
export function toEnrollment(view: EnrollmentView): z.output<typeof enrollmentView> {
  const { row, form, items, checks } = view;
  return {
    ...toEnrollmentLine(view),
    request: joinRequest.parse(form),
    policy: {
      version: row.policy_version,
      sha256: row.policy_sha256,
      agreedBy: row.agreed_by,
      agreedAt: row.agreed_at === null ? null : iso(row.agreed_at),
    },
    domainProven: row.proven_at === null ? null : iso(row.proven_at),
    duplicates: view.duplicates.map((one) => ({ ...one })),
    checklist: items.map(({ id, title }) => {
      const check = checks.find(({ item }) => item === id);
      return {
        item: id,
        title,
        checkedBy: check?.actor ?? null,
        checkedAt: check ? iso(check.at) : null,
        document: check?.document ?? null,
        note: check?.note ?? null,
      };
    }),
    evidence: view.evidence.map(({ n, name, type, size, sha256 }) => ({ n, name, type, size, sha256 })),
    events: view.events.map(({ at, actor, event, state, why }) => ({
      at: iso(at),
      by: actor,
      event,
      state,
      why,
    })),
    approvedBy: row.approved_by,
    steps: view.steps.map(toStep),
  };
}

export const departureShown = z.strictObject({
  id: z.string(),
  organization: z.string(),
  name: z.string(),
  state: z.enum(['planned', 'leaving', 'left', 'ended', 'stopped']),
  reason: z.string(),
  starts: time,
  ended: time.nullable(),
  domains: z.array(z.string()),
  stoppable: z.boolean(),
  exportSha256: orNull,
  exportUntil: time.nullable(),
  steps: z.array(step),
});
export const toDeparture = ({
  row,
  name,
  domains,
  stoppable,
  steps,
}: DepartureView): z.output<typeof departureShown> => ({
  id: row.id,
  organization: row.organization,
  name,
  state: row.state,
  reason: row.reason,
  starts: iso(row.starts_at),
  ended: row.ended_at === null ? null : iso(row.ended_at),
  domains: [...domains],
  stoppable,
  exportSha256: row.export_sha256,
  exportUntil: row.export_until === null ? null : iso(row.export_until),
  steps: steps.map(toStep),
});
