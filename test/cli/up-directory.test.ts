import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Up } from '../../src/cli/up.ts';
import { addressesOf } from '../../src/config/network.ts';
import { configSchema } from '../../src/config/schema.ts';
import { type Reader, visibleTo } from '../../src/directory/access.ts';
import { createContribution, history } from '../../src/directory/contributions.ts';
import { type Entry, entries, lookUp } from '../../src/directory/entries.ts';
import { snapshots } from '../../src/directory/snapshots.ts';
import { beginApplying } from '../../src/directory/write/apply.ts';
import { faultsOf } from '../directory/fhir-rules/check.ts';
import { anyPorts } from './any-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-up-directory-'));
const config = configSchema.parse({ state: join(folder, 'state'), listen: anyPorts });

let up: Up;
beforeAll(async () => {
  up = await start(config);
  await up.running.directory.settled();
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

async function prairie(method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(new URL(`/api/v1${path}?hisp=prairie`, up.url), {
    method,
    headers: {
      authorization: `Bearer ${up.running.state.token('api-token')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.ok, `${method} ${path}: ${await answer.text()}`).toBe(true);
}
const listed = (address: string): Entry[] => lookUp(up.running.directory.directory, address);
const contributions = () => history(up.running.directory.directory);

describe('the directory of a running network', () => {
  it('lists every address, with what the file says of it, verified by discovery', () => {
    const { directory } = up.running.directory;
    const all = [...entries(directory)];
    const wanted = addressesOf(up.running.network).map(({ address }) => address);
    expect(all.map(({ record }) => record.DIRECT_ADDRESS).toSorted()).toEqual(wanted.toSorted());
    expect(all.filter(({ verification }) => verification !== 'verified')).toEqual([]);
    const [maria] = listed('maria.alvarez@direct.lakeside-clinic.example');
    expect(maria).toMatchObject({
      contributor: 'lakeshore',
      record: {
        ADDRESS_TYPE: 'person',
        PROV_FIRST_NAME: 'Maria',
        PROV_LAST_NAME: 'Alvarez',
        PROV_SUFFIX: 'MD',
        PROV_SPECIALTY: '207Q00000X',
        ORG_NAME: 'Lakeside Family Clinic',
        ORG_CITY: 'Duluth',
        ORG_STATE: 'MN',
        ORG_ZIP: '55802',
        HISP_OPERATOR: 'Lakeshore Direct',
      },
    });
    const [desk] = listed('referrals@direct.lakeside-clinic.example');
    expect(desk?.record).toMatchObject({ ADDRESS_TYPE: 'department', SERVICE_DESCRIPTION: 'Referrals desk' });
    expect(snapshots(directory)).toMatchObject([{ manifest: { entries: wanted.length - 1, withheld: 1 } }]);
  });

  it('shows to everybody, to participants or to nobody, as the file says', () => {
    const { directory } = up.running.directory;
    const seen = (reader: Reader, address: string): boolean => {
      const [entry] = lookUp(directory, address);
      return visibleTo(directory, reader)(entry!);
    };
    const anybody = { kind: 'public', peer: '127.0.0.1' } as const;
    const member = { kind: 'participant', id: 'prairie', name: 'x', bulk: false } as const;
    for (const [address, expected] of [
      ['maria.alvarez@direct.lakeside-clinic.example', [true, true]],
      ['d.okoye@direct.two-rivers-bh.example', [false, true]],
      ['crisis@direct.two-rivers-bh.example', [false, false]],
    ] as const) {
      expect([address, seen(anybody, address), seen(member, address)]).toEqual([address, ...expected]);
    }
  });

  it('follows what administrators change, and verifies it', async () => {
    const { directory } = up.running;
    const address = 'eva.berg@direct.garrison-cardiology.example';
    const before = contributions().length;
    await prairie('POST', '/direct-addresses', { address, displayName: 'Eva Berg' });
    await directory.settled();
    expect(listed(address)).toMatchObject([
      { verification: 'verified', record: { PROV_LAST_NAME: 'Berg', ORG_CITY: 'Minot' } },
    ]);
    expect(contributions()[0]).toMatchObject({
      contributor: 'prairie',
      kind: 'incremental',
      state: 'applied',
    });
    await prairie('PATCH', `/direct-addresses/${address}`, { status: 'disabled' });
    await directory.settled();
    expect(listed(address)).toEqual([]);
    expect(contributions()).toHaveLength(before + 2);
  });

  it('contributes nothing where nothing changed, also after a restart', async () => {
    const before = contributions().length;
    await up.running.directory.sync('lakeshore');
    await up.stop();
    up = await start(config);
    await up.running.directory.settled();
    expect(contributions()).toHaveLength(before);
  });

  it('goes on after a stop in the middle of a contribution', async () => {
    const { directory } = up.running.directory;
    const head = { source: 'x', format: 'ndjson', sha256: 'x', by: 'up', kind: 'incremental' } as const;
    const { id } = createContribution(directory, { contributor: 'lakeshore', state: 'loading', ...head });
    beginApplying(directory, id);
    await prairie('POST', '/direct-addresses', {
      address: 'late@direct.garrison-cardiology.example',
      displayName: 'Late',
    });
    await up.running.directory.settled();
    expect(listed('late@direct.garrison-cardiology.example')).toHaveLength(1);
    expect(contributions().find((one) => one.id === id)).toMatchObject({ state: 'refused' });
  });

  it('is not verified any more when the certificate is revoked', async () => {
    const { directory } = up.running;
    const address = 'i.halvorsen@direct.red-river-fp.example';
    const answer = await fetch(new URL('/api/v1/keys?hisp=prairie', up.url), {
      headers: { authorization: `Bearer ${up.running.state.token('api-token')}` },
    });
    const keys = (await answer.json()) as { owner: string; sha256: string }[];
    const { sha256 } = keys.find(({ owner }) => owner === address)!;
    await prairie('PATCH', `/keys/${address}/${sha256}`, { state: 'revoked', reason: 'keyCompromise' });
    await directory.settled();
    expect(listed(address)).toMatchObject([{ verification: 'failed', active: false }]);
  });
});

describe('the directory of a running network over HTTP', () => {
  const ask = async (path: string, key?: string, init: RequestInit = {}) => {
    const answer = await fetch(new URL(path, up.url), {
      ...init,
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...init.headers },
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const operator = () => up.running.state.token('api-token');
  const maria = '/fhir/Endpoint?address=maria.alvarez@direct.lakeside-clinic.example';

  it('answers FHIR that holds against the published rules, to whom it may', async () => {
    const made = await ask('/api/directory/v1/keys', operator(), {
      method: 'POST',
      body: JSON.stringify({ hisp: 'prairie', bulk: true }),
      headers: { 'content-type': 'application/json' },
    });
    expect(made.status).toBe(201);
    const { key } = made.body as { key: string };
    const paths = [
      '/fhir/metadata',
      maria,
      '/fhir/Organization?_count=100&_revinclude=Location:organization&_include=Organization:endpoint',
      '/fhir/PractitionerRole?_count=200&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization',
      '/fhir/Practitioner?nam=x',
    ];
    for (const path of paths) expect(faultsOf((await ask(path, key)).body), path).toEqual([]);
    const all = await ask('/fhir/Endpoint?_summary=count', key);
    const { directory } = up.running.directory;
    const reader: Reader = { kind: 'participant', id: 'prairie', name: 'prairie', bulk: true };
    expect(all.body.total).toBe([...entries(directory)].filter(visibleTo(directory, reader)).length);
    expect((await ask(maria, key)).body.total).toBe(1);
    expect((await ask('/fhir/Endpoint', key)).status).toBe(200);
    expect((await ask('/fhir/Endpoint')).status).toBe(403);
  });

  it('takes contributions in turn with its own', async () => {
    const record = { DIRECT_ADDRESS: 'guest@direct.guest.example', PROV_LAST_NAME: 'Guest' };
    const { status, body } = await ask(
      '/api/directory/v1/contribute?contributor=prairie&kind=incremental&as=ndjson',
      operator(),
      { method: 'POST', body: `${JSON.stringify(record)}\n` },
    );
    expect([status, body.state]).toEqual([202, 'applied']);
    expect(listed('guest@direct.guest.example')).toHaveLength(1);
    const undone = await ask(`/api/directory/v1/contribute/${body.id}/undo`, operator(), { method: 'POST' });
    expect(undone.body.state).toBe('applied');
    expect(listed('guest@direct.guest.example')).toEqual([]);
  });
});
