import { describe, expect, it } from 'vitest';
import { BREAKAGES } from './explain-breakages.ts';
import { explained, setup } from './explain-world.ts';

interface Expected {
  /** Which way, and which step of it. */
  readonly at: string;
  readonly code: string;
  readonly says: string;
  readonly who: 'from' | 'to' | 'authority' | 'network';
  readonly cure: string;
  /** `refused` unless said otherwise. */
  readonly verdict?: 'undetermined';
}

/** What is read out in large type for each thing that is wrong, and what would make it pass. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  expired: {
    at: 'there encrypt',
    code: 'cert.expired',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found expired on 2025-12-06.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that has not expired, and takes the old one away',
  },
  'not yet valid': {
    at: 'there encrypt',
    code: 'cert.not-yet-valid',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found is not valid before 2026-01-08.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that is valid now, or both wait until 2026-01-08',
  },
  'of another address': {
    at: 'there encrypt',
    code: 'cert.binding',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found belongs to eve@b.example, not bob@b.example.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example whose alternative name is bob@b.example (or the domain b.example)',
  },
  'of nobody': {
    at: 'there encrypt',
    code: 'cert.binding',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found belongs to nobody (it has no usable alternative name), not bob@b.example.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example whose alternative name is bob@b.example (or the domain b.example)',
  },
  'to sign only': {
    at: 'there encrypt',
    code: 'cert.usage',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found may not be used for encryption (it allows digitalSignature).',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example whose key usage allows encryption',
  },
  'EC key': {
    at: 'there encrypt',
    code: 'cert.usage',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found may not be used for encryption (it allows digitalSignature).',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example whose key usage allows encryption',
  },
  'RSA 1024': {
    at: 'there encrypt',
    code: 'cert.weak-key',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found is too weak: RSA 1024 bits.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example with an RSA key of 2048 bits or more',
  },
  'SHA-1': {
    at: 'there encrypt',
    code: 'cert.weak-signature',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found is signed with sha1WithRSAEncryption, which is too weak.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that is signed with SHA-256 or stronger',
  },
  'CA as leaf': {
    at: 'there encrypt',
    code: 'cert.ca-as-leaf',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found is a CA certificate, not one of an address or a domain.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that is not a CA certificate',
  },
  unparsable: {
    at: 'there encrypt',
    code: 'cert.unparsable',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found cannot be read: certificate: length 3 where 2 octets remain at octet 0.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example in its DER encoding, without anything around it',
  },
  'an expired one and one of somebody else': {
    at: 'there encrypt',
    code: 'cert.expired',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found expired on 2025-12-06.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that has not expired, and takes the old one away',
  },
  revoked: {
    at: 'there encrypt',
    code: 'cert.revoked',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found was revoked on 2026-01-04 (keyCompromise).',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that is not revoked, and takes the old one away',
  },
  'CRL unreachable': {
    at: 'there encrypt',
    code: 'cert.revocation-unknown',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because revocation could not be checked at http://pki.example/gone.crl: connection refused.',
    who: 'authority',
    cure: 'the certificate authority makes a current revocation list available at http://pki.example/gone.crl',
    verdict: 'undetermined',
  },
  'CRL expired': {
    at: 'there encrypt',
    code: 'cert.revocation-unknown',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because revocation could not be checked at http://pki.example/old.crl: the list ran out on 2026-01-03T15:00:00.000Z.',
    who: 'authority',
    cure: 'the certificate authority makes a current revocation list available at http://pki.example/old.crl',
    verdict: 'undetermined',
  },
  'CRL with a wrong signature': {
    at: 'there encrypt',
    code: 'cert.revocation-unknown',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because revocation could not be checked at http://pki.example/forged.crl: the signature of the list does not verify.',
    who: 'authority',
    cure: 'the certificate authority makes a current revocation list available at http://pki.example/forged.crl',
    verdict: 'undetermined',
  },
  'CRL of another authority': {
    at: 'there encrypt',
    code: 'cert.revocation-unknown',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because revocation could not be checked at http://pki.example/other.crl: the list is of CN=Stranger, O=Test, C=US, not of CN=Root, O=Test, C=US.',
    who: 'authority',
    cure: 'the certificate authority makes a current revocation list available at http://pki.example/other.crl',
    verdict: 'undetermined',
  },
  'names no CRL': {
    at: 'there encrypt',
    code: 'cert.revocation-unknown',
    says: 'a.example cannot encrypt to bob@b.example, because revocation could not be checked: the certificate names no revocation list.',
    who: 'authority',
    cure: 'the certificate authority issues certificates that name a revocation list that can be fetched',
  },
  'intermediate revoked': {
    at: 'there encrypt',
    code: 'trust.constraint',
    says: 'a.example cannot encrypt to bob@b.example, because the chain is not valid at Intermediate: this CA was revoked on 2026-01-04 (keyCompromise).',
    who: 'authority',
    cure: 'the certificate authority issues the certificate anew, below a CA that is not revoked in place of CN=Intermediate, O=Test, C=US',
  },
  'AIA unreachable': {
    at: 'there encrypt',
    code: 'trust.aia-failed',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because issuer Intermediate could not be fetched at http://pki.example/intermediate.cer: connection refused.',
    who: 'authority',
    cure: 'the certificate authority makes the certificate of CN=Intermediate, O=Test, C=US available at http://pki.example/intermediate.cer',
    verdict: 'undetermined',
  },
  'AIA is no certificate': {
    at: 'there encrypt',
    code: 'trust.aia-failed',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because issuer Intermediate could not be fetched at http://pki.example/intermediate.cer: no certificate in it.',
    who: 'authority',
    cure: 'the certificate authority makes the certificate of CN=Intermediate, O=Test, C=US available at http://pki.example/intermediate.cer',
    verdict: 'undetermined',
  },
  'AIA names another authority': {
    at: 'there encrypt',
    code: 'trust.aia-failed',
    says: 'a.example cannot encrypt to bob@b.example, because issuer Intermediate could not be fetched at http://pki.example/intermediate.cer: no certificate of that name is there.',
    who: 'authority',
    cure: 'the certificate authority makes the certificate of CN=Intermediate, O=Test, C=US available at http://pki.example/intermediate.cer',
  },
  'AIA loop': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer x does not lead to an anchor of a.example: its issuers vouch for each other in a circle.',
    who: 'to',
    cure: 'b.example uses a certificate from an authority that a.example trusts',
  },
  'no AIA': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer Intermediate does not lead to an anchor of a.example, and the certificate does not say where to fetch that issuer (no AIA).',
    who: 'from',
    cure: 'a.example trusts Intermediate or an anchor above it, or b.example uses a certificate that names where its issuer is found',
  },
  'untrusted root': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer Stranger does not lead to an anchor of a.example, and the certificate does not say where to fetch that issuer (no AIA).',
    who: 'from',
    cure: 'a.example trusts Stranger or an anchor above it, or b.example uses a certificate that names where its issuer is found',
  },
  'untrusted root, found by AIA': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer Stranger does not lead to an anchor of a.example (anchors from the North bundle).',
    who: 'from',
    cure: 'a.example trusts an anchor above CN=Stranger, O=Test, C=US, or b.example uses a certificate from an authority that a.example trusts',
  },
  'self-signed': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer bob does not lead to an anchor of a.example: the certificate is signed by itself.',
    who: 'to',
    cure: 'b.example uses a certificate from an authority that a.example trusts',
  },
  'anchor in the other bundle only': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer South Root does not lead to an anchor of a.example; its anchor is in the South bundle, which a.example does not take.',
    who: 'from',
    cure: 'a.example takes the South bundle, or b.example uses a certificate from an authority that a.example trusts (the North bundle)',
  },
  'anchor expired': {
    at: 'there encrypt',
    code: 'trust.anchor-expired',
    says: 'a.example cannot encrypt to bob@b.example, because anchor Old Root expired on 2025-12-31.',
    who: 'from',
    cure: 'a.example replaces the expired anchor CN=Old Root, O=Test, C=US by its successor',
  },
  'anchors incoming only': {
    at: 'there encrypt',
    code: 'trust.no-anchors',
    says: 'a.example cannot encrypt to bob@b.example, because a.example trusts no anchors for outgoing mail (those that it has are for incoming mail only).',
    who: 'from',
    cure: 'a.example trusts its anchors for outgoing mail too',
  },
  'this anchor incoming only': {
    at: 'there encrypt',
    code: 'trust.no-path',
    says: 'a.example cannot encrypt to bob@b.example, because issuer Root does not lead to an anchor of a.example: a.example trusts Root for incoming mail only.',
    who: 'from',
    cure: 'a.example trusts Root for outgoing mail too',
  },
  'recipient trusts the anchor outgoing only': {
    at: 'there accept',
    code: 'trust.no-path',
    says: 'b.example does not trust the signature of alice@a.example, because issuer Root does not lead to an anchor of b.example: b.example trusts Root for outgoing mail only.',
    who: 'to',
    cure: 'b.example trusts Root for incoming mail too',
  },
  'sender has no anchors': {
    at: 'there encrypt',
    code: 'trust.no-anchors',
    says: 'a.example cannot encrypt to bob@b.example, because a.example trusts no anchors for outgoing mail.',
    who: 'from',
    cure: 'a.example takes a trust bundle, or an anchor, for outgoing mail',
  },
  'recipient has no anchors': {
    at: 'there accept',
    code: 'trust.no-anchors',
    says: 'b.example does not trust the signature of alice@a.example, because b.example trusts no anchors for incoming mail.',
    who: 'to',
    cure: 'b.example takes a trust bundle, or an anchor, for incoming mail',
  },
  pathLen: {
    at: 'there encrypt',
    code: 'trust.constraint',
    says: 'a.example cannot encrypt to bob@b.example, because the chain is not valid at Below: the path is longer than pathLenConstraint allows.',
    who: 'authority',
    cure: 'the certificate authority replaces CN=Below, O=Test, C=US by a certificate that keeps the rules of the chain',
  },
  'name constraint': {
    at: 'there encrypt',
    code: 'trust.constraint',
    says: 'a.example cannot encrypt to bob@b.example, because the chain is not valid at bob: name constraint: email:bob@b.example is not permitted.',
    who: 'authority',
    cure: 'the certificate authority replaces CN=bob by a certificate that keeps the rules of the chain',
  },
  'issuer is no CA': {
    at: 'there encrypt',
    code: 'trust.constraint',
    says: 'a.example cannot encrypt to bob@b.example, because the chain is not valid at eve: it is no CA (basicConstraints).',
    who: 'authority',
    cure: 'the certificate authority replaces CN=eve by a certificate that keeps the rules of the chain',
  },
  'forged signature under the name of the anchor': {
    at: 'there encrypt',
    code: 'trust.constraint',
    says: 'a.example cannot encrypt to bob@b.example, because the chain is not valid at bob: its signature does not verify with the key of CN=Root, O=Test, C=US.',
    who: 'authority',
    cure: 'the certificate authority replaces CN=bob by a certificate that keeps the rules of the chain',
  },
  'intermediate expired': {
    at: 'there encrypt',
    code: 'trust.constraint',
    says: 'a.example cannot encrypt to bob@b.example, because the chain is not valid at Intermediate: it expired on 2026-01-04.',
    who: 'authority',
    cure: 'the certificate authority replaces CN=Intermediate, O=Test, C=US by a certificate that keeps the rules of the chain',
  },
  'published nowhere': {
    at: 'there encrypt',
    code: 'discovery.none',
    says: 'a.example cannot encrypt to bob@b.example, because no certificate could be found (DNS: bob.b.example, b.example; LDAP: no server published).',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example or for the domain, in DNS or LDAP',
  },
  SERVFAIL: {
    at: 'there encrypt',
    code: 'discovery.temporary',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because lookups did not answer (DNS, address): SERVFAIL from 10.0.0.53:53 (CERT bob.b.example).',
    who: 'network',
    cure: 'the name servers and directories of b.example answer again; we keep asking',
    verdict: 'undetermined',
  },
  'name server silent': {
    at: 'there encrypt',
    code: 'discovery.temporary',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because lookups did not answer (DNS, address): no answer in 6 s (CERT bob.b.example).',
    who: 'network',
    cure: 'the name servers and directories of b.example answer again; we keep asking',
    verdict: 'undetermined',
  },
  'LDAP down': {
    at: 'there encrypt',
    code: 'discovery.temporary',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because lookups did not answer (LDAP, address): 10.0.0.89:389: connection refused (ldap.b.example:389).',
    who: 'network',
    cure: 'the name servers and directories of b.example answer again; we keep asking',
    verdict: 'undetermined',
  },
  'LDAP silent': {
    at: 'there encrypt',
    code: 'discovery.temporary',
    says: 'a.example cannot tell yet whether it may encrypt to bob@b.example, because lookups did not answer (LDAP, address): 10.0.0.89:389: no answer in time (ldap.b.example:389).',
    who: 'network',
    cure: 'the name servers and directories of b.example answer again; we keep asking',
    verdict: 'undetermined',
  },
  'LDAP without the address': {
    at: 'there encrypt',
    code: 'discovery.none',
    says: 'a.example cannot encrypt to bob@b.example, because no certificate could be found (DNS: bob.b.example, b.example; LDAP: ldap.b.example:389).',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example or for the domain, in DNS or LDAP',
  },
  'expired in LDAP': {
    at: 'there encrypt',
    code: 'cert.expired',
    says: 'a.example cannot encrypt to bob@b.example, because the certificate found expired on 2025-12-06.',
    who: 'to',
    cure: 'b.example publishes a certificate for bob@b.example that has not expired, and takes the old one away',
  },
  'sender without a key': {
    at: 'there sign',
    code: 'config.missing-key',
    says: 'alice@a.example has no usable signing key.',
    who: 'from',
    cure: 'a.example gives alice@a.example, or the whole domain, a certificate and the private key to sign with',
  },
  'sender with an expired key': {
    at: 'there sign',
    code: 'config.missing-key',
    says: 'alice@a.example has no usable signing key (the one it has is good from 2024-12-06 to 2025-12-06, for digitalSignature, keyEncipherment).',
    who: 'from',
    cure: 'a.example gives alice@a.example a certificate that is valid now and may sign',
  },
  'no MX': {
    at: 'there route',
    code: 'transport.mx-none',
    says: 'Mail for bob@b.example has nowhere to go, because b.example has no mail server in DNS.',
    who: 'to',
    cure: 'b.example publishes an MX record, and an address record for the server that it names',
  },
  'null MX': {
    at: 'there route',
    code: 'transport.mx-none',
    says: 'Mail for bob@b.example has nowhere to go, because b.example has no mail server in DNS.',
    who: 'to',
    cure: 'b.example publishes an MX record, and an address record for the server that it names',
  },
  'MX not answered': {
    at: 'there route',
    code: 'transport.connect',
    says: 'Nobody can tell where mail for bob@b.example goes, because no mail server of b.example answered: MX of b.example: SERVFAIL from 10.0.0.53:53.',
    who: 'network',
    cure: 'the name servers of b.example answer questions for its mail servers',
    verdict: 'undetermined',
  },
  'recipient lost the key': {
    at: 'there open',
    code: 'crypto.no-recipient-match',
    says: 'b.example holds no private key for the certificate published for bob@b.example.',
    who: 'to',
    cure: 'b.example publishes the certificate whose private key it holds, and takes the other away',
  },
  'no such mailbox': {
    at: 'there open',
    code: 'edge.unknown-mailbox',
    says: 'There is no such address: bob@b.example.',
    who: 'to',
    cure: 'b.example makes a mailbox bob@b.example, or the sender uses an address that exists',
  },
  'signature under a strange root': {
    at: 'there accept',
    code: 'trust.no-path',
    says: 'b.example does not trust the signature of alice@a.example, because issuer Stranger does not lead to an anchor of b.example, and the certificate does not say where to fetch that issuer (no AIA).',
    who: 'to',
    cure: 'b.example trusts Stranger or an anchor above it, or a.example uses a certificate that names where its issuer is found',
  },
  'signature with SHA-1 certificate': {
    at: 'there accept',
    code: 'cert.weak-signature',
    says: 'b.example does not trust the signature of alice@a.example, because the certificate it signs with is signed with sha1WithRSAEncryption, which is too weak.',
    who: 'from',
    cure: 'a.example signs with a certificate for alice@a.example that is signed with SHA-256 or stronger',
  },
  'signature of another address': {
    at: 'there accept',
    code: 'cert.binding',
    says: 'b.example does not trust the signature of alice@a.example, because the certificate it signs with belongs to eve@a.example, not alice@a.example.',
    who: 'from',
    cure: 'a.example signs with a certificate for alice@a.example whose alternative name is alice@a.example (or the domain a.example)',
  },
  'signature certificate unknown revocation': {
    at: 'there accept',
    code: 'cert.revocation-unknown',
    says: 'b.example cannot tell yet whether to trust the signature of alice@a.example, because revocation could not be checked at http://pki.example/gone.crl: connection refused.',
    who: 'authority',
    cure: 'the certificate authority makes a current revocation list available at http://pki.example/gone.crl',
    verdict: 'undetermined',
  },
  'sender publishes nothing': {
    at: 'back encrypt',
    code: 'discovery.none',
    says: 'The confirmation does not come back: b.example cannot encrypt to alice@a.example, because no certificate could be found (DNS: alice.a.example, a.example; LDAP: no server published).',
    who: 'from',
    cure: 'a.example publishes a certificate for alice@a.example or for the domain, in DNS or LDAP',
  },
  'recipient cannot sign': {
    at: 'back sign',
    code: 'config.missing-key',
    says: 'The confirmation does not come back: bob@b.example has no usable signing key.',
    who: 'to',
    cure: 'b.example gives bob@b.example, or the whole domain, a certificate and the private key to sign with',
  },
};

describe('one thing is broken', () => {
  it.each(BREAKAGES.map((one) => [one.name, one.breakIt] as const))('%s', async (name, breakIt) => {
    const set = setup();
    breakIt(set);
    const { first, verdict, headline } = await explained(set);
    const { at, code, says, who, cure, verdict: wanted = 'refused' } = EXPECTED[name]!;
    expect({
      at: `${first?.way} ${first?.step}`,
      code: first?.reason.code,
      says: first?.sentence,
      who: first?.cure.who,
      cure: first?.cure.text,
      verdict,
    }).toEqual({ at, code, says, who, cure, verdict: wanted });
    expect(headline).toBe(says);
    // one sentence: one full stop, at its end
    expect(says).toMatch(/^[^\n]+\.$/);
    expect(says).not.toMatch(/\. [A-Z]|undefined|: :/);
  });

  it('each set-up is in the table, and nothing else is', () => {
    expect(BREAKAGES.map(({ name }) => name)).toEqual(Object.keys(EXPECTED));
    expect(BREAKAGES.length).toBeGreaterThanOrEqual(25);
  });
});
