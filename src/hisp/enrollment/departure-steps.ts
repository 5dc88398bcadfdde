/**
 * What is done when an organization leaves, in this order: its mail is answered, what is under way gets its outcome,
 * nothing is published any more, its certificates are revoked, its people go, its mail is handed over.
 *
 * @module
 */

import { parseCertificate } from '../../pki/certificate.ts';
import {
  endSessionsOf,
  listAccounts,
  listAppPasswords,
  putAccount,
  revokeAppPassword,
} from '../../store/accounts.ts';
import { departingDomains, dropPasswordLinks, putDeparture, unsettledOf } from '../../store/departures.ts';
import type { DepartureRow } from '../../store/enrollment-schema.ts';
import { removeItems, uidsOf } from '../../store/folder-items.ts';
import { foldersOf } from '../../store/folders.ts';
import { putIdentity, readCertificates } from '../../store/identities.ts';
import {
  listAddresses,
  listDomains,
  listOrganizations,
  putAddress,
  putDomain,
  putOrganization,
} from '../../store/organizations.ts';
import { putRevocation } from '../../store/publication.ts';
import type { Scope } from '../../store/scope.ts';
import { domainOf } from '../members.ts';
import type { Actor } from '../tenancy/actor.ts';
import { change } from '../tenancy/change.ts';
import { issueFirst } from '../tenancy/issuing.ts';
import { readSettings } from '../tenancy/settings.ts';
import { exportMailboxes } from './mailbox-export.ts';
import type { SequenceStep, StepResult } from './ordered-steps.ts';
import type { EnrollmentWorld } from './world.ts';

export interface Departing {
  readonly world: EnrollmentWorld;
  readonly actor: Actor;
  /** As it is now; a step that changes it reads it again. */
  readonly row: () => Promise<DepartureRow>;
  readonly organization: string;
}

/** What was enabled before, for a departure that is stopped. */
export interface Restore {
  readonly addresses: readonly string[];
  readonly domains: readonly string[];
}

const done = (said: string): StepResult => ({ done: true, said });
const waits = (why: string): StepResult => ({ done: false, waits: why });
const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

const addressesIn = async ({ scope }: EnrollmentWorld, domains: readonly string[]) =>
  (await listAddresses(scope)).filter(({ domain }) => domains.includes(domain));

const certificatesIn = async ({ scope }: EnrollmentWorld, domains: readonly string[]) =>
  (await readCertificates(scope)).filter(({ owner }) => domains.includes(domainOf(owner)));

