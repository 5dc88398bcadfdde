/**
 * What is set up for an organization that was accepted: step by step, each written down, so that a stop in the middle
 * loses nothing and does nothing twice.
 *
 * @module
 */
import { accountByName } from '../../store/accounts.ts';
import { orderedSteps } from '../../store/departures.ts';
import { enrollmentById, listEnrollments, putOrganizationDetail } from '../../store/enrollments.ts';
import { listAddresses, listDomains, listOrganizations } from '../../store/organizations.ts';
import type { PublicationLevel } from '../../store/publication.ts';
import { type Actor, TenancyError } from '../tenancy/actor.ts';
import { change } from '../tenancy/change.ts';
import { accountInput, addressInput, domainInput, organizationInput } from '../tenancy/input.ts';
import { issueFirst } from '../tenancy/issuing.ts';
import { addAddress, addDomain, addOrganization, changeDomain, domain } from '../tenancy/organizations.ts';
import { addAccount } from '../tenancy/people.ts';
import { isByDomain } from '../tenancy/publication.ts';
import { type OrganizationDetail, organizationDetails } from './details.ts';
import { runSequence, type SequenceStep, type StepResult } from './ordered-steps.ts';
import { makePasswordLink, openPasswordLink } from './password-link.ts';
import { firstAddress, type JoinRequest, readRequest } from './request.ts';
import type { EnrollmentWorld } from './world.ts';

interface Admission {
  readonly world: EnrollmentWorld;
  readonly actor: Actor;
  readonly form: JoinRequest;
  readonly organization: string;
  readonly certificates: PublicationLevel;
}

const done = (said: string): StepResult => ({ done: true, said });
const waits = (why: string): StepResult => ({ done: false, waits: why });

/** A certificate for whoever is to be found first: the domain, or the address. */
const ownerOf = ({ form, certificates }: Admission): string =>
  isByDomain(certificates) ? form.domain : firstAddress(form);

export const admissionSteps: readonly SequenceStep<Admission>[] = [
  {
    id: 'organization',
    title: 'Organization',
    async run({ world, actor, form, organization }) {
      const known = (await listOrganizations(world.scope)).some(({ id }) => id === organization);
      if (!known) {
        await addOrganization(world, actor, organizationInput.parse({ id: organization, name: form.name }));
      }
      await change(
        world,
        actor,
        { action: 'organization.detail', subject: organization, organization, after: detailOf(form) },
        (inside) => putOrganizationDetail(inside, organization, detailOf(form), world.host.now()),
      );
      return done(`${form.name}, short name ${organization}`);
    },
  },
  {
    id: 'domain',
    title: 'Health Domain Name',
    async run({ world, actor, form, organization, certificates }) {
      const known = (await listDomains(world.scope)).find(({ name }) => name === form.domain);
      if (known && known.organization !== organization) {
        throw new TenancyError('conflict', `${form.domain} is a domain of ${known.organization} by now.`);
      }
      if (!known) {
        const input = domainInput.parse({ name: form.domain, organization, certificates, status: 'NEW' });
        await addDomain(world, actor, input);
      }
      return done(`${form.domain}, not shown yet`);
    },
  },
  {
    id: 'address',
    title: 'First address',
    async run({ world, actor, form }) {
      const address = firstAddress(form);
      const known = (await listAddresses(world.scope, form.domain)).some((one) => one.address === address);
      if (!known) {
        await addAddress(world, actor, addressInput.parse({ address, displayName: form.addressName }));
      }
      return done(address);
    },
  },
  {
    id: 'certificate',
    title: 'Certificate',
    async run(admission) {
      const { world, actor, form, organization, certificates } = admission;
      const owner = ownerOf(admission);
      const { keys } = await domain(world, actor, form.domain);
      const of = {
        name: form.domain,
        organization: { id: organization, name: form.name },
        certificates,
        keys,
        addresses: [],
      };
      const title = owner.includes('@') ? form.addressName : owner;
      const issued = await issueFirst(world, actor, { domain: of, owner, title });
      return done(`for ${owner}, serial ${issued.map(({ serial }) => serial).join(', ')}`);
    },
  },
  {
    id: 'administrator',
    title: 'Administrator',
    async run({ world, actor, form, organization }) {
      const name = firstAddress(form);
      const known = await accountByName(world.scope, name);
      const account =
        known ??
        (
          await addAccount(
            world,
            actor,
            accountInput.parse({
              name,
              displayName: form.administrator.name,
              role: 'organization-administrator',
              organization,
              addresses: [name],
            }),
          )
        ).account;
      if (!(await openPasswordLink(world, account.id))) await makePasswordLink(world, actor, account.id);
      return done(`${form.administrator.name}, account ${name}; a link sets the password`);
    },
  },
  {
    id: 'publication',
    title: 'DNS and LDAP',
    async run({ world, actor, form, certificates }) {
      const before = await domain(world, actor, form.domain);
      if (before.status !== 'ENABLED') await changeDomain(world, actor, form.domain, { status: 'ENABLED' });
      else await world.changed();
      const { shown } = world.seams;
      if (!shown) return waits('the HISP to run');
      if (!shown.dns(form.domain)) return waits(`the zone of ${form.domain}`);
      const ldap = certificates.endsWith('ldap');
      if (ldap && shown.ldap(form.domain) === 0) return waits(`the LDAP entries of ${form.domain}`);
      return done(`${form.domain} is answered for; its certificates are in ${ldap ? 'LDAP' : 'DNS'}`);
    },
  },
  {
    id: 'entry',
    title: 'Directory entry',
    async run({ world, form }) {
      const { shown } = world.seams;
      if (!shown) return waits('the HISP to run');
      const count = await shown.entries(form.domain);
      return count === 0
        ? waits('the address directory to take it')
        : done(`${firstAddress(form)} is listed`);
    },
  },
];

