import { readFileSync, statSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  depart,
  departAll,
  departure,
  departures,
  exportedMailboxes,
  startDeparture,
  stopDeparture,
} from '../../../src/hisp/enrollment/departure.ts';
import { departureSteps } from '../../../src/hisp/enrollment/departure-steps.ts';
import { exportFile } from '../../../src/hisp/enrollment/mailbox-export.ts';
import { localOperator } from '../../../src/hisp/tenancy/actor.ts';
import {
  accountInput,
  addressInput,
  domainInput,
  organizationInput,
} from '../../../src/hisp/tenancy/input.ts';
import { issueKey } from '../../../src/hisp/tenancy/issuing.ts';
import { openMembers } from '../../../src/hisp/tenancy/members.ts';
import { addAddress, addDomain, addOrganization } from '../../../src/hisp/tenancy/organizations.ts';
import { addAccount, addAppPassword } from '../../../src/hisp/tenancy/people.ts';
import { accountByName, listAppPasswords } from '../../../src/store/accounts.ts';
import { verifyAudit } from '../../../src/store/audit.ts';
import { departureById } from '../../../src/store/departures.ts';
import { readCertificates } from '../../../src/store/identities.ts';
import { listMailbox, putMailboxItem } from '../../../src/store/mailbox.ts';
import { listAddresses, listDomains, listOrganizations } from '../../../src/store/organizations.ts';
import { readRevocations } from '../../../src/store/publication.ts';
import { enqueue } from '../../../src/store/queue.ts';
import { openTestWorld, type TestWorld } from './world.ts';

const op = localOperator;
const REASON = { organization: 'elm', reason: 'The contract ends.' };
let t: TestWorld;

const member = async (id: string): Promise<void> => {
  const domain = `${id}.hisp.example`;
  const address = `desk@${domain}`;
  await addOrganization(t.world, op, organizationInput.parse({ id, name: `${id} clinic` }));
  const input = { name: domain, organization: id, status: 'ENABLED', certificates: 'address-dns' };
  await addDomain(t.world, op, domainInput.parse(input));
  await addAddress(t.world, op, addressInput.parse({ address }));
  await issueKey(t.world, op, { owner: address });
  const account = { name: address, role: 'user', organization: id, addresses: [address] };
  await addAccount(t.world, op, accountInput.parse(account));
  await addAppPassword(t.world, op, address, { label: 'phone', edges: ['imap'] });
  await putMailboxItem(t.world.scope, {
    address,
    kind: 'message',
    message_id: 'm1',
    internet_id: '1@far.example',
    sender: 'far@far.example',
    subject: 'Hello',
    received_at: t.clock.now,
    bytes: Buffer.from(`To: ${address}\r\nSubject: Hello\r\n\r\nHello ${id}\r\n`),
  });
};

const open = (id: string, direction: 'in' | 'out', timer: number | null) =>
  enqueue(
    t.world.scope,
    {
      id,
      direction,
      kind: direction === 'in' ? 'unknown' : 'message',
      envelope_from: direction === 'in' ? 'far@far.example' : 'desk@elm.hisp.example',
      received_at: t.clock.now,
      internet_id: null,
      delivery_requested: 0,
      follows: null,
      bytes: Buffer.from(id),
    },
    [
      {
        address: direction === 'in' ? 'desk@elm.hisp.example' : 'far@far.example',
        written: 'x',
        domain: direction === 'in' ? 'elm.hisp.example' : 'far.example',
        stage: direction === 'in' ? 'open' : 'prepare',
        state: direction === 'in' ? 'received' : 'open',
        next_at: 1,
        deadline: 2,
        timer_at: timer,
      },
    ],
  );

beforeEach(async () => {
  t = await openTestWorld();
  await member('elm');
  await member('oak');
});
afterEach(() => t.close());

const states = async (id: string) => (await departure(t.world, op, id)).steps.map(({ state }) => state);

