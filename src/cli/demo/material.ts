/**
 * The keys and certificates of a network: made once, kept in the state folder, renewed before they expire.
 *
 * A HISP has a root, which is its anchor, perhaps an intermediate below it, and a few RSA keys that its leaves share:
 * making a key takes 50 ms, and the network has a hundred addresses.
 *
 * @module
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readPem, writePem } from '../../asn1/pem.ts';
import type { HispDefinition, NetworkDefinition } from '../../config/network.ts';
import { writeWhole } from '../../custody/whole-file.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { type CertificateSpec, type Issued, issueCertificate, type Subject } from '../../pki/issue.ts';
import { generateKey, type KeyPair, keyPair } from '../../pki/keys.ts';
import { openPrivateKey, type SealKey, sealKey, sealPrivateKey } from '../../store/seal.ts';
import type { State } from './state.ts';

const DAY = 86_400_000;
/** Of the certificates of members, in milliseconds. */
export const LEAF_LIFE = 730 * DAY;
const CA_LIFE = 3650 * DAY;
/** Renewed when less than this is left. */
const RENEWAL = 30 * DAY;
const LEAF_KEYS = 2;
/** The file in the state folder whose key seals all others. */
export const SEAL = 'seal-key';

export interface HispMaterial {
  readonly root: Issued;
  /** Issues the leaves: the intermediate, or the root itself. */
  readonly issuer: Issued;
  /** By address or domain. */
  readonly leaves: ReadonlyMap<string, Issued>;
}

export type Material = ReadonlyMap<string, HispMaterial>;

/** Where the issuer's certificate and revocation list are published, and its OCSP responder answers. */
export const issuerUrls = (
  id: string,
  hisp: Pick<HispDefinition, 'domain'>,
  which: 'root' | 'intermediate',
) => ({
  certificate: `http://pki.${hisp.domain}/${id}/${which}.cer`,
  crl: `http://pki.${hisp.domain}/${id}/${which}.crl`,
  ocsp: `http://pki.${hisp.domain}/${id}/${which}/ocsp`,
});

export interface Owner {
  /** Address or domain. */
  readonly owner: string;
  readonly kind: 'address' | 'domain';
  readonly subject: Subject;
}

/** Who of a HISP has a certificate of its own: domains or single addresses, as its organizations publish. */
export function owners(network: NetworkDefinition, hisp: string): Owner[] {
  return network.organizations
    .filter((organization) => organization.hisp === hisp)
    .flatMap((organization): Owner[] => {
      const [city, state] = organization.place.split(/,\s*/);
      const subject = {
        C: 'US',
        ...(state ? { ST: state } : {}),
        ...(city ? { L: city } : {}),
        O: organization.name,
      };
      return organization.certificates.startsWith('domain')
        ? [
            {
              owner: organization.domain,
              kind: 'domain',
              subject: { ...subject, CN: organization.domain },
            },
          ]
        : organization.addresses.map((person) => ({
            owner: `${person.local}@${organization.domain}`,
            kind: 'address',
            subject: { ...subject, CN: person.name },
          }));
    });
}

/**
 * Loads what the state folder has and makes what is missing, expired or no longer fits.
 *
 * @param now ms since 1970 UTC
 */
export function openMaterial(network: NetworkDefinition, state: State, now: number): Material {
  return new Map(
    Object.entries(network.hisps).map(([id, hisp]) => [id, openHisp(network, id, hisp, state, now)]),
  );
}

/** An issuing CA may issue under every policy (RFC 5280 §4.2.1.4). */
const ANY_POLICY = '2.5.29.32.0';

