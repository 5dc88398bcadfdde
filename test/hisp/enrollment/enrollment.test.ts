import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { admissionSteps, admit } from '../../../src/hisp/enrollment/admission.ts';
import {
  addEvidence,
  answerRequest,
  beginRequest,
  changeRequest,
  proveDomain,
  requestOfToken,
  submitRequest,
  withdrawRequest,
} from '../../../src/hisp/enrollment/applicant.ts';
import { departAll } from '../../../src/hisp/enrollment/departure.ts';
import { organizationDetails } from '../../../src/hisp/enrollment/details.ts';
import { challengeName, challengeText } from '../../../src/hisp/enrollment/domain-right.ts';
import {
  accountOfLink,
  makePasswordLink,
  openPasswordLink,
  setPasswordByLink,
} from '../../../src/hisp/enrollment/password-link.ts';
import {
  acceptRequest,
  applicantToken,
  askApplicant,
  checkItem,
  declineRequest,
  enrollment,
  enrollments,
  evidenceFile,
} from '../../../src/hisp/enrollment/review.ts';
import { changeSetting } from '../../../src/hisp/tenancy/books.ts';
import { isPassword } from '../../../src/hisp/tenancy/password.ts';
import { accountByName } from '../../../src/store/accounts.ts';
import { readAudit, verifyAudit } from '../../../src/store/audit.ts';
import { putOrderedStep } from '../../../src/store/departures.ts';
import { resealEnrollments } from '../../../src/store/enrollments.ts';
import { readCertificates } from '../../../src/store/identities.ts';
import { listAddresses, listDomains, listOrganizations } from '../../../src/store/organizations.ts';
import { ann, bob, checklist, form, npi, openTestWorld, policy, type TestWorld } from './world.ts';

const COST = { cost: 16, blockSize: 1, parallelization: 1 };
const DECISION = { level: 'loa-2', certificates: 'domain-dns', why: 'All was seen.' } as const;
const agreement = { by: 'Ada Quist', sha256: policy.sha256 };
let t: TestWorld;
beforeEach(async () => {
  t = await openTestWorld();
});
afterEach(() => t.close());

const sent = async (some = form()): Promise<{ id: string; token: string }> => {
  const begun = await beginRequest(t.world, some);
  await submitRequest(t.world, begun.token, agreement);
  return begun;
};
const checked = async (id: string): Promise<void> => {
  for (const { id: item } of checklist.items) {
    await checkItem(t.world, ann, id, { item, document: 'registration', note: '' });
  }
};

