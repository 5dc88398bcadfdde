import { generateKeyPairSync } from 'node:crypto';
import { children, raw, readAsn1 } from '../../../src/asn1/read.ts';
import { oid, sequence } from '../../../src/asn1/write.ts';
import { issueCrl } from '../../../src/pki/crl.ts';
import type { GeneralName } from '../../../src/pki/general-name.ts';
import type { CertificateSpec, Issued } from '../../../src/pki/issue.ts';
import { encodeSubject } from '../../../src/pki/issue-name.ts';
import { type KeyPair, keyPair, keyPool } from '../../../src/pki/keys.ts';
import { parseName } from '../../../src/pki/name.ts';
import { ANY_POLICY } from '../../../src/pki/oids.ts';
import type { PathPolicy } from '../../../src/pki/path/input.ts';
import { DAY, ecLeaf, intermediate, NOW, root } from '../fixtures.ts';

/** One certificate tree, and what is asked of it. */
export interface Tree {
  /** From the leaf upwards, without the anchor. */
  readonly path: readonly Issued[];
  readonly anchor: Issued;
  readonly policy?: Partial<PathPolicy>;
  readonly at?: number;
  /** Revocation list of the leaf's issuer. */
  readonly crl?: Uint8Array;
}

export interface MatrixRow {
  /** Of RFC 5280, as §6.1 counts them. */
  readonly clause: string;
  /** What the clause wants. */
  readonly wants: string;
  readonly valid: Tree;
  readonly invalid: Tree;
  /** The check of ours that refuses the invalid twin. */
  readonly refusedBy: string;
  /** Where openssl says otherwise or cannot be asked, and which clause decides. */
  readonly differs?:
    | { readonly twin: 'valid' | 'invalid'; readonly decides: string }
    | { readonly cannotAsk: string };
}

const R = root('R', 0);
const bob = 'bob@d.example';
const ca = (spec: Partial<CertificateSpec> = {}): Issued => intermediate(R, 'I', 1, spec);
const I = ca();
const under = (issuer: Issued, CN: string, spec: Partial<CertificateSpec> = {}, key = 2): Issued =>
  intermediate(issuer, CN, key, spec);

/** Anchor, one intermediate, leaf. */
const tree = (
  above: Partial<CertificateSpec>,
  below: Partial<CertificateSpec> = {},
  more: Omit<Tree, 'path' | 'anchor'> = {},
): Tree => {
  const issuer = ca(above);
  return { path: [ecLeaf(issuer, bob, below), issuer], anchor: R, ...more };
};

/** Anchor, two intermediates, leaf; the lower one is self-issued when it has the upper one's name. */
const deep = (
  above: Partial<CertificateSpec>,
  middle: Partial<CertificateSpec>,
  below: Partial<CertificateSpec> = {},
  more: Omit<Tree, 'path' | 'anchor'> & { readonly name?: string } = {},
): Tree => {
  const { name = 'J', ...asked } = more;
  const upper = ca(above);
  const lower = under(upper, name, middle);
  return { path: [ecLeaf(lower, bob, below), lower, upper], anchor: R, ...asked };
};

const P = '1.2.3';
const Q = '1.2.4';
const M = '1.2.9';
const wants = (policies: readonly string[], more: Partial<PathPolicy> = {}) => ({
  policy: { policies, explicitPolicy: true, ...more },
});
const policies = (...list: string[]) => ({ policies: list });
const map = (subject: string) => ({ policyMappings: [{ issuer: P, subject }] });
const otherKey = keyPool.take('p256', 6);
const critical = (isCritical: boolean) => ({
  extensions: [{ oid: '1.2.3.4', critical: isCritical, value: Uint8Array.of(5, 0) }],
});

const directory = (O: string): GeneralName => ({ type: 'directory', name: parseName(encodeSubject({ O })) });
const octets = (text: string): Uint8Array => Uint8Array.from(text.split('.').map(Number));

/** Of each kind of name: one inside a subtree, and two subtrees, around it and elsewhere. */
const NAMES: readonly (readonly [
  kind: string,
  leaf: Partial<CertificateSpec>,
  around: GeneralName,
  elsewhere: GeneralName,
])[] = [
  ['rfc822Name', {}, { type: 'email', value: 'd.example' }, { type: 'email', value: 'e.example' }],
  [
    'dNSName',
    { emails: [], dnsNames: ['direct.d.example'] },
    { type: 'dns', value: 'd.example' },
    { type: 'dns', value: 'e.example' },
  ],
  // the subjects of intermediates have to be within it, too
  ['directoryName', { subject: { O: 'Test', CN: 'Bob' } }, directory('Test'), directory('Bakery')],
  [
    'uniformResourceIdentifier',
    { otherNames: [{ type: 'uri', value: 'https://www.d.example/x' }] },
    { type: 'uri', value: '.d.example' },
    { type: 'uri', value: '.e.example' },
  ],
  [
    'iPAddress',
    { otherNames: [{ type: 'ip', octets: octets('192.0.2.7') }] },
    { type: 'ip', octets: octets('192.0.2.0.255.255.255.0') },
    { type: 'ip', octets: octets('198.51.100.0.255.255.255.0') },
  ],
];

