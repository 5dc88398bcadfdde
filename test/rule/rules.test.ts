import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AREAS,
  EVERY_RULE as all,
  BUNDLE_RULES,
  CERTIFICATE_RULES,
  citation,
  DSN_RULES,
  lint,
  MDN_RULES,
  MESSAGE_RULES,
  type Rule,
  type RuleId,
  type RuleStatus,
  rulePage,
} from '../../src/rule/index.ts';
import { REQUIREMENTS, type RequirementId } from '../../src/rule/requirement.ts';
import { MARK, ScaffoldError, scaffold, withCases, withRule } from '../../src/rule/scaffold.ts';
import { BUNDLE_NOTE_CODES } from '../../src/trust/bundle/note.ts';
import { NOW } from '../pki/fixtures.ts';
import { CASES } from './all-cases.ts';
import { bundleOf } from './bundle-cases.ts';
import { CERTIFICATE_CASES, subjectOf } from './certificate-cases.ts';
import { DSN_CASES } from './dsn-cases.ts';
import { MDN_CASES } from './mdn-cases.ts';
import { MESSAGE_CASES, messageOf } from './message-cases.ts';
import { dsnOf, mdnOf } from './notice-cases.ts';

const SOURCE = join(import.meta.dirname, '../../src/rule');
describe('cases', () => {
  it.each(CASES)('$id: $title', ({ outcome, status }) => {
    const { findings, status: found } = outcome();
    for (const { text, params } of findings) {
      expect(text).not.toMatch(/undefined|NaN|\[object|\.$/);
      expect(JSON.parse(JSON.stringify(params))).toEqual(params);
    }
    expect(found).toBe(status);
    expect(findings.length > 0).toBe(['fail', 'warn', 'info'].includes(found));
  });
});

describe('what is good', () => {
  const odd = <S>(rules: readonly Rule<S>[], subject: S) =>
    lint(rules, subject, { at: NOW, profile: '1.3' }).filter(
      ({ status }) => status !== 'pass' && status !== 'na',
    );

  it.each<[string, () => readonly unknown[]]>([
    ['a certificate of an address', () => odd(CERTIFICATE_RULES, subjectOf({}))],
    ['a certificate of a domain', () => odd(CERTIFICATE_RULES, subjectOf({ dnsNames: ['d.example'] }))],
    ['a bundle', () => odd(BUNDLE_RULES, bundleOf({}))],
    ['a message', () => odd(MESSAGE_RULES, messageOf({}))],
    ['what an envelope held', () => odd(MESSAGE_RULES, messageOf({ as: 'signed' }))],
    ['a wrapped message', () => odd(MESSAGE_RULES, messageOf({ as: 'clear' }))],
    ['an MDN', () => odd(MDN_RULES, mdnOf({}))],
    ['a DSN', () => odd(DSN_RULES, dsnOf({}))],
  ])('%s', (_, found) => {
    expect(found()).toEqual([]);
  });
});

describe('every rule', () => {
  const statuses = Map.groupBy(CASES, ({ id }) => id);
  /** Rules that have something to say about everything that their area has a case of. */
  const speaking = <S, C>(rules: readonly Rule<S>[], changes: readonly C[], subject: (change: C) => S) => {
    const subjects = changes.map(subject);
    return rules
      .filter((rule) =>
        subjects.every((one) => rule.evaluate(one, { at: NOW, profile: '1.3' }).status !== 'na'),
      )
      .map(({ id }) => id);
  };
  const changesOf = <C>(list: readonly (readonly [unknown, unknown, C, ...unknown[]])[]): C[] =>
    list.map(([, , change]) => change);
  const always = new Set<RuleId>([
    ...speaking(CERTIFICATE_RULES, changesOf(CERTIFICATE_CASES), subjectOf),
    ...speaking(MESSAGE_RULES, changesOf(MESSAGE_CASES), messageOf),
    ...speaking(MDN_RULES, changesOf(MDN_CASES), mdnOf),
    ...speaking(DSN_RULES, changesOf(DSN_CASES), dsnOf),
  ]);

  it.each(all.map(({ id }) => id))(
    '%s has a case that passes, one that does not, and one beside it',
    (id) => {
      const seen = new Set<RuleStatus>(statuses.get(id)?.map(({ status }) => status));
      expect(seen).toContain('pass');
      expect([...seen].some((status) => ['fail', 'warn', 'info'].includes(status))).toBe(true);
      if (!always.has(id)) expect(seen).toContain('na');
    },
  );

  it('has an id of its own, which is the name of its file, and is in the list', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const files = AREAS.flatMap((area) =>
      readdirSync(join(SOURCE, area))
        .filter(
          (name) => name.endsWith('.ts') && !['index.ts', 'subject.ts', 'policy-oids.ts'].includes(name),
        )
        .map((name) => `${area}/${name.replace(/\.ts$/, '')}`),
    );
    expect(ids.toSorted()).toEqual(files.toSorted());
  });

  it('has a title of its own, without a full stop, and cites something', () => {
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    for (const { title, cites } of all) {
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(cites.length).toBeGreaterThan(0);
    }
  });

  it('of bundles is each note once, at its level', () => {
    const notes = BUNDLE_NOTE_CODES.map((code) => code.replace('.', '/'));
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(notes));
  });

  it('has nothing left of the template', () => {
    const own = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('scaffold.ts'),
    );
    const texts = [
      ...own.map((name) => join(SOURCE, name)),
      ...AREAS.map((area) => join(import.meta.dirname, `${area}-cases.ts`)),
    ].filter((file) => readFileSync(file, 'utf8').includes(MARK));
    expect(texts).toEqual([]);
  });
});

