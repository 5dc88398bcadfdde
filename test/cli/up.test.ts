import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNetwork } from '../../src/cli/demo/open.ts';
import { Failure } from '../../src/cli/failure.ts';
import { findRunning } from '../../src/cli/up/running.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { addressesOf } from '../../src/config/network.ts';
import { configSchema } from '../../src/config/schema.ts';
import { createResolver } from '../../src/dns/client.ts';
import type { LetterView, MailboxView } from '../../web/views.ts';
import { anyPorts } from './any-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-up-'));
const state = join(folder, 'state');
const config = configSchema.parse({
  state,
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

const page = async (path: string) => (await fetch(new URL(path, up.url))).text();
const api = async (path: string, body?: object) => {
  const answer = await fetch(new URL(`/api${path}`, up.url), {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${up.running.state.token('api-token')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

/** The mailbox once `enough` says so. */
async function eventually(address: string, enough: (view: MailboxView) => boolean): Promise<MailboxView> {
  for (let i = 0; ; i++) {
    const view = (await api(`/mailboxes/${address}`)).body as MailboxView;
    if (enough(view) || i === 100) return view;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

describe('the demo network', () => {
  it('keeps private keys to their owner', () => {
    const files = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.key$|token$/.test(name),
    );
    expect(files.length).toBeGreaterThanOrEqual(11);
    expect(files.filter((name) => (statSync(join(state, name)).mode & 0o077) !== 0)).toEqual([]);
    expect(statSync(state).mode & 0o077).toBe(0);
  });

  it('publishes every certificate that it has, at the level it says', async () => {
    const { running } = up;
    for (const { address, organization } of addressesOf(running.network)) {
      const { discovery } = await running.lookUp(address, undefined);
      expect([address, discovery.outcome, discovery.level]).toEqual([
        address,
        'found',
        organization.certificates,
      ]);
      const leaves = running.material.get(organization.hisp)!.leaves;
      const own = leaves.get(address) ?? leaves.get(organization.domain);
      expect(discovery.candidates.map((one) => one.sha256)).toEqual([own!.certificate.sha256]);
    }
  });

  it.each([
    [lakeshore, harborline, 'trusted', undefined],
    [harborline, prairie, 'trusted', undefined],
    [prairie, lakeshore, 'trusted', undefined],
    [lakeshore, prairie, 'refused', 'trust.no-path'],
  ])('%s to %s: %s', async (from, to, verdict, code) => {
    const { decision } = await up.running.lookUp(to, from);
    expect([decision?.verdict, decision?.firstCause?.code]).toEqual([verdict, code]);
  });

  it('answers on the home page why A does not reach B', async () => {
    const home = await page('/');
    expect(home).toContain('trust.no-path');
    expect(home).toContain('Lakeshore Direct subscribes to the bundle of the Prairie Trust Community');
  });

  it.each([
    '/addresses?q=pharmacy',
    `/address?a=${prairie}`,
    '/scenarios',
    '/about',
    `/mailbox/${lakeshore}`,
  ])('serves %s', async (path) => {
    expect((await fetch(new URL(path, up.url))).status).toBe(200);
  });

  it('is ready', async () => {
    expect(await page('/readyz')).toBe('{"status":"ready","missing":[]}');
  });
});

describe('a message', () => {
  it('ends in a mailbox, and its processed notice comes back', async () => {
    const sent = await api('/send', {
      from: lakeshore,
      to: [harborline],
      subject: 'Referral',
      text: 'Please see.',
    });
    expect(sent.status).toBe(202);
    const fate = await eventually(lakeshore, (view) => view.sent.some((one) => one.state === 'received'));
    expect(fate.sent).toMatchObject([{ to: harborline, state: 'received', subject: 'Referral' }]);
    const box = (await api(`/mailboxes/${harborline}`)).body as MailboxView;
    expect(box.received).toMatchObject([{ from: lakeshore, subject: 'Referral', kind: 'message' }]);
    const letter = await api(`/mailboxes/${harborline}/${box.received[0]!.id}`);
    expect(letter.body).toMatchObject({ text: expect.stringContaining('Please see.') });
    const { stages } = letter.body as LetterView;
    expect(stages.map((stage) => [stage.tone, stage.title])).toEqual([
      ['good', 'Arrived encrypted'],
      ['good', 'Decrypted'],
      ['good', 'Signature verified'],
      ['good', 'Unwrapped'],
      ['good', 'Envelope and message agree'],
      ['good', 'Harborline Health Exchange trusts the signer'],
    ]);
  });

  it('to the broken side fails at once, with the reason, and the sender gets a notice', async () => {
    await api('/send', { from: lakeshore, to: [prairie], subject: 'Lost', text: 'x' });
    const fate = await eventually(lakeshore, (view) => view.received.length > 0);
    expect(fate.sent.find((one) => one.to === prairie)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('does not lead to an anchor'),
    });
    expect(fate.received).toMatchObject([{ kind: 'dsn', subject: expect.stringContaining('Lost') }]);
  });

  it.each([
    [
      { from: 'nobody@direct.lakeside-clinic.example', to: [harborline] },
      'is not an address of this network',
    ],
    [{ from: 'x@elsewhere.example', to: [harborline] }, 'is not an address of this network'],
    [{ from: lakeshore, to: ['not an address'] }, ''],
  ])('%j is refused with a reason', async (request, why) => {
    const answer = await api('/send', { subject: '', text: '', ...request });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(why);
  });

  it('that is not trusted is refused in silence, and the page of the recipient says so', async () => {
    await api('/send', { from: prairie, to: [lakeshore], subject: 'Knock', text: 'x' });
    const box = await eventually(lakeshore, (view) => view.refused.length > 0);
    expect(box.refused).toMatchObject([{ from: prairie, code: 'trust.no-path' }]);
    expect(box.received.map((one) => one.subject)).not.toContain('Knock');
    const fate = (await api(`/mailboxes/${prairie}`)).body as MailboxView;
    expect(fate.sent).toMatchObject([{ subject: 'Knock', state: 'sent, not confirmed yet', tone: 'busy' }]);
    expect(fate.received).toEqual([]);
  });

  it('of another mailbox is not shown', async () => {
    const box = (await api(`/mailboxes/${harborline}`)).body as MailboxView;
    const other = await api(`/mailboxes/emergency@direct.harborline-general.example/${box.received[0]!.id}`);
    expect(other.status).toBe(404);
  });
});

describe('starting', () => {
  it('again finds the same certificates', () => {
    const again = openNetwork(config, up.running.host.now());
    const hashes = (material: typeof again.material) =>
      [...material.values()].flatMap(({ root, leaves }) =>
        [root, ...leaves.values()].map((one) => one.certificate.sha256),
      );
    expect(hashes(again.material)).toEqual(hashes(up.running.material));
  });

  it('renews what is about to expire, under the same anchors', () => {
    const later = up.running.host.now() + 720 * 86_400_000;
    const copy = openNetwork(config, later).material;
    for (const [id, hisp] of copy) {
      const before = up.running.material.get(id)!;
      expect(hisp.root.certificate.sha256).toBe(before.root.certificate.sha256);
      for (const [owner, leaf] of hisp.leaves) {
        expect(leaf.certificate.notAfter).toBeGreaterThan(before.leaves.get(owner)!.certificate.notAfter);
      }
    }
  });

  it('on a port in use says which, and what to do', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const busy = configSchema.parse({
      state: join(folder, 'other'),
      listen: { ...anyPorts, ldap: port },
    });
    const failure = await start(busy).catch((error: unknown) => error);
    other.close();
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).message).toBe(
      `LDAP cannot listen: 127.0.0.1:${port} is in use by another program, perhaps another Anchorage`,
    );
    expect((failure as Failure).hint).toContain('--port-base');
  });

  it('leaves a note for other verbs, of this process', () => {
    expect(findRunning(up.running.state)).toMatchObject({ pid: process.pid, dns: up.running.places.dns });
  });

  it('says of names of others that they do not exist, because nobody else is asked', async () => {
    const answer = await createResolver(up.running.host).query('example.org', 'A');
    expect(answer.outcome).toBe('nxdomain');
  });
});
