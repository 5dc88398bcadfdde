/**
 * What an applicant may do: with the token of the request's own link, and without an account.
 *
 * @module
 */
import { writeAudit } from '../../store/audit.ts';
import { sha256Hex } from '../../store/blobs.ts';
import type { EnrollmentRow, EvidenceRow } from '../../store/enrollment-schema.ts';
import {
  addEnrollmentEvent,
  enrollmentById,
  enrollmentByToken,
  listEvidence,
  putEnrollment,
  putEvidence,
  sealToken,
} from '../../store/enrollments.ts';
import { atomically, type Scope } from '../../store/scope.ts';
import { TenancyError } from '../tenancy/actor.ts';
import { readSettings } from '../tenancy/settings.ts';
import { domainStanding, mustBeFree, mustBeProven, provenBy } from './domain-right.ts';
import { evidenceName, MAX_EVIDENCE, MAX_FILE, sniffEvidence } from './evidence.ts';
import { drawToken, isToken, tokenDigest } from './link-token.ts';
import { type JoinRequest, readRequest } from './request.ts';
import { afterEvent, type EnrollmentEventName, STATE_WORDS } from './states.ts';
import type { EnrollmentWorld } from './world.ts';

const APPLICANT = 'applicant';

/** A request that was begun, with the token of its link, which is told to the applicant alone. */
export interface Begun {
  readonly id: string;
  readonly token: string;
}

/** Keeps a draft. @throws {TenancyError} `forbidden` where nobody may ask, `conflict` for a domain that is taken */
export async function beginRequest(world: EnrollmentWorld, form: JoinRequest): Promise<Begun> {
  if (!(await readSettings(world.scope))['enrollment.open']) {
    throw new TenancyError('forbidden', 'This HISP takes no requests on this page at present.');
  }
  await mustBeFree(world, form);
  const now = world.host.now();
  const token = drawToken();
  const digest = tokenDigest('enrollment', token);
  const id = `e${sha256Hex(digest).slice(0, 10)}`;
  const row: EnrollmentRow = {
    id,
    state: 'draft',
    form: JSON.stringify(form),
    token_digest: digest,
    token: sealToken(world.seal, world.scope.tenant, digest, token),
    challenge: drawToken(),
    proven_at: null,
    policy_version: null,
    policy_sha256: null,
    agreed_by: null,
    agreed_at: null,
    approved_by: null,
    approved_digest: null,
    decision: null,
    organization: null,
    created_at: now,
    changed_at: now,
  };
  await atomically(world.scope, async (inside) => {
    await putEnrollment(inside, row);
    await note(world, inside, row, 'begin', null);
  });
  return { id, token };
}

/** The request that a token opens; undefined for none. */
export async function requestOfToken(
  { scope }: EnrollmentWorld,
  token: string,
): Promise<EnrollmentRow | undefined> {
  return isToken(token) ? enrollmentByToken(scope, tokenDigest('enrollment', token)) : undefined;
}

/** Fills the form in anew; a domain that was proven has to be proven again when it is another. @throws {TenancyError} */
export const changeRequest = (world: EnrollmentWorld, token: string, form: JoinRequest): Promise<void> =>
  onRequest(world, token, 'change', async (row) => {
    await mustBeFree(world, form, row.id);
    const same = readRequest(row.form).domain === form.domain;
    // what the first of two persons said yes to was another request
    const anew = { approved_by: null, approved_digest: null };
    return { row: { form: JSON.stringify(form), ...anew, ...(same ? {} : { proven_at: null }) } };
  });

/** Looks for the TXT record that proves a domain of one's own. @throws {TenancyError} `invalid` with what was found */
export async function proveDomain(world: EnrollmentWorld, token: string): Promise<void> {
  const row = await mustFind(world, token);
  const { domain } = readRequest(row.form);
  if (domainStanding(world.seams, domain) === 'below') return;
  await provenBy(world, domain, row.challenge);
  await onRequest(world, token, undefined, async (now) => ({
    row: readRequest(now.form).domain === domain ? { proven_at: world.host.now() } : {},
    event: 'domain-proven',
    why: domain,
  }));
}

