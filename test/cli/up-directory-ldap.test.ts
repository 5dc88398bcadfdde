import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findRunning } from '../../src/cli/up/running.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { auditLines } from '../../src/directory/audit.ts';
import { addKey } from '../../src/directory/keys.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { askWhole, talk } from '../ldap/talk.ts';
import * as wire from '../ldap/wire.ts';
import { anyPorts } from './any-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-up-directory-ldap-'));
let up: Up;
beforeAll(async () => {
  up = await start(configSchema.parse({ state: join(folder, 'state'), listen: anyPorts }));
  await up.running.directory.settled();
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

it('the directory of a running network answers over LDAP, and keeps on record who asked', async () => {
  const { directory, auditor } = up.running.directory;
  const { directoryLdap } = up.running;
  expect(findRunning(up.running.state)?.directory).toEqual(directoryLdap.addr);
  const address = 'maria.alvarez@direct.lakeside-clinic.example';
  const search = wire.search(2, { base: 'o=directory', filter: wire.equal('mail', address) });
  const [stranger] = await askWhole(directoryLdap.addr, search);
  expect(stranger).toMatchObject({ code: 50 });

  const { key } = addKey(directory, { hisp: 'lakeshore', by: 'test' });
  const login = wire.bind(1, 3, 'cn=lakeshore,ou=participants,o=directory', key);
  const [bound, entry, done] = await talk(directoryLdap.addr).ask(Buffer.concat([login, search]), 3);
  expect([bound!.code, done!.code]).toEqual([0, 0]);
  const text = (name: string): string | undefined => entry!.attributes![name]?.[0]?.toString();
  expect([text('sn'), text('l'), text('o')]).toEqual(['Alvarez', 'Duluth', 'Lakeside Family Clinic']);
  const [der] = entry!.attributes!['userCertificate;binary']!;
  expect(parseCertificate(der!).emails).toEqual([address]);

  auditor.flush();
  expect(auditLines(directory, { who: 'lakeshore' })).toContainEqual(
    expect.objectContaining({
      face: 'ldap',
      kind: 'search',
      results: 1,
      query: `o=directory sub (mail=${address})`,
    }),
  );
});
