/** A HISP that may be asked, with an authority and invented faces. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { npiCheckDigit } from '../../../src/directory/npi.ts';
import { checklistSchema } from '../../../src/hisp/enrollment/checklist.ts';
import { type JoinRequest, joinRequest } from '../../../src/hisp/enrollment/request.ts';
import { type EnrollmentWorld, turns } from '../../../src/hisp/enrollment/world.ts';
import type { Actor } from '../../../src/hisp/tenancy/actor.ts';
import { holdingsReader } from '../../../src/hisp/tenancy/publication.ts';
import { issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { openStore } from '../../../src/store/open.ts';
import { readRevocations } from '../../../src/store/publication.ts';
import { scopeOf } from '../../../src/store/scope.ts';
import { DAY, NOW, root } from '../../pki/fixtures.ts';

const data = join(import.meta.dirname, '../../../zones/enrollment');
export const checklist = checklistSchema.parse(
  parse(readFileSync(join(data, 'identity-proofing.yaml'), 'utf8')),
);
const text = readFileSync(join(data, 'participation-policy.md'), 'utf8');
export const policy = { version: '1', text, sha256: createHash('sha256').update(text).digest('hex') };

export const ann: Actor = { name: 'ann', account: 'a', role: 'operator', organization: null };
export const bob: Actor = { name: 'bob', account: 'b', role: 'operator', organization: null };

const contact = { name: 'Ada Quist', email: 'ada@clinic.example', phone: '+16145550142' };

export const npi = (nine: string): string => `${nine}${npiCheckDigit(nine)}`;

export const FORM = {
  name: 'Elm Street Clinic',
  kind: 'clinic',
  npi: npi('123456789'),
  street: '1 Elm Street',
  street2: '',
  city: 'Columbus',
  state: 'oh',
  zip: '43215',
  phone: '+16145550142',
  fax: '',
  specialty: '207Q00000X',
  administrator: contact,
  technical: contact,
  privacy: contact,
  domain: 'elm-clinic.hisp.example',
  local: 'referrals',
  addressName: 'Referral desk',
  ehr: '',
};

export const form = (more: Partial<typeof FORM> = {}): JoinRequest => joinRequest.parse({ ...FORM, ...more });

export interface TestWorld {
  readonly world: EnrollmentWorld;
  readonly clock: { now: number };
  readonly txt: Map<string, string[]>;
  /** What is shown at this moment; set `running` to false for a HISP that does not run. */
  readonly shown: { running: boolean; delay: number };
  readonly folder: string;
  close(): Promise<void>;
}

export async function openTestWorld(): Promise<TestWorld> {
  const clock = { now: NOW };
  const host = { now: () => clock.now, hold: <T>(work: Promise<T>) => work };
  const store = await openStore(host, { file: ':memory:' });
  const scope = scopeOf(store.db, 'h');
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-enrollment-'));
  const ca = root('Test Root');
  const txt = new Map<string, string[]>();
  const shown = { running: true, delay: 0 };
  const read = holdingsReader();
  let open = await read(scope);
  const isOpen = (domain: string) => open.domains.find(({ name }) => name === domain);
  let revoked = new Set<string>();
  let keys = 0;
  const faces = {
    dns: (domain: string) => isOpen(domain) !== undefined,
    ldap: (domain: string) => (isOpen(domain)?.certificates.endsWith('ldap') ? 1 : 0),
    entries: async (domain: string) => (shown.delay-- > 0 ? 0 : (isOpen(domain)?.addresses.length ?? 0)),
    revoked: (sha256: string) => revoked.has(sha256),
  };
  const world: EnrollmentWorld = {
    host,
    scope,
    seal: new Uint8Array(32).fill(7),
    issuer: {
      authority: ca.certificate,
      async issue({ owner, kind }) {
        const key = keyPool.take('rsa2048', keys++ % 3);
        const { certificate } = issueCertificate({
          profile: kind,
          subject: { CN: owner.slice(0, 60) },
          key,
          issuer: ca,
          notBefore: clock.now - DAY,
          notAfter: clock.now + 300 * DAY,
          ...(kind === 'address' ? { emails: [owner] } : { dnsNames: [owner] }),
        });
        return { certificate, privateKey: key.privateKey };
      },
    },
    async changed() {
      open = await read(scope);
      revoked = new Set((await readRevocations(scope)).map(({ sha256 }) => sha256));
    },
    inTurn: turns(),
    seams: {
      parents: ['hisp.example'],
      nameServer: 'ns.hisp.example',
      policy,
      checklist,
      lookUpTxt: async (name) => txt.get(name) ?? [],
      takenElsewhere: async (domain) => (domain === 'taken.elsewhere.example' ? 'Far HISP' : undefined),
      get shown() {
        return shown.running ? faces : undefined!;
      },
      exports: join(folder, 'exports'),
    },
  };
  return {
    world,
    clock,
    txt,
    shown,
    folder,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
