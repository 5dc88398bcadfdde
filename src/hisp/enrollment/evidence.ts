/**
 * Files that an applicant brings: what they are is told by their content alone.
 *
 * @module
 */

/** Octets of one file. */
export const MAX_FILE = 5 << 20;
/** Files of one request. */
export const MAX_EVIDENCE = 8;

export const EVIDENCE_TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'text/plain'] as const;
export type EvidenceType = (typeof EVIDENCE_TYPES)[number];

const ENDINGS: Readonly<Record<EvidenceType, string>> = {
  'application/pdf': '.pdf',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'text/plain': '.txt',
};

const begins = (bytes: Uint8Array, ...signature: readonly number[]): boolean =>
  signature.every((octet, i) => bytes[i] === octet);

/** What the octets are; undefined for everything that is not taken. */
export function sniffEvidence(bytes: Uint8Array): EvidenceType | undefined {
  if (bytes.length === 0) return undefined;
  if (begins(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d)) return 'application/pdf';
  if (begins(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  return isText(bytes) ? 'text/plain' : undefined;
}

function isText(bytes: Uint8Array): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) return false;
  // a page or a program is text as well, and no evidence
  return !/^\s*(<|#!|MZ)/.test(text);
}

/** A name to show and to save under: the last part of the one that came, plain, with the ending of what it is. */
export function evidenceName(given: string, type: EvidenceType): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._()-]+/gu, '_')
    .replace(/^[. ]+/, '')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .slice(0, 80)
    .trim();
  return `${plain || 'evidence'}${ENDINGS[type]}`;
}
