/**
 * Octets of a body or an encoded word to text, for display only.
 *
 * @module
 */

/**
 * Decodes by the label when it is known and the octets agree with it; else as UTF-8 when they are valid UTF-8, else as
 * Windows-1252. Labels lie: nothing is refused here.
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined): { text: string; lied: boolean } {
  const label = (charset ?? 'us-ascii').trim().toLowerCase();
  const usAscii = label === 'us-ascii' || label === 'ascii' || label === '';
  const declared = usAscii ? undefined : attempt(bytes, label);
  if (declared !== undefined) return { text: declared, lied: false };
  const text = attempt(bytes, 'utf-8') ?? attempt(bytes, 'windows-1252') ?? '';
  return { text, lied: !usAscii || /[^\x00-\x7f]/.test(text) };
}

function attempt(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    // RangeError: no such label; TypeError: octets that are not of it.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
