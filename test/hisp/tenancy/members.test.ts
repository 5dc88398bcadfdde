import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePem } from '../../../src/asn1/pem.ts';
import { referenceTimers } from '../../../src/hisp/config.ts';
import { keysOf, mailboxOf, policyOf, timersOf } from '../../../src/hisp/members.ts';
import { localOperator } from '../../../src/hisp/tenancy/actor.ts';
import {
  audit,
  changeSetting,
  forgetAnswers,
  resetSetting,
  settings,
} from '../../../src/hisp/tenancy/books.ts';
import type { TenancyWorld } from '../../../src/hisp/tenancy/change.ts';
import { addressInput, domainInput, organizationInput } from '../../../src/hisp/tenancy/input.ts';
import { openMembers, type StoredMembers } from '../../../src/hisp/tenancy/members.ts';
import {
  addAddress,
  addDomain,
  addOrganization,
  changeAddress,
  changeDomain,
  changeOrganization,
} from '../../../src/hisp/tenancy/organizations.ts';
import { addAnchor, addKey, changeKey } from '../../../src/hisp/tenancy/trust.ts';
import { openStore, type Store } from '../../../src/store/open.ts';
import { scopeOf } from '../../../src/store/scope.ts';
import { leaf, root } from '../../pki/fixtures.ts';

const op = localOperator;
const quiet = { hold: <T>(work: Promise<T>) => work, now: () => 1 };
let store: Store;
let members: StoredMembers;
let world: TenancyWorld;

const add = (address: string, more = {}) => addAddress(world, op, addressInput.parse({ address, ...more }));
const box = (address: string) => mailboxOf(members, address);

beforeEach(async () => {
  store = await openStore(quiet, { file: ':memory:' });
  const scope = scopeOf(store.db, 'h');
  const seal = new Uint8Array(32);
  members = await openMembers(scope, seal);
  world = { host: quiet, scope, seal, changed: () => members.reload() };
  await addOrganization(world, op, organizationInput.parse({ id: 'o', name: 'O' }));
  await addDomain(world, op, domainInput.parse({ name: 'd.example', organization: 'o', status: 'ENABLED' }));
  await add('ann@d.example');
});
afterEach(() => store.close());

