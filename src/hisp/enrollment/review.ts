/**
 * What operators do with requests to join: see, check, ask, accept, decline.
 *
 * @module
 */
import { z } from 'zod';
import { writeAudit } from '../../store/audit.ts';
import { sha256Hex } from '../../store/blobs.ts';
import type {
  EnrollmentCheck,
  EnrollmentEvent,
  EnrollmentRow,
  EnrollmentState,
  EvidenceRow,
} from '../../store/enrollment-schema.ts';
import {
  addEnrollmentEvent,
  dropCheck,
  enrollmentById,
  enrollmentEvents,
  listChecks,
  listEnrollments,
  listEvidence,
  openToken,
  putCheck,
  putEnrollment,
  readEvidence,
} from '../../store/enrollments.ts';
import { listOrganizations } from '../../store/organizations.ts';
import { atomically, type Scope } from '../../store/scope.ts';
import { type Actor, mustOperate, TenancyError } from '../tenancy/actor.ts';
import { readSettings } from '../tenancy/settings.ts';
import { admissionSteps, admit } from './admission.ts';
import { someText } from './applicant.ts';
import { type ChecklistItem, defaultLevel, itemsFor, unchecked } from './checklist.ts';
import { domainStanding, mustBeProven, provenBy } from './domain-right.ts';
import { type Duplicate, duplicatesOf } from './duplicates.ts';
import { type StepView, stepViews } from './ordered-steps.ts';
import { type JoinRequest, readRequest, shortName } from './request.ts';
import { afterEvent, ENROLLMENT_STATES, type EnrollmentEventName, STATE_WORDS } from './states.ts';
import type { EnrollmentWorld } from './world.ts';

export const decisionInput = z.strictObject({
  level: z.string().max(40).describe('Level of assurance, as in the checklist'),
  certificates: z
    .enum(['domain-dns', 'address-dns', 'domain-ldap', 'address-ldap'])
    .default('domain-dns')
    .describe('One certificate for each address or for the domain, and where they are published'),
  why: z.string().max(4000).describe('What the decision stands on'),
});
export const reasonInput = z.strictObject({ why: z.string().max(4000) });
export const checkInput = z.strictObject({
  item: z.string().max(40),
  document: z.string().max(40).default('none').describe('Kind of document that was looked at'),
  note: z.string().max(1000).default('').describe('Never the number of a document'),
});

export type Decision = z.output<typeof decisionInput>;

/** A request in a list. */
export interface EnrollmentLine {
  readonly row: EnrollmentRow;
  readonly form: JoinRequest;
}

/** A request with everything that an operator decides by. */
export interface EnrollmentView extends EnrollmentLine {
  readonly events: readonly EnrollmentEvent[];
  readonly evidence: readonly EvidenceRow[];
  readonly checks: readonly EnrollmentCheck[];
  readonly items: readonly ChecklistItem[];
  readonly level: string;
  readonly duplicates: readonly Duplicate[];
  readonly standing: 'below' | 'own';
  readonly twoPersons: boolean;
  readonly steps: readonly StepView[];
}

/** Drafts belong to their applicants. @throws {TenancyError} */
export async function enrollments(
  world: EnrollmentWorld,
  actor: Actor,
  states: readonly EnrollmentState[] = ENROLLMENT_STATES,
): Promise<EnrollmentLine[]> {
  mustOperate(actor);
  const rows = await listEnrollments(
    world.scope,
    states.filter((state) => state !== 'draft'),
  );
  return rows.map((row) => ({ row, form: readRequest(row.form) }));
}