const NO_OPTION = { cannotAsk: 'openssl verify has no option for initial subtrees' };

const initialSubtrees: MatrixRow[] = NAMES.flatMap(([kind, leaf, around, elsewhere]) => [
  {
    clause: '6.1.1 (h)',
    wants: `${kind} within initial-permitted-subtrees`,
    valid: tree({}, leaf, { policy: { permitted: [around] } }),
    invalid: tree({}, leaf, { policy: { permitted: [elsewhere] } }),
    refusedBy: 'name-constraints',
    differs: NO_OPTION,
  },
  {
    clause: '6.1.1 (i)',
    wants: `${kind} outside initial-excluded-subtrees`,
    valid: tree({}, leaf, { policy: { excluded: [elsewhere] } }),
    invalid: tree({}, leaf, { policy: { excluded: [around] } }),
    refusedBy: 'name-constraints',
    differs: NO_OPTION,
  },
]);

const nameConstraints: MatrixRow[] = NAMES.flatMap(([kind, leaf, around, elsewhere]) => [
  {
    clause: '6.1.3 (b)',
    wants: `${kind} within the permitted subtrees`,
    valid: tree({ nameConstraints: { permitted: [around] } }, leaf),
    invalid: tree({ nameConstraints: { permitted: [elsewhere] } }, leaf),
    refusedBy: 'name-constraints',
  },
  {
    clause: '6.1.3 (c)',
    wants: `${kind} outside the excluded subtrees`,
    valid: tree({ nameConstraints: { excluded: [elsewhere] } }, leaf),
    invalid: tree({ nameConstraints: { excluded: [around] } }, leaf),
    refusedBy: 'name-constraints',
  },
]);

const CRL_URL = 'http://pki.example/i.crl';
const listed = ecLeaf(I, bob, { crlUrls: [CRL_URL] });
const list = { issuer: I, number: 1, thisUpdate: NOW - 1000, nextUpdate: NOW + DAY };
const withList = (serials: readonly string[]): Tree => ({
  path: [listed, I],
  anchor: R,
  crl: issueCrl({
    ...list,
    revoked: serials.map((serial) => ({ serial, at: NOW - DAY, reason: 'keyCompromise' as const })),
  }),
});

/** A DSA key; without its parameters it needs those of its issuer's key. */
function dsaPair(): { readonly whole: KeyPair; readonly bare: KeyPair } {
  const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  const whole = keyPair(privateKey, publicKey);
  const [, key] = children(readAsn1(whole.spki));
  return { whole, bare: { ...whole, spki: sequence(sequence(oid('1.2.840.10040.4.1')), raw(key!)) } };
}
const dsa = dsaPair();
const inherited = (anchor: Issued): Tree => {
  const issuer = intermediate(anchor, 'I', 1, {
    key: dsa.bare,
    digest: 'sha256',
    ...(anchor === R ? {} : { signWith: dsa.whole }),
  });
  return {
    path: [ecLeaf(issuer, bob, { signWith: dsa.whole }), issuer],
    anchor,
    policy: { profile: 'permissive' },
  };
};

