/**
 * An organization leaves: an operator plans it, it begins on its day, and goes on step by step.
 *
 * @module
 */
import { z } from 'zod';
import { writeAudit } from '../../store/audit.ts';
import { sha256Hex } from '../../store/blobs.ts';
import {
  departingDomains,
  departureById,
  listDepartures,
  orderedSteps,
  putDeparture,
} from '../../store/departures.ts';
import type { DepartureRow } from '../../store/enrollment-schema.ts';
import { purgeEnrollments } from '../../store/enrollments.ts';
import { listAddresses, listDomains, putAddress, putDomain } from '../../store/organizations.ts';
import { type Actor, mustOperate, TenancyError } from '../tenancy/actor.ts';
import { change } from '../tenancy/change.ts';
import { organization } from '../tenancy/organizations.ts';
import { readSettings } from '../tenancy/settings.ts';
import { someText } from './applicant.ts';
import { type Departing, departureSteps, type Restore } from './departure-steps.ts';
import { exportFile, hasExport, removeExport } from './mailbox-export.ts';
import { runSequence, type StepView, stepViews } from './ordered-steps.ts';
import type { EnrollmentWorld } from './world.ts';

export const departureInput = z.strictObject({
  organization: z.string().max(63).describe('Short name'),
  startsOn: z.iso.date().optional().describe('The day on which it begins, UTC; without it, at once'),
  reason: z.string().max(4000),
});

/** A departure with its steps. */
export interface DepartureView {
  readonly row: DepartureRow;
  readonly name: string;
  readonly domains: readonly string[];
  readonly steps: readonly StepView[];
  /** Whether it can be stopped still. */
  readonly stoppable: boolean;
  /** Whether the ZIP of the mailboxes is there. */
  readonly exported: boolean;
}

/** The newest first. @throws {TenancyError} */
export async function departures(world: EnrollmentWorld, actor: Actor): Promise<DepartureView[]> {
  mustOperate(actor);
  const views: DepartureView[] = [];
  for (const row of await listDepartures(world.scope)) views.push(await viewOf(world, actor, row));
  return views;
}

/** @throws {TenancyError} */
export async function departure(world: EnrollmentWorld, actor: Actor, id: string): Promise<DepartureView> {
  return viewOf(world, actor, await mustFind(world, actor, id));
}

/** Plans a departure, and begins it when its day has come. @throws {TenancyError} */
export async function startDeparture(
  world: EnrollmentWorld,
  actor: Actor,
  input: z.output<typeof departureInput>,
): Promise<string> {
  mustOperate(actor);
  const of = await organization(world, actor, input.organization);
  const reason = someText(input.reason, 'the reason');
  const id = await world.inTurn(`departures/${of.id}`, async () => {
    const before = (await listDepartures(world.scope)).filter((row) => row.organization === of.id);
    if (before.some(({ state }) => state !== 'stopped')) {
      throw new TenancyError('conflict', `${of.name} leaves already, or has left.`);
    }
    const now = world.host.now();
    const fresh = `d${sha256Hex(`${world.scope.tenant} ${of.id} ${before.length}`).slice(0, 10)}`;
    const row: DepartureRow = {
      id: fresh,
      organization: of.id,
      state: 'planned',
      starts_at: input.startsOn === undefined ? now : Date.parse(`${input.startsOn}T00:00:00Z`),
      closed_at: null,
      ended_at: null,
      reason,
      actor: actor.name,
      created_at: now,
      domains: JSON.stringify(
        (await listDomains(world.scope)).filter((one) => one.organization === of.id).map(({ name }) => name),
      ),
      restore: null,
      export_sha256: null,
      export_until: null,
    };
    await change(
      world,
      actor,
      {
        action: 'departure.plan',
        subject: of.id,
        organization: of.id,
        after: { starts: row.starts_at, reason },
      },
      (inside) => putDeparture(inside, row),
    );
    return fresh;
  });
  await depart(world, id);
  return id;
}

/** Does what can be done now. @returns whether all of it is done */
export function depart(world: EnrollmentWorld, id: string): Promise<boolean> {
  return world.inTurn(`departure/${id}`, async () => {
    const found = await departureById(world.scope, id);
    if (!found || found.state === 'stopped' || found.starts_at > world.host.now()) return false;
    const { organization: of } = found;
    const actor: Actor = { name: found.actor, role: 'operator', organization: null };
    const row = async (): Promise<DepartureRow> => (await departureById(world.scope, id))!;
    const departing: Departing = { world, actor, row, organization: of };
    return runSequence(world, actor, sequenceOf(found), departureSteps, departing);
  });
}

