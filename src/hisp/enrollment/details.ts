/**
 * What the address directory says of an organization that was enrolled, beside its name: as the applicant stated it and
 * an operator accepted it.
 *
 * @module
 */
import { z } from 'zod';
import { readOrganizationDetail } from '../../store/enrollments.ts';
import type { Scope } from '../../store/scope.ts';

const text = z.string().max(200);

export const organizationDetail = z.object({
  /** Ten digits of a type 2 NPI; null for who has none. */
  npi: text.nullable(),
  /** As in a network's file: clinic, hospital, lab, … */
  kind: text,
  street: text,
  street2: text.nullable(),
  city: text,
  /** Two capitals. */
  state: text,
  /** 12345 or 12345-6789. */
  zip: text,
  /** E.164. */
  phone: text,
  fax: text.nullable(),
  /** NUCC taxonomy code. */
  specialty: text.nullable(),
});

export type OrganizationDetail = z.output<typeof organizationDetail>;

/** Undefined for an organization that did not come by enrollment. */
export async function organizationDetails(
  scope: Scope,
  organization: string,
): Promise<OrganizationDetail | undefined> {
  const read = organizationDetail.safeParse(await readOrganizationDetail(scope, organization));
  return read.success ? read.data : undefined;
}
