import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from '../../src/cli/hisp/desk.ts';
import { enrollmentTexts } from '../../src/cli/up/enrolling.ts';
import { start } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { lookUp } from '../../src/directory/entries.ts';
import { beginRequest, submitRequest } from '../../src/hisp/enrollment/applicant.ts';
import { turns } from '../../src/hisp/enrollment/world.ts';
import { realHost } from '../../src/net/real.ts';
import { readCertificates } from '../../src/store/identities.ts';
import { openStore } from '../../src/store/open.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { sealKey } from '../../src/store/seal.ts';
import { checklist, form } from '../hisp/enrollment/world.ts';
import { anyPorts } from './any-ports.ts';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-enrollment-cli-'));
const config = join(folder, 'anchorage.yaml');
const cli = (...words: string[]) =>
  runInProcess(['enrollment', ...words, '--hisp', 'lakeshore', '--config', config]);

/** A request of an applicant, as the page would have taken it. */
async function sent(domain: string): Promise<string> {
  const host = realHost();
  const state = join(folder, 'state');
  const store = await openStore(host, { file: join(state, 'store/lakeshore.sqlite') });
  const { policy, checklist: list } = enrollmentTexts(configSchema.parse({}));
  const world = {
    host,
    scope: scopeOf(store.db, 'lakeshore'),
    seal: sealKey(join(state, 'seal-key')),
    changed: async () => undefined,
    inTurn: turns(),
    seams: {
      parents: ['lakeshore-hisp.example'],
      nameServer: 'ns.lakeshore-hisp.example',
      policy,
      checklist: list,
      lookUpTxt: async () => [],
      takenElsewhere: async () => undefined,
      exports: join(folder, 'exports'),
    },
  };
  const { id, token } = await beginRequest(world, form({ domain }));
  await submitRequest(world, token, { by: 'Ada', sha256: policy.sha256 });
  await store.close();
  return id;
}

beforeAll(async () => {
  writeFileSync(config, `state: ${join(folder, 'state')}\n`);
  await (await openDesk({ config })).close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('anchorage enrollment, with nothing running', () => {
  it('lists, shows, checks and accepts; what is shown outside waits', async () => {
    const id = await sent('elm.lakeshore-hisp.example');
    expect((await cli('list')).stdout).toMatch(new RegExp(`lakeshore +${id} +submitted +Elm Street Clinic`));
    const shown = (await cli('show', id, '--level', 'loa-2')).stdout;
    expect(shown).toContain('organization-exists');
    const early = await cli('accept', id, '--why', 'Seen.', '--level', 'loa-2');
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('Not checked yet for loa-2')]);
    await cli('check', id, ...checklist.items.map((item) => item.id), '--document', 'licence');
    const accepted = (await cli('accept', id, '--why', 'Seen.', '--level', 'loa-2')).stdout;
    expect(accepted).toMatch(/✓ Administrator/);
    expect(accepted).toMatch(/… DNS and LDAP .*waits for: the HISP to run/);
  });

  it('the next up goes on with it, and with nothing twice', async () => {
    const up = await start(configSchema.parse({ state: join(folder, 'state'), listen: anyPorts }));
    try {
      const { world } = up.running.hisps.find((one) => one.id === 'lakeshore')!.tenancy;
      const done = async () =>
        world.scope.db
          .selectFrom('ordered_step')
          .select('step')
          .where('state', '=', 'done')
          .where('process', 'like', 'enrollment/%')
          .execute();
      await expect.poll(async () => (await done()).length, { timeout: 20_000, interval: 100 }).toBe(7);
      const address = 'referrals@elm.lakeshore-hisp.example';
      expect(lookUp(up.running.directory.directory, address)[0]?.record).toMatchObject({
        ORG_NPI: form().npi,
        ORG_CITY: 'Columbus',
        ORG_STATE: 'OH',
      });
      const certificates = await readCertificates(world.scope);
      expect(certificates.filter(({ owner }) => owner === 'elm.lakeshore-hisp.example')).toHaveLength(1);

      // and the verbs talk to it: one that publishes its addresses by LDAP comes, and goes
      const id = await sent('ash.lakeshore-hisp.example');
      await cli('check', id, ...checklist.items.map((item) => item.id));
      const words = ['--why', 'Seen.', '--level', 'loa-2', '--certificates', 'address-ldap'];
      const accepted = (await cli('accept', id, ...words)).stdout;
      expect(accepted).toMatch(/✓ DNS and LDAP .*its certificates are in LDAP/);
      expect(accepted).toMatch(/✓ Directory entry/);
      const ldap = () =>
        up.running.faces().content.entries.filter(({ dn }) => dn.includes('@ash.lakeshore-hisp.example'));
      expect(ldap()).toHaveLength(1);
      const gone = (await cli('depart', 'elm-street-clinic-2', '--why', 'Closes.')).stdout;
      expect(gone).toMatch(/✓ LDAP withdrawn/);
      // that of the address, and that of the domain, which signs the notices of failure
      expect(gone).toMatch(/✓ Certificates revoked .*2 certificates/);
      expect(gone).toMatch(/✓ Mailboxes closed/);
      expect(ldap()).toEqual([]);
    } finally {
      await up.stop();
    }
  });

  it('declines with a reason', async () => {
    const id = await sent('oak.lakeshore-hisp.example');
    expect((await cli('decline', id)).code).not.toBe(0);
    expect((await cli('decline', id, '--why', 'Not ours.')).stdout).toContain('was declined');
    const json = JSON.parse((await cli('show', id, '--format', 'json')).stdout);
    expect(json).toMatchObject({ state: 'declined', name: 'Elm Street Clinic' });
  });

  it('begins a departure, says how far it is, and stops it', async () => {
    const name = 'iron-range-pediatrics';
    expect((await cli('depart', name, '--why', 'Closes.')).stdout).toMatch(
      /leaving|left[\s\S]*✓ Mail is answered[\s\S]*Certificates revoked/,
    );
    expect((await cli('depart', name)).stdout).toContain('waits for: the HISP to run');
    expect((await cli('depart', name, '--stop', 'Stays.')).stdout).toContain('stopped');
    expect((await cli('depart', 'nobody')).code).toBe(1);
  });
});
