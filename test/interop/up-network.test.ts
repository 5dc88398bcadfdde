import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { rootZone } from '../../src/cli/demo/zones.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { addressesOf } from '../../src/config/network.ts';
import { configSchema } from '../../src/config/schema.ts';
import { printMaster } from '../../src/dns/master/index.ts';
import { deliver } from '../../src/smtp/sender.ts';
import { getBlob } from '../../src/store/blobs.ts';
import { putMailboxItem } from '../../src/store/mailbox.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { anyPorts } from '../cli/any-ports.ts';
import { peer } from './peers.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'anchorage-up-peers-'));
const file = (name: string) => join(folder, name);

let up: Up;
beforeAll(async () => {
  const config = configSchema.parse({
    state: file('state'),
    listen: anyPorts,
  });
  up = await start(config);
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

/** Every CERT record of the network: name, and base64 of the certificate. */
const records = () =>
  up.running
    .faces()
    .zones.flatMap((zone) =>
      zone.records.flatMap(({ name, data }) =>
        data.type === 'CERT' ? [{ name, base64: Buffer.from(data.payload).toString('base64') }] : [],
      ),
    );

describe.skipIf(!peer('dig'))('dig', () => {
  it.each([
    ['direct.harborline-genral.example', 'NXDOMAIN'],
    ['no-such-tld', 'NXDOMAIN'],
    ['example', 'NOERROR'],
  ])('is told of %s: %s, with who says so', async (name, status) => {
    const { host, port } = up.running.places.dns;
    const { stdout } = await run(peer('dig')!, [`@${host}`, '-p', String(port), name, 'MX']);
    expect(stdout).toContain(`status: ${status}`);
    expect(stdout).toMatch(/^\.\s+5\s+IN\s+SOA\s+ns\./m);
  });

  it.each([[['+notcp']], [['+tcp']], [['+bufsize=512']], [['+noedns']]])(
    'reads every certificate octet for octet with %j',
    async (options) => {
      const all = records();
      expect(all.length).toBeGreaterThan(40);
      writeFileSync(file('queries'), all.map(({ name }) => `${name} CERT\n`).join(''));
      const { host, port } = up.running.places.dns;
      const args = [`@${host}`, '-p', String(port), '+short', ...options, '-f', file('queries')];
      const { stdout } = await run(peer('dig')!, args, { maxBuffer: 1 << 24 });
      const seen = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(3).join(''));
      expect(seen).toEqual(all.map(({ base64 }) => base64));
    },
  );
});

describe.skipIf(!peer('ldapsearch'))('ldapsearch', () => {
  const inLdap = () =>
    addressesOf(up.running.network)
      .filter((one) => one.organization.certificates.endsWith('ldap'))
      .map(({ address, organization }) => ({
        mail: organization.certificates === 'domain-ldap' ? organization.domain : address,
        hisp: organization.hisp,
      }));

  it.each(['userCertificate', 'userCertificate;binary'])('finds certificates as %s', async (attribute) => {
    const { host, port } = up.running.places.ldap;
    for (const { mail, hisp } of inLdap().filter((_, i) => i % 6 === 0)) {
      const base = `o=${up.running.network.hisps[hisp]!.title}`;
      const args = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', `ldap://${host}:${port}`, '-b', base];
      const { stdout } = await run(peer('ldapsearch')!, [...args, `(mail=${mail})`, attribute]);
      const der = up.running.material.get(hisp)!.leaves.get(mail)!.certificate.der;
      expect(stdout).toContain(`userCertificate;binary:: ${Buffer.from(der).toString('base64')}`);
    }
  });
});

describe('the zones as master files', () => {
  const write = () => {
    const { zones } = up.running.faces();
    for (const zone of zones) writeFileSync(file(`${zone.origin}.zone`), printMaster(zone));
    return zones;
  };

  it.skipIf(!peer('named-checkzone'))('are loaded by named-checkzone', async () => {
    for (const { origin } of write().filter((_, i) => i % 4 === 0)) {
      const { stdout } = await run(peer('named-checkzone')!, [origin, file(`${origin}.zone`)]);
      expect(stdout).toContain('OK');
    }
  });

  it.skipIf(!peer('named-checkzone'))(
    'are all there is in their world, as named-checkzone has it',
    async () => {
      const root = rootZone(up.running.network, up.running.faces().zones, 7);
      writeFileSync(file('root.zone'), printMaster(root));
      const { stdout } = await run(peer('named-checkzone')!, ['.', file('root.zone')]);
      expect(stdout).toContain('OK');
    },
  );

  it.skipIf(!peer('nsd-checkconf'))('stand in a configuration that NSD takes', async () => {
    const zones = write().map(
      ({ origin }) => `zone:\n  name: "${origin}"\n  zonefile: "${file(`${origin}.zone`)}"\n`,
    );
    writeFileSync(file('nsd.conf'), zones.join(''));
    await run(peer('nsd-checkconf')!, [file('nsd.conf')]);
  });
});

describe.skipIf(!peer('openssl'))('openssl', () => {
  const from = 'maria.alvarez@direct.lakeside-clinic.example';
  const to = 'c.brandt@direct.third-ward-im.example';
  const openssl = (...args: string[]) => run(peer('openssl')!, args, { maxBuffer: 1 << 24 });

  /** Certificate and key of an address, and the root it leads to, as files. */
  const identity = (hisp: string, address: string) => {
    const { leaves, root, issuer } = up.running.material.get(hisp)!;
    const { certificate, key } = leaves.get(address)!;
    const write = (name: string, text: string) => {
      writeFileSync(file(name), text);
      return file(name);
    };
    const pem = (one: typeof root) => writePem('CERTIFICATE', one.certificate.der);
    return {
      cert: write(`${hisp}.pem`, writePem('CERTIFICATE', certificate.der)),
      key: write(`${hisp}.key`, key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
      roots: write(`${hisp}.roots`, pem(root) + (issuer === root ? '' : pem(issuer))),
    };
  };

  const arrived = async (hisp: string, address: string) => {
    const { hisp: running } = up.running.hisps.find((one) => one.id === hisp)!;
    for (let i = 0; i < 100; i++) {
      const items = await running.mailbox(address);
      if (items.length > 0) return items;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [];
  };

  it('decrypts and verifies a message as it went over the wire', async () => {
    const answer = await fetch(new URL('/api/send', up.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${up.running.state.token('api-token')}` },
      body: JSON.stringify({ from, to: [to], subject: 'From us', text: 'Potassium 4.1 mmol/L' }),
    });
    expect(answer.status).toBe(202);
    expect(await arrived('harborline', to)).toHaveLength(1);
    const { store } = up.running.hisps.find((one) => one.id === 'harborline')!;
    const row = await store.db
      .selectFrom('message')
      .select('bytes_sha256')
      .where('direction', '=', 'in')
      .executeTakeFirstOrThrow();
    writeFileSync(file('wire.eml'), await getBlob(scopeOf(store.db, 'harborline'), row.bytes_sha256));
    const theirs = identity('harborline', to);
    await openssl(
      'cms',
      '-decrypt',
      '-in',
      file('wire.eml'),
      '-inkey',
      theirs.key,
      '-recip',
      theirs.cert,
      '-out',
      file('inner.eml'),
    );
    const { roots } = identity('lakeshore', from);
    const { stdout } = await openssl(
      'cms',
      '-verify',
      '-in',
      file('inner.eml'),
      '-CAfile',
      roots,
      '-purpose',
      'any',
    );
    expect(stdout).toContain('Potassium 4.1 mmol/L');
  });

  it('makes a message that is accepted', async () => {
    const ours = identity('lakeshore', from);
    const theirs = identity('harborline', to);
    const message = [
      `From: ${from}`,
      `To: ${to}`,
      'Subject: By openssl',
      'Date: Mon, 23 Nov 2026 04:00:00 +0000',
      'Message-ID: <openssl-1@direct.lakeside-clinic.example>',
      'MIME-Version: 1.0',
      '',
      'Signed by another.',
    ];
    writeFileSync(file('inner.txt'), ['Content-Type: message/rfc822', '', ...message, ''].join('\r\n'));
    await openssl(
      'cms',
      '-sign',
      '-in',
      file('inner.txt'),
      '-signer',
      ours.cert,
      '-inkey',
      ours.key,
      '-md',
      'sha256',
      '-crlfeol',
      '-out',
      file('signed.eml'),
    );
    await openssl(
      'cms',
      '-encrypt',
      '-aes256',
      '-in',
      file('signed.eml'),
      '-from',
      from,
      '-to',
      to,
      '-out',
      file('sealed.eml'),
      theirs.cert,
    );
    const bytes = Buffer.from(readFileSync(file('sealed.eml'), 'latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
    const server = up.running.hisps.find((one) => one.id === 'harborline')!.at;
    const result = await deliver(up.running.host, server, {
      helo: 'mx.lakeshore-hisp.example',
      mailFrom: from,
      rcptTo: [to],
      bytes,
      deadlineMs: 10_000,
    });
    expect([...result.perRecipient.values()].map((reply) => reply.code)).toEqual([250]);
    for (let i = 0; i < 100; i++) {
      const items = await arrived('harborline', to);
      if (items.some((one) => one.subject === 'By openssl')) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await arrived('harborline', to)).map((one) => one.subject)).toContain('By openssl');
  });
});

it('leaves a note while it runs', async () => {
  expect(existsSync(file('state/running.json'))).toBe(true);
  expect(readdirSync(file('state')).sort()).toEqual([
    'anchors',
    'api-token',
    'passwords.json',
    'pki',
    'published',
    'running.json',
    'seal-key',
    'store',
    'tls',
  ]);
});

describe.skipIf(!peer('curl'))('curl', () => {
  const address = 'c.brandt@direct.third-ward-im.example';
  const curl = async (url: string, ...args: string[]) => {
    const passwords = JSON.parse(readFileSync(file('state/passwords.json'), 'utf8')) as Record<
      string,
      string
    >;
    const login = ['-sS', '--insecure', '-u', `${address}:${passwords[address]}`];
    return (await run(peer('curl')!, [...login, ...args, url])).stdout;
  };
  const edges = () => up.running.hisps.find((one) => one.id === 'harborline')!.hisp.edges;

  it.each([
    ['IMAP', () => `imap://127.0.0.1:${edges().imap.listening[0]!.port}/INBOX;MAILINDEX=1`, ['--ssl-reqd']],
    ['IMAP over TLS', () => `imaps://127.0.0.1:${edges().imap.secure[0]!.port}/INBOX;MAILINDEX=1`, []],
    ['POP3', () => `pop3://127.0.0.1:${edges().pop3.listening[0]!.port}/1`, ['--ssl-reqd']],
    ['POP3 over TLS', () => `pop3s://127.0.0.1:${edges().pop3.secure[0]!.port}/1`, []],
  ])('reads mail of a demo user by %s', async (_name, url, args) => {
    const { hisp, store } = up.running.hisps.find((one) => one.id === 'harborline')!;
    await putMailboxItem(scopeOf(store.db, 'harborline'), {
      address,
      kind: 'message',
      message_id: '1',
      internet_id: null,
      sender: '',
      subject: '',
      received_at: 0,
      bytes: Buffer.from('Subject: by hand\r\n\r\ntext\r\n'),
    });
    const [first] = await hisp.mailbox(address);
    expect(await curl(url(), ...args)).toBe(Buffer.from((await hisp.read(first!.id))!.bytes).toString());
  });
});
