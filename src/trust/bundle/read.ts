/**
 * Reading trust bundles (wire-facts §9): what is signed is verified first and only then looked into.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { SignedData } from '../../cms/signed.ts';
import { cause } from '../../outcome/cause.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { formatName } from '../../pki/name.ts';
import { BundleError, notABundle } from './error.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { type BundleNote, bundleNote } from './note.ts';
import { type Encoding, type Packed, unpack } from './packing.ts';
import { type CheckedSignature, checkSignature, type Pin } from './signature.ts';
import { XmlError } from './xml.ts';

export interface Bundle {
  /** Lower hex, of the octets as received. */
  readonly sha256: string;
  /** Octets. */
  readonly size: number;
  readonly encoding: Encoding;
  /** `certificates`: PEM certificates one after another, which is no CMS. */
  readonly form: 'unsigned' | 'signed' | 'certificates';
  /** Of a signed one: how the bundle inside is encoded. */
  readonly innerEncoding?: Encoding;
  /** The anchors in the order in which they stand, doubles too. */
  readonly certificates: readonly Certificate[];
  readonly metadata?: Metadata;
  readonly signature?: CheckedSignature;
  /** What was noticed in reading; `lint` says the rest. */
  readonly notes: readonly BundleNote[];
}

export interface ReadOptions {
  /** Then an unsigned bundle, and one signed by anybody else, is refused. */
  readonly pins?: readonly Pin[];
  /** ms since 1970 UTC. */
  readonly at: number;
  /** Where it comes from, for the texts of errors. */
  readonly url?: string;
}

/** @throws {BundleError} */
export function readBundle(bytes: Uint8Array, { pins = [], at, url = 'this place' }: ReadOptions): Bundle {
  const outer = unpack(bytes);
  const notes = packingNotes(outer);
  const common = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    encoding: outer.encoding,
  };
  const signed = outer.kind === 'signed-data' && outer.signed.signers.length > 0;
  if (pins.length > 0 && !signed)
    throw new BundleError('signer-missing', 'not signed', cause('bundle.signer-missing', { url }));
  if (outer.kind === 'certificates' || !signed) {
    const inside = contents(outer, url);
    const form = outer.kind === 'certificates' ? 'certificates' : 'unsigned';
    return { ...common, form, ...inside, notes: [...notes, ...inside.notes] };
  }
  if (!outer.signed.eContent) throw notABundle('it is a detached signature without the bundle');
  const signature = checkSignature(outer.signed, pins, at);
  notes.push(...signatureNotes(signature, outer.signed, at));
  const inner = innerBundle(outer.signed.eContent);
  const inside = contents(inner, url);
  return {
    ...common,
    form: 'signed',
    innerEncoding: inner.encoding,
    ...inside,
    signature,
    notes: [...notes, ...packingNotes(inner), ...inside.notes],
  };
}

/** The bundle that was signed. It is unsigned itself: nobody would verify a second layer. */
function innerBundle(content: Uint8Array): Packed {
  const inner = unpack(content);
  if (inner.kind === 'signed-data' && inner.signed.signers.length > 0)
    throw notABundle('what is signed is a signed object again');
  return inner;
}

interface Contents {
  readonly certificates: readonly Certificate[];
  readonly metadata?: Metadata;
  readonly notes: readonly BundleNote[];
}

function contents(packed: Packed, url: string): Contents {
  const notes: BundleNote[] = [];
  const raw = packed.kind === 'certificates' ? packed.certificates : packed.signed.certificates;
  const content = packed.kind === 'signed-data' ? packed.signed.eContent : undefined;
  const metadata = content && content.length > 0 ? metadataIn(content, notes) : undefined;
  if (raw.length === 0)
    throw new BundleError('empty', 'no certificate in it', cause('bundle.empty', { url }));
  const certificates = raw.flatMap((der, index) => {
    try {
      return parseCertificate(der);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      notes.push(bundleNote('bundle.anchor-unreadable', { position: index + 1, why: error.message }));
      return [];
    }
  });
  if (certificates.length === 0) throw notABundle(`none of its ${raw.length} certificates can be read`);
  return { certificates, ...(metadata ? { metadata } : {}), notes };
}

function metadataIn(content: Uint8Array, notes: BundleNote[]): Metadata | undefined {
  // A signed bundle whose signature was taken off: its certificates are the signer's, and no anchors.
  if (isBundle(content)) throw notABundle('it wraps a bundle without signing it: the signature is missing');
  try {
    const { metadata, faults } = readMetadata(content);
    notes.push(...faults.slice(0, 20).map((why) => bundleNote('bundle.metadata-fault', { why })));
    return metadata;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    if (error.code === 'forbidden') {
      const why = `they contain ${error.message}`;
      throw new BundleError('metadata', why, cause('bundle.metadata', { why }), { cause: error });
    }
    notes.push(bundleNote('bundle.metadata-fault', { why: error.message }));
    return undefined;
  }
}

function isBundle(content: Uint8Array): boolean {
  try {
    unpack(content);
    return true;
  } catch (error) {
    if (error instanceof BundleError) return false;
    throw error;
  }
}

function packingNotes(packed: Packed): BundleNote[] {
  if (packed.kind === 'certificates')
    return [bundleNote('bundle.concatenated', { count: packed.certificates.length })];
  const { encoding, signed } = packed;
  return [
    ...(encoding === 'DER' ? [] : [bundleNote('bundle.encoding', { found: encoding })]),
    ...(signed.trailing > 0 ? [bundleNote('bundle.trailing', { octets: signed.trailing })] : []),
  ];
}

function signatureNotes({ signer, pin }: CheckedSignature, signed: SignedData, at: number): BundleNote[] {
  const name = formatName(signer.subject);
  const notes: BundleNote[] = [];
  if (!pin) notes.push(bundleNote('bundle.signed-not-pinned', { signer: name }));
  else if (at > signer.notAfter) {
    const notAfter = new Date(signer.notAfter).toISOString();
    notes.push(bundleNote('bundle.signer-expired', { signer: name, notAfter }));
  }
  const count = signed.certificates.length;
  if (count > 0) notes.push(bundleNote('bundle.embedded-extra', { count }));
  return notes;
}