/** @throws {TenancyError} */
export async function enrollment(
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  level?: string,
): Promise<EnrollmentView> {
  const row = await mustFind(world, actor, id);
  const form = readRequest(row.form);
  const { scope, seams } = world;
  const decided = row.decision === null ? undefined : (JSON.parse(row.decision) as Decision);
  const asked = level ?? decided?.level ?? defaultLevel(seams.checklist);
  return {
    row,
    form,
    events: await enrollmentEvents(scope, id),
    evidence: await listEvidence(scope, id),
    checks: await listChecks(scope, id),
    items: itemsFor(seams.checklist, asked, form),
    level: asked,
    duplicates: await duplicatesOf(world, id, form),
    standing: domainStanding(seams, form.domain),
    twoPersons: (await readSettings(scope))['enrollment.two-persons'],
    steps: row.state === 'accepted' ? await stepViews(world, `enrollment/${id}`, admissionSteps) : [],
  };
}

/** The token of the applicant's link, for who lost it; that it was read stands in the log. @throws {TenancyError} */
export async function applicantToken(world: EnrollmentWorld, actor: Actor, id: string): Promise<string> {
  const row = await mustFind(world, actor, id);
  const token = openToken(world.seal, world.scope.tenant, row.token_digest, row.token);
  if (token === undefined) throw new TenancyError('not-found', 'There is no link of this request.');
  await writeAudit(world.scope, {
    at: world.host.now(),
    actor: actor.name,
    action: 'enrollment.link-read',
    subject: id,
    organization: null,
    detail: {},
  });
  return token;
}

/** A file of evidence as it came; that it was read stands in the log. @throws {TenancyError} */
export async function evidenceFile(
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  n: number,
): Promise<{ readonly row: EvidenceRow; readonly bytes: Uint8Array }> {
  await mustFind(world, actor, id);
  const found = await readEvidence(world.scope, world.seal, id, n);
  if (!found) throw new TenancyError('not-found', 'There is no such file.');
  await writeAudit(world.scope, {
    at: world.host.now(),
    actor: actor.name,
    action: 'enrollment.evidence-read',
    subject: id,
    organization: null,
    detail: { n, sha256: found.row.sha256 },
  });
  return found;
}

/** Notes that an item was checked, by whom, and by which kind of document. @throws {TenancyError} */
export async function checkItem(
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  { item, document, note }: z.output<typeof checkInput>,
): Promise<void> {
  const { checklist } = world.seams;
  if (!checklist.items.some((one) => one.id === item)) {
    throw new TenancyError('not-found', `The checklist has no item "${item}".`);
  }
  if (!checklist.documents.some((one) => one.id === document)) {
    throw new TenancyError('invalid', `The checklist knows no kind of document "${document}".`);
  }
  await onOpen(world, actor, id, undefined, 'check', async (row, inside) => {
    const at = world.host.now();
    const kept = { enrollment: row.id, item, actor: actor.name, at, document, note: note.trim() || null };
    await putCheck(inside, kept);
    return { detail: { item, document } };
  });
}

/** Takes a check back. @throws {TenancyError} */
export const uncheckItem = (world: EnrollmentWorld, actor: Actor, id: string, item: string): Promise<void> =>
  onOpen(world, actor, id, undefined, 'uncheck', async (row, inside) => {
    await dropCheck(inside, row.id, item);
    return { detail: { item } };
  });

/** Asks the applicant for more. @throws {TenancyError} */
export const askApplicant = (
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  question: string,
): Promise<void> =>
  onOpen(world, actor, id, 'ask', 'ask', async () => ({
    row: { approved_by: null, approved_digest: null },
    why: someText(question, 'the question'),
  }));

/** @throws {TenancyError} */
export const declineRequest = (
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  why: string,
): Promise<void> =>
  onOpen(world, actor, id, 'decline', 'decline', async () => ({ row: {}, why: someText(why, 'the reason') }));

/**
 * Accepts a request, and sets everything up that can be set up now. Where two persons decide, the first one's yes is
 * noted, and counts only for what that person saw.
 *
 * @returns `approved` when another operator has to say yes as well
 * @throws {TenancyError} with everything that is missing
 */