export const departureSteps: readonly SequenceStep<Departing>[] = [
  {
    id: 'mail',
    title: 'Mail is answered: has left',
    async run({ world, actor, row, organization }) {
      const now = await row();
      const domains = departingDomains(now);
      await signingKeys(world, actor, domains);
      await change(
        world,
        actor,
        { action: 'departure.close', subject: organization, organization, after: { domains } },
        (inside) =>
          putDeparture(inside, { ...now, state: 'leaving', closed_at: now.closed_at ?? world.host.now() }),
      );
      return done(
        `from now on senders to ${domains.join(', ') || 'no domain'} get a failure notice that says so, and nobody sends from there`,
      );
    },
  },
  {
    id: 'outstanding',
    title: 'What is under way has its outcome',
    async run({ world, row }) {
      const open = await unsettledOf(world.scope, departingDomains(await row()));
      if (open.length === 0) return done('nothing is open');
      const [first] = open;
      return waits(
        `${counted(open.length, 'message')} without an outcome, such as ${first!.direction === 'out' ? 'the one to' : 'one for'} ${first!.recipient}; each has one when its time is up at the latest`,
      );
    },
  },
  {
    id: 'entries',
    title: 'Directory entries withdrawn',
    async run({ world, actor, row, organization }) {
      const now = await row();
      const domains = departingDomains(now);
      const enabled = (await addressesIn(world, domains)).filter(({ status }) => status === 'enabled');
      const before =
        now.restore === null ? { addresses: [], domains: [] } : (JSON.parse(now.restore) as Restore);
      const restore: Restore = {
        ...before,
        addresses: [...new Set([...before.addresses, ...enabled.map(({ address }) => address)])],
      };
      await change(
        world,
        actor,
        { action: 'departure.addresses', subject: organization, organization, before: restore.addresses },
        async (inside) => {
          for (const one of enabled) await putAddress(inside, { ...one, status: 'disabled' });
          await putDeparture(inside, { ...now, state: 'left', restore: JSON.stringify(restore) });
        },
      );
      const { shown } = world.seams;
      if (!shown) return waits('the HISP to run');
      let left = 0;
      for (const domain of domains) left += await shown.entries(domain);
      return left === 0
        ? done(`${counted(restore.addresses.length, 'address', 'addresses')} no longer listed`)
        : waits(`${counted(left, 'entry', 'entries')} to go`);
    },
  },
  {
    id: 'dns',
    title: 'DNS withdrawn',
    async run({ world, actor, row, organization }) {
      const now = await row();
      const domains = departingDomains(now);
      const enabled = (await listDomains(world.scope)).filter(
        ({ name, status }) => domains.includes(name) && status === 'ENABLED',
      );
      const before = JSON.parse(now.restore ?? '{"addresses":[],"domains":[]}') as Restore;
      const restore: Restore = {
        ...before,
        domains: [...new Set([...before.domains, ...enabled.map(({ name }) => name)])],
      };
      await change(
        world,
        actor,
        { action: 'departure.domains', subject: organization, organization, before: restore.domains },
        async (inside) => {
          for (const one of enabled) await putDomain(inside, { ...one, status: 'DISABLED' });
          await putDeparture(inside, { ...now, restore: JSON.stringify(restore) });
        },
      );
      const { shown } = world.seams;
      if (!shown) return waits('the HISP to run');
      const answered = domains.filter((domain) => shown.dns(domain));
      return answered.length === 0
        ? done(`nothing is answered for ${domains.join(', ') || 'no domain'}`)
        : waits(`the zone of ${answered.join(', ')}`);
    },
  },
  {
    id: 'ldap',
    title: 'LDAP withdrawn',
    async run({ world, row }) {
      const { shown } = world.seams;
      if (!shown) return waits('the HISP to run');
      const left = departingDomains(await row()).reduce((sum, domain) => sum + shown.ldap(domain), 0);
      return left === 0 ? done('no entry is left') : waits(`${counted(left, 'entry', 'entries')} to go`);
    },
  },
  {
    id: 'certificates',
    title: 'Certificates revoked',
    irreversible: true,
    async run({ world, actor, row, organization }) {
      const theirs = await certificatesIn(world, departingDomains(await row()));
      const standing = theirs.filter(({ state }) => state !== 'revoked');
      const reason = 'cessationOfOperation' as const;
      await change(
        world,
        actor,
        {
          action: 'departure.revoke',
          subject: organization,
          organization,
          after: { reason, certificates: standing.map(({ sha256 }) => sha256) },
        },
        async (inside) => {
          for (const { owner, purpose, der, sha256 } of standing) {
            await putIdentity(inside, world.seal, { owner, purpose, state: 'revoked', der });
            const { serial } = parseCertificate(der);
            await putRevocation(inside, { sha256, serial, at: world.host.now(), reason });
          }
        },
      );
      const { shown } = world.seams;
      if (!shown) return waits('the HISP to run');
      const ours = (await certificatesIn(world, departingDomains(await row()))).filter(({ der }) =>
        isOurs(world, der),
      );
      const missing = ours.filter(({ sha256 }) => !shown.revoked(sha256));
      return missing.length === 0
        ? done(
            `${counted(ours.length, 'certificate')}, reason cessationOfOperation; the list and the responder say so`,
          )
        : waits(`${counted(missing.length, 'certificate')} on the list`);
    },
  },
  {
    id: 'accounts',
    title: 'Accounts disabled',
    irreversible: true,
    async run({ world, actor, organization }) {
      const all = await listAccounts(world.scope, organization);
      const at = world.host.now();
      await change(
        world,
        actor,
        {
          action: 'departure.accounts',
          subject: organization,
          organization,
          after: all.map(({ name }) => name),
        },
        async (inside) => {
          for (const account of all) {
            await putAccount(inside, { ...account, status: 'disabled' });
            await endSessionsOf(inside, account.id);
            await dropPasswordLinks(inside, account.id);
            for (const { id } of await listAppPasswords(inside, account.id)) {
              await revokeAppPassword(inside, { account: account.id, id, at });
            }
          }
        },
      );
      return done(`${counted(all.length, 'account')}; sessions and application passwords ended`);
    },
  },
  {
    id: 'export',
    title: 'Mailboxes exported',
    irreversible: true,
    async run({ world, actor, row, organization }) {
      const now = await row();
      const addresses = await mailboxesOf(world, departingDomains(now));
      const at = world.host.now();
      const target = { folder: world.seams.exports, id: now.id, at };
      const { messages, octets, sha256 } = await exportMailboxes(world.scope, target, addresses);
      const days = (await readSettings(world.scope))['departure.export-days'];
      const export_until = at + days * 86_400_000;
      await change(
        world,
        actor,
        {
          action: 'departure.export',
          subject: organization,
          organization,
          after: { messages, octets, sha256 },
        },
        (inside) => putDeparture(inside, { ...now, export_sha256: sha256, export_until }),
      );
      return done(
        `${counted(messages, 'message')}, ${octets} octets; the ZIP is kept for ${counted(days, 'day')}`,
      );
    },
  },
  {
    id: 'mailboxes',
    title: 'Mailboxes closed',
    irreversible: true,
    async run({ world, actor, row, organization }) {
      const now = await row();
      const addresses = await mailboxesOf(world, departingDomains(now));
      let messages = 0;
      for (const address of addresses) messages += await emptied(world.scope, address);
      const of = (await listOrganizations(world.scope)).find(({ id }) => id === organization);
      await change(
        world,
        actor,
        { action: 'departure.mailboxes', subject: organization, organization, after: { messages } },
        async (inside) => {
          if (of) await putOrganization(inside, { ...of, status: 'disabled' });
          await putDeparture(inside, { ...now, state: 'ended', ended_at: world.host.now() });
        },
      );
      const said = messages === 0 ? 'nothing was left in them' : `${counted(messages, 'message')} removed`;
      return done(`${said}; audit log, journal and revocations stay`);
    },
  },
];

