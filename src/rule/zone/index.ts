/**
 * The rules of zones: publishing certificates, finding LDAP servers, receiving mail. A rule is one file, and one line in
 * this list.
 *
 * @module
 */
import type { Rule } from '../rule.ts';
import { aliasBinding } from './alias-binding.ts';
import { aliasEnd } from './alias-end.ts';
import { certAlgorithm } from './cert-algorithm.ts';
import { certBare } from './cert-bare.ts';
import { certBinding } from './cert-binding.ts';
import { certInForce } from './cert-in-force.ts';
import { certKeyTag } from './cert-key-tag.ts';
import { certMailboxName } from './cert-mailbox-name.ts';
import { certOtherType } from './cert-other-type.ts';
import { certOwners } from './cert-owners.ts';
import { certReadable } from './cert-readable.ts';
import { certSize } from './cert-size.ts';
import { certTtl } from './cert-ttl.ts';
import { certType } from './cert-type.ts';
import { certUrlOnly } from './cert-url-only.ts';
import { certUsable } from './cert-usable.ts';
import { ldapHidden } from './ldap-hidden.ts';
import { ldapNone } from './ldap-none.ts';
import { ldapOrder } from './ldap-order.ts';
import { ldapOwner } from './ldap-owner.ts';
import { ldapTarget } from './ldap-target.ts';
import { mailPresent } from './mail-present.ts';
import { mailTarget } from './mail-target.ts';
import type { ZoneSubject } from './subject.ts';
import { wildcardCert } from './wildcard-cert.ts';
import { wildcardGap } from './wildcard-gap.ts';

export const ZONE_RULES: readonly Rule<ZoneSubject>[] = [
  certType,
  certOtherType,
  certUrlOnly,
  certBare,
  certReadable,
  certAlgorithm,
  certKeyTag,
  certBinding,
  certMailboxName,
  certInForce,
  certUsable,
  certOwners,
  certSize,
  certTtl,
  wildcardCert,
  wildcardGap,
  aliasBinding,
  aliasEnd,
  ldapOwner,
  ldapTarget,
  ldapNone,
  ldapHidden,
  ldapOrder,
  mailPresent,
  mailTarget,
];