/** Takes a file as evidence. @throws {TenancyError} `invalid` for its kind, its size, or one too many */
export async function addEvidence(
  world: EnrollmentWorld,
  token: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
): Promise<EvidenceRow> {
  const { bytes } = file;
  if (bytes.length > MAX_FILE) {
    throw new TenancyError('invalid', `A file has at most ${MAX_FILE >> 20} MB.`);
  }
  const type = sniffEvidence(bytes);
  if (type === undefined) {
    throw new TenancyError(
      'invalid',
      'The file is neither PDF, JPEG, PNG nor plain text in UTF-8, whatever its name says.',
    );
  }
  const name = evidenceName(file.name, type);
  let kept: EvidenceRow | undefined;
  await onRequest(world, token, undefined, async (row) => {
    if (['accepted', 'declined', 'withdrawn'].includes(row.state)) {
      throw new TenancyError('conflict', `This request is ${STATE_WORDS[row.state]}.`);
    }
    if ((await listEvidence(world.scope, row.id)).length >= MAX_EVIDENCE) {
      throw new TenancyError('conflict', `A request has at most ${MAX_EVIDENCE} files.`);
    }
    const at = world.host.now();
    const sha256 = sha256Hex(bytes);
    const fresh = { enrollment: row.id, name, type, sha256, at, bytes };
    const write = async (inside: Scope): Promise<void> => {
      kept = await putEvidence(inside, world.seal, fresh);
    };
    return { row: {}, event: 'evidence', why: name, write };
  });
  return kept!;
}

/** Sends the request to the HISP, with the agreement to its policy. @throws {TenancyError} */
export const submitRequest = (
  world: EnrollmentWorld,
  token: string,
  agreement: { readonly by: string; readonly sha256: string },
): Promise<void> =>
  onRequest(world, token, 'submit', async (row) => {
    const { policy } = world.seams;
    const by = agreement.by.trim();
    if (by === '' || by.length > 200) {
      throw new TenancyError('invalid', 'Say who agrees to the participation policy.');
    }
    if (agreement.sha256 !== policy.sha256) {
      throw new TenancyError(
        'conflict',
        'The participation policy has changed. Read it again, and agree anew.',
      );
    }
    const form = readRequest(row.form);
    await mustBeFree(world, form, row.id);
    mustBeProven(world.seams, form.domain, row.proven_at);
    return {
      row: {
        policy_version: policy.version,
        policy_sha256: policy.sha256,
        agreed_by: by,
        agreed_at: world.host.now(),
      },
    };
  });

/** Answers what the HISP asked. @throws {TenancyError} */
export const answerRequest = (world: EnrollmentWorld, token: string, answer: string): Promise<void> =>
  onRequest(world, token, 'answer', async () => ({ row: {}, why: someText(answer, 'the answer') }));

/** @throws {TenancyError} */
export const withdrawRequest = (world: EnrollmentWorld, token: string, why: string): Promise<void> =>
  onRequest(world, token, 'withdraw', async () => ({
    row: {},
    why: why.trim() === '' ? null : someText(why, 'the reason'),
  }));

const LONGEST_TEXT = 4000;

/** @throws {TenancyError} `invalid` */
export function someText(text: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new TenancyError('invalid', `Write ${what}.`);
  if (trimmed.length > LONGEST_TEXT) {
    throw new TenancyError('invalid', `At most ${LONGEST_TEXT} characters; found ${trimmed.length}.`);
  }
  return trimmed;
}

async function mustFind(world: EnrollmentWorld, token: string): Promise<EnrollmentRow> {
  const row = await requestOfToken(world, token);
  if (!row) throw new TenancyError('not-found', 'There is no request under this link.');
  return row;
}

interface Altered {
  readonly row: Partial<EnrollmentRow>;
  readonly event?: string;
  readonly why?: string | null;
  /** What is written with it. */
  readonly write?: (inside: Scope) => Promise<void>;
}

/** Alters a request in one transaction with its event and its line in the audit log; `work` looks before that. */
async function onRequest(
  world: EnrollmentWorld,
  token: string,
  event: EnrollmentEventName | undefined,
  work: (row: EnrollmentRow) => Promise<Altered>,
): Promise<void> {
  const { id } = await mustFind(world, token);
  await world.inTurn(`enrollment/${id}`, async () => {
    const row = await enrollmentById(world.scope, id);
    if (!row) throw new TenancyError('not-found', 'There is no request under this link.');
    const state = event === undefined ? row.state : afterEvent(row.state, event);
    if (state === undefined) {
      throw new TenancyError(
        'conflict',
        `This cannot be done now; state of the request: ${STATE_WORDS[row.state]}.`,
      );
    }
    const altered = await work(row);
    const after = { ...row, ...altered.row, state, changed_at: world.host.now() };
    await atomically(world.scope, async (inside) => {
      await altered.write?.(inside);
      await putEnrollment(inside, after);
      await note(world, inside, after, altered.event ?? event ?? 'change', altered.why ?? null);
    });
  });
}

async function note(
  { host }: EnrollmentWorld,
  inside: Scope,
  row: EnrollmentRow,
  event: string,
  why: string | null,
): Promise<void> {
  const at = host.now();
  const { id: enrollment, state } = row;
  await addEnrollmentEvent(inside, { enrollment, at, actor: APPLICANT, event, state, why });
  await writeAudit(inside, {
    at,
    actor: APPLICANT,
    action: `enrollment.${event}`,
    subject: row.id,
    organization: null,
    detail: { state },
  });
}