/** Addresses and postmasters that ever had mail. */
async function mailboxesOf(world: EnrollmentWorld, domains: readonly string[]): Promise<string[]> {
  const { db, tenant } = world.scope;
  const rows = await db.selectFrom('mailbox').select('address').where('tenant', '=', tenant).execute();
  return rows.map(({ address }) => address).filter((address) => domains.includes(domainOf(address)));
}

const AT_ONCE = 500;

async function emptied(scope: Scope, address: string): Promise<number> {
  let count = 0;
  for (const folder of await foldersOf(scope, address)) {
    const uids = await uidsOf(scope, folder);
    for (let from = 0; from < uids.length; from += AT_ONCE) {
      count += (await removeItems(scope, folder, uids.slice(from, from + AT_ONCE), () => true)).length;
    }
  }
  return count;
}

/** Notices of failure come from the postmaster: a domain whose addresses alone have certificates needs one to sign them. */
async function signingKeys(world: EnrollmentWorld, actor: Actor, domains: readonly string[]): Promise<void> {
  if (!world.issuer) return;
  for (const one of await listDomains(world.scope)) {
    if (!domains.includes(one.name) || one.status !== 'ENABLED') continue;
    const of = (await listOrganizations(world.scope)).find(({ id }) => id === one.organization)!;
    const domain = {
      name: one.name,
      organization: { id: of.id, name: of.name },
      certificates: 'domain-dns' as const,
      keys: 'dual' as const,
      addresses: [],
    };
    await issueFirst(world, actor, { domain, owner: one.name, title: one.name, purpose: 'sign' });
  }
}

const isOurs = ({ issuer }: EnrollmentWorld, der: Uint8Array): boolean => {
  const certificate = parseCertificate(der);
  return issuer !== undefined && certificate.aki === issuer.authority.ski;
};
