/**
 * Whether an applicant may have the Health Domain Name that is wished for: below a domain of the HISP, or a domain of
 * one's own that a TXT record proves.
 *
 * @module
 */
import { TenancyError } from '../tenancy/actor.ts';
import { duplicatesOf } from './duplicates.ts';
import type { JoinRequest } from './request.ts';
import type { EnrollmentSeams, EnrollmentWorld } from './world.ts';

/** Names of the HISP's own servers. */
const SERVERS: ReadonlySet<string> = new Set(['ns', 'mx', 'ldap', 'pki', 'mail', 'www', 'ocsp', 'crl']);

/** Where the TXT record stands, as seen from the domain. */
export const CHALLENGE_LABEL = '_anchorage-enrollment';

export const challengeName = (domain: string): string => `${CHALLENGE_LABEL}.${domain}`;
export const challengeText = (challenge: string): string => `anchorage-enrollment=${challenge}`;

export function domainStanding(
  { parents }: Pick<EnrollmentSeams, 'parents'>,
  domain: string,
): 'below' | 'own' {
  return parents.some((parent) => domain.endsWith(`.${parent}`)) ? 'below' : 'own';
}

/** @throws {TenancyError} `conflict` for what somebody has already, or a name of the HISP's own */
export async function mustBeFree(world: EnrollmentWorld, form: JoinRequest, id = ''): Promise<void> {
  const { parents } = world.seams;
  const parent = parents.find((one) => form.domain === one || form.domain.endsWith(`.${one}`));
  const rest = parent === undefined ? '' : form.domain.slice(0, -parent.length - 1);
  if (parent !== undefined && (rest === '' || SERVERS.has(rest.split('.').at(-1)!))) {
    throw new TenancyError('conflict', `${form.domain} belongs to the HISP itself. Choose another name.`);
  }
  const hindering = (await duplicatesOf(world, id, form)).find(({ hinders }) => hinders);
  // who has it is nobody's business here
  if (hindering) {
    const what = hindering.what === 'address' ? `${form.local}@${form.domain}` : form.domain;
    throw new TenancyError('conflict', `${what} is taken. Choose another name.`);
  }
}

/** @throws {TenancyError} `conflict` for a domain of one's own that was not proven */
export function mustBeProven(seams: EnrollmentSeams, domain: string, provenAt: number | null): void {
  if (domainStanding(seams, domain) === 'below' || provenAt !== null) return;
  throw new TenancyError(
    'conflict',
    `Prove first that ${domain} is yours, by the TXT record, or choose a name below ${seams.parents.join(' or ')}.`,
  );
}

/** @throws {TenancyError} `invalid` with what DNS said */
export async function provenBy({ seams }: EnrollmentWorld, domain: string, challenge: string): Promise<void> {
  const name = challengeName(domain);
  const wanted = challengeText(challenge);
  let texts: readonly string[];
  try {
    texts = await seams.lookUpTxt(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TenancyError('invalid', `${name} could not be asked: ${why}. Try again later.`);
  }
  if (texts.includes(wanted)) return;
  const found =
    texts.length === 0 ? 'no TXT record' : texts.map((text) => `"${text.slice(0, 80)}"`).join(', ');
  throw new TenancyError('invalid', `${name}: found ${found}, expected "${wanted}".`);
}