function detailOf(form: JoinRequest): OrganizationDetail {
  const { npi, kind, street, street2, city, state, zip, phone, fax, specialty } = form;
  return { npi, kind, street, street2, city, state, zip, phone, fax, specialty };
}

/** Sets up what can be set up now of a request that was accepted. @returns whether all of it is done */
export function admit(world: EnrollmentWorld, id: string): Promise<boolean> {
  return world.inTurn(`enrollment/${id}`, async () => {
    const row = await enrollmentById(world.scope, id);
    if (row?.state !== 'accepted' || row.organization === null || row.decision === null) return false;
    const form = readRequest(row.form);
    const { certificates } = JSON.parse(row.decision) as { certificates: PublicationLevel };
    const { organization } = row;
    const actor: Actor = { name: 'enrollment', role: 'operator', organization: null };
    const sequence = { process: `enrollment/${id}`, subject: id, organization };
    const admission = { world, actor, form, organization, certificates };
    return runSequence(world, actor, sequence, admissionSteps, admission);
  });
}

/** Goes on with every acceptance that was stopped in the middle. */
export async function admitAll(world: EnrollmentWorld): Promise<void> {
  const last = admissionSteps.at(-1)!.id;
  for (const { id } of await listEnrollments(world.scope, ['accepted'])) {
    const steps = await orderedSteps(world.scope, `enrollment/${id}`);
    if (!steps.some(({ step, state }) => step === last && state === 'done')) await admit(world, id);
  }
}

/** Details that the directory publishes, of every enrolled organization, by its short name. */
export async function enrolledDetails(
  world: Pick<EnrollmentWorld, 'scope'>,
): Promise<Map<string, OrganizationDetail>> {
  const found = new Map<string, OrganizationDetail>();
  for (const { id } of await listOrganizations(world.scope)) {
    const detail = await organizationDetails(world.scope, id);
    if (detail) found.set(id, detail);
  }
  return found;
}
