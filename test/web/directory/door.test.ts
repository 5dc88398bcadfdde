import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { createQuota } from '../../../src/directory/quota.ts';
import { createApp } from '../../../web/app.ts';
import { directoryApp } from '../../../web/directory/app.ts';
import { openDoor } from '../../../web/directory/door.ts';
import { freshDirectory, some, take, written } from '../../directory/fixture.ts';
import { inventedRooms } from '../invented.ts';
import { openWorld, type World } from '../members.ts';
import { TOKEN } from './served.ts';

let world: World;
let directory: Directory;
const [one] = some(1);

beforeAll(async () => {
  world = await openWorld();
  directory = await freshDirectory('one');
  await take(directory, written('ndjson', some(20)), { contributor: 'one' });
});
afterAll(() => world.close());

describe('a member of a HISP', () => {
  const ask = async (path: string, headers: Record<string, string>) => {
    const MANY = { burst: 1000, perMinute: 1 };
    const quota = createQuota({ mono: () => 0 }, { public: MANY, participant: MANY });
    const app = createApp(inventedRooms(), {
      directory: openDoor(directory, { quota }),
      tenancies: world.tenancies,
      apiToken: TOKEN,
    });
    const answer = await app.request(`http://localhost${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as { total?: number } };
  };
  const path = `/fhir/Endpoint?address=${one!.DIRECT_ADDRESS}`;

  it('reads as the HISP does, when the HISP takes part, and takes nothing as a whole', async () => {
    for (const name of ['ann@clinic.one.example', 'operator@one.example']) {
      expect((await ask(path, world.as(name))).body.total).toBe(1);
      expect((await ask('/fhir/Endpoint', world.as(name))).status).toBe(403);
      expect((await ask('/api/directory/v1/export', world.as(name))).status).toBe(403);
      expect((await ask('/api/directory/v1/keys', world.as(name))).status).toBe(403);
    }
  });

  it('of a HISP that does not sees what everybody sees', async () => {
    expect((await ask(path, world.as('operator@two.example'))).body.total).toBe(0);
  });

  it('with a wrong password is not let in', async () => {
    const authorization = `Basic ${Buffer.from('ann@clinic.one.example:wrong').toString('base64')}`;
    expect((await ask(path, { authorization })).status).toBe(401);
    expect((await ask(path, { authorization: 'Digest x' })).status).toBe(401);
    expect((await ask(path, { authorization: 'Bearer' })).status).toBe(401);
  });
});

describe('the directory alone', () => {
  it('answers FHIR and its API, and only for its names', async () => {
    const app = directoryApp(openDoor(directory), {
      hosts: ['directory.example'],
      token: TOKEN,
      version: '0',
    });
    const ask = async (url: string, init: RequestInit = {}) =>
      (await app.request(url, { ...init, headers: { authorization: `Bearer ${TOKEN}` } })).status;
    expect(await ask('http://localhost/healthz')).toBe(200);
    expect(await ask('http://directory.example/fhir/metadata')).toBe(200);
    expect(await ask('http://directory.example/fhir/Endpoint', { method: 'HEAD' })).toBe(200);
    expect(await ask('http://localhost/fhir')).toBe(404);
    expect(await ask('http://localhost/api/directory/v1/publications')).toBe(200);
    expect(await ask('http://localhost/')).toBe(404);
    expect(await ask('http://other.example/fhir/metadata')).toBe(421);
  });
});