function openHisp(
  network: NetworkDefinition,
  id: string,
  hisp: HispDefinition,
  state: State,
  now: number,
): HispMaterial {
  const folder = `pki/${id}`;
  const authority = (which: 'root' | 'intermediate', above: Issued | 'self'): Issued => {
    const key = keyIn(state, `${folder}/${which}.key`);
    const urls = above === 'self' ? {} : published(issuerUrls(id, hisp, 'root'));
    const title = which === 'root' ? 'Root CA' : 'Issuing CA';
    return kept(state, `${folder}/${which}.cer`, key, now, {
      profile: which,
      subject: { C: 'US', O: hisp.title, CN: `${hisp.title} ${title}` },
      key,
      issuer: above,
      notBefore: now - DAY,
      notAfter: now + CA_LIFE,
      ...(which === 'intermediate' ? { policies: [ANY_POLICY] } : {}),
      ...urls,
    });
  };
  const root = authority('root', 'self');
  const issuer = hisp.intermediate ? authority('intermediate', root) : root;
  const urls = leafUrls(id, hisp);
  const keys = Array.from({ length: LEAF_KEYS }, (_, i) => keyIn(state, `${folder}/leaf-${i + 1}.key`));
  const known = knownLeaves(state.read(`${folder}/leaves.pem`), keys, issuer, now);
  const leaves = new Map<string, Issued>();
  for (const [i, { owner, kind, subject }] of owners(network, id).entries()) {
    const found = known.get(owner);
    leaves.set(
      owner,
      found ??
        issueCertificate({
          profile: kind,
          subject,
          key: keys[i % keys.length]!,
          issuer,
          notBefore: now - DAY,
          notAfter: now + LEAF_LIFE,
          ...(kind === 'address' ? { emails: [owner] } : { dnsNames: [owner] }),
          ...(network.policies.length > 0 ? { policies: network.policies } : {}),
          ...urls,
        }),
    );
  }
  if ([...leaves].some(([owner, leaf]) => known.get(owner) !== leaf) || known.size !== leaves.size) {
    const pem = [...leaves.values()].map((leaf) => writePem('CERTIFICATE', leaf.certificate.der)).join('');
    state.write(`${folder}/leaves.pem`, pem, 'all');
  }
  return { root, issuer, leaves };
}

const published = (urls: ReturnType<typeof issuerUrls>) => ({
  caIssuersUrls: [urls.certificate],
  crlUrls: [urls.crl],
  ocspUrls: [urls.ocsp],
});

/** What a certificate of a member says of where its issuer publishes. */
export const leafUrls = (id: string, hisp: HispDefinition) =>
  published(issuerUrls(id, hisp, hisp.intermediate ? 'intermediate' : 'root'));

function keyIn(state: State, name: string): KeyPair {
  const seal = sealKey(state.path(SEAL));
  const text = state.read(name);
  if (text !== undefined && !isPlain(text)) return keyPair(openKept(text, name, seal));
  const pair =
    text === undefined ? generateKey({ kind: 'rsa', bits: 2048 }) : keyPair(createPrivateKey(text));
  state.write(name, keptText(pair.privateKey, name, seal), 'owner');
  return pair;
}

/** From before keys were sealed. */
const isPlain = (text: string): boolean => text.startsWith('-----BEGIN');

const openKept = (text: string, name: string, seal: SealKey): KeyObject =>
  openPrivateKey(seal, name, Buffer.from(text, 'base64'));

const keptText = (key: KeyObject, name: string, seal: SealKey): string =>
  `${Buffer.from(sealPrivateKey(seal, name, key)).toString('base64')}\n`;

/** Seals the keys of a state folder anew with the first of the sealing keys. @returns how many */
export function resealState(state: State, names: readonly string[], seal: SealKey): number {
  for (const name of names) {
    const text = state.read(name)!;
    const key = isPlain(text) ? createPrivateKey(text) : openKept(text, name, seal);
    writeWhole(state.path(name), keptText(key, name, seal), 0o600);
  }
  return names.length;
}

/** The certificate in the file when it is still good for this key and issuer; a new one otherwise. */
function kept(state: State, name: string, key: KeyPair, now: number, spec: CertificateSpec): Issued {
  const text = state.read(name);
  const [block] = text === undefined ? [] : readPem(text);
  const found = block && parseCertificate(block.bytes);
  if (found && fits(found, key, now) && (spec.issuer === 'self' || isFrom(found, spec.issuer))) {
    return { certificate: found, key };
  }
  const made = issueCertificate(spec);
  state.write(name, writePem('CERTIFICATE', made.certificate.der), 'all');
  return made;
}

function knownLeaves(text: string | undefined, keys: readonly KeyPair[], issuer: Issued, now: number) {
  const known = new Map<string, Issued>();
  for (const block of text === undefined ? [] : readPem(text)) {
    const certificate = parseCertificate(block.bytes);
    const owner = certificate.emails[0] ?? certificate.dnsNames[0];
    const key = keys.find((one) => fits(certificate, one, now));
    if (owner !== undefined && key && isFrom(certificate, issuer)) known.set(owner, { certificate, key });
  }
  return known;
}

const fits = (certificate: Certificate, key: KeyPair, now: number): boolean =>
  certificate.notAfter - now > RENEWAL && Buffer.compare(certificate.spki, key.spki) === 0;

/** Our own files: issuer's name and key identifier are enough, and cost no signature. */
const isFrom = (certificate: Certificate, issuer: Issued): boolean =>
  certificate.aki === issuer.certificate.ski &&
  Buffer.compare(certificate.issuerDer, issuer.certificate.subjectDer) === 0;
