import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { explanationLines } from '../../src/cli/explain-lines.ts';
import { main } from '../../src/cli/program.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { serveDns } from '../../src/dns/server.ts';
import { formatAddr } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { explanationSchema } from '../../src/trust/explain/schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-explain-'));
const file = join(folder, 'anchorage.yaml');
const state = join(folder, 'state');
const listen = {
  dns: 0,
  ldap: 0,
  directory: 0,
  directorys: 0,
  smtp: 0,
  submission: 0,
  submissions: 0,
  pop3: 0,
  pop3s: 0,
  imap: 0,
  imaps: 0,
  http: 0,
  web: 0,
};

const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

// every run of the verb listens once for a closed pipe
process.stdout.setMaxListeners(50);

let up: Up;
beforeAll(async () => {
  writeFileSync(file, `state: ${state}\nlisten: ${JSON.stringify(listen)}\n`);
  up = await start(configSchema.parse({ state, listen }));
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  process.exitCode = undefined;
});

/** Runs the verb in this process. */
async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const write = (to: string[]) => (text: string | Uint8Array) => to.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(write(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(write(err)),
  ];
  try {
    const code = await main(['explain', '--config', file, ...words]);
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('anchorage explain', () => {
  it('ends with 0 for a pair that reaches each other', async () => {
    const { code, out } = await run(lakeshore, harborline);
    expect(out).toContain(`Mail from ${lakeshore} reaches ${harborline}, and its confirmation comes back.`);
    expect(code).toBe(0);
  });

  it('ends with 1 for one that does not, with the sentence first and the cure after it', async () => {
    const { code, out } = await run(lakeshore, prairie);
    expect(code).toBe(1);
    const [head, , sentence, cure] = out.split('\n');
    expect(head).toBe(`${lakeshore} → ${prairie}`);
    expect(sentence).toContain('its anchor is in the Prairie Trust Community bundle');
    expect(sentence).toContain('trust.no-path');
    expect(cure).toContain('takes the Prairie Trust Community bundle');
    expect(out).toContain('└ ✗ Prairie Connect Root CA (not a trusted anchor)');
    expect(out).toContain('CERT results.direct.meadowlark-dx.example');
  });

  it('sees from the other end that the message gets there and the confirmation does not come back', async () => {
    const { code, out } = await run(prairie, lakeshore, '--format', 'json');
    const { first } = explanationSchema.parse(JSON.parse(out));
    expect([code, first?.way, first?.step]).toEqual([1, 'there', 'accept']);
    expect(first?.cure).toMatchObject({ who: 'to', domain: 'direct.lakeside-clinic.example' });
  });

  it('says the same as the API of the running network', async () => {
    const url = new URL(`/api/explain?from=${lakeshore}&to=${prairie}`, up.url);
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${up.running.state.token('api-token')}` },
    });
    const theirs = explanationSchema.parse(await answer.json());
    const ours = explanationSchema.parse(JSON.parse((await run(lakeshore, prairie, '--format', 'json')).out));
    expect([ours.headline, ours.first]).toEqual([theirs.headline, theirs.first]);
    expect(explanationLines(theirs)[2]).toContain(theirs.headline);
  });

  it('tells of a mailbox that is not there', async () => {
    const { code, out } = await run(
      lakeshore,
      'nobody@direct.harborline-general.example',
      '--format',
      'json',
    );
    const { first } = explanationSchema.parse(JSON.parse(out));
    expect([code, first?.reason.code]).toEqual([1, 'edge.unknown-mailbox']);
  });

  it('judges by given anchors, and still does not claim to hold their keys', async () => {
    const anchor = join(folder, 'prairie.pem');
    const { root } = up.running.material.get('prairie')!;
    writeFileSync(anchor, writePem('CERTIFICATE', root.certificate.der));
    const { out } = await run(lakeshore, prairie, '--anchor', anchor, '--format', 'json');
    const { ways } = explanationSchema.parse(JSON.parse(out));
    expect(ways[0]!.encrypt).toMatchObject({ answer: 'yes', anchors: [{ suppliedBy: anchor }] });
    // now nobody trusts the anchor of Lakeshore
    expect(ways[0]!.accept?.answer).toBe('no');
  });

  it('asks the name server that it is told to ask', async () => {
    const broken = await serveDns(realHost(), {
      at: [{ host: '127.0.0.1', port: 0 }],
      answer: (query) => ({ ...query, response: true, rcode: 'SERVFAIL' }),
    });
    const resolver = formatAddr(broken.addrs[0]!);
    const dead = await run(lakeshore, prairie, '--resolver', resolver, '--format', 'json');
    await broken.close();
    const { verdict, first } = explanationSchema.parse(JSON.parse(dead.out));
    expect([dead.code, verdict, first?.reason.code]).toEqual([3, 'undetermined', 'discovery.temporary']);
    const live = await run(lakeshore, harborline, '--resolver', formatAddr(up.running.places.dns));
    expect(live.code).toBe(0);
  });

  it.each([
    [['nobody', prairie], 'is not a Direct address (the sender)'],
    [[lakeshore, 'direct.meadowlark-dx.example'], 'is not a Direct address (the recipient)'],
    [['a@x.example', 'b@y.example'], 'nothing is known of a@x.example or b@y.example'],
  ])('%j is bad usage', async (words, why) => {
    const { code, err } = await run(...words);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});
