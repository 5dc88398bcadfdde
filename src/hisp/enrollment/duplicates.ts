/**
 * What is there already of what an applicant asks for.
 *
 * @module
 */
import { enrollmentById, listEnrollments } from '../../store/enrollments.ts';
import { listAddresses, listDomains, listOrganizations } from '../../store/organizations.ts';
import { organizationDetails } from './details.ts';
import { firstAddress, type JoinRequest, readRequest } from './request.ts';
import { OPEN_STATES } from './states.ts';
import type { EnrollmentWorld } from './world.ts';

export interface Duplicate {
  readonly what: 'name' | 'npi' | 'domain' | 'address';
  readonly text: string;
  /** Whether the request cannot be accepted as it is. */
  readonly hinders: boolean;
}

const folded = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '');

/** In the order of the fields; empty when all is new. */
export async function duplicatesOf(
  { scope, seams }: EnrollmentWorld,
  id: string,
  form: JoinRequest,
): Promise<Duplicate[]> {
  const found: Duplicate[] = [];
  const own = (await enrollmentById(scope, id))?.organization;
  const organizations = (await listOrganizations(scope)).filter((one) => one.id !== own);
  for (const one of organizations) {
    if (folded(one.name) === folded(form.name)) {
      found.push({ what: 'name', text: `${one.name} (${one.id}) has the same name`, hinders: false });
    }
    const npi = form.npi === null ? undefined : (await organizationDetails(scope, one.id))?.npi;
    if (npi !== undefined && npi === form.npi) {
      found.push({ what: 'npi', text: `${one.name} (${one.id}) has the NPI ${npi}`, hinders: false });
    }
  }
  for (const row of await listEnrollments(scope, OPEN_STATES)) {
    if (row.id === id) continue;
    const other = readRequest(row.form);
    if (form.npi !== null && other.npi === form.npi) {
      const text = `the request of ${other.name} (${row.id}) names the same NPI`;
      found.push({ what: 'npi', text, hinders: false });
    }
    if (other.domain === form.domain) {
      const text = `the request of ${other.name} (${row.id}) asks for the same domain`;
      found.push({ what: 'domain', text, hinders: false });
    }
  }
  for (const one of await listDomains(scope)) {
    if (one.organization === own) continue;
    const text = `${one.name} is a domain of ${one.organization}`;
    if (one.name === form.domain) found.push({ what: 'domain', text, hinders: true });
    else if (form.domain.endsWith(`.${one.name}`) || one.name.endsWith(`.${form.domain}`)) {
      found.push({ what: 'domain', text: `${text}, of which this one is a part`, hinders: true });
    }
  }
  const elsewhere = await seams.takenElsewhere(form.domain);
  if (elsewhere !== undefined) {
    found.push({ what: 'domain', text: `${form.domain} is a domain of ${elsewhere}`, hinders: true });
  }
  const address = firstAddress(form);
  if (own === undefined || own === null) {
    const taken = (await listAddresses(scope)).some((one) => one.address === address);
    if (taken) found.push({ what: 'address', text: `there is an address ${address}`, hinders: true });
  }
  return found;
}
