import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { localOperator } from '../../src/hisp/tenancy/actor.ts';
import { addressInput, domainInput, organizationInput } from '../../src/hisp/tenancy/input.ts';
import {
  addAddress,
  addDomain,
  addOrganization,
  changeDomain,
} from '../../src/hisp/tenancy/organizations.ts';
import { keys } from '../../src/hisp/tenancy/trust.ts';
import { peer } from './peers.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'anchorage-publication-peers-'));
const DOMAIN = 'direct.new-clinic.example';
const ADDRESS = `desk@${DOMAIN}`;
const op = localOperator;

let up: Up;
beforeAll(async () => {
  const listen = ['dns', 'ldap', 'smtp', 'submission', 'submissions', 'pop3', 'pop3s', 'imap', 'imaps'];
  up = await start(
    configSchema.parse({
      state: join(folder, 'state'),
      listen: Object.fromEntries([...listen, 'http', 'web'].map((name) => [name, 0])),
    }),
  );
  await addOrganization(world(), op, organizationInput.parse({ id: 'new', name: 'New Clinic' }));
  const domain = { name: DOMAIN, organization: 'new', status: 'ENABLED' };
  await addDomain(world(), op, domainInput.parse(domain));
  await addAddress(world(), op, addressInput.parse({ address: ADDRESS }));
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

const world = () => up.running.hisps[0]!.tenancy.world;
const issued = async (): Promise<string> => {
  const found = (await keys(world(), op)).find(({ owner }) => owner === ADDRESS);
  return Buffer.from(found!.certificate.der).toString('base64');
};
const dig = async (...words: string[]): Promise<string> => {
  const { host, port } = up.running.places.dns;
  return (await run(peer('dig')!, [`@${host}`, '-p', String(port), ...words])).stdout;
};

/** In order: each changes what the next one finds. */
describe('a domain that was added while everything runs', () => {
  it.skipIf(!peer('dig'))('is found by dig', async () => {
    const answer = await dig('+short', `desk.${DOMAIN}`, 'CERT');
    expect(answer.trim().split(' ').slice(3).join('')).toBe(await issued());
    expect(await dig('+short', DOMAIN, 'MX')).toContain('10 mx.');
  });

  it.skipIf(!peer('ldapsearch'))('is found by ldapsearch', async () => {
    await changeDomain(world(), op, DOMAIN, { certificates: 'address-ldap' });
    const { host, port } = up.running.places.ldap;
    const base = `o=${up.running.hisps[0]!.title}`;
    const args = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', `ldap://${host}:${port}`, '-b', base];
    const { stdout } = await run(peer('ldapsearch')!, [...args, `(mail=${ADDRESS})`, 'userCertificate']);
    expect(stdout).toContain(`userCertificate;binary:: ${await issued()}`);
  });

  it.skipIf(!peer('dig'))('is gone when it is disabled', async () => {
    await changeDomain(world(), op, DOMAIN, { status: 'DISABLED' });
    // the demo's name server answers for everything, so that what is not there does not exist
    expect(await dig(DOMAIN, 'SOA')).toContain('status: NXDOMAIN');
  });
});
