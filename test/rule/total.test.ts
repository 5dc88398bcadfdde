import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { PkiError } from '../../src/pki/error.ts';
import { CERTIFICATE_RULES, certificateSubject, lint, ZONE_RULES } from '../../src/rule/index.ts';
import { NOW } from '../pki/fixtures.ts';
import { subjectOf } from './certificate-cases.ts';
import { zoneOf } from './zone-cases.ts';

const context = { at: NOW, profile: '1.3' } as const;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Names that certificates should not have, and some have. */
const names = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.constantFrom(
    '',
    '.',
    'a..b',
    '*.d.example',
    'd.example.',
    '@',
    'bob@',
    'x'.repeat(70),
    'bob@d.example',
    '\\',
    'é.d.example',
  ),
);

describe('rules never fail themselves', () => {
  it('whatever names a certificate has, alone and in a zone', () => {
    fc.assert(
      fc.property(
        fc.array(names, { maxLength: 3 }),
        fc.array(names, { maxLength: 3 }),
        (emails, dnsNames) => {
          const subject = subjectOf({ emails, dnsNames });
          expect(lint(CERTIFICATE_RULES, subject, context)).toHaveLength(CERTIFICATE_RULES.length);
          const zone = zoneOf(`x.y CERT PKIX 0 0 ${base64(subject.certificate.der)}\n*.h CNAME x.y`);
          expect(lint(ZONE_RULES, zone, context)).toHaveLength(ZONE_RULES.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('whatever octets are changed', () => {
    const { der } = subjectOf({}).certificate;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (edits) => {
          const bytes = Uint8Array.from(der);
          for (const [at, octet] of edits) bytes[at] = octet;
          try {
            lint(CERTIFICATE_RULES, certificateSubject(parseCertificate(bytes)), context);
          } catch (error) {
            if (!(error instanceof PkiError)) throw error;
          }
          lint(ZONE_RULES, zoneOf(`bob CERT PKIX 0 0 ${base64(bytes)}`), context);
        },
      ),
      { numRuns: 400 },
    );
  });
});