describe('an applicant', () => {
  it('fills in, brings evidence, agrees, is asked, answers, and sees every step', async () => {
    const { id, token } = await beginRequest(t.world, form());
    expect(await enrollments(t.world, ann)).toEqual([]);
    await changeRequest(t.world, token, form({ city: 'Dayton', zip: '45402' }));
    const kept = await addEvidence(t.world, token, { name: 'licence.exe', bytes: Buffer.from('%PDF-1.4 x') });
    expect(kept).toMatchObject({ n: 1, name: 'licence.pdf', type: 'application/pdf' });
    await submitRequest(t.world, token, agreement);
    await expect(changeRequest(t.world, token, form())).rejects.toThrow(
      'state of the request: waits for review',
    );
    await askApplicant(t.world, ann, id, 'Which building?');
    await answerRequest(t.world, token, 'The red one.');
    const view = await enrollment(t.world, ann, id);
    expect(view.events.map(({ n, actor, event, state, why }) => [n, actor, event, state, why])).toEqual([
      [1, 'applicant', 'begin', 'draft', null],
      [2, 'applicant', 'change', 'draft', null],
      [3, 'applicant', 'evidence', 'draft', 'licence.pdf'],
      [4, 'applicant', 'submit', 'submitted', null],
      [5, 'ann', 'ask', 'asked', 'Which building?'],
      [6, 'applicant', 'answer', 'answered', 'The red one.'],
    ]);
    expect(await applicantToken(t.world, ann, id)).toBe(token);
    expect(view.row).toMatchObject({ policy_sha256: policy.sha256, agreed_by: 'Ada Quist' });
    expect(await verifyAudit(t.world.scope)).toMatchObject({ ok: true });
    const log = JSON.stringify(await readAudit(t.world.scope, { limit: 100 }));
    expect(log).not.toContain(token);
  });

  it('may withdraw, and is found by nobody without the token', async () => {
    const { token } = await sent();
    await withdrawRequest(t.world, token, 'We took another HISP.');
    expect((await requestOfToken(t.world, token))?.state).toBe('withdrawn');
    for (const other of ['', 'x', 'A'.repeat(43), `${token}x`]) {
      expect(await requestOfToken(t.world, other)).toBeUndefined();
    }
    await expect(withdrawRequest(t.world, token, '')).rejects.toThrow('withdrawn');
  });

  it.each([
    ['the HISP’s own', 'hisp.example', /belongs to the HISP/],
    ['one of its servers', 'mx.hisp.example', /belongs to the HISP/],
    ['somebody’s elsewhere', 'taken.elsewhere.example', /is taken/],
  ])('does not get a domain that is %s', async (_what, domain, why) => {
    await expect(beginRequest(t.world, form({ domain }))).rejects.toThrow(why);
  });

  it('proves a domain of his own by TXT, and proves another one anew', async () => {
    const { token } = await beginRequest(t.world, form({ domain: 'direct.elm.example' }));
    const { challenge } = (await requestOfToken(t.world, token))!;
    const name = challengeName('direct.elm.example');
    await expect(submitRequest(t.world, token, agreement)).rejects.toThrow('Prove first');
    await expect(proveDomain(t.world, token)).rejects.toThrow(`${name}: found no TXT record`);
    t.txt.set(name, ['other', challengeText(challenge)]);
    await proveDomain(t.world, token);
    expect((await requestOfToken(t.world, token))?.proven_at).toBe(t.clock.now);
    await changeRequest(t.world, token, form({ domain: 'direct.oak.example' }));
    await expect(submitRequest(t.world, token, agreement)).rejects.toThrow('Prove first');
  });

  it('agrees to the text that is shown, and to no other', async () => {
    const { token } = await beginRequest(t.world, form());
    await expect(submitRequest(t.world, token, { by: 'Ada', sha256: '0' })).rejects.toThrow('has changed');
    await expect(submitRequest(t.world, token, { ...agreement, by: ' ' })).rejects.toThrow('Say who');
  });

  it.each([
    ['a page', 'x.pdf', '<html>'],
    ['nothing', 'x.pdf', ''],
    ['an archive', 'x.pdf', 'PK\u0003\u0004'],
  ])('cannot bring %s as evidence', async (_what, name, content) => {
    const { token } = await beginRequest(t.world, form());
    await expect(addEvidence(t.world, token, { name, bytes: Buffer.from(content) })).rejects.toThrow(
      'neither PDF',
    );
  });

  it('brings at most eight files of 5 MB', async () => {
    const { token } = await beginRequest(t.world, form());
    const large = Buffer.alloc((5 << 20) + 1, 'a');
    await expect(addEvidence(t.world, token, { name: 'l', bytes: large })).rejects.toThrow('at most 5 MB');
    for (let n = 0; n < 8; n++) await addEvidence(t.world, token, { name: 'a', bytes: Buffer.from('a') });
    const ninth = addEvidence(t.world, token, { name: 'a', bytes: Buffer.from('a') });
    await expect(ninth).rejects.toThrow('at most 8 files');
  });

  it('is turned away where nobody may ask', async () => {
    await changeSetting(t.world, ann, 'enrollment.open', false);
    await expect(beginRequest(t.world, form())).rejects.toThrow('takes no requests');
  });
});