const sequenceOf = ({ id, organization: of }: DepartureRow) => ({
  process: `departure/${id}`,
  subject: of,
  organization: of,
});

/** Goes on with every departure whose day has come, and clears away what has had its time. */
export async function departAll(world: EnrollmentWorld): Promise<void> {
  const now = world.host.now();
  for (const { id } of await listDepartures(world.scope, ['planned', 'leaving', 'left']))
    await depart(world, id);
  for (const row of await listDepartures(world.scope, ['ended'])) {
    if (row.export_until === null || row.export_until > now) continue;
    removeExport(world.seams.exports, row.id);
    await putDeparture(world.scope, { ...row, export_until: null });
    await writeAudit(world.scope, {
      at: now,
      actor: 'enrollment',
      action: 'departure.export-removed',
      subject: row.organization,
      organization: row.organization,
      detail: { sha256: row.export_sha256 },
    });
  }
  const settings = await readSettings(world.scope);
  const day = 86_400_000;
  await purgeEnrollments(world.scope, ['draft'], now - settings['enrollment.draft-days'] * day);
  await purgeEnrollments(
    world.scope,
    ['declined', 'withdrawn'],
    now - settings['enrollment.refused-days'] * day,
  );
}

/** Stops a departure, and enables again what it disabled. @throws {TenancyError} `conflict` when it is too late */
export function stopDeparture(world: EnrollmentWorld, actor: Actor, id: string, why: string): Promise<void> {
  return world.inTurn(`departure/${id}`, async () => {
    const row = await mustFind(world, actor, id);
    const { stoppable, name } = await viewOf(world, actor, row);
    if (!stoppable) {
      const cause =
        row.state === 'stopped' ? 'it was stopped before' : 'a step was done that cannot be undone';
      throw new TenancyError('conflict', `The departure of ${name} cannot be stopped: ${cause}.`);
    }
    const { addresses, domains } = JSON.parse(row.restore ?? '{"addresses":[],"domains":[]}') as Restore;
    const all = await listAddresses(world.scope);
    const names = await listDomains(world.scope);
    await change(
      world,
      actor,
      {
        action: 'departure.stop',
        subject: row.organization,
        organization: row.organization,
        after: { why: someText(why, 'the reason'), addresses, domains },
      },
      async (inside) => {
        for (const one of all) {
          if (addresses.includes(one.address)) await putAddress(inside, { ...one, status: 'enabled' });
        }
        for (const one of names) {
          if (domains.includes(one.name)) await putDomain(inside, { ...one, status: 'ENABLED' });
        }
        await putDeparture(inside, { ...row, state: 'stopped', ended_at: world.host.now() });
      },
    );
  });
}

/** Path of the ZIP of the mailboxes; that it was read stands in the log. @throws {TenancyError} */
export async function exportedMailboxes(world: EnrollmentWorld, actor: Actor, id: string): Promise<string> {
  const row = await mustFind(world, actor, id);
  const { exports } = world.seams;
  if (!hasExport(exports, id))
    throw new TenancyError('not-found', 'There is no export, or its time is over.');
  await writeAudit(world.scope, {
    at: world.host.now(),
    actor: actor.name,
    action: 'departure.export-read',
    subject: row.organization,
    organization: row.organization,
    detail: { sha256: row.export_sha256 },
  });
  return exportFile(exports, id);
}

async function mustFind(world: EnrollmentWorld, actor: Actor, id: string): Promise<DepartureRow> {
  mustOperate(actor);
  const row = await departureById(world.scope, id);
  if (!row) throw new TenancyError('not-found', `There is no departure "${id}".`);
  return row;
}

async function viewOf(world: EnrollmentWorld, actor: Actor, row: DepartureRow): Promise<DepartureView> {
  const { name } = await organization(world, actor, row.organization);
  const steps = await stepViews(world, `departure/${row.id}`, departureSteps);
  // a step that was tried may have done its work already
  const tried = new Set((await orderedSteps(world.scope, `departure/${row.id}`)).map(({ step }) => step));
  const gone = departureSteps.some(({ id, irreversible }) => irreversible && tried.has(id));
  return {
    row,
    name,
    domains: departingDomains(row),
    steps,
    stoppable: !gone && row.state !== 'stopped' && row.state !== 'ended',
    exported: hasExport(world.seams.exports, row.id),
  };
}
