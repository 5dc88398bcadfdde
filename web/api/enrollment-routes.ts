import { z } from 'zod';
import { admit } from '../../src/hisp/enrollment/admission.ts';
import {
  depart,
  departure,
  departureInput,
  departures,
  startDeparture,
  stopDeparture,
} from '../../src/hisp/enrollment/departure.ts';
import {
  acceptRequest,
  askApplicant,
  checkInput,
  checkItem,
  decisionInput,
  declineRequest,
  enrollment,
  enrollments,
  reasonInput,
} from '../../src/hisp/enrollment/review.ts';
import type { EnrollmentWorld } from '../../src/hisp/enrollment/world.ts';
import { TenancyError } from '../../src/hisp/tenancy/actor.ts';
import {
  departureShown,
  enrollmentLine,
  enrollmentView,
  toDeparture,
  toEnrollment,
  toEnrollmentLine,
} from './enrollment-views.ts';
import { type ApiRoute, type Call, OPERATORS, withBody } from './route.ts';

const tag = 'enrollment' as const;
const operators = { tag, for: OPERATORS } as const;

/** @throws {TenancyError} where nobody can join */
function worldOf({ tenancy }: Call): EnrollmentWorld {
  if (!tenancy.enrollment) throw new TenancyError('not-found', 'Nobody can join here.');
  return tenancy.enrollment;
}
const shown = async (call: Call) => {
  const id = call.param('id');
  return toEnrollment(await enrollment(worldOf(call), call.actor, id, call.query('level')));
};
const shownDeparture = async (call: Call, id = call.param('id')) =>
  toDeparture(await departure(worldOf(call), call.actor, id));

/** What an operator does to a request, which is shown as it is then. */
const deed = <T>(
  name: string,
  summary: string,
  body: z.ZodType<T>,
  act: (world: EnrollmentWorld, actor: Call['actor'], id: string, body: T) => Promise<unknown>,
): ApiRoute =>
  withBody({
    ...operators,
    method: 'post',
    path: `/enrollments/{id}/${name}`,
    summary,
    body,
    answer: { status: 200, schema: enrollmentView },
    async serve(call, read) {
      await act(worldOf(call), call.actor, call.param('id'), read);
      return shown(call);
    },
  });

/** Requests to join, and departures. */
export const ENROLLMENT_ROUTES: readonly ApiRoute[] = [
  {
    ...operators,
    method: 'get',
    path: '/enrollments',
    summary: 'Requests to join that were sent, the one that changed last first',
    answer: { status: 200, schema: z.array(enrollmentLine) },
    serve: async (call) => (await enrollments(worldOf(call), call.actor)).map(toEnrollmentLine),
  },
  {
    ...operators,
    method: 'get',
    path: '/enrollments/{id}',
    summary: 'One request, with its checklist, duplicates, events and steps',
    query: { level: 'Level of assurance whose checklist is shown' },
    answer: { status: 200, schema: enrollmentView },
    serve: shown,
  },
  deed('check', 'Note that an item of the checklist was checked', checkInput, checkItem),
  deed('ask', 'Ask the applicant for more', reasonInput, (world, actor, id, { why }) =>
    askApplicant(world, actor, id, why),
  ),
  deed(
    'accept',
    'Accept a request, or say yes as the first of two; what follows is done step by step',
    decisionInput,
    acceptRequest,
  ),
  deed(
    'decline',
    'Decline a request, with a reason that the applicant reads',
    reasonInput,
    (world, actor, id, { why }) => declineRequest(world, actor, id, why),
  ),
  {
    ...operators,
    method: 'post',
    path: '/enrollments/{id}/continue',
    summary: 'Go on with what is set up for an accepted request',
    answer: { status: 200, schema: enrollmentView },
    async serve(call) {
      await shown(call);
      await admit(worldOf(call), call.param('id'));
      return shown(call);
    },
  },
  {
    ...operators,
    method: 'get',
    path: '/departures',
    summary: 'Who leaves and who left, the newest first',
    answer: { status: 200, schema: z.array(departureShown) },
    serve: async (call) => (await departures(worldOf(call), call.actor)).map(toDeparture),
  },
  withBody({
    ...operators,
    method: 'post',
    path: '/departures',
    summary: 'Begin the departure of an organization, at once or on a day',
    body: departureInput,
    answer: { status: 201, schema: departureShown },
    serve: async (call, body) => shownDeparture(call, await startDeparture(worldOf(call), call.actor, body)),
  }),
  {
    ...operators,
    method: 'get',
    path: '/departures/{id}',
    summary: 'One departure with its steps',
    answer: { status: 200, schema: departureShown },
    serve: (call) => shownDeparture(call),
  },
  {
    ...operators,
    method: 'post',
    path: '/departures/{id}/continue',
    summary: 'Go on with a departure as far as can be',
    answer: { status: 200, schema: departureShown },
    async serve(call) {
      await shownDeparture(call);
      await depart(worldOf(call), call.param('id'));
      return shownDeparture(call);
    },
  },
  withBody({
    ...operators,
    method: 'post',
    path: '/departures/{id}/stop',
    summary: 'Stop a departure, before the certificates are revoked; everything is as it was',
    body: reasonInput,
    answer: { status: 200, schema: departureShown },
    async serve(call, { why }) {
      await stopDeparture(worldOf(call), call.actor, call.param('id'), why);
      return shownDeparture(call);
    },
  }),
];
