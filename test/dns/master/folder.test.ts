import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readZoneFolder } from '../../../src/dns/master/folder.ts';
import { root } from '../../architecture/sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zones-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const zone = (origin: string, more = '') =>
  `$ORIGIN ${origin}.\n$TTL 60\n@ SOA ns hm 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n${more}\n`;

describe('a folder of zone files', () => {
  it('each .zone is a zone; includes lie in the folder', () => {
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts', 'people.inc'), 'drbob CERT $certificate drbob');
    writeFileSync(join(folder, 'b.zone'), zone('b.example', '$INCLUDE parts/people.inc'));
    writeFileSync(join(folder, 'a.zone'), zone('a.example'));
    writeFileSync(join(folder, 'notes.txt'), 'nothing');
    const { zones, errors } = readZoneFolder(folder, { place: () => [Uint8Array.of(1)] });
    expect(errors).toEqual([]);
    expect(zones.map(({ origin, records }) => [origin, records.length])).toEqual([
      ['a.example', 3],
      ['b.example', 4],
    ]);
  });

  it('errors of all files come together; good zones are served all the same', () => {
    writeFileSync(join(folder, 'a.zone'), zone('a.example', 'x A y'));
    writeFileSync(join(folder, 'b.zone'), zone('b.example', 'w CNAME ns\nw A 192.0.2.1'));
    writeFileSync(join(folder, 'c.zone'), zone('c.example'));
    writeFileSync(join(folder, 'd.zone'), zone('c.example'));
    const { zones, errors } = readZoneFolder(folder);
    expect(zones.map(({ origin }) => origin)).toEqual(['c.example']);
    expect(errors.map((text) => text.split(': ')[0])).toEqual(['a.zone:6:5', 'b.zone:6:1', 'd.zone:1:1']);
  });

  it('a link out of the folder is not followed', () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'secret'), 'x A 192.0.2.1');
    symlinkSync(join(outside, 'secret'), join(folder, 'secret.inc'));
    writeFileSync(join(folder, 'a.zone'), zone('a.example', '$INCLUDE secret.inc'));
    expect(readZoneFolder(folder).errors[0]).toContain('secret.inc leads out of the folder');
    rmSync(outside, { recursive: true });
  });
});

it('the example in zones/ is as its README says', () => {
  const asked: string[] = [];
  const { zones, errors } = readZoneFolder(join(root, 'zones', 'example'), {
    place: (name) => {
      asked.push(name);
      return [Uint8Array.of(0x30, 0)];
    },
  });
  expect(errors).toEqual([]);
  expect(zones.map(({ origin }) => origin)).toEqual(['direct.example']);
  expect(asked).toEqual(['domain', 'drbob', 'john.doe']);
});
