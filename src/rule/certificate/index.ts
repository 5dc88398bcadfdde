/**
 * The rules of certificates. A rule is one file, and one line in this list.
 *
 * @module
 */
import type { Rule } from '../rule.ts';
import { authorityKeyId } from './authority-key-id.ts';
import { authorityKeyUsage } from './authority-key-usage.ts';
import { authorityLists } from './authority-lists.ts';
import { authorityMarked } from './authority-marked.ts';
import { criticalKnown } from './critical-known.ts';
import { crlPoint } from './crl-point.ts';
import { derEncoding } from './der-encoding.ts';
import { endEntity } from './end-entity.ts';
import { extendedUsage } from './extended-usage.ts';
import { extensionsReadable } from './extensions-readable.ts';
import { issuerPoint } from './issuer-point.ts';
import { keyIdMatch } from './key-id-match.ts';
import { keyKind } from './key-kind.ts';
import { keySize } from './key-size.ts';
import { keyUsageElliptic } from './key-usage-elliptic.ts';
import { keyUsageForeign } from './key-usage-foreign.ts';
import { keyUsageMail } from './key-usage-mail.ts';
import { keyUsagePresent } from './key-usage-present.ts';
import { nameAddressForm } from './name-address-form.ts';
import { nameDomainForm } from './name-domain-form.ts';
import { nameOneKind } from './name-one-kind.ts';
import { namePresent } from './name-present.ts';
import { nameSingle } from './name-single.ts';
import { nameWildcard } from './name-wildcard.ts';
import { policyAssurance } from './policy-assurance.ts';
import { policyCategory } from './policy-category.ts';
import { policyKnown } from './policy-known.ts';
import { policyVersion } from './policy-version.ts';
import { renewal } from './renewal.ts';
import { responderPoint } from './responder-point.ts';
import { selfSigned } from './self-signed.ts';
import { serialLength } from './serial-length.ts';
import { serialPositive } from './serial-positive.ts';
import { serialShape } from './serial-shape.ts';
import { signatureAgreement } from './signature-agreement.ts';
import { signatureDigest } from './signature-digest.ts';
import type { CertificateSubject } from './subject.ts';
import { subjectEmail } from './subject-email.ts';
import { subjectEmpty } from './subject-empty.ts';
import { subjectKeyId } from './subject-key-id.ts';
import { subjectOrganization } from './subject-organization.ts';
import { validityLength } from './validity-length.ts';
import { validityNow } from './validity-now.ts';
import { validityOrder } from './validity-order.ts';
import { version } from './version.ts';

export const CERTIFICATE_RULES: readonly Rule<CertificateSubject>[] = [
  version,
  derEncoding,
  extensionsReadable,
  criticalKnown,
  serialPositive,
  serialLength,
  serialShape,
  signatureDigest,
  signatureAgreement,
  keySize,
  keyKind,
  namePresent,
  nameSingle,
  nameOneKind,
  nameAddressForm,
  nameDomainForm,
  nameWildcard,
  subjectEmpty,
  subjectEmail,
  subjectOrganization,
  keyUsagePresent,
  keyUsageMail,
  keyUsageForeign,
  keyUsageElliptic,
  extendedUsage,
  endEntity,
  authorityMarked,
  authorityKeyUsage,
  authorityLists,
  policyCategory,
  policyAssurance,
  policyVersion,
  policyKnown,
  crlPoint,
  issuerPoint,
  responderPoint,
  subjectKeyId,
  authorityKeyId,
  keyIdMatch,
  validityOrder,
  validityNow,
  validityLength,
  renewal,
  selfSigned,
];