describe('citations', () => {
  it('say what is from memory, and name no section for it', () => {
    for (const [id, { sources, evidence }] of Object.entries(REQUIREMENTS)) {
      const text = citation(id as RequirementId);
      expect(text.includes('to be confirmed against the document')).toBe(evidence === 'memory');
      if (evidence === 'memory') expect(sources.join(' ')).not.toContain('§');
    }
  });

  it('are in docs/rules.md as they are here (npm run rules)', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/rules.md'), 'utf8')).toBe(rulePage());
  });
});

describe('requirements without a rule', () => {
  it('are told in docs/not-tested.md, and no rule cites one of them', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/not-tested.md'), 'utf8');
    const [, section = ''] = page.split('## Requirements without a rule');
    const rows = section.split('\n').filter((line) => line.startsWith('| REQ-'));
    const told = rows.flatMap((row) => {
      let group = '';
      return [...row.split('|')[1]!.matchAll(/(REQ-[A-Z]+)?-(\d\d)/g)].map(([, named, number]) => {
        group = named ?? group;
        return `${group}-${number}`;
      });
    });
    expect(told.length).toBeGreaterThan(50);
    expect(new Set(told).size).toBe(told.length);
    const cited = new Set<string>(all.flatMap(({ cites }) => cites));
    expect(told.filter((id) => cited.has(id))).toEqual([]);
  });
});

describe('the scaffolder', () => {
  it('writes a rule that compiles in form, and its place in list and cases', () => {
    const made = scaffold('zone/serial-same');
    expect(made).toMatchObject({ variable: 'serialSame', file: 'src/rule/zone/serial-same.ts' });
    expect(made.source).toContain("id: 'zone/serial-same'");
    expect(made.source).toContain(MARK);
    const index = readFileSync(join(SOURCE, 'zone/index.ts'), 'utf8');
    const listed = withRule(index, made);
    expect(listed).toMatch(/mail-target\.ts';\nimport \{ serialSame \} from '\.\/serial-same\.ts';\n/);
    expect(listed).toMatch(/ {2}serialSame,\n\];\n$/);
    expect(() => withRule(listed, made)).toThrow(ScaffoldError);
    const first = withRule(index, { name: 'aaa', variable: 'aaa' });
    expect(first).toMatch(/import \{ aaa \} from '.\/aaa.ts';\nimport \{ aliasBinding \}/);
    const written = withCases(readFileSync(join(import.meta.dirname, 'zone-cases.ts'), 'utf8'), made);
    expect(written.match(/'zone\/serial-same', 'REPLACE-ME', \{\}, '(pass|fail|na)'/g)).toHaveLength(3);
  });

  it.each(AREAS)('has a template for %s', (area) => {
    const { source } = scaffold(`${area}/made-up`);
    expect(source).toContain(`export const madeUp = `);
    expect(source).toMatch(/^import \{ \w+Rule \} from '\.\/subject\.ts';\n/);
  });

  it.each(['', 'zone', 'tls/x', 'zone/../x', 'zone/Upper'])('refuses %j', (id) => {
    expect(() => scaffold(id)).toThrow(ScaffoldError);
  });
});
