import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MailError } from '../../src/mail/error.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { PkiError } from '../../src/pki/error.ts';
import {
  BUNDLE_RULES,
  bundleSubject,
  CERTIFICATE_RULES,
  certificateSubject,
  DSN_RULES,
  dsnSubject,
  lint,
  MDN_RULES,
  MESSAGE_RULES,
  mdnSubject,
  messageSubject,
  ZONE_RULES,
} from '../../src/rule/index.ts';
import { NOW } from '../pki/fixtures.ts';
import { signed as signedBundle, unsigned as unsignedBundle } from '../trust/bundle/fixtures.ts';
import { subjectOf } from './certificate-cases.ts';
import { layersOf } from './message-cases.ts';
import { dsnOf, mdnOf } from './notice-cases.ts';
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

  /** Changes of single octets, and a cut. */
  const damage = (whole: Uint8Array) =>
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.option(fc.nat(whole.length)),
      )
      .map(([edits, length]) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, octet] of edits) bytes[at] = octet;
        return bytes.subarray(0, length ?? bytes.length);
      });
  const orMailError = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
    }
  };

  it('whatever is done to a message, or to what it holds', () => {
    const { message, entity, inner } = layersOf({});
    fc.assert(
      fc.property(
        fc.oneof(damage(message), damage(entity), damage(inner)),
        damage(entity),
        (bytes, opened) => {
          orMailError(() => {
            const results = lint(MESSAGE_RULES, messageSubject(bytes, { opened }), context);
            expect(results).toHaveLength(MESSAGE_RULES.length);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('whatever is done to a notice', () => {
    const notices = [mdnOf({}), dsnOf({})].map(({ entity }) => entity.raw);
    fc.assert(
      fc.property(fc.oneof(...notices.map(damage)), (bytes) => {
        orMailError(() => {
          const [mdn, dsn] = [mdnSubject(bytes), dsnSubject(bytes)];
          if (mdn) lint(MDN_RULES, mdn, context);
          if (dsn) lint(DSN_RULES, dsn, context);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('whatever is done to a bundle', () => {
    const bundles = [unsignedBundle(), signedBundle()];
    fc.assert(
      fc.property(fc.oneof(...bundles.map(damage)), (bytes) => {
        const results = lint(BUNDLE_RULES, bundleSubject(bytes, NOW, { file: 'x.p7m' }), context);
        expect(results).toHaveLength(BUNDLE_RULES.length);
      }),
      { numRuns: 300 },
    );
  });
});
