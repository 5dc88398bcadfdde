import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, cured, decide, type Question } from '../../../src/directory/connect/decide.ts';
import {
  type ConnectHisp,
  HISP_EDGES,
  PRODUCT_EDGES,
  type Product,
  type Register,
} from '../../../src/directory/connect/product.ts';
import { cureText, hindranceText, noPathText } from '../../../src/directory/connect/words.ts';

const hisp = (id: string, more: Partial<ConnectHisp> = {}): ConnectHisp => ({
  id,
  title: `HISP ${id}`,
  edges: ['smtp', 'imap', 'pop3', 'rest', 'webmail'],
  accepts: true,
  note: '',
  communities: ['lakes'],
  ...more,
});
const product = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  version: '1',
  name: id,
  edges: ['smtp', 'imap'],
  relation: 'any',
  hisps: [],
  note: '',
  ...more,
});
const communities = { lakes: 'Lakes', prairie: 'Prairie' };
const register = (products: readonly Product[], hisps: readonly ConnectHisp[]): Register => ({
  products,
  hisps,
  communities,
});
const of = (id: string) => ({ product: { id, version: '1' } });
const told = (answer: Answer): string =>
  answer.found
    ? answer.paths.map(({ hisp: id, send, receive, how }) => `${id} ${send}/${receive} ${how}`).join(', ')
    : [
        answer.why,
        ...answer.hindered.map(({ hisp: id, by }) => `${id}: ${by.map(({ code }) => code).join(' ')}`),
      ].join('; ');

const plain = hisp('a');
const bare = hisp('a', { edges: ['smtp', 'imap'] });
describe('every outcome', () => {
  it.each<[string, Register, Question, string]>([
    ['no EHR', register([], [plain]), {}, 'a webmail/webmail pages'],
    ['both by edges', register([product('p')], [plain]), of('p'), 'a smtp/imap direct'],
    [
      'only POP3',
      register([product('p', { edges: ['smtp', 'pop3'] })], [plain]),
      of('p'),
      'a smtp/pop3 direct',
    ],
    ['the API alone', register([product('p', { edges: ['rest'] })], [plain]), of('p'), 'a rest/rest direct'],
    ['sends only', register([product('p', { edges: ['smtp'] })], [plain]), of('p'), 'a smtp/webmail partly'],
    ['reads only', register([product('p', { edges: ['imap'] })], [plain]), of('p'), 'a webmail/imap partly'],
    ['speaks nothing', register([product('p', { edges: [] })], [plain]), of('p'), 'a webmail/webmail beside'],
    [
      'connected with another: pages beside it',
      register([product('p', { relation: 'designated', hisps: ['b'] })], [plain, hisp('b')]),
      of('p'),
      'b smtp/imap direct, a webmail/webmail beside',
    ],
    [
      'a part of another: no other',
      register([product('p', { relation: 'integrated', hisps: ['b'] })], [plain, hisp('b')]),
      of('p'),
      'b smtp/imap direct',
    ],
    ['an EHR that nobody knows', register([], [plain]), of('p'), 'unknown-product'],
    ['a HISP that nobody knows', register([], [plain]), { hisp: 'z' }, 'unknown-hisp'],
    ['a community that nobody knows', register([], [plain]), { community: 'z' }, 'unknown-community'],
    ['a network without HISPs', register([], []), {}, 'no-hisp'],
    ['a HISP that takes nobody', register([], [hisp('a', { accepts: false })]), {}, 'hindered; a: closed'],
    ['another community', register([], [plain]), { community: 'prairie' }, 'hindered; a: community'],
    [
      'integrated elsewhere',
      register([product('p', { relation: 'integrated', hisps: ['b'] })], [plain]),
      of('p'),
      'hindered; a: relation',
    ],
    [
      'connected elsewhere, and no pages',
      register([product('p', { relation: 'designated', hisps: ['b'] })], [bare]),
      of('p'),
      'hindered; a: relation',
    ],
    ['no pages for who has no EHR', register([], [bare]), {}, 'hindered; a: edges'],
    [
      'nothing in common',
      register([product('p', { edges: ['xdr'] })], [bare]),
      of('p'),
      'hindered; a: edges',
    ],
    [
      'several at once',
      register(
        [product('p', { edges: ['xdr'], relation: 'integrated', hisps: ['b'] })],
        [hisp('a', { accepts: false, edges: [] })],
      ),
      { ...of('p'), community: 'prairie' },
      'hindered; a: closed relation community edges',
    ],
  ])('%s', (_what, some, question, expected) => expect(told(decide(some, question))).toBe(expected));
});