const initial: MatrixRow[] = [
  {
    clause: '6.1.1 (a)',
    wants: 'a prospective path that reaches the anchor',
    valid: tree({}),
    invalid: { path: [ecLeaf(I, bob)], anchor: R },
    refusedBy: 'issuer-name',
  },
  {
    clause: '6.1.1 (b)',
    wants: 'the current time within the validity',
    valid: tree({}, { notAfter: NOW + 10 * DAY }),
    invalid: tree({}, { notAfter: NOW + 10 * DAY }, { at: NOW + 20 * DAY }),
    refusedBy: 'validity',
  },
  {
    clause: '6.1.1 (c)',
    wants: 'a policy of user-initial-policy-set',
    valid: tree(policies(P), policies(P), wants([P])),
    invalid: tree(policies(P), policies(P), wants([Q])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.1 (d)',
    wants: 'the key of the anchor, not only its name',
    valid: tree({}),
    invalid: { ...tree({}), anchor: root('R', 5) },
    refusedBy: 'signature',
  },
  {
    clause: '6.1.1 (e)',
    wants: 'no mapping where initial-policy-mapping-inhibit is set',
    valid: tree({ ...policies(P), ...map(M) }, policies(M), wants([P])),
    invalid: tree({ ...policies(P), ...map(M) }, policies(M), wants([P], { inhibitMapping: true })),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.1 (f)',
    wants: 'a valid policy where initial-explicit-policy is set',
    valid: tree({}, {}, { policy: { explicitPolicy: false } }),
    invalid: tree({}, {}, { policy: { explicitPolicy: true } }),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.1 (g)',
    wants: 'no anyPolicy where initial-any-policy-inhibit is set',
    valid: tree(policies(ANY_POLICY), policies(P), wants([P])),
    invalid: tree(policies(ANY_POLICY), policies(P), wants([P], { inhibitAny: true })),
    refusedBy: 'policies',
  },
  ...initialSubtrees,
];

const basic: MatrixRow[] = [
  {
    clause: '6.1.3 (a)(1)',
    wants: 'a signature that verifies with the working key',
    valid: tree({}),
    invalid: tree({}, { signWith: otherKey }),
    refusedBy: 'signature',
  },
  {
    clause: '6.1.3 (a)(2)',
    wants: 'a leaf that is in force',
    valid: tree({}, { notBefore: NOW - DAY }),
    invalid: tree({}, { notBefore: NOW + DAY }),
    refusedBy: 'validity',
  },
  {
    clause: '6.1.3 (a)(2)',
    wants: 'an intermediate that is in force',
    valid: tree({ notAfter: NOW + DAY }),
    invalid: tree({ notAfter: NOW - DAY }),
    refusedBy: 'validity',
  },
  {
    clause: '6.1.3 (a)(3)',
    wants: 'a certificate that is not revoked',
    valid: withList([]),
    invalid: withList([listed.certificate.serial]),
    refusedBy: 'revocation',
  },
  {
    clause: '6.1.3 (a)(4)',
    wants: 'the issuer name that is the working issuer name',
    valid: tree({}),
    invalid: tree({}, { issuerName: encodeSubject({ O: 'Test', CN: 'Somebody' }) }),
    refusedBy: 'issuer-name',
  },
  ...nameConstraints,
];

const policyProcessing: MatrixRow[] = [
  {
    clause: '6.1.3 (d)(1)(i)',
    wants: 'a policy that the level above expects',
    valid: tree(policies(P), policies(P), wants([P])),
    invalid: tree(policies(P), policies(Q), wants([Q])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.3 (d)(1)(ii)',
    wants: 'any policy below anyPolicy, and no other below another',
    valid: tree(policies(ANY_POLICY), policies(Q), wants([Q])),
    invalid: tree(policies(P), policies(Q), wants([P])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.3 (d)(2)',
    wants: 'anyPolicy where it is not inhibited',
    valid: tree(policies(P), policies(ANY_POLICY), wants([P])),
    invalid: tree({ ...policies(P), inhibitAnyPolicy: 0 }, policies(ANY_POLICY), wants([P])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.3 (d)(2)',
    wants: 'anyPolicy, though inhibited, in a self-issued intermediate only',
    valid: deep({ ...policies(P), inhibitAnyPolicy: 0 }, policies(ANY_POLICY), policies(P), {
      ...wants([P]),
      name: 'I',
    }),
    invalid: deep({ ...policies(P), inhibitAnyPolicy: 0 }, policies(ANY_POLICY), policies(P), wants([P])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.3 (d)(3)',
    wants: 'a policy that has a child at every level',
    valid: tree(policies(P, Q), policies(P), wants([P])),
    invalid: tree(policies(P, Q), policies(P), wants([Q])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.3 (e)',
    wants: 'policies in every certificate: one without ends the tree',
    valid: tree(policies(P), policies(P), wants([P])),
    invalid: tree({}, policies(P), wants([P])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.3 (f)',
    wants: 'a valid policy where one is required',
    valid: tree({ ...policies(P), policyConstraints: { requireExplicit: 0 } }, policies(P)),
    invalid: tree({ ...policies(P), policyConstraints: { requireExplicit: 0 } }),
    refusedBy: 'policies',
  },
];

const preparation: MatrixRow[] = [
  {
    clause: '6.1.4 (a)',
    wants: 'no mapping from or to anyPolicy',
    valid: tree({ ...policies(P), ...map(M) }, policies(M), wants([P])),
    invalid: tree({ ...policies(P), ...map(ANY_POLICY) }, policies(P)),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (b)(1)',
    wants: 'below a mapping the policy to which it leads',
    valid: tree({ ...policies(P), ...map(M) }, policies(M), wants([P])),
    invalid: tree({ ...policies(P), ...map(M) }, policies(P), wants([P])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (b)(2)',
    wants: 'no mapping where mapping is inhibited',
    valid: deep(policies(P), { ...policies(P), ...map(M) }, policies(M), wants([P])),
    invalid: deep(
      { ...policies(P), policyConstraints: { inhibitMapping: 0 } },
      { ...policies(P), ...map(M) },
      policies(M),
      wants([P]),
    ),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (c)',
    wants: 'the subject above as the issuer name',
    valid: tree({}),
    invalid: tree({}, { issuerName: encodeSubject({ O: 'Test', CN: 'R' }) }),
    refusedBy: 'issuer-name',
  },
  {
    clause: '6.1.4 (d)',
    wants: 'the key above as the working key, not the anchor’s',
    valid: tree({}),
    invalid: tree({}, { signWith: R.key }),
    refusedBy: 'signature',
  },
  {
    clause: '6.1.4 (e)',
    wants: 'parameters of the key above where a key has none, of the same algorithm',
    valid: inherited(root('D', 0, { key: dsa.whole, digest: 'sha256' })),
    invalid: inherited(R),
    refusedBy: 'key',
    differs: {
      twin: 'valid',
      decides:
        'It does not load a DSA key without parameters and so finds no issuer; §6.1.4 (e) gives the key those of the key above.',
    },
  },
  {
    clause: '6.1.4 (f)',
    wants: 'a signature of the algorithm of the key above',
    valid: tree({}),
    invalid: tree({}, { signWith: keyPool.take('rsa2048', 1) }),
    refusedBy: 'signature',
  },
  {
    clause: '6.1.4 (g)(1)',
    wants: 'a name that all permitted subtrees permit',
    valid: deep(
      { nameConstraints: { permitted: [{ type: 'email', value: 'd.example' }] } },
      { nameConstraints: { permitted: [{ type: 'email', value: bob }] } },
    ),
    invalid: deep(
      { nameConstraints: { permitted: [{ type: 'email', value: 'd.example' }] } },
      { nameConstraints: { permitted: [{ type: 'email', value: 'e.example' }] } },
    ),
    refusedBy: 'name-constraints',
  },
  {
    clause: '6.1.4 (g)(2)',
    wants: 'a name that none of all excluded subtrees excludes',
    valid: deep(
      { nameConstraints: { excluded: [{ type: 'email', value: 'e.example' }] } },
      { nameConstraints: { excluded: [{ type: 'email', value: 'f.example' }] } },
    ),
    invalid: deep(
      { nameConstraints: { excluded: [{ type: 'email', value: 'd.example' }] } },
      { nameConstraints: { excluded: [{ type: 'email', value: 'f.example' }] } },
    ),
    refusedBy: 'name-constraints',
  },
  {
    clause: '6.1.4 (h)',
    wants: 'counters that self-issued certificates do not lower',
    valid: deep({ policyConstraints: { requireExplicit: 2 } }, {}, {}, { name: 'I' }),
    invalid: deep({ policyConstraints: { requireExplicit: 2 } }, {}),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (i)(1)',
    wants: 'a policy as soon as requireExplicitPolicy says',
    valid: deep({ policyConstraints: { requireExplicit: 3 } }, {}),
    invalid: deep({ policyConstraints: { requireExplicit: 1 } }, {}),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (i)(2)',
    wants: 'mapping only as deep as inhibitPolicyMapping says',
    valid: deep(
      { ...policies(P), policyConstraints: { inhibitMapping: 1 } },
      { ...policies(P), ...map(M) },
      policies(M),
      wants([P]),
    ),
    invalid: deep(
      { ...policies(P), policyConstraints: { inhibitMapping: 0 } },
      { ...policies(P), ...map(M) },
      policies(M),
      wants([P]),
    ),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (j)',
    wants: 'anyPolicy only as deep as inhibitAnyPolicy says',
    valid: deep({ ...policies(P), inhibitAnyPolicy: 2 }, policies(P), policies(ANY_POLICY), wants([P])),
    invalid: deep({ ...policies(P), inhibitAnyPolicy: 1 }, policies(P), policies(ANY_POLICY), wants([P])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.4 (k)',
    wants: 'basicConstraints with cA in every issuer',
    valid: tree({}),
    invalid: tree({ isCa: false }),
    refusedBy: 'basic-constraints',
  },
  {
    clause: '6.1.4 (k)',
    wants: 'basicConstraints at all in an issuer of version 3',
    valid: tree({}),
    invalid: tree({ isCa: null }),
    refusedBy: 'basic-constraints',
  },
  {
    clause: '6.1.4 (l)',
    wants: 'max_path_length lowered by certificates that are not self-issued, and only by those',
    valid: deep({ pathLen: 0 }, {}, {}, { name: 'I' }),
    invalid: deep({ pathLen: 0 }, {}),
    refusedBy: 'path-length',
  },
  {
    clause: '6.1.4 (m)',
    wants: 'no more intermediates than pathLenConstraint lets follow',
    valid: deep({ pathLen: 1 }, { pathLen: 0 }),
    invalid: (() => {
      const upper = ca({ pathLen: 5 });
      const middle = under(upper, 'J', { pathLen: 0 });
      const lower = under(middle, 'K', {}, 3);
      return { path: [ecLeaf(lower, bob), lower, middle, upper], anchor: R };
    })(),
    refusedBy: 'path-length',
  },
  {
    clause: '6.1.4 (n)',
    wants: 'keyCertSign where keyUsage is there',
    valid: tree({ keyUsage: ['keyCertSign'] }),
    invalid: tree({ keyUsage: ['cRLSign'] }),
    refusedBy: 'key-usage',
  },
  {
    clause: '6.1.4 (o)',
    wants: 'no critical extension that is not known, in an issuer',
    valid: tree(critical(false)),
    invalid: tree(critical(true)),
    refusedBy: 'critical-extensions',
  },
];

const wrapUp: MatrixRow[] = [
  {
    clause: '6.1.5 (a)',
    wants: 'explicit_policy lowered once more at the end',
    valid: tree({ policyConstraints: { requireExplicit: 2 } }),
    invalid: tree({ policyConstraints: { requireExplicit: 1 } }),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.5 (b)',
    wants: 'a policy where the leaf itself requires one now',
    valid: tree({}, { policyConstraints: { requireExplicit: 1 } }),
    invalid: tree({}, { policyConstraints: { requireExplicit: 0 } }),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.5 (f)',
    wants: 'no critical extension that is not known, in the leaf',
    valid: tree({}, critical(false)),
    invalid: tree({}, critical(true)),
    refusedBy: 'critical-extensions',
  },
  {
    clause: '6.1.5 (g)(i)',
    wants: 'a tree that is left, where a policy is required',
    valid: tree(policies(P), policies(P), wants([ANY_POLICY])),
    invalid: tree(policies(P), {}, wants([ANY_POLICY])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.5 (g)(ii)',
    wants: 'whatever is valid, where any policy will do',
    valid: tree(policies(P), policies(P), wants([ANY_POLICY])),
    invalid: tree(policies(P), policies(Q), wants([ANY_POLICY])),
    refusedBy: 'policies',
  },
  {
    clause: '6.1.5 (g)(iii)',
    wants: 'a policy that is asked for, in the names of the anchor’s domain',
    valid: tree({ ...policies(P), ...map(M) }, policies(M), wants([Q, P])),
    invalid: tree({ ...policies(P), ...map(M) }, policies(M), wants([M])),
    refusedBy: 'policies',
  },
];

export const MATRIX: readonly MatrixRow[] = [
  ...initial,
  ...basic,
  ...policyProcessing,
  ...preparation,
  ...wrapUp,
];

/** Clauses that decide nothing, and why no twin can be made of them. */
export const WITHOUT_VERDICT: Readonly<Record<string, string>> = {
  '6.1.5 (c)': 'gives out the key of the leaf; no path is refused for it',
  '6.1.5 (d)': 'gives out the parameters of that key; no path is refused for it',
  '6.1.5 (e)': 'gives out the algorithm of that key; no path is refused for it',
};

/** Every clause of RFC 5280 §6.1 that a path is held against: inputs, basic processing, preparation, wrap-up. */
export const CLAUSES: readonly string[] = [
  ...'abcdefghi'.split('').map((letter) => `6.1.1 (${letter})`),
  ...'abcdef'.split('').map((letter) => `6.1.3 (${letter})`),
  ...'abcdefghijklmno'.split('').map((letter) => `6.1.4 (${letter})`),
  ...'abcdefg'.split('').map((letter) => `6.1.5 (${letter})`),
];

export const NAME_KINDS: readonly string[] = NAMES.map(([kind]) => kind);
