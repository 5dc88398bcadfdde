import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CERTIFICATE_RULES,
  citation,
  lint,
  type Rule,
  type RuleStatus,
  rulePage,
  ZONE_RULES,
} from '../../src/rule/index.ts';
import { REQUIREMENTS, type RequirementId } from '../../src/rule/requirement.ts';
import { MARK, ScaffoldError, scaffold, withCases, withRule } from '../../src/rule/scaffold.ts';
import { NOW } from '../pki/fixtures.ts';
import { CERTIFICATE_CASES, subjectOf } from './certificate-cases.ts';
import { ZONE_CASES, zoneOf } from './zone-cases.ts';

const SOURCE = join(import.meta.dirname, '../../src/rule');
const all: readonly Pick<Rule, 'id' | 'title' | 'level' | 'cites'>[] = [...CERTIFICATE_RULES, ...ZONE_RULES];

const evaluated = <S>(rules: readonly Rule<S>[], id: string, subject: S, profile: '1.2' | '1.3') => {
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  const outcome = rule.evaluate(subject, { at: NOW, profile });
  for (const { text, params } of outcome.findings) {
    expect(text).not.toMatch(/undefined|NaN|\[object|\.$/);
    expect(JSON.parse(JSON.stringify(params))).toEqual(params);
  }
  expect(outcome.findings.length > 0).toBe(['fail', 'warn', 'info'].includes(outcome.status));
  return outcome.status;
};

describe('certificate rules', () => {
  it.each(CERTIFICATE_CASES)('%s: %s', (id, _, change, status, profile = '1.3') => {
    expect(evaluated(CERTIFICATE_RULES, id, subjectOf(change), profile)).toBe(status);
  });

  it('are all content with a good certificate, of an address and of a domain', () => {
    for (const change of [{}, { dnsNames: ['d.example'] }]) {
      const results = lint(CERTIFICATE_RULES, subjectOf(change), { at: NOW, profile: '1.3' });
      expect(results.filter(({ status }) => status !== 'pass' && status !== 'na')).toEqual([]);
    }
  });
});

describe('zone rules', () => {
  it.each(ZONE_CASES)('%s: %s', (id, _, records, status) => {
    expect(evaluated(ZONE_RULES, id, zoneOf(String(records)), '1.3')).toBe(status);
  });
});

describe('every rule', () => {
  const statuses = Map.groupBy(
    [...CERTIFICATE_CASES, ...ZONE_CASES].map(([id, , , status]) => ({ id, status })),
    ({ id }) => id,
  );
  /** Rules that have something to say about every certificate. */
  const universal = new Set(
    CERTIFICATE_RULES.filter((rule) =>
      CERTIFICATE_CASES.every(
        ([, , change]) => rule.evaluate(subjectOf(change), { at: NOW, profile: '1.3' }).status !== 'na',
      ),
    ).map(({ id }) => id as string),
  );

  it.each(all.map(({ id }) => id))(
    '%s has a case that passes, one that does not, and one beside it',
    (id) => {
      const seen = new Set<RuleStatus>(statuses.get(id)?.map(({ status }) => status));
      expect(seen).toContain('pass');
      expect([...seen].some((status) => ['fail', 'warn', 'info'].includes(status))).toBe(true);
      if (!universal.has(id)) expect(seen).toContain('na');
    },
  );

  it('has an id of its own, which is the name of its file, and is in the list', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const files = ['certificate', 'zone'].flatMap((area) =>
      readdirSync(join(SOURCE, area))
        .filter((name) => !['index.ts', 'subject.ts', 'policy-oids.ts'].includes(name))
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

  it('has nothing left of the template', () => {
    const own = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('scaffold.ts'),
    );
    const texts = [
      ...own.map((name) => join(SOURCE, name)),
      join(import.meta.dirname, 'certificate-cases.ts'),
      join(import.meta.dirname, 'zone-cases.ts'),
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
    const cases = withCases(readFileSync(join(import.meta.dirname, 'zone-cases.ts'), 'utf8'), made);
    expect(cases.match(/'zone\/serial-same', 'REPLACE-ME', \{\}, '(pass|fail|na)'/g)).toHaveLength(3);
  });

  it.each(['', 'zone', 'bundle/x', 'zone/../x', 'zone/Upper'])('refuses %j', (id) => {
    expect(() => scaffold(id)).toThrow(ScaffoldError);
  });
});
