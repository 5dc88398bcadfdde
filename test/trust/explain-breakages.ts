import type { AnswerFunction } from '../../src/dns/server.ts';
import { type CertificateSpec, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import {
  ALICE,
  authority,
  BOB,
  bob,
  giveBob,
  mx,
  person,
  publish,
  type Setup,
  SOUTH,
  srv,
  trust,
} from './explain-world.ts';
import { CRL, crlOf, DAY, INTERMEDIATE, intermediate, leaf, NOW, root, stranger } from './fixtures.ts';

/** One thing that is wrong, on a network where all else is right. */
export interface Breakage {
  readonly name: string;
  readonly breakIt: (set: Setup) => void;
}

/** Bob publishes a certificate that is not as it should be; he signs his answers with a good one. */
const published =
  (spec: Partial<CertificateSpec>, issuer = root) =>
  (set: Setup): void =>
    publish(set, 'bob.b.example', leaf(spec, issuer).certificate.der);

/** Alice signs with a certificate that is not as it should be. */
const signed =
  (spec: Partial<CertificateSpec>, issuer = root) =>
  (set: Setup): void => {
    set.signs[ALICE] = [leaf({ emails: [ALICE], subject: { CN: 'alice' }, ...spec }, issuer)];
  };

/** The name server answers in this way for one domain. */
const nameServer =
  (domain: string, how: 'SERVFAIL' | 'silence', type?: string) =>
  (set: Setup): void => {
    set.answer =
      (reference): AnswerFunction =>
      (query, context) => {
        const asked = query.question?.name ?? '';
        if (asked !== domain && !asked.endsWith(`.${domain}`)) return reference(query, context);
        if (type !== undefined && query.question?.type !== type) return reference(query, context);
        const answer = reference(query, context);
        return how === 'silence' || !answer
          ? undefined
          : { ...answer, rcode: 'SERVFAIL', answers: [], authority: [] };
      };
  };

const toLdap = (set: Setup, ...certificates: Uint8Array[]): void => {
  publish(set, 'bob.b.example');
  set.records.push(
    ['_ldap._tcp.b.example', srv('ldap.b.example')],
    ['ldap.b.example', { type: 'A', address: '10.0.0.89' }],
  );
  if (certificates.length > 0) set.entries = [person(BOB, ...certificates)];
};

export const BREAKAGES: readonly Breakage[] = [
  // the certificate itself
  { name: 'expired', breakIt: published({ notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY }) },
  { name: 'not yet valid', breakIt: published({ notBefore: NOW + 3 * DAY, notAfter: NOW + 90 * DAY }) },
  { name: 'of another address', breakIt: published({ emails: ['eve@b.example'] }) },
  { name: 'of nobody', breakIt: published({ emails: [], subject: { CN: 'bob', E: BOB } }) },
  { name: 'to sign only', breakIt: published({ keyUsage: ['digitalSignature'] }) },
  { name: 'EC key', breakIt: published({ key: keyPool.take('p256') }) },
  { name: 'RSA 1024', breakIt: published({ key: keyPool.take('rsa1024') }) },
  { name: 'SHA-1', breakIt: published({ digest: 'sha1' }) },
  { name: 'CA as leaf', breakIt: published({ isCa: true }) },
  { name: 'unparsable', breakIt: (set) => publish(set, 'bob.b.example', new Uint8Array([0x30, 3, 2, 1])) },
  {
    name: 'an expired one and one of somebody else',
    breakIt: (set) =>
      publish(
        set,
        'bob.b.example',
        leaf({ emails: ['eve@b.example'] }).certificate.der,
        leaf({ notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY }).certificate.der,
      ),
  },
  // revocation
  {
    name: 'revoked',
    breakIt: (set) => {
      set.web[CRL] = crlOf(root, [bob]);
    },
  },
  {
    name: 'CRL unreachable',
    breakIt: (set) => {
      giveBob(set, leaf({ crlUrls: ['http://pki.example/gone.crl'] }));
    },
  },
  {
    name: 'CRL expired',
    breakIt: (set) => {
      set.web['http://pki.example/old.crl'] = crlOf(root, [], {
        thisUpdate: NOW - 9 * DAY,
        nextUpdate: NOW - 2 * DAY,
      });
      giveBob(set, leaf({ crlUrls: ['http://pki.example/old.crl'] }));
    },
  },
  {
    name: 'CRL with a wrong signature',
    breakIt: (set) => {
      const forged = Uint8Array.from(crlOf(root));
      forged[forged.length - 1]! ^= 1;
      set.web['http://pki.example/forged.crl'] = forged;
      giveBob(set, leaf({ crlUrls: ['http://pki.example/forged.crl'] }));
    },
  },
  {
    name: 'CRL of another authority',
    breakIt: (set) => {
      set.web['http://pki.example/other.crl'] = crlOf(stranger);
      giveBob(set, leaf({ crlUrls: ['http://pki.example/other.crl'] }));
    },
  },
  { name: 'names no CRL', breakIt: (set) => giveBob(set, leaf({ crlUrls: [] })) },
  {
    name: 'intermediate revoked',
    breakIt: (set) => {
      set.web[CRL] = crlOf(root, [intermediate]);
      giveBob(set, leaf({}, intermediate));
    },
  },
  // the way to an anchor
  {
    name: 'AIA unreachable',
    breakIt: (set) => {
      delete set.web[INTERMEDIATE];
      giveBob(set, leaf({}, intermediate));
    },
  },
  {
    name: 'AIA is no certificate',
    breakIt: (set) => {
      set.web[INTERMEDIATE] = new TextEncoder().encode('<html>404</html>');
      giveBob(set, leaf({}, intermediate));
    },
  },
  {
    name: 'AIA names another authority',
    breakIt: (set) => {
      set.web[INTERMEDIATE] = stranger.certificate.der;
      giveBob(set, leaf({}, intermediate));
    },
  },
  {
    name: 'AIA loop',
    breakIt: (set) => {
      const [x, y] = loop();
      set.web['http://pki.example/x.cer'] = x.certificate.der;
      set.web['http://pki.example/y.cer'] = y.certificate.der;
      giveBob(set, leaf({ caIssuersUrls: ['http://pki.example/x.cer'] }, x));
    },
  },
  { name: 'no AIA', breakIt: (set) => giveBob(set, leaf({ caIssuersUrls: [] }, intermediate)) },
  { name: 'untrusted root', breakIt: (set) => giveBob(set, leaf({}, stranger)) },
  {
    name: 'untrusted root, found by AIA',
    breakIt: (set) => {
      set.web['http://pki.example/stranger.cer'] = stranger.certificate.der;
      giveBob(set, leaf({ caIssuersUrls: ['http://pki.example/stranger.cer'] }, stranger));
    },
  },
  { name: 'self-signed', breakIt: (set) => giveBob(set, leaf({ issuer: 'self' })) },
  {
    name: 'anchor in the other bundle only',
    breakIt: (set) => {
      set.web[CRL_SOUTH] = crlOf(SOUTH);
      giveBob(set, leaf({ crlUrls: [CRL_SOUTH] }, SOUTH));
      set.anchors = [trust('a.example', root), trust('b.example', root), trust('b.example', SOUTH)];
    },
  },
  {
    name: 'anchor expired',
    breakIt: (set) => {
      const old = authority('Old Root', 6, { notBefore: NOW - 900 * DAY, notAfter: NOW - 5 * DAY });
      giveBob(set, leaf({}, old));
      set.anchors.push(trust('a.example', old), trust('b.example', old));
    },
  },
  {
    name: 'anchors incoming only',
    breakIt: (set) => {
      set.anchors = [trust('a.example', root, { outgoing: false }), trust('b.example', root)];
    },
  },
  {
    name: 'this anchor incoming only',
    breakIt: (set) => {
      set.anchors = [
        trust('a.example', root, { outgoing: false }),
        trust('a.example', stranger),
        trust('b.example', root),
      ];
    },
  },
  {
    name: 'recipient trusts the anchor outgoing only',
    breakIt: (set) => {
      set.anchors = [
        trust('a.example', root),
        trust('b.example', root, { incoming: false }),
        trust('b.example', stranger),
      ];
    },
  },
  {
    name: 'sender has no anchors',
    breakIt: (set) => {
      set.anchors = [trust('b.example', root)];
    },
  },
  {
    name: 'recipient has no anchors',
    breakIt: (set) => {
      set.anchors = [trust('a.example', root)];
    },
  },
  {
    name: 'pathLen',
    breakIt: (set) => {
      const top = authority('Narrow', 6, { issuer: root, pathLen: 0, crlUrls: [CRL] });
      const below = authority('Below', 7, { issuer: top, crlUrls: ['http://pki.example/narrow.crl'] });
      set.web['http://pki.example/narrow.crl'] = crlOf(top);
      set.web['http://pki.example/top.p7c'] = top.certificate.der;
      set.web['http://pki.example/below.cer'] = below.certificate.der;
      const chained = authority('Below', 7, {
        issuer: top,
        caIssuersUrls: ['http://pki.example/top.p7c'],
        crlUrls: ['http://pki.example/narrow.crl'],
      });
      set.web['http://pki.example/below.cer'] = chained.certificate.der;
      giveBob(set, leaf({ caIssuersUrls: ['http://pki.example/below.cer'] }, chained));
    },
  },
  {
    name: 'name constraint',
    breakIt: (set) => {
      const narrow = authority('Narrow', 6, {
        issuer: root,
        nameConstraints: { permitted: [{ type: 'email', value: 'c.example' }] },
        crlUrls: [CRL],
      });
      set.web['http://pki.example/narrow.cer'] = narrow.certificate.der;
      giveBob(set, leaf({ caIssuersUrls: ['http://pki.example/narrow.cer'] }, narrow));
    },
  },
  {
    name: 'issuer is no CA',
    breakIt: (set) => {
      const eve = leaf({
        key: keyPool.take('rsa2048', 4),
        emails: ['eve@b.example'],
        subject: { CN: 'eve' },
      });
      set.web['http://pki.example/eve.cer'] = eve.certificate.der;
      giveBob(set, leaf({ issuer: eve, caIssuersUrls: ['http://pki.example/eve.cer'] }));
    },
  },
  {
    name: 'forged signature under the name of the anchor',
    breakIt: (set) => {
      const false_ = authority('Root', 1);
      giveBob(set, leaf({}, false_));
    },
  },
  {
    name: 'intermediate expired',
    breakIt: (set) => {
      const old = authority('Intermediate', 2, { issuer: root, notAfter: NOW - DAY, crlUrls: [CRL] });
      set.web[INTERMEDIATE] = old.certificate.der;
      giveBob(set, leaf({}, intermediate));
    },
  },
  // finding
  { name: 'published nowhere', breakIt: (set) => publish(set, 'bob.b.example') },
  { name: 'SERVFAIL', breakIt: nameServer('b.example', 'SERVFAIL', 'CERT') },
  { name: 'name server silent', breakIt: nameServer('b.example', 'silence') },
  { name: 'LDAP down', breakIt: (set) => toLdap(set) },
  {
    name: 'LDAP silent',
    breakIt: (set) => {
      toLdap(set, bob.certificate.der);
      set.link = { blackhole: true };
    },
  },
  {
    name: 'LDAP without the address',
    breakIt: (set) => {
      toLdap(set, bob.certificate.der);
      set.entries = [person('carol@b.example', bob.certificate.der)];
    },
  },
  {
    name: 'expired in LDAP',
    breakIt: (set) =>
      toLdap(set, leaf({ notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY }).certificate.der),
  },
  // sending
  {
    name: 'sender without a key',
    breakIt: (set) => {
      set.signs[ALICE] = [];
    },
  },
  {
    name: 'sender with an expired key',
    breakIt: signed({ notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY }),
  },
  {
    name: 'no MX',
    breakIt: (set) => {
      set.records = set.records.filter(([name, { type }]) => name !== 'b.example' || type !== 'MX');
    },
  },
  {
    name: 'null MX',
    breakIt: (set) => {
      set.records = [
        ...set.records.filter(([name, { type }]) => name !== 'b.example' || type !== 'MX'),
        ['b.example', mx('')],
      ];
    },
  },
  { name: 'MX not answered', breakIt: nameServer('b.example', 'SERVFAIL', 'MX') },
  // receiving
  {
    name: 'recipient lost the key',
    breakIt: (set) => {
      set.opens[BOB] = [leaf()];
    },
  },
  {
    name: 'no such mailbox',
    breakIt: (set) => {
      set.exists = false;
    },
  },
  { name: 'signature under a strange root', breakIt: signed({}, stranger) },
  { name: 'signature with SHA-1 certificate', breakIt: signed({ digest: 'sha1' }) },
  { name: 'signature of another address', breakIt: signed({ emails: ['eve@a.example'] }) },
  {
    name: 'signature certificate unknown revocation',
    breakIt: signed({ crlUrls: ['http://pki.example/gone.crl'] }),
  },
  // the confirmation
  {
    name: 'sender publishes nothing',
    breakIt: (set) => publish(set, 'alice.a.example'),
  },
  {
    name: 'recipient cannot sign',
    breakIt: (set) => {
      set.signs[BOB] = [];
    },
  },
];

const CRL_SOUTH = 'http://pki.example/south.crl';

/** Two authorities that name each other as issuers. */
function loop() {
  const key = { x: keyPool.take('rsa2048', 6), y: keyPool.take('rsa2048', 7) };
  const self = (name: 'x' | 'y') => authority(name, name === 'x' ? 6 : 7);
  const cross = (name: 'x' | 'y', by: 'x' | 'y') =>
    issueCertificate({
      profile: 'intermediate',
      subject: { CN: name, O: 'Test', C: 'US' },
      key: key[name],
      issuer: self(by),
      notBefore: NOW - DAY,
      notAfter: NOW + DAY,
      caIssuersUrls: [`http://pki.example/${by}.cer`],
    });
  return [cross('x', 'y'), cross('y', 'x')] as const;
}