describe('an operator', () => {
  it('declines with a reason, which stands in the events', async () => {
    const { id } = await sent();
    await expect(declineRequest(t.world, ann, id, ' ')).rejects.toThrow('Write the reason');
    await declineRequest(t.world, ann, id, 'The NPI is of somebody else.');
    await expect(acceptRequest(t.world, ann, id, DECISION)).rejects.toThrow('declined');
    expect((await enrollment(t.world, ann, id)).events.at(-1)).toMatchObject({
      event: 'decline',
      why: 'The NPI is of somebody else.',
    });
  });

  it('reads evidence that lies sealed, also after a change of the sealing key, and leaves a line in the log', async () => {
    const { id, token } = await beginRequest(t.world, form());
    await addEvidence(t.world, token, { name: 'a.txt', bytes: Buffer.from('a very secret letter') });
    await submitRequest(t.world, token, agreement);
    const { sealed } = await t.world.scope.db
      .selectFrom('enrollment_evidence')
      .select('sealed')
      .executeTakeFirstOrThrow();
    expect(Buffer.from(sealed).includes('secret')).toBe(false);
    const fresh = Buffer.concat([new Uint8Array(32).fill(9), t.world.seal]);
    expect(await resealEnrollments(t.world.scope.db, fresh)).toBe(2);
    const world = { ...t.world, seal: fresh.subarray(0, 32) };
    const { bytes } = await evidenceFile(world, ann, id, 1);
    expect(Buffer.from(bytes).toString()).toBe('a very secret letter');
    const [last] = await readAudit(t.world.scope, { limit: 1 });
    expect(last).toMatchObject({ action: 'enrollment.evidence-read', actor: 'ann' });
    expect(await applicantToken(world, ann, id)).toBe(token);
  });

  it('accepts nothing that is not checked, and says what is missing', async () => {
    const { id } = await sent();
    await expect(acceptRequest(t.world, ann, id, DECISION)).rejects.toThrow(
      'Not checked yet for loa-2: The organization exists under this name',
    );
  });

  it('sees who has the NPI, the name and the domain already', async () => {
    const first = await sent();
    await checked(first.id);
    await acceptRequest(t.world, ann, first.id, DECISION);
    const second = await sent(form({ name: 'ELM street clinic', domain: 'other.hisp.example' }));
    const { duplicates } = await enrollment(t.world, ann, second.id);
    expect(duplicates.map(({ what, hinders }) => [what, hinders])).toEqual([
      ['name', false],
      ['npi', false],
    ]);
    await expect(beginRequest(t.world, form({ domain: 'sub.elm-clinic.hisp.example' }))).rejects.toThrow(
      'taken',
    );
  });

  it('sees requests that ask for the same', async () => {
    const [first, second] = [await sent(), await sent(form({ npi: npi('198765432') }))];
    expect((await enrollment(t.world, ann, second.id)).duplicates).toMatchObject([
      { what: 'domain', text: expect.stringContaining(first.id) },
    ]);
    await checked(first.id);
    await acceptRequest(t.world, ann, first.id, DECISION);
    await checked(second.id);
    await expect(acceptRequest(t.world, ann, second.id, DECISION)).rejects.toThrow('is a domain of');
  });
});

describe('what has had its time', () => {
  it('goes: drafts and refused requests, with their files', async () => {
    const draft = await beginRequest(t.world, form({ domain: 'a.hisp.example' }));
    await addEvidence(t.world, draft.token, { name: 'a', bytes: Buffer.from('a') });
    const refused = await sent();
    await declineRequest(t.world, ann, refused.id, 'No.');
    const left = async () => {
      await departAll(t.world);
      const { db } = t.world.scope;
      const rows = await db.selectFrom('enrollment').select('id').execute();
      const files = await db.selectFrom('enrollment_evidence').select('n').execute();
      return [rows.length, files.length];
    };
    expect(await left()).toEqual([2, 1]);
    t.clock.now += 31 * 86_400_000;
    expect(await left()).toEqual([1, 0]);
    t.clock.now += 335 * 86_400_000;
    expect(await left()).toEqual([0, 0]);
  });
});

describe('two persons', () => {
  it('accept together, and only what both saw', async () => {
    await changeSetting(t.world, ann, 'enrollment.two-persons', true);
    const { id, token } = await sent();
    await checked(id);
    expect(await acceptRequest(t.world, ann, id, DECISION)).toBe('approved');
    await expect(acceptRequest(t.world, ann, id, DECISION)).rejects.toThrow('You said yes already');
    // other files than those that the first one saw
    await addEvidence(t.world, token, { name: 'b', bytes: Buffer.from('b') });
    expect(await acceptRequest(t.world, bob, id, DECISION)).toBe('approved');
    expect(await acceptRequest(t.world, ann, id, DECISION)).toBe('accepted');
    const local = { name: 'local', role: 'operator', organization: null } as const;
    const second = await sent(form({ domain: 'b.hisp.example' }));
    await checked(second.id);
    await expect(acceptRequest(t.world, local, second.id, DECISION)).rejects.toThrow('sign in');
  });
});

