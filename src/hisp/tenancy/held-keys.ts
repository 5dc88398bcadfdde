/**
 * Keys of a HISP that an external signer holds: certificates that stand in the store without a key, whose public key is one
 * of the signer's. They are found by that public key, so a key may be renamed, and the signer may be away at the start.
 *
 * @module
 */
import { CustodyError } from '../../custody/error.ts';
import type { Signer, SignerKey } from '../../custody/signer-client.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { loadPublicKey } from '../../pki/keys.ts';
import type { HeldKey } from '../../pki/private-key.ts';
import { readCertificates } from '../../store/identities.ts';
import type { Scope } from '../../store/scope.ts';
import type { HispKey } from '../config.ts';

export interface HeldKeys {
  /** As of the last reading. */
  readonly keys: () => readonly HispKey[];
  /** Reads the store, and asks the signer what it holds. Never fails because of the signer. */
  reload(): Promise<void>;
}

/**
 * While the signer is away, every certificate without a key here counts as held by it: mail that needs the key waits.
 *
 * @param tell hears, in a line, that the signer is away or holds none of the keys
 */
export async function openHeldKeys(
  scope: Scope,
  signer: Pick<Signer, 'keys'>,
  tell: (line: string) => void,
): Promise<HeldKeys> {
  let known = new Map<string, SignerKey>();
  let current: readonly HispKey[] = [];
  const ask = async (): Promise<void> => {
    known = new Map((await signer.keys()).map((key) => [idOf(key.spki), key]));
  };
  const find = async (spki: Uint8Array): Promise<SignerKey> => {
    const id = idOf(spki);
    if (!known.has(id)) await ask();
    const found = known.get(id);
    if (!found) throw new CustodyError('unknown-key', 'the signer holds no key with that public key');
    return found;
  };
  const heldKey = ({ spki }: Certificate): HeldKey => ({
    held: true,
    publicKey: loadPublicKey(spki),
    sign: async (algorithm, data) => (await find(spki)).sign(algorithm, data),
    decrypt: async (transport, data) => (await find(spki)).decrypt(transport, data),
  });
  const reload = async (): Promise<void> => {
    const without = (await readCertificates(scope)).filter(({ hasKey }) => !hasKey);
    const away = await ask().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof CustodyError) return error;
        throw error;
      },
    );
    const found = without
      .map(({ der, ...row }) => ({ ...row, certificate: parseCertificate(der) }))
      .filter(({ certificate }) => away !== undefined || known.has(idOf(certificate.spki)));
    current = found.map(
      ({ owner, purpose, state, certificate }): HispKey => ({
        owner,
        purpose,
        // what was encrypted before the revocation still opens
        state: state === 'revoked' ? 'decrypt-only' : state,
        certificate,
        privateKey: heldKey(certificate),
      }),
    );
    if (away) tell(`${away.message}; mail that needs its keys waits`);
    else if (found.length < without.length)
      tell(
        `the signer holds the keys of ${found.length} of ${without.length} certificates that have none here`,
      );
  };
  await reload();
  return { keys: () => current, reload };
}

const idOf = (spki: Uint8Array): string => Buffer.from(spki).toString('base64');