describe('the reason, and what would make a path', () => {
  it('of an EHR that is integrated with a HISP outside the community', () => {
    const some = register(
      [product('Orrery', { relation: 'integrated', hisps: ['p'] })],
      [hisp('p', { communities: ['prairie'] }), hisp('l')],
    );
    const question = { ...of('Orrery'), community: 'lakes' };
    const answer = decide(some, question);
    if (answer.found) throw new Error('there is a path');
    const reasons = answer.hindered.map(({ hisp: id, by }) =>
      by.map((one) => hindranceText(some, question, id, one)),
    );
    expect(reasons).toEqual([['HISP p is not in the Lakes'], ['Orrery 1 is integrated with HISP p only']]);
    expect(answer.cures.map((one) => one.map((cure) => cureText(some, question, cure)))).toEqual([
      ['HISP p becomes a member of the Lakes'],
      ['Orrery 1 is integrated with HISP l as well'],
    ]);
  });
});

const subset = <T>(all: readonly T[]) => fc.subarray([...all]);
const registers = fc.record({
  products: fc.array(
    fc.record({
      id: fc.constantFrom('p', 'q'),
      version: fc.constantFrom('1', '2'),
      name: fc.constant('P'),
      edges: subset(PRODUCT_EDGES),
      relation: fc.constantFrom('any' as const, 'designated' as const, 'integrated' as const),
      hisps: subset(['a', 'b', 'c']),
      note: fc.constant(''),
    }),
    { maxLength: 4 },
  ),
  hisps: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      title: fc.constant('T'),
      edges: subset(HISP_EDGES),
      accepts: fc.boolean(),
      note: fc.constant(''),
      communities: subset(['lakes', 'prairie']),
    }),
    { maxLength: 3, selector: ({ id }) => id },
  ),
  communities: fc.constant(communities),
});
const questions = fc
  .record({
    product: fc.option(
      fc.record({ id: fc.constantFrom('p', 'q', 'z'), version: fc.constantFrom('1', '2') }),
      { nil: undefined },
    ),
    hisp: fc.option(fc.constantFrom('a', 'b', 'c', 'z'), { nil: undefined }),
    community: fc.option(fc.constantFrom('lakes', 'prairie', 'z'), { nil: undefined }),
  })
  .map(
    (one): Question =>
      Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as Question,
  );

describe('whatever the register and the question', () => {
  it('a path is one that both sides can go, at a HISP that was asked for', () => {
    fc.assert(
      fc.property(registers, questions, (some, question) => {
        const answer = decide(some, question);
        if (!answer.found) return;
        const asked = some.products.find(
          ({ id, version }) => id === question.product?.id && version === question.product.version,
        );
        for (const path of answer.paths) {
          const at = some.hisps.find(({ id }) => id === path.hisp)!;
          expect(at.accepts).toBe(true);
          if (question.hisp !== undefined) expect(path.hisp).toBe(question.hisp);
          if (question.community !== undefined) expect(at.communities).toContain(question.community);
          for (const edge of [path.send, path.receive]) {
            expect(at.edges).toContain(edge);
            if (edge !== 'webmail') expect(asked!.edges).toContain(edge);
          }
          if (asked?.relation === 'integrated') expect(asked.hisps).toContain(path.hisp);
          if (path.how === 'direct') expect([path.send, path.receive]).not.toContain('webmail');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('without one, everything has its sentence, and each cure makes a path', () => {
    fc.assert(
      fc.property(registers, questions, (some, question) => {
        const answer = decide(some, question);
        if (answer.found) return;
        expect(noPathText(some, question, answer.why)).toMatch(/\.$/);
        expect(answer.hindered.every(({ by }) => by.length > 0)).toBe(true);
        if (answer.why === 'hindered') expect(answer.cures.length).toBe(answer.hindered.length);
        for (const cures of answer.cures) {
          const after = cures.reduce((now, cure) => cured(now, question.product, cure), some as Register);
          expect(decide(after, question).found).toBe(true);
          // and none of it is too much
          for (const left of cures) {
            const fewer = cures
              .filter((one) => one !== left)
              .reduce((now, cure) => cured(now, question.product, cure), some as Register);
            const rest = decide(fewer, { ...question, hisp: left.hisp });
            expect([rest.found, left.change]).toEqual([false, left.change]);
          }
          expect(cures.map((one) => cureText(some, question, one)).every((text) => text.length > 0)).toBe(
            true,
          );
        }
        for (const { hisp: id, by } of answer.hindered) {
          for (const one of by) expect(hindranceText(some, question, id, one)).not.toBe('');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
