/** What there is in a message, as somebody counts who opens everything to the bottom. */
export interface InnerParts {
  readonly parts: number;
  readonly depth: number;
  /** Octets that its zip files say they will be. */
  readonly inflated: number;
}

const LOCAL_FILE = Buffer.from('PK\x03\x04', 'latin1');

export function innerParts(message: Uint8Array): InnerParts {
  const text = Buffer.from(message).toString('latin1');
  const depth = text.match(/^Content-Type: multipart\//gim)?.length ?? 0;
  const parts = text.match(/^Content-Disposition: attachment/gim)?.length ?? 0;
  const zips = [...text.matchAll(/^Content-Type: application\/zip[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/gim)];
  const inflated = zips.reduce((sum, [, encoded = '']) => {
    const bytes = Buffer.from(encoded, 'base64');
    return bytes.subarray(0, 4).equals(LOCAL_FILE) ? sum + bytes.readUInt32LE(22) : sum;
  }, 0);
  return { parts, depth, inflated };
}
