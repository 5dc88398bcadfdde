import { describe, expect, it } from 'vitest';
import { readCatalogue, SelectionError, select } from '../../src/scenario/catalogue.ts';
import { readScenarioFile, ScenarioFileError } from '../../src/scenario/file.ts';

const good = `id: t1
title: A title
why: Because.
cure: Do it.
suite: discovery
domain: t1
steps:
  - wait: 3 min
expect:
  - { check: a, that: encrypted }
`;

const problems = (text: string): string[] => {
  try {
    readScenarioFile(text, 'x.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    return error.message.split('\n');
  }
};

describe('a scenario file', () => {
  it('is read with its defaults', () => {
    const [only] = readScenarioFile(good, 'x.yaml');
    expect(only).toMatchObject({ variant: undefined, scenario: { id: 't1', profile: '1.3', sut: 'sender' } });
  });

  it.each([
    [
      'an unknown key',
      good.replace('title:', 'tilte:'),
      /x\.yaml:2:1: unknown key "tilte"; did you mean "title"\?/,
    ],
    [
      'an unknown inner key',
      good.replace('that:', 'thta:'),
      /x\.yaml:10:17: expect\.0: unknown key "thta"; did you mean "that"\?/,
    ],
    [
      'a wrong value',
      good.replace('suite: discovery', 'suite: dicsovery'),
      /x\.yaml:5:1: suite: found "dicsovery", expected one of "discovery".*did you mean "discovery"\?/,
    ],
    ['a missing key', good.replace('title: A title\n', ''), /x\.yaml:1:1: title: found nothing/],
    ['a wrong duration', good.replace('3 min', '3 minutes'), /x\.yaml:8:5: steps\.0.*/],
    ['broken YAML', `${good}  - [`, /x\.yaml:\d+:\d+: /],
    [
      'an unknown verifier',
      good.replace('encrypted', 'encrypetd'),
      /x\.yaml:10:17: expect\.0\.that: there is no verifier "encrypetd"; did you mean "encrypted"\?/,
    ],
    [
      'an unknown signer in a step',
      good.replace('wait: 3 min', 'deliver: { from: a@b.example, signers: [Good] }'),
      /x\.yaml:8:5: steps\.0: there is no certificate "Good"; there are none/,
    ],
    [
      'an unknown authority in a step',
      good.replace('wait: 3 min', 'authority: { name: rot, crl: missing }'),
      /x\.yaml:8:\d+: steps\.0\.authority\.name: there is no authority "rot"; did you mean "root"\?/,
    ],
    [
      'an unknown key of the system under test',
      `${good}network: { own: { keys: [{ certificate: Old }] } }\n`,
      /x\.yaml:11:\d+: network\.own\.keys: there is no certificate "Old"; there are none/,
    ],
    [
      'an unknown anchor of a bundle',
      `${good}network: { bundles: { community: { anchors: [rot] } } }\n`,
      /x\.yaml:11:\d+: network\.bundles\.community: there is no authority "rot"; did you mean "root"\?/,
    ],
    [
      'an unknown behaviour',
      `${good}twins: [{ behaviour: disc.no-lpad, fails: [a] }]\n`,
      /x\.yaml:11:11: twins\.0\.behaviour: there is no behaviour "disc.no-lpad"; did you mean "disc.no-ldap"\?/,
    ],
    [
      'a twin that names no check',
      `${good}twins: [{ behaviour: disc.no-ldap, fails: [b] }]\n`,
      /x\.yaml:11:36: twins\.0\.fails: there is no check of this scenario "b"/,
    ],
    [
      'an unknown certificate',
      `${good}network: { zone: "a CERT $certificate Ad" }\n`,
      /x\.yaml:11:12: network\.zone: there is no certificate "Ad"/,
    ],
    [
      'a certificate of a check that is not there',
      good.replace('that: encrypted', 'that: certificates-used, args: { roles: [Ad] }'),
      /x\.yaml:10:42: expect\.0\.args: there is no certificate "Ad"; there are none/,
    ],
    [
      'a slip in the zone',
      `${good}network:\n  zone: |\n    a  CNAME b\n    {D}.c  CRT x\n`,
      /x\.yaml:14:12: network\.zone: found "CRT"; expected a record type/,
    ],
    [
      'other data beside an alias',
      `${good}network: { zone: "a CNAME b\\na A 192.0.2.1" }\n`,
      /x\.yaml:11:12: network\.zone: a\.\{D\} has a CNAME beside A/,
    ],
    [
      'an unknown step',
      good.replace('- wait:', '- wiat:'),
      /steps\.0: .*expected one of send.*did you mean "wait"\?/,
    ],
    [
      'a key in the wrong place',
      `${good}that: x\n`,
      /x\.yaml:11:1: unknown key "that"; it belongs elsewhere/,
    ],
    [
      'a value of the wrong kind',
      good.replace('A title', '[]'),
      /x\.yaml:2:1: title: found \[\], expected a text$/m,
    ],
    ['a repeated key', `${good}title: again\n`, /x\.yaml:11:1: .*unique/],
  ])('with %s says where and what', (_, text, expected) => {
    expect(problems(text).join('\n')).toMatch(expected);
  });

  it('lays each variant over the file', () => {
    const text = `${good}variants:\n  one: { title: First }\n  two: { profile: "1.2", expect: [] }\n`;
    const [one, two] = readScenarioFile(text, 'x.yaml');
    expect(one).toMatchObject({ variant: 'one', scenario: { title: 'First', profile: '1.3' } });
    expect(two).toMatchObject({ variant: 'two', scenario: { title: 'A title', profile: '1.2', expect: [] } });
  });

  it('points into the variant that is wrong', () => {
    expect(problems(`${good}variants:\n  one: { profile: "9" }\n`).join()).toMatch(
      /x\.yaml:12:10: profile: found "9"/,
    );
  });
});

describe('the catalogue', () => {
  const catalogue = readCatalogue();

  it('holds d1 to d18 in order', () => {
    const ids = catalogue.map((entry) => entry.scenario.id).filter((id) => /^d\d+$/.test(id));
    expect(ids).toEqual(Array.from({ length: 18 }, (_, index) => `d${index + 1}`));
  });

  it('selects by id, group, suite, variant and beginning', () => {
    expect(select(catalogue, ['d5']).map((entry) => entry.scenario.id)).toEqual(['d5']);
    expect(select(catalogue, ['discovery']).length).toBe(
      catalogue.filter((e) => e.scenario.suite === 'discovery').length,
    );
    expect(select(catalogue, ['XD-02/no-san']).map((entry) => entry.variant)).toEqual(['no-san']);
    expect(select(catalogue, ['XD-*']).length).toBeGreaterThan(8);
  });

  it('refuses a name that is not there, with a guess', () => {
    expect(() => select(catalogue, ['discovry'])).toThrow(SelectionError);
    expect(() => select(catalogue, ['discovry'])).toThrow(/did you mean "discovery"/);
  });
});
