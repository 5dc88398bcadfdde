import { expect, it } from 'vitest';
import { explainDecision } from '../../src/trust/explain-text.ts';
import { CRL, crlOf, DAY, INTERMEDIATE, intermediate, judge, leaf, NOW, root } from './fixtures.ts';

it('says yes, and along which chain', async () => {
  const under = leaf({}, intermediate);
  const lines = explainDecision(
    await judge([under], { web: { [INTERMEDIATE]: intermediate.certificate.der } }),
  );
  expect(lines).toEqual([
    'May alice@a.example encrypt to bob@b.example? yes.',
    'Decided by 1 outgoing anchor of a.example from community; profile 1.3, revocation must be known.',
    `${under.certificate.sha256.slice(0, 16)} (bob@b.example, bob.b.example): usable, trusted by way of community`,
    expect.stringMatching(/^ {2}bob@b\.example ← .*Intermediate.* ← .*Root.* \(community\): good$/),
    '    bob@b.example: not revoked (http://pki.example/intermediate.crl)',
    expect.stringMatching(/^ {4}.*Intermediate.*: not revoked \(http:\/\/pki\.example\/root\.crl\)$/),
  ]);
});

it('says no, why, and what would help', async () => {
  const good = leaf();
  const lines = explainDecision(await judge([good], { web: { [CRL]: crlOf(root, [good]) } }));
  expect(lines.slice(0, 3)).toEqual([
    'May alice@a.example encrypt to bob@b.example? no.',
    'Why: the certificate found was revoked on 2026-01-04 (keyCompromise).',
    'What would help: b.example publishes a certificate for bob@b.example that is not revoked, and takes the old one away.',
  ]);
  expect(lines.at(-1)).toBe(
    '    bob@b.example: revoked on 2026-01-04, keyCompromise (http://pki.example/root.crl)',
  );
});

it('cannot tell yet', async () => {
  const lines = explainDecision(await judge([leaf()], { web: { [CRL]: undefined } }));
  expect(lines[0]).toContain('cannot tell yet');
  expect(lines.at(-1)).toContain('revocation unknown, connection refused');
});

it('of garbage and of the expired', async () => {
  const old = leaf({ notBefore: NOW - 9 * DAY, notAfter: NOW - DAY });
  const garbage = { sha256: 'ab'.repeat(32), where: 'bob.b.example', unreadable: 'not DER', notes: [] };
  const lines = explainDecision(await judge([garbage, old]));
  expect(lines[1]).toBe('Why: the certificate found expired on 2026-01-04.');
  expect(lines.slice(-2)).toEqual([
    'abababababababab (a certificate that cannot be read, bob.b.example): the certificate found cannot be read: not DER',
    expect.stringContaining('expired on 2026-01-04'),
  ]);
});
