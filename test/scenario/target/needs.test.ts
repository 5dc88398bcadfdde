import { describe, expect, it } from 'vitest';
import { readCatalogue, select } from '../../../src/scenario/catalogue.ts';
import { fitnesses, profileSchema } from '../../../src/scenario/index.ts';

const catalogue = readCatalogue();
const edge = { host: 'mail.hisp.example', port: 587, user: 'alice@direct.hisp.example', password: 'x' };
const whole = {
  title: 'Whole',
  addresses: { sender: 'alice@direct.hisp.example', receiver: 'bob@direct.hisp.example' },
  published: ['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap'],
  edges: { submission: edge, imap: edge, pop3: edge },
  testbed: { domain: 'testbed.example' },
};
const fitness = (scenario: string, more: object = {}): string => {
  const profile = profileSchema.parse({ ...whole, ...more });
  // needs look at the number of anchors only
  const anchors = 'anchors' in more ? [] : ['ca.pem'];
  const target = { profile: { ...profile, anchors }, anchors: [], folder: '' };
  const [{ fitness: one } = { fitness: undefined }] = fitnesses(
    select(catalogue, [scenario]),
    catalogue,
    target,
  );
  return one === undefined ? '' : one.kind === 'run' ? 'run' : `${one.kind}: ${one.reason}`;
};

describe('what a scenario needs of a system outside', () => {
  it.each([
    ['d1-d18/isolated', {}, /^run$/],
    ['d1-d18/isolated', { addresses: {} }, /^skip: .* addresses\.sender/],
    ['SND-message', { edges: {} }, /^run$/],
    ['HappyPathTextOnly', { addresses: { sender: 'a@b.example' } }, /^skip: .* addresses\.receiver/],
    ['HappyPathTextOnly', { anchors: [] }, /^skip: .* anchors/],
    ['H3', { published: ['domain-dns'] }, /^skip: .* address-ldap/],
    ['smtp-ExceptionPathInvalidLogin', { edges: { imap: edge } }, /^skip: .* edges\.submission/],
    ['pop3-HappyPathNOOPCommand', { edges: { imap: edge } }, /^skip: .* edges\.pop3/],
    ['dn-HappyPathGoodHeader', { edges: { submission: edge } }, /^skip: .* edges\.imap or edges\.pop3/],
    ['XB-01/added', {}, /^na: .* bundle/],
    ['XN-10/overdue', {}, /^na: it stops machines/],
    ['XE-07/order', {}, /^na: .* mail servers/],
    ['XL-11', {}, /^na: .* directory/],
    ['XR-06/profile-1-2', {}, /^na: it is about profile 1\.2/],
  ])('%s with %j', (scenario, more, expected) => {
    expect(fitness(scenario, more)).toMatch(expected);
  });
});
