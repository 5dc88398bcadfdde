/**
 * All behaviours, by their switch name.
 *
 * @module
 */
import type { AnyBehaviour } from './behaviour.ts';
import { acceptEmpty } from './bnd/accept-empty.ts';
import { acceptReplay } from './bnd/accept-replay.ts';
import { acceptShrink } from './bnd/accept-shrink.ts';
import { derOnly } from './bnd/der-only.ts';
import { dropsUnreachable } from './bnd/drops-unreachable.ts';
import { mixed as bndMixed } from './bnd/mixed.ts';
import { noLint } from './bnd/no-lint.ts';
import { noRefresh } from './bnd/no-refresh.ts';
import { nonAtomic } from './bnd/non-atomic.ts';
import { signerAsAnchor } from './bnd/signer-as-anchor.ts';
import { statusIgnored } from './bnd/status-ignored.ts';
import { unsignedOk } from './bnd/unsigned-ok.ts';
import { unstable } from './bnd/unstable.ts';
import { xmlDtd } from './bnd/xml-dtd.ts';
import { addressCertAtDomain } from './cert/address-cert-at-domain.ts';
import { expired } from './cert/expired.ts';
import { unpublished } from './cert/unpublished.ts';
import { wrongSan } from './cert/wrong-san.ts';
import { aRecordFallback } from './disc/a-record-fallback.ts';
import { aiaSingle } from './disc/aia-single.ts';
import { allLevels } from './disc/all-levels.ts';
import { anyEntry } from './disc/any-entry.ts';
import { binaryOnly } from './disc/binary-only.ts';
import { dnBinding as discDnBinding } from './disc/dn-binding.ts';
import { domainFirst } from './disc/domain-first.ts';
import { failAll } from './disc/fail-all.ts';
import { fallbackOnInvalid } from './disc/fallback-on-invalid.ts';
import { filterKeytag } from './disc/filter-keytag.ts';
import { firstContext } from './disc/first-context.ts';
import { firstRrOnly } from './disc/first-rr-only.ts';
import { searchingBehaviours } from './disc/further.ts';
import { garbageAsNone } from './disc/garbage-as-none.ts';
import { hang } from './disc/hang.ts';
import { ignoreKu } from './disc/ignore-ku.ts';
import { keepsDroppedRecipient } from './disc/keeps-dropped-recipient.ts';
import { lastContext } from './disc/last-context.ts';
import { ldapFirst } from './disc/ldap-first.ts';
import { mutesFinding } from './disc/mutes-finding.ts';
import { noAia } from './disc/no-aia.ts';
import { noBasicConstraints } from './disc/no-basic-constraints.ts';
import { noBinding as discNoBinding } from './disc/no-binding.ts';
import { noCrl } from './disc/no-crl.ts';
import { noDomainLdap } from './disc/no-domain-ldap.ts';
import { noEscape } from './disc/no-escape.ts';
import { noLdap } from './disc/no-ldap.ts';
import { noPath } from './disc/no-path.ts';
import { oneBadRr } from './disc/one-bad-rr.ts';
import { oneBadValue } from './disc/one-bad-value.ts';
import { orFilterLast } from './disc/or-filter-last.ts';
import { rejectIfAnyBad } from './disc/reject-if-any-bad.ts';
import { splitMessage } from './disc/split-message.ts';
import { srvAnswerOrder } from './disc/srv-answer-order.ts';
import { srvFirstOnly } from './disc/srv-first-only.ts';
import { srvHighestPriority } from './disc/srv-highest-priority.ts';
import { srvRandom } from './disc/srv-random.ts';
import { srvWeightAsc } from './disc/srv-weight-asc.ts';
import { stopAtEmptyLdap } from './disc/stop-at-empty-ldap.ts';
import { stopOnNxdomain } from './disc/stop-on-nxdomain.ts';
import { strictDer } from './disc/strict-der.ts';
import { tcAsEmpty } from './disc/tc-as-empty.ts';
import { udpOnly } from './disc/udp-only.ts';
import { useExpired } from './disc/use-expired.ts';
import { weakOk } from './disc/weak-ok.ts';
import { caseEchoLost } from './dns/case-echo-lost.ts';
import { derGarbage } from './dns/der-garbage.ts';
import { noAny } from './dns/no-any.ts';
import { noMx } from './dns/no-mx.ts';
import { noTcp } from './dns/no-tcp.ts';
import { nxdomainOnEnt } from './dns/nxdomain-on-ent.ts';
import { oneStaleNs } from './dns/one-stale-ns.ts';
import { type253 } from './dns/type-253.ts';
import { edgeBehaviours } from './edge/index.ts';
import { allAttributes } from './ldap/all-attributes.ts';
import { authRequired } from './ldap/auth-required.ts';
import { caseExact } from './ldap/case-exact.ts';
import { errorOnUnknown } from './ldap/error-on-unknown.ts';
import { lastContextDenied } from './ldap/last-context-denied.ts';
import { noFilterB } from './ldap/no-filter-b.ts';
import { noRootdse } from './ldap/no-rootdse.ts';
import { openEnumeration } from './ldap/open-enumeration.ts';
import { writable } from './ldap/writable.ts';
import { noticeBehaviours } from './ntf/index.ts';
import { allMustPass } from './recv/all-must-pass.ts';
import { caseSensitive } from './recv/case-sensitive.ts';
import { crlFailOpen } from './recv/crl-fail-open.ts';
import { crlUnsignedOk } from './recv/crl-unsigned-ok.ts';
import { dispatchedAlways } from './recv/dispatched-always.ts';
import { dispatchedOnQueue } from './recv/dispatched-on-queue.ts';
import { dnBinding as recvDnBinding } from './recv/dn-binding.ts';
import { firstSignerOnly } from './recv/first-signer-only.ts';
import { receivingBehaviours } from './recv/index.ts';
import { lastSignerOnly } from './recv/last-signer-only.ts';
import { leafOnlyCheck } from './recv/leaf-only-check.ts';
import { leafOnlyRevocation } from './recv/leaf-only-revocation.ts';
import { looseOption } from './recv/loose-option.ts';
import { mdnAnywhere } from './recv/mdn-anywhere.ts';
import { needsTextPart } from './recv/needs-text-part.ts';
import { neverDispatched } from './recv/never-dispatched.ts';
import { noBinding as recvNoBinding } from './recv/no-binding.ts';
import { noDigest } from './recv/no-digest.ts';
import { noMdn } from './recv/no-mdn.ts';
import { noRevocation } from './recv/no-revocation.ts';
import { noTime } from './recv/no-time.ts';
import { noTrust } from './recv/no-trust.ts';
import { oaepSha1Only } from './recv/oaep-sha1-only.ts';
import { oneSanOnly } from './recv/one-san-only.ts';
import { pkcs1Only } from './recv/pkcs1-only.ts';
import { sha1Ok } from './recv/sha1-ok.ts';
import { skiTrust } from './recv/ski-trust.ts';
import { smallKeyOk } from './recv/small-key-ok.ts';
import { strictCrlOnline } from './recv/strict-crl-online.ts';
import { sendBehaviours } from './send/index.ts';
import { directionIgnored } from './trust/direction-ignored.ts';
export const behaviours: ReadonlyMap<string, AnyBehaviour> = new Map(
  [
    addressCertAtDomain,
    expired,
    unpublished,
    wrongSan,
    caseEchoLost,
    derGarbage,
    noAny,
    noMx,
    noTcp,
    nxdomainOnEnt,
    oneStaleNs,
    type253,
    allAttributes,
    authRequired,
    caseExact,
    errorOnUnknown,
    lastContextDenied,
    noFilterB,
    noRootdse,
    openEnumeration,
    writable,
    aRecordFallback,
    aiaSingle,
    allLevels,
    anyEntry,
    binaryOnly,
    discDnBinding,
    domainFirst,
    failAll,
    fallbackOnInvalid,
    filterKeytag,
    firstContext,
    firstRrOnly,
    garbageAsNone,
    hang,
    ignoreKu,
    keepsDroppedRecipient,
    lastContext,
    ldapFirst,
    mutesFinding,
    noAia,
    noBasicConstraints,
    discNoBinding,
    noCrl,
    noDomainLdap,
    noEscape,
    noLdap,
    noPath,
    oneBadRr,
    oneBadValue,
    orFilterLast,
    rejectIfAnyBad,
    splitMessage,
    srvAnswerOrder,
    srvFirstOnly,
    srvHighestPriority,
    srvRandom,
    srvWeightAsc,
    stopAtEmptyLdap,
    stopOnNxdomain,
    strictDer,
    tcAsEmpty,
    udpOnly,
    useExpired,
    weakOk,
    ...noticeBehaviours,
    mdnAnywhere,
    dispatchedOnQueue,
    allMustPass,
    caseSensitive,
    dispatchedAlways,
    recvDnBinding,
    firstSignerOnly,
    lastSignerOnly,
    leafOnlyCheck,
    looseOption,
    needsTextPart,
    neverDispatched,
    recvNoBinding,
    noDigest,
    noMdn,
    noRevocation,
    noTime,
    noTrust,
    oaepSha1Only,
    oneSanOnly,
    pkcs1Only,
    sha1Ok,
    skiTrust,
    smallKeyOk,
    ...edgeBehaviours,
    ...sendBehaviours,
    ...receivingBehaviours,
    ...searchingBehaviours,
    directionIgnored,
    dropsUnreachable,
    crlFailOpen,
    crlUnsignedOk,
    strictCrlOnline,
    leafOnlyRevocation,
    acceptEmpty,
    acceptReplay,
    acceptShrink,
    derOnly,
    bndMixed,
    noLint,
    noRefresh,
    nonAtomic,
    signerAsAnchor,
    statusIgnored,
    unsignedOk,
    unstable,
    xmlDtd,
  ].map((behaviour) => [behaviour.id, behaviour]),
);