describe('what follows from an acceptance', () => {
  const accepted = async (certificates: 'domain-dns' | 'address-ldap' = 'domain-dns') => {
    const begun = await sent();
    await checked(begun.id);
    await acceptRequest(t.world, ann, begun.id, { ...DECISION, certificates });
    return begun;
  };
  const steps = async (id: string) => (await enrollment(t.world, ann, id)).steps;

  it.each(['domain-dns', 'address-ldap'] as const)(
    'is all there, step by step (%s)',
    async (certificates) => {
      const { id } = await accepted(certificates);
      const done = await steps(id);
      expect(done.map(({ id: step, state }) => [step, state])).toEqual(
        ['organization', 'domain', 'address', 'certificate', 'administrator', 'publication', 'entry'].map(
          (step) => [step, 'done'],
        ),
      );
      const { scope } = t.world;
      expect(await listOrganizations(scope)).toMatchObject([{ id: 'elm-street-clinic', status: 'enabled' }]);
      expect(await listDomains(scope)).toMatchObject([
        { name: 'elm-clinic.hisp.example', status: 'ENABLED' },
      ]);
      const address = 'referrals@elm-clinic.hisp.example';
      expect(await listAddresses(scope)).toMatchObject([{ address, display_name: 'Referral desk' }]);
      expect(await readCertificates(scope)).toMatchObject([
        { owner: certificates === 'domain-dns' ? 'elm-clinic.hisp.example' : address, state: 'active' },
      ]);
      expect(await organizationDetails(scope, 'elm-street-clinic')).toMatchObject({
        npi: npi('123456789'),
        city: 'Columbus',
      });
      expect(await accountByName(scope, address)).toMatchObject({
        role: 'organization-administrator',
        addresses: [address],
      });
    },
  );

  it('survives a stop after any step, and does nothing twice', async () => {
    for (const [n, step] of admissionSteps.entries()) {
      await t.close();
      t = await openTestWorld();
      const { id } = await accepted();
      const { db } = t.world.scope;
      // as if the program had died before this step, and those after it, were written down
      for (const { id: later } of admissionSteps.slice(n)) {
        await db.deleteFrom('ordered_step').where('step', '=', later).execute();
      }
      expect([step.id, await admit(t.world, id)]).toEqual([step.id, true]);
      expect(await listOrganizations(t.world.scope)).toHaveLength(1);
      expect(await readCertificates(t.world.scope)).toHaveLength(1);
      expect(await db.selectFrom('account').select('id').execute()).toHaveLength(1);
      expect(await db.selectFrom('password_link').select('digest').execute()).toHaveLength(1);
    }
  });

  it('waits for the HISP to run, and for the directory', async () => {
    t.shown.running = false;
    const { id } = await accepted();
    expect((await steps(id)).at(-2)).toMatchObject({ state: 'waits', said: 'the HISP to run' });
    t.shown.running = true;
    t.shown.delay = 1;
    expect(await admit(t.world, id)).toBe(false);
    expect((await steps(id)).at(-1)).toMatchObject({ state: 'waits' });
    expect(await admit(t.world, id)).toBe(true);
  });

  it('says what an operator has to mend', async () => {
    const { id } = await accepted();
    const process = `enrollment/${id}`;
    await t.world.scope.db.deleteFrom('ordered_step').execute();
    await t.world.scope.db.updateTable('health_domain').set({ organization: 'other' }).execute();
    expect(await admit(t.world, id)).toBe(false);
    expect((await steps(id))[1]).toMatchObject({ state: 'failed', said: expect.stringContaining('other') });
    await putOrderedStep(t.world.scope, {
      process,
      step: 'entry',
      state: 'done',
      tried_at: 1,
      done_at: 1,
      said: '',
    });
  });

  it('a link sets the password of the administrator, once', async () => {
    await accepted();
    const name = 'referrals@elm-clinic.hisp.example';
    const account = (await accountByName(t.world.scope, name))!;
    const link = (await openPasswordLink(t.world, account.id))!;
    expect(await accountOfLink(t.world, link.token)).toBe(name);
    await expect(setPasswordByLink(t.world, link.token, 'short', COST)).rejects.toThrow('12 to 256');
    expect(await setPasswordByLink(t.world, link.token, 'a long password', COST)).toBe(name);
    const { password } = (await accountByName(t.world.scope, name))!;
    expect(await isPassword(t.world.host, password, 'a long password')).toBe(true);
    await expect(setPasswordByLink(t.world, link.token, 'another password', COST)).rejects.toThrow(
      'was used',
    );
    expect(await openPasswordLink(t.world, account.id)).toBeUndefined();
    // an operator makes another; it ends by itself
    const again = await makePasswordLink(t.world, ann, account.id);
    t.clock.now = again.expiresAt;
    expect(await accountOfLink(t.world, again.token)).toBeUndefined();
  });
});
