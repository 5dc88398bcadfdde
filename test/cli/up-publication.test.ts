import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { storedFaces } from '../../src/cli/up/stored-faces.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { createResolver, type LookupType } from '../../src/dns/client.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import { realHost } from '../../src/net/real.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { parseCrl } from '../../src/pki/crl.ts';
import type { MailboxView } from '../../web/views.ts';
import { anyPorts } from './any-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-publication-'));
const config = configSchema.parse({
  state: join(folder, 'state'),
  listen: anyPorts,
});

let up: Up;
beforeAll(async () => {
  up = await start(config);
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(new URL(`/api${path}`, up.url), {
    method,
    headers: {
      authorization: `Bearer ${up.running.state.token('api-token')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
/** As the operator of a HISP. */
const at = (hisp: string) => (method: string, path: string, body?: object) =>
  ask(method, `/v1${path}?hisp=${hisp}`, body);
const prairie = at('prairie');

/** Asked anew: nothing is kept. */
async function records(name: string, type: LookupType): Promise<readonly ResourceRecord[]> {
  return (await createResolver(up.running.host).query(name, type)).records;
}
const certificates = async (name: string) =>
  (await records(name, 'CERT')).flatMap(({ data }) =>
    data.type === 'CERT' ? [parseCertificate(data.payload)] : [],
  );
async function serial(zone: string): Promise<number> {
  const [soa] = await records(zone, 'SOA');
  return soa?.data.type === 'SOA' ? soa.data.serial : 0;
}
const list = async () => {
  const { host, port } = up.running.places.http;
  const { network } = up.running;
  const which = network.hisps['prairie']!.intermediate ? 'intermediate' : 'root';
  const answer = await fetch(`http://${host}:${port}/prairie/${which}.crl`);
  return parseCrl(new Uint8Array(await answer.arrayBuffer()));
};
const anchorOf = (hisp: string): string =>
  writePem('CERTIFICATE', up.running.material.get(hisp)!.root.certificate.der);

async function sent(from: string, to: string, subject: string) {
  await ask('POST', '/send', { from, to: [to], subject, text: 'x' });
  for (let i = 0; ; i++) {
    const { sent: all } = (await ask('GET', `/mailboxes/${from}`)) as MailboxView;
    const found = all.find((one) => one.subject === subject);
    if (i === 200 || (found && found.tone !== 'busy')) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const DOMAIN = 'direct.prairie-rehab.example';
const ADDRESS = `intake@${DOMAIN}`;
const NAME = `intake.${DOMAIN}`;
const HARBORLINE = 'transitions@direct.harborline-general.example';
const LAKESHORE = 'maria.alvarez@direct.lakeside-clinic.example';

interface Key {
  readonly owner: string;
  readonly sha256: string;
  readonly state: string;
  readonly purpose: string;
}
const keys = async (of = ADDRESS): Promise<Key[]> =>
  ((await prairie('GET', '/keys')) as Key[]).filter(({ owner }) => owner === of);

describe('what an administrator adds', () => {
  it('is published at once, with a certificate of the own authority', async () => {
    expect(await records(DOMAIN, 'SOA')).toEqual([]);
    await prairie('POST', '/organizations', { id: 'rehab', name: 'Prairie Rehab' });
    await prairie('POST', '/domains', { name: DOMAIN, organization: 'rehab', status: 'ENABLED' });
    const first = await serial(DOMAIN);
    expect(first).toBeGreaterThan(0);
    await prairie('POST', '/direct-addresses', { address: ADDRESS, displayName: 'Intake' });
    const [found, ...others] = await certificates(NAME);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ emails: [ADDRESS] });
    expect(await serial(DOMAIN)).toBeGreaterThan(first);
    const servers = await records(DOMAIN, 'MX');
    expect(servers).toMatchObject([{ data: { exchange: 'mx.prairie-hisp.example' } }]);
    const log = (await prairie('GET', '/audit')) as { action: string; actor: string; subject: string }[];
    expect(log[0]).toMatchObject({ action: 'key.issue', actor: 'authority', subject: ADDRESS });
  });

  it('is trusted at its own HISP without another word', async () => {
    const results = 'results@direct.meadowlark-dx.example';
    expect(await sent(results, ADDRESS, 'Neighbour')).toMatchObject({ state: 'received' });
  });

  it('is found and trusted by the users of another HISP, and confirms', async () => {
    await prairie('POST', '/anchors', { domain: DOMAIN, certificate: anchorOf('harborline') });
    expect(await sent(HARBORLINE, ADDRESS, 'Welcome')).toMatchObject({ state: 'received', tone: 'good' });
  });

  it('stands among the people, has a mailbox, and is explained', async () => {
    const page = await (await fetch(new URL('/addresses?q=rehab', up.url))).text();
    expect([page.includes('Prairie Rehab'), page.includes(ADDRESS)]).toEqual([true, true]);
    const box = (await ask('GET', `/mailboxes/${ADDRESS}`)) as MailboxView;
    expect(box.person).toMatchObject({ name: 'Intake', organization: 'Prairie Rehab' });
    expect(box.received.map(({ subject }) => subject)).toContain('Welcome');
    const told = await ask('GET', `/explain?from=${HARBORLINE}&to=${ADDRESS}`);
    expect(told).toMatchObject({ verdict: expect.stringMatching(/^(yes|reaches|trusted)/) });
  });

  it('is in LDAP where the domain says so, and says who cannot be found', async () => {
    const before = up.running.faces().content.entries.length;
    await prairie('PATCH', `/domains/${DOMAIN}`, { certificates: 'address-ldap', keys: 'pair' });
    expect(await certificates(NAME)).toEqual([]);
    expect(await records(`_ldap._tcp.${DOMAIN}`, 'SRV')).toHaveLength(1);
    expect(up.running.faces().content.entries.length).toBe(before + 1);
    const billing = `billing@${DOMAIN}`;
    await prairie('POST', '/direct-addresses', { address: billing });
    expect((await keys(billing)).map(({ purpose }) => purpose).sort()).toEqual(['encrypt', 'sign']);
    const entry = up.running.faces().content.entries.find(({ dn }) => dn.startsWith(`mail=${billing}`));
    expect(entry?.attributes['userCertificate;binary']).toHaveLength(1);
    await prairie('PATCH', `/direct-addresses/${billing}`, { status: 'disabled' });
    await prairie('PATCH', `/domains/${DOMAIN}`, { certificates: 'address-dns', keys: 'dual' });
    await prairie('POST', '/direct-addresses', { address: `"front desk"@${DOMAIN}` });
    const rows = (await prairie('GET', '/publication')) as { owner: string; problem: string | null }[];
    expect(rows.filter(({ owner }) => owner.endsWith(DOMAIN))).toMatchObject([
      { owner: `"front desk"@${DOMAIN}`, problem: expect.stringContaining('cannot stand in a DNS name') },
      { owner: ADDRESS, problem: null },
    ]);
  });

  it('is written to files as it is served', async () => {
    const faces = await storedFaces(up.running);
    expect(faces.zones).toEqual(up.running.faces().zones);
    expect(faces.content).toEqual(up.running.faces().content);
  });

  it('is renewed on demand: another certificate beside the old one, whose key still opens', async () => {
    const [old] = await certificates(NAME);
    await prairie('POST', '/keys/issue', { owner: ADDRESS });
    const [fresh, ...others] = await certificates(NAME);
    expect(others.map(({ sha256 }) => sha256)).toEqual([old!.sha256]);
    expect(fresh!.sha256).not.toBe(old!.sha256);
    expect((await keys()).map(({ state }) => state).sort()).toEqual(['active', 'decrypt-only']);
    // the sender still has the old one in its cache
    expect(await sent(HARBORLINE, ADDRESS, 'To the old key')).toMatchObject({ state: 'received' });
  });
});

describe('a domain that nobody has', () => {
  it('does not exist: mail to it fails at once and says so', async () => {
    const nobody = 'transitions@direct.harborline-genral.example';
    expect((await createResolver(up.running.host).query(nobody.split('@')[1]!, 'MX')).outcome).toBe(
      'nxdomain',
    );
    // names above those that exist do exist, without records
    expect((await createResolver(up.running.host).query('example', 'A')).outcome).toBe('nodata');
    expect(await sent(LAKESHORE, nobody, 'Mistyped')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('does not exist'),
    });
    const { received } = (await ask('GET', `/mailboxes/${LAKESHORE}`)) as MailboxView;
    const notice = received.find(({ kind, subject }) => kind === 'dsn' && subject.includes('Mistyped'));
    const { text } = (await ask('GET', `/mailboxes/${LAKESHORE}/${notice!.id}`)) as { text: string };
    expect(text).toContain('does not exist');
  });

  it('is none of our business where other name servers are asked as well', async () => {
    const network = { resolvers: ['127.0.0.1:9'] };
    const open = await start(configSchema.parse({ state: join(folder, 'open'), listen: anyPorts, network }));
    try {
      const { network, places } = open.running;
      const resolver = createResolver(realHost({ resolvers: [places.dns] }));
      const [own] = Object.values(network.hisps);
      expect((await resolver.query(own!.domain, 'SOA')).outcome).toBe('answer');
      expect(await resolver.query('direct.mistyped.example', 'MX')).toMatchObject({
        outcome: 'unknown',
        why: expect.stringMatching(/REFUSED/i),
      });
    } finally {
      await open.stop();
    }
  });
});

describe('what an administrator revokes', () => {
  it('is listed, with a number that rises, no longer published, and not replaced without an order', async () => {
    // found by a HISP that does not trust its authority, so that the list is not fetched yet
    expect(await sent(LAKESHORE, ADDRESS, 'Knock')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('does not lead to an anchor'),
    });
    const before = await list();
    const [found, replaced] = await certificates(NAME);
    for (const { sha256 } of [found!, replaced!]) {
      const path = `/keys/${encodeURIComponent(ADDRESS)}/${sha256}`;
      await prairie('PATCH', path, { state: 'revoked', reason: 'keyCompromise' });
    }
    const after = await list();
    expect(after.find(found!.serial)).toMatchObject({ reason: 'keyCompromise' });
    expect(after.number! > before.number!).toBe(true);
    expect(await certificates(NAME)).toEqual([]);
    expect((await keys()).map(({ state }) => state)).not.toContain('active');
  });

  it('is refused by those who have it still', async () => {
    const lakeshore = at('lakeshore');
    const certificate = anchorOf('prairie');
    await lakeshore('POST', '/anchors', { domain: 'direct.lakeside-clinic.example', certificate });
    expect(await sent(LAKESHORE, ADDRESS, 'Too late')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('revoked'),
    });
  });

  it('gets another one by order', async () => {
    await prairie('POST', '/keys/issue', { owner: ADDRESS });
    expect(await certificates(NAME)).toHaveLength(1);
  });
});

describe('a domain that is disabled', () => {
  it('is gone, and rises when it is back', async () => {
    const last = await serial(DOMAIN);
    await prairie('PATCH', `/domains/${DOMAIN}`, { status: 'DISABLED' });
    expect(await records(DOMAIN, 'SOA')).toEqual([]);
    expect(await certificates(NAME)).toEqual([]);
    await prairie('PATCH', `/domains/${DOMAIN}`, { status: 'ENABLED' });
    expect(await serial(DOMAIN)).toBeGreaterThanOrEqual(last);
    expect(await certificates(NAME)).toHaveLength(1);
  });
});
