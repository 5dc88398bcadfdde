import { describe, expect, it } from 'vitest';
import type { CertificateSpec } from '../../../src/pki/issue.ts';
import { ANY_POLICY } from '../../../src/pki/oids.ts';
import type { PathPolicy } from '../../../src/pki/path/input.ts';
import { referencePolicy, validatePath } from '../../../src/pki/path/validate.ts';
import { anchorOf, ecLeaf, intermediate, NOW, root } from '../fixtures.ts';

const A = '1.3.6.1.4.1.41179.1.3';
const B = '1.3.6.1.4.1.41179.2.1';
const X = '1.2.3.1';
const Y = '1.2.3.2';

const R = root('R', 0);

type Spec = Partial<CertificateSpec>;

/** From the CA nearest to the anchor down to the leaf. */
function run(specs: readonly Spec[], input: Partial<PathPolicy>) {
  let issuer = R;
  const path = specs.map((spec, index) => {
    const last = index === specs.length - 1;
    issuer = last
      ? ecLeaf(issuer, 'b@d.example', spec)
      : intermediate(issuer, `CA ${index}`, 1 + index, spec);
    return issuer.certificate;
  });
  return validatePath({
    ...referencePolicy('1.3'),
    anchor: anchorOf(R),
    at: NOW,
    path: path.reverse(),
    ...input,
  });
}

const explicitPolicy = true;

const rows: [title: string, specs: Spec[], input: Partial<PathPolicy>, expected: string[] | 'refused'][] = [
  ['no policies, none asked for', [{}, {}], {}, []],
  ['no policies, but an explicit one asked for', [{}, {}], { explicitPolicy }, 'refused'],
  ['the same policy all along', [{ policies: [A] }, { policies: [A, B] }], { explicitPolicy }, [A]],
  ['none in common', [{ policies: [A] }, { policies: [B] }], { explicitPolicy }, 'refused'],
  ['none in common, none required', [{ policies: [A] }, { policies: [B] }], {}, []],
  [
    'the wanted one is there',
    [{ policies: [A, B] }, { policies: [A] }],
    { explicitPolicy, policies: [A] },
    [A],
  ],
  [
    'the wanted one is not there',
    [{ policies: [A, B] }, { policies: [A] }],
    { explicitPolicy, policies: [B] },
    'refused',
  ],
  [
    'anyPolicy in the CA',
    [{ policies: [ANY_POLICY] }, { policies: [A] }],
    { explicitPolicy, policies: [A] },
    [A],
  ],
  [
    'anyPolicy in the leaf',
    [{ policies: [A] }, { policies: [ANY_POLICY] }],
    { explicitPolicy, policies: [A] },
    [A],
  ],
  [
    'anyPolicy all along stands for what is wanted',
    [{ policies: [ANY_POLICY] }, { policies: [ANY_POLICY] }],
    { explicitPolicy, policies: [A, B] },
    [A, B],
  ],
  [
    'anyPolicy inhibited by the caller',
    [{ policies: [ANY_POLICY] }, { policies: [A] }],
    { explicitPolicy, inhibitAny: true },
    'refused',
  ],
  [
    'anyPolicy inhibited by the CA for what is below it',
    [{ policies: [A], inhibitAnyPolicy: 0 }, { policies: [ANY_POLICY] }],
    { explicitPolicy },
    'refused',
  ],
  [
    'anyPolicy inhibited one certificate later',
    [{ policies: [A], inhibitAnyPolicy: 1 }, { policies: [ANY_POLICY] }],
    { explicitPolicy },
    [A],
  ],
  [
    'the CA requires a policy from the next certificate on',
    [{ policyConstraints: { requireExplicit: 0 }, policies: [A] }, {}],
    {},
    'refused',
  ],
  [
    'the CA requires a policy two certificates later',
    [{ policyConstraints: { requireExplicit: 2 } }, {}],
    {},
    [],
  ],
  ['the leaf itself requires one', [{}, { policyConstraints: { requireExplicit: 0 } }], {}, 'refused'],
  [
    'mapped from X to A, told in the domain of the anchor',
    [{ policies: [X], policyMappings: [{ issuer: X, subject: A }] }, { policies: [A] }],
    { explicitPolicy, policies: [X] },
    [X],
  ],
  [
    'mapped away: the old name does not count below',
    [{ policies: [X], policyMappings: [{ issuer: X, subject: A }] }, { policies: [X] }],
    { explicitPolicy },
    'refused',
  ],
  [
    'mapped from X to A and B',
    [
      {
        policies: [X],
        policyMappings: [
          { issuer: X, subject: A },
          { issuer: X, subject: B },
        ],
      },
      { policies: [B] },
    ],
    { explicitPolicy, policies: [X] },
    [X],
  ],
  [
    'two policies mapped to one',
    [
      {
        policies: [X, Y],
        policyMappings: [
          { issuer: X, subject: A },
          { issuer: Y, subject: A },
        ],
      },
      { policies: [A] },
    ],
    { explicitPolicy },
    [X, Y],
  ],
  [
    'mapped out of anyPolicy',
    [{ policies: [ANY_POLICY], policyMappings: [{ issuer: X, subject: A }] }, { policies: [A] }],
    { explicitPolicy, policies: [X] },
    [X],
  ],
  [
    'mapping inhibited by the caller',
    [{ policies: [X], policyMappings: [{ issuer: X, subject: A }] }, { policies: [A] }],
    { explicitPolicy, inhibitMapping: true },
    'refused',
  ],
  [
    'mapping inhibited by the CA above',
    [
      { policies: [X], policyConstraints: { inhibitMapping: 0 } },
      { policies: [X], policyMappings: [{ issuer: X, subject: A }] },
      { policies: [A] },
    ],
    { explicitPolicy },
    'refused',
  ],
  [
    'mapping of anyPolicy is forbidden',
    [{ policies: [X], policyMappings: [{ issuer: ANY_POLICY, subject: A }] }, { policies: [A] }],
    {},
    'refused',
  ],
];

describe('certificate policies (RFC 5280 §6.1.3 d–f, §6.1.4 a–j, §6.1.5; RFC 9618)', () => {
  it.each(rows)('%s', (_, specs, input, expected) => {
    const result = run(specs, input);
    if (expected === 'refused') expect(result).toMatchObject({ ok: false, check: 'policies' });
    else expect(result.ok && [...result.policies].sort()).toEqual(expected);
  });

  it('does not grow with mappings that multiply', () => {
    const list = Array.from({ length: 20 }, (_, i) => `1.2.3.${i}`);
    const all = list.flatMap((issuer) => list.map((subject) => ({ issuer, subject })));
    const spec: Spec = { policies: list, policyMappings: all };
    const result = run([spec, spec, spec, spec, spec, spec, { policies: list }], { explicitPolicy });
    expect(result.ok && result.policies.length).toBe(20);
    const many = { policies: Array.from({ length: 600 }, (_, i) => `1.2.3.${i}`) };
    expect(run([many, { policies: list }], {})).toMatchObject({ ok: false, check: 'policies' });
  });
});