export async function acceptRequest(
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  decision: Decision,
): Promise<'approved' | 'accepted'> {
  const why = someText(decision.why, 'what the decision stands on');
  const { seams, scope } = world;
  if (!seams.checklist.levels.some((one) => one.id === decision.level)) {
    throw new TenancyError('invalid', `The checklist knows no level "${decision.level}".`);
  }
  const view = await enrollment(world, actor, id, decision.level);
  if (afterEvent(view.row.state, 'accept') === undefined) throw notNow(view.row);
  const missing = unchecked(view.items, view.checks);
  if (missing.length > 0) {
    const list = missing.map(({ title }) => title).join('; ');
    throw new TenancyError('conflict', `Not checked yet for ${decision.level}: ${list}.`);
  }
  const hinders = view.duplicates.filter((one) => one.hinders);
  if (hinders.length > 0)
    throw new TenancyError('conflict', `${hinders.map(({ text }) => text).join('; ')}.`);
  mustBeProven(seams, view.form.domain, view.row.proven_at);
  // who lost the domain since does not get it
  if (view.standing === 'own') await provenBy(world, view.form.domain, view.row.challenge);
  const { level, certificates } = decision;
  const decided = JSON.stringify({ level, certificates });
  const seen = sha256Hex(JSON.stringify([view.row.form, view.checks, view.evidence, decided]));
  if (view.twoPersons) {
    if (actor.account === undefined) {
      throw new TenancyError('forbidden', 'Two persons decide here: sign in as one of the operators.');
    }
    if (view.row.approved_by === null || view.row.approved_digest !== seen) {
      await onOpen(world, actor, id, 'approve', 'approve', async () => ({
        row: { approved_by: actor.name, approved_digest: seen, decision: decided },
        why,
      }));
      return 'approved';
    }
    if (view.row.approved_by === actor.name) {
      throw new TenancyError('forbidden', 'You said yes already; another operator has to say so as well.');
    }
  }
  const taken = new Set((await listOrganizations(scope)).map((one) => one.id));
  await onOpen(world, actor, id, 'accept', 'accept', async () => ({
    row: { decision: decided, organization: shortName(view.form.name, taken) },
    why,
  }));
  await admit(world, id);
  return 'accepted';
}

async function mustFind(world: EnrollmentWorld, actor: Actor, id: string): Promise<EnrollmentRow> {
  mustOperate(actor);
  const row = await enrollmentById(world.scope, id);
  if (!row || row.state === 'draft') throw new TenancyError('not-found', `There is no request "${id}".`);
  return row;
}

const notNow = ({ state }: EnrollmentRow): TenancyError =>
  new TenancyError('conflict', `This cannot be done now; state of the request: ${STATE_WORDS[state]}.`);

interface Altered {
  readonly row?: Partial<EnrollmentRow>;
  readonly why?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Alters a request that is not decided, in one transaction with its event and its line in the audit log. */
function onOpen(
  world: EnrollmentWorld,
  actor: Actor,
  id: string,
  event: EnrollmentEventName | undefined,
  name: string,
  work: (row: EnrollmentRow, inside: Scope) => Promise<Altered>,
): Promise<void> {
  return world.inTurn(`enrollment/${id}`, async () => {
    const row = await mustFind(world, actor, id);
    const state = event === undefined ? row.state : afterEvent(row.state, event);
    const decided = ['accepted', 'declined', 'withdrawn'].includes(row.state);
    if (state === undefined || decided) {
      throw new TenancyError(
        'conflict',
        `This cannot be done now: the request is ${STATE_WORDS[row.state]}.`,
      );
    }
    await atomically(world.scope, async (inside) => {
      const { row: changed = {}, why = null, detail = {} } = await work(row, inside);
      const at = world.host.now();
      await putEnrollment(inside, { ...row, ...changed, state, changed_at: at });
      if (event !== undefined) {
        await addEnrollmentEvent(inside, { enrollment: id, at, actor: actor.name, event: name, state, why });
      }
      await writeAudit(inside, {
        at,
        actor: actor.name,
        action: `enrollment.${name}`,
        subject: id,
        organization: changed.organization ?? null,
        detail: { ...detail, state },
      });
    });
  });
}
