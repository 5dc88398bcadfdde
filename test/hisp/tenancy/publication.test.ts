import { describe, expect, it } from 'vitest';
import {
  type HeldCertificate,
  type Holdings,
  OVERLAP,
  publicationOf,
} from '../../../src/hisp/tenancy/publication.ts';
import { issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { formatName } from '../../../src/pki/name.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const OWNER = 'bob@direct.b.example';

function held(name: string, day: number, state: HeldCertificate['state'], lasts = 700): HeldCertificate {
  const { certificate } = issueCertificate({
    profile: 'address',
    subject: { CN: name },
    emails: [OWNER],
    key: keyPool.fresh('p256'),
    issuer: 'self',
    notBefore: NOW + day * DAY,
    notAfter: NOW + (day + lasts) * DAY,
  });
  const { sha256 } = certificate;
  return { owner: OWNER, purpose: 'dual', state, sha256, hasKey: true, certificate };
}

/** Names of what is published so many days later, newest first. */
function published(all: readonly HeldCertificate[], day = 0): string[] {
  const holdings: Holdings = {
    domains: [
      {
        name: 'direct.b.example',
        organization: { id: 'b', name: 'B' },
        certificates: 'address-dns',
        keys: 'dual',
        addresses: [{ address: OWNER, title: 'Bob' }],
      },
    ],
    certificates: all,
    revoked: [],
  };
  const [domain] = publicationOf(holdings, NOW + day * DAY);
  return domain!.owners[0]!.certificates.map(({ subject }) => formatName(subject).replace('CN=', ''));
}

describe('a certificate that was replaced', () => {
  const old = held('old', -300, 'decrypt-only');
  const fresh = held('fresh', 0, 'active');

  it('stands beside its successor, and goes when the overlap is over', () => {
    const days = OVERLAP / DAY;
    expect(published([old, fresh])).toEqual(['fresh', 'old']);
    expect(published([old, fresh], days - 1)).toEqual(['fresh', 'old']);
    expect(published([old, fresh], days)).toEqual(['fresh']);
  });

  it.each<[string, HeldCertificate[], string[]]>([
    ['is not shown once it was revoked', [held('old', -300, 'revoked'), fresh], ['fresh']],
    ['is not shown once it has ended', [held('old', -300, 'decrypt-only', 299), fresh], ['fresh']],
    ['is not shown when it has no successor', [old], []],
    ['is not shown when its successor is gone', [old, held('fresh', 0, 'revoked')], []],
    [
      'counts from the first that came after it',
      [old, held('between', -30, 'decrypt-only'), fresh],
      ['fresh', 'between'],
    ],
  ])('%s', (_, all, names) => {
    expect(published(all)).toEqual(names);
  });
});
