import { describe, expect, it } from 'vitest';
import { UNRESTRICTED } from '../../../src/pki/path/input.ts';
import { referencePolicy, validatePath } from '../../../src/pki/path/validate.ts';
import { checkRevocation, createRevocationCache } from '../../../src/pki/revocation.ts';
import { anchorOf, NOW } from '../fixtures.ts';
import { CLAUSES, MATRIX, NAME_KINDS, type Tree, WITHOUT_VERDICT } from './matrix.ts';
import { matrixPage } from './matrix-page.ts';

/** `ok`, or the check that refuses. */
async function verdictOf({ path, anchor, policy = {}, at = NOW, crl }: Tree): Promise<string> {
  const certificates = path.map(({ certificate }) => certificate);
  const result = validatePath({
    ...referencePolicy(policy.profile ?? '1.3'),
    path: certificates,
    anchor: anchorOf(anchor),
    at,
    ...policy,
  });
  if (!result.ok) return result.check;
  if (!crl) return 'ok';
  const [leaf, issuer] = certificates;
  const answer = async () => ({ ok: true, body: crl }) as const;
  const { state } = await checkRevocation(leaf!, issuer!, answer, at, createRevocationCache());
  return state === 'good' ? 'ok' : 'revocation';
}

describe('RFC 5280 §6.1, clause by clause', () => {
  it.each(MATRIX)('$clause: $wants', async ({ valid, invalid, refusedBy }) => {
    expect([await verdictOf(valid), await verdictOf(invalid)]).toEqual(['ok', refusedBy]);
  });
});

describe('the matrix', () => {
  const covered = new Set(MATRIX.map(({ clause }) => /^6\.1\.\d \(\w\)/.exec(clause)?.[0]));

  it.each(CLAUSES)('has twins for %s, or says why there are none', (clause) => {
    expect(covered.has(clause)).toBe(WITHOUT_VERDICT[clause] === undefined);
  });

  it('has every kind of name, permitted and excluded, as input and in a certificate', () => {
    for (const clause of ['6.1.1 (h)', '6.1.1 (i)', '6.1.3 (b)', '6.1.3 (c)']) {
      const rows = MATRIX.filter((row) => row.clause === clause).map(({ wants }) => wants.split(' ')[0]);
      expect(rows).toEqual(NAME_KINDS);
    }
    expect(NAME_KINDS).toHaveLength(5);
  });

  it('changes each input of §6.1.1 that is policy', () => {
    const changed = new Set(
      MATRIX.flatMap(({ valid, invalid }) =>
        [valid, invalid].flatMap(({ policy }) => Object.keys(policy ?? {})),
      ),
    );
    // those of RFC 5280; skew and the anchor's own constraints are ours
    for (const input of Object.keys(UNRESTRICTED).filter(
      (name) => !/^(skewMs|anchorConstraints)$/.test(name),
    ))
      expect(changed).toContain(input);
  });

  it('has another tree or another question for each twin', () => {
    for (const { valid, invalid, clause } of MATRIX) {
      const told = ({ path, anchor, policy, at, crl }: Tree) =>
        JSON.stringify([
          path.map(({ certificate }) => certificate.sha256),
          anchor.certificate.sha256,
          policy,
          at,
          crl?.length,
        ]);
      expect(told(valid), clause).not.toBe(told(invalid));
    }
  });

  it('stands in docs/path-validation.md as it is here (vitest -u writes it)', async () => {
    await expect(matrixPage()).toMatchFileSnapshot('../../../docs/path-validation.md');
  });
});
