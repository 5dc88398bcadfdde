import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { start, type Up } from '../../src/cli/up.ts';
import { exitCodeOf } from '../../src/cli/watch.ts';
import { configSchema } from '../../src/config/schema.ts';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-watch-'));
const DOMAIN = 'direct.lakeside-clinic.example';
let up: Up;

beforeAll(async () => {
  const listen = Object.fromEntries(
    ['dns', 'ldap', 'smtp', 'submission', 'submissions', 'pop3', 'pop3s', 'imap', 'imaps', 'http', 'web'].map(
      (name) => [name, 0],
    ),
  );
  up = await start(configSchema.parse({ state: join(folder, 'up'), listen }));
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

/** A configuration that looks at the running network from outside. */
function write(name: string, text: (places: Up['running']['places']) => string): string {
  const file = join(folder, name);
  writeFileSync(file, text(up.running.places));
  return file;
}

const NETWORK = (places: Up['running']['places']): string => {
  const smtp = [...places.smtp.values()][0]!;
  const at = (addr: { host: string; port: number }) => `"${addr.host}:${addr.port}"`;
  return `state: ./watch
resolvers: [${at(places.dns)}]
allowPrivate: [192.0.2.53, 192.0.2.25, 192.0.2.80, 192.0.2.89]
routes:
  - { from: "192.0.2.53:53", to: ${at(places.dns)} }
  - { from: "192.0.2.25:25", to: ${at(smtp)} }
  - { from: "192.0.2.80:80", to: ${at(places.http)} }
`;
};

it('looks once: all is well, as text and as JSON, with history over runs', async () => {
  const file = write(
    'well.yaml',
    (places) => `${NETWORK(places)}domains:\n  - domain: ${DOMAIN}\n    address: maria.alvarez@${DOMAIN}\n`,
  );
  const text = await runInProcess(['watch', '--config', file, '--once']);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^✓ direct\.lakeside-clinic\.example\n {2}✓ Certificate +1 at address-dns/);
  const { code, stdout } = await runInProcess(['watch', '--config', file, '--once', '--format', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    domains: [{ domain: DOMAIN, state: 'good', events: [], seen: { servers: [{ server: '192.0.2.53' }] } }],
  });
});

it('exits with 1 when something is wrong, and says what happened once', async () => {
  const file = write('wrong.yaml', (places) =>
    `${NETWORK(places)}state: ./wrong\ndomains: [{ domain: nobody.direct.lakeside-clinic.example }]\n`.replace(
      'state: ./watch\n',
      '',
    ),
  );
  const first = await runInProcess(['watch', '--config', file, '--once']);
  expect(first.code).toBe(1);
  expect(first.stdout).toContain(
    'No certificate is published: no certificate is published for nobody.direct.lakeside-clinic.example',
  );
  const second = await runInProcess(['watch', '--config', file, '--once']);
  expect([second.code, second.stdout.includes('for nobody.direct.lakeside-clinic.example')]).toEqual([
    1,
    false,
  ]);
});

it.each([
  [[], 0],
  [[{ domain: 'a.example', failed: 'why' }], 3],
] as const)('exits by what the looks came to', (looks, code) => {
  expect(exitCodeOf(looks)).toBe(code);
});

it.each([
  ['domains: []', 'domains'],
  ['domains: [{ domain: b.example }]\neveryMinutes: 1', 'everyMinutes'],
  ['domains: [{ domain: b.example, kind: other }]', 'kind'],
  ['domains: [{ domain: b.example }]\nanchors: [missing.pem]', 'missing.pem cannot be read'],
  [
    'domains: [{ domain: b.example }]\nalerts: { webhook: { url: "https://h.example/", secretFile: short } }',
    'has 5 characters, expected 32 or more',
  ],
  [
    'domains: [{ domain: b.example }]\nbundles: [{ id: x, url: "http://p.example/b.p7b" }]',
    'no signer is pinned',
  ],
])('refuses %j and says why', async (text, why) => {
  writeFileSync(join(folder, 'short'), 'short');
  const { code, stderr } = await runInProcess(['watch', '--once', '--config', write('bad.yaml', () => text)]);
  expect(stderr).toContain(why);
  expect(code).toBe(2);
});