describe('a departure', () => {
  it('goes through every step, and leaves everybody else as they were', async () => {
    const id = await startDeparture(t.world, op, REASON);
    const view = await departure(t.world, op, id);
    expect(view.steps.map(({ id: step, state }) => `${step} ${state}`)).toEqual([
      'mail done',
      'outstanding done',
      'entries done',
      'dns done',
      'ldap done',
      'certificates done',
      'accounts done',
      'export done',
      'mailboxes done',
    ]);
    expect(view.steps.every(({ at, said }) => at === t.clock.now && said !== undefined)).toBe(true);
    expect(view).toMatchObject({ stoppable: false, exported: true, row: { state: 'ended' } });
    const { scope } = t.world;
    const of = <T>(list: readonly T[], one: string) =>
      list.filter((row) => JSON.stringify(row).includes(`${one}.hisp.example`));
    const certificates = await readCertificates(scope);
    // the domain's key signed the notices of failure
    expect(of(certificates, 'elm').map(({ state }) => state)).toEqual(['revoked', 'revoked']);
    expect(of(certificates, 'oak').map(({ state }) => state)).toEqual(['active']);
    expect((await readRevocations(scope)).map(({ reason }) => reason)).toEqual([
      'cessationOfOperation',
      'cessationOfOperation',
    ]);
    expect((await listOrganizations(scope)).map(({ status }) => status)).toEqual(['disabled', 'enabled']);
    expect((await listDomains(scope)).map(({ status }) => status)).toEqual(['DISABLED', 'ENABLED']);
    expect((await listAddresses(scope)).map(({ status }) => status)).toEqual(['disabled', 'enabled']);
    const account = (await accountByName(scope, 'desk@elm.hisp.example'))!;
    expect(account.status).toBe('disabled');
    expect((await listAppPasswords(scope, account.id))[0]!.revoked_at).not.toBeNull();
    expect(await listMailbox(scope, 'desk@elm.hisp.example')).toEqual([]);
    expect(await listMailbox(scope, 'desk@oak.hisp.example')).toHaveLength(1);
    const members = await openMembers(scope, t.world.seal);
    expect(members.left('elm.hisp.example')).toEqual({ phase: 'left', day: '2026-03-01' });
    expect(members.left('oak.hisp.example')).toBeUndefined();
    expect(await verifyAudit(scope)).toMatchObject({ ok: true });
  });

  it('hands its mail over before the mailboxes close, and keeps the ZIP for its time', async () => {
    const id = await startDeparture(t.world, op, REASON);
    const files = unzipSync(readFileSync(await exportedMailboxes(t.world, op, id)));
    const names = Object.keys(files);
    expect(names).toEqual(['desk@elm.hisp.example/INBOX/00000001.eml', 'messages.ndjson']);
    expect(Buffer.from(files[names[0]!]!).toString()).toContain('Hello elm');
    const file = exportFile(t.world.seams.exports, id);
    expect(statSync(file).mode & 0o077).toBe(0);
    const row = (await departureById(t.world.scope, id))!;
    expect(row.export_sha256).toHaveLength(64);
    t.clock.now = row.export_until!;
    await departAll(t.world);
    expect(() => readFileSync(file)).toThrow('ENOENT');
    await expect(exportedMailboxes(t.world, op, id)).rejects.toThrow('no export');
  });

  it.each([
    ['a message of its own that nobody confirmed', 'out', 5],
    ['a message for it that is not opened', 'in', null],
  ] as const)('waits for %s', async (_what, direction, timer) => {
    await open('m9', direction, timer);
    const id = await startDeparture(t.world, op, REASON);
    expect((await states(id)).slice(0, 3)).toEqual(['done', 'waits', 'ahead']);
    const members = await openMembers(t.world.scope, t.world.seal);
    expect(members.left('elm.hisp.example')?.phase).toBe('leaving');
    await t.world.scope.db.updateTable('recipient').set({ stage: 'ended', timer_at: null }).execute();
    expect(await depart(t.world, id)).toBe(true);
  });

  it('begins on its day', async () => {
    const id = await startDeparture(t.world, op, { ...REASON, startsOn: '2026-03-03' });
    await departAll(t.world);
    expect(new Set(await states(id))).toEqual(new Set(['ahead']));
    t.clock.now = Date.parse('2026-03-03T00:00:00Z');
    await departAll(t.world);
    expect(new Set(await states(id))).toEqual(new Set(['done']));
  });

  it('can be stopped before a certificate is revoked: all is as it was', async () => {
    t.shown.running = false;
    const id = await startDeparture(t.world, op, REASON);
    expect((await departure(t.world, op, id)).stoppable).toBe(true);
    await stopDeparture(t.world, op, id, 'They stay.');
    expect((await listAddresses(t.world.scope)).map(({ status }) => status)).toEqual(['enabled', 'enabled']);
    const members = await openMembers(t.world.scope, t.world.seal);
    expect(members.left('elm.hisp.example')).toBeUndefined();
    expect(await depart(t.world, id)).toBe(false);
    await expect(stopDeparture(t.world, op, id, 'x')).rejects.toThrow('it was stopped before');
    // and may leave later
    t.shown.running = true;
    const again = await startDeparture(t.world, op, REASON);
    expect(again).not.toBe(id);
    await expect(stopDeparture(t.world, op, again, 'x')).rejects.toThrow('cannot be undone');
    await expect(startDeparture(t.world, op, REASON)).rejects.toThrow('has left');
    expect(await departures(t.world, op)).toHaveLength(2);
  });

  it('survives a stop after any step', async () => {
    for (const [n, { id: step }] of departureSteps.entries()) {
      await t.close();
      t = await openTestWorld();
      await member('elm');
      const id = await startDeparture(t.world, op, REASON);
      for (const { id: later } of departureSteps.slice(n)) {
        await t.world.scope.db.deleteFrom('ordered_step').where('step', '=', later).execute();
      }
      expect([step, await depart(t.world, id)]).toEqual([step, true]);
      expect((await departureById(t.world.scope, id))!.state).toBe('ended');
      expect(await readRevocations(t.world.scope)).toHaveLength(2);
    }
  });

  it('is for operators, and for organizations that are there', async () => {
    const user = { name: 'u', role: 'organization-administrator', organization: 'elm' } as const;
    await expect(startDeparture(t.world, user, REASON)).rejects.toThrow('Only an operator');
    await expect(startDeparture(t.world, op, { ...REASON, organization: 'ash' })).rejects.toThrow(
      'no organization',
    );
    await expect(startDeparture(t.world, op, { ...REASON, reason: '' })).rejects.toThrow('Write the reason');
  });
});