describe('a change counts for the next decision', () => {
  it('of an address', async () => {
    expect(box('bob@d.example')).toBeUndefined();
    await add('bob@d.example');
    expect(box('Bob@d.example')).toBe('bob@d.example');
    await changeAddress(world, op, 'bob@d.example', { status: 'disabled' });
    expect(box('bob@d.example')).toBeUndefined();
  });

  it('of an alias, whose mail goes to its address', async () => {
    await add('desk@d.example', { aliasOf: 'ann@d.example' });
    expect([box('desk@d.example'), box('desk+x@d.example')]).toEqual(['ann@d.example', 'ann@d.example']);
    await changeAddress(world, op, 'ann@d.example', { status: 'disabled' });
    expect(box('desk@d.example')).toBeUndefined();
  });

  it('of plus tags', async () => {
    expect(box('ann+tag@d.example')).toBe('ann@d.example');
    await changeAddress(world, op, 'ann@d.example', { plusTags: 'refuse' });
    expect(box('ann+tag@d.example')).toBeUndefined();
  });

  it.each([
    ['a domain that is disabled', () => changeDomain(world, op, 'd.example', { status: 'DISABLED' })],
    ['a domain that is new', () => changeDomain(world, op, 'd.example', { status: 'NEW' })],
    ['an organization that is disabled', () => changeOrganization(world, op, 'o', { status: 'disabled' })],
  ])('of %s', async (_what, change) => {
    expect(box('postmaster@d.example')).toBe('postmaster@d.example');
    await change();
    expect([box('ann@d.example'), box('postmaster@d.example')]).toEqual([undefined, undefined]);
  });

  it('of timers and policies: the domain’s own before the settings', async () => {
    const minutes = () => timersOf(members, referenceTimers, 'd.example').processedMs / 60_000;
    expect([minutes(), policyOf(members, 'd.example').revocation]).toEqual([60, 'require']);
    await changeSetting(world, op, 'notify.processed-minutes', '20');
    await changeSetting(world, op, 'trust.revocation', 'soft');
    expect([minutes(), policyOf(members, 'd.example').revocation]).toEqual([20, 'soft']);
    await changeDomain(world, op, 'd.example', { processedMinutes: 30, revocation: 'require' });
    expect([minutes(), policyOf(members, 'd.example').revocation]).toEqual([30, 'require']);
  });

  it('of settings, until they are reset to their default', async () => {
    const value = async () =>
      (await settings(world, op)).find(({ key }) => key === 'notify.processed-minutes')?.value;
    await changeSetting(world, op, 'notify.processed-minutes', '20');
    await resetSetting(world, op, 'notify.processed-minutes');
    expect(await value()).toBe(60);
    expect((await audit(world, op, { limit: 1 }))[0]).toMatchObject({
      action: 'setting.reset',
      subject: 'notify.processed-minutes',
    });
    await expect(resetSetting(world, op, 'notify.minutes')).rejects.toThrow('There is no setting');
  });

  it('forget what others said when an operator says so', async () => {
    let forgotten = 0;
    await forgetAnswers(world, op, { flush: () => void forgotten++ });
    expect(forgotten).toBe(1);
    await expect(forgetAnswers(world, op, {})).rejects.toThrow('remembers nothing');
    await expect(forgetAnswers(world, { ...op, role: 'user' } as typeof op, {})).rejects.toThrow();
  });

  it('of keys, sealed in the store, and of anchors', async () => {
    const ca = root('CA');
    const { certificate, key } = leaf(ca, 'ann@d.example');
    const pem = writePem('CERTIFICATE', certificate.der);
    const privateKey = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const counts = () =>
      (['sign', 'decrypt'] as const).map((use) => keysOf(members.keys, 'ann@d.example', use).length);
    await addKey(world, op, { owner: 'ann@d.example', certificate: pem, privateKey, purpose: 'dual' });
    expect(counts()).toEqual([1, 1]);
    const which = { owner: 'ann@d.example', sha256: certificate.sha256 };
    await changeKey(world, op, which, { state: 'decrypt-only' });
    expect(counts()).toEqual([0, 1]);
    await changeKey(world, op, which, { state: 'revoked' });
    expect(counts()).toEqual([0, 1]);
    await expect(changeKey(world, op, which, { state: 'active' })).rejects.toThrow('stays revoked');

    const anchor = { domain: 'd.example', certificate: writePem('CERTIFICATE', ca.certificate.der) };
    await addAnchor(world, op, { ...anchor, incoming: true, outgoing: false });
    expect([
      members.anchors('d.example', 'incoming'),
      members.anchors('d.example', 'outgoing'),
    ]).toMatchObject([[{}], []]);
    await expect(
      addAnchor(world, op, { domain: 'd.example', certificate: pem, incoming: true, outgoing: true }),
    ).rejects.toThrow('no CA');
    const foreign = addKey(world, op, { owner: 'd.example', certificate: pem, purpose: 'dual' });
    await expect(foreign).rejects.toThrow('expected d.example among its subject alternative names');
  });
});

describe('an alias', () => {
  it.each([
    ['of nobody', 'x@d.example', 'none@d.example', 'no such other address'],
    ['of itself', 'ann@d.example', 'ann@d.example', 'no such other address'],
    ['of an alias', 'x@d.example', 'desk@d.example', 'an alias itself'],
    ['in another organization', 'x@d.example', 'far@e.example', 'another organization'],
    ['that others lead to', 'ann@d.example', 'bob@d.example', 'is an alias of ann'],
  ])('%s is refused', async (_what, from, to, why) => {
    await add('desk@d.example', { aliasOf: 'ann@d.example' });
    await add('bob@d.example');
    await addOrganization(world, op, organizationInput.parse({ id: 'p', name: 'P' }));
    await addDomain(
      world,
      op,
      domainInput.parse({ name: 'e.example', organization: 'p', status: 'ENABLED' }),
    );
    await add('far@e.example');
    if (from === 'x@d.example') await add(from);
    await expect(changeAddress(world, op, from, { aliasOf: to })).rejects.toThrow(why);
  });
});
