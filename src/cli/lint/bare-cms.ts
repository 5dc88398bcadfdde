/**
 * CMS objects that stand alone in a file: a bundle is one, and so is what somebody cut out of a message.
 *
 * @module
 */
import { readPem } from '../../asn1/pem.ts';
import { cmsKind } from '../../cms/content-info.ts';
import { CmsError } from '../../cms/error.ts';
import { readSigned } from '../../cms/signed.ts';

const WHOLE = 'give the whole message, with its header, as it travels';

/**
 * Why a CMS object is part of a message and no bundle, in DER, BER or PEM.
 *
 * @returns undefined: it may be a bundle
 */
export function cutFromMessage(file: Uint8Array): string | undefined {
  try {
    const bytes = file[0] === 0x30 ? file : readPem(Buffer.from(file).toString('latin1'))[0]?.bytes;
    if (!bytes) return undefined;
    switch (cmsKind(bytes)) {
      case 'enveloped':
      case 'auth-enveloped':
        return `this is the envelope of a message alone (CMS EnvelopedData), not a bundle: ${WHOLE}, and what was decrypted with --opened`;
      case 'signed':
        return signedPart(bytes);
      case 'other':
        return undefined;
    }
  } catch (error) {
    if (error instanceof CmsError) return undefined;
    throw error;
  }
}

/** A bundle has no signers, or signs another CMS object. */
function signedPart(bytes: Uint8Array): string | undefined {
  const { signers, eContent } = readSigned(bytes);
  if (signers.length === 0) return undefined;
  if (!eContent) return `this is the signature of a message alone (smime.p7s), not a bundle: ${WHOLE}`;
  const fields = /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(
    Buffer.from(eContent.subarray(0, 200)).toString('latin1'),
  );
  return fields ? `this is the signed part of a message, not a bundle: ${WHOLE}` : undefined;
}
