/**
 * What is asked of each certificate of a path, one named check each, in the order of RFC 5280 §6.1.3 and §6.1.4.
 *
 * What is wrong with the leaf itself has its `cert.*` code; what is wrong above it is `trust.constraint`, because the
 * owner of the leaf cannot mend it.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import { verifySignature } from '../algorithms.ts';
import type { Certificate } from '../certificate.ts';
import { formatName, sameName } from '../name.ts';
import { isAnchor } from './anchor.ts';
import type { PathCheck, PathState } from './input.ts';
import { nameViolation } from './names.ts';
import { preparePolicies, processPolicies } from './policy.ts';
import { keyIsStrong, keyName, signatureIsStrong } from './strength.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** `trust.constraint` at a certificate. */
export const constraint = (certificate: Certificate, which: string): Cause =>
  cause('trust.constraint', { which, subject: formatName(certificate.subject) });

const at = (state: PathState, which: string | undefined): Cause | undefined =>
  which === undefined ? undefined : constraint(state.certificate, which);

/** The path ends at the anchor; the anchor is not in it (RFC 5280 §6.1). So a leaf is never its own proof. */
export const notTheAnchor: PathCheck = {
  name: 'not-the-anchor',
  certificate: (state) =>
    at(
      state,
      isAnchor(state.certificate, state.input.anchor)
        ? 'it is a trust anchor itself, not a certificate under one'
        : undefined,
    ),
};

export const issuerName: PathCheck = {
  name: 'issuer-name',
  certificate: (state) =>
    at(
      state,
      sameName(state.certificate.issuer, state.issuerName)
        ? undefined
        : `its issuer is ${formatName(state.certificate.issuer)}, not ${formatName(state.issuerName)}`,
    ),
};

export const signature: PathCheck = {
  name: 'signature',
  certificate: (state) => {
    const { certificate } = state;
    if (!certificate.signatureAgrees) return at(state, 'it names two different signature algorithms');
    const good = verifySignature(
      certificate.signature,
      certificate.tbs,
      certificate.signatureValue,
      state.issuerKey,
    );
    return at(
      state,
      good ? undefined : `its signature does not verify with the key of ${formatName(state.issuerName)}`,
    );
  },
};

export const validity: PathCheck = {
  name: 'validity',
  certificate: (state) => {
    const { certificate, isLeaf, input } = state;
    if (input.at > certificate.notAfter + input.skewMs) {
      const notAfter = iso(certificate.notAfter);
      return isLeaf
        ? cause('cert.expired', { notAfter })
        : at(state, `it expired on ${notAfter.slice(0, 10)}`);
    }
    if (input.at < certificate.notBefore - input.skewMs) {
      const notBefore = iso(certificate.notBefore);
      return isLeaf
        ? cause('cert.not-yet-valid', { notBefore })
        : at(state, `it is not valid before ${notBefore.slice(0, 10)}`);
    }
    return undefined;
  },
};

export const strength: PathCheck = {
  name: 'strength',
  certificate: (state) => {
    const { certificate, isLeaf, input } = state;
    if (!signatureIsStrong(certificate.signature, input.profile)) {
      const algorithm = certificate.signature.name;
      return isLeaf
        ? cause('cert.weak-signature', { algorithm })
        : at(state, `it is signed with ${algorithm}`);
    }
    if (!keyIsStrong(certificate.key, input.profile)) {
      const { bits } = certificate.key;
      const algorithm = keyName(certificate.key);
      return isLeaf
        ? cause('cert.weak-key', { bits, algorithm })
        : at(state, `its key is weak: ${algorithm} ${bits} bits`);
    }
    return undefined;
  },
};

export const nameConstraints: PathCheck = {
  name: 'name-constraints',
  // certificates by which a CA passes on to its next key are not restricted, unless they are the leaf
  certificate: (state) =>
    state.selfIssued && !state.isLeaf
      ? undefined
      : at(state, nameViolation(state.certificate, state.permitted, state.excluded)),
  issuer: (state) => {
    const found = state.certificate.nameConstraints;
    if (found && found.permitted.length > 0) state.permitted.push(found.permitted);
    if (found) state.excluded.push(...found.excluded);
    return undefined;
  },
};

export const policies: PathCheck = {
  name: 'policies',
  certificate: (state) => at(state, processPolicies(state.policy, state.certificate, state)),
  issuer: (state) => at(state, preparePolicies(state.policy, state.certificate, state.selfIssued)),
};

export const basicConstraints: PathCheck = {
  name: 'basic-constraints',
  issuer: (state) => at(state, state.certificate.isCa ? undefined : 'it is no CA (basicConstraints)'),
};

export const pathLength: PathCheck = {
  name: 'path-length',
  issuer: (state) => {
    if (!state.selfIssued) {
      if (state.maxPathLength <= 0) return at(state, 'the path is longer than pathLenConstraint allows');
      state.maxPathLength--;
    }
    state.maxPathLength = Math.min(
      state.maxPathLength,
      state.certificate.pathLen ?? Number.POSITIVE_INFINITY,
    );
    return undefined;
  },
};

export const keyUsage: PathCheck = {
  name: 'key-usage',
  issuer: ({ certificate }) =>
    certificate.keyUsage && !certificate.keyUsage.has('keyCertSign')
      ? constraint(certificate, 'its key may not sign certificates (keyUsage)')
      : undefined,
};

export const criticalExtensions: PathCheck = {
  name: 'critical-extensions',
  certificate: (state) => {
    const [first] = state.certificate.criticalUnknown;
    return at(state, first === undefined ? undefined : `critical extension ${first} is not known`);
  },
};

export const PATH_CHECKS: readonly PathCheck[] = [
  notTheAnchor,
  issuerName,
  signature,
  validity,
  strength,
  criticalExtensions,
  nameConstraints,
  policies,
  basicConstraints,
  pathLength,
  keyUsage,
];
