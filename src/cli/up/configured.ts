/**
 * What the configuration adds to a network: anchors set by hand, addresses that may be fetched from, external signers.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { NetworkDefinition } from '../../config/network.ts';
import type { Config } from '../../config/schema.ts';
import { createSigner, type Signer } from '../../custody/signer-client.ts';
import { signerPlace } from '../../custody/signer-place.ts';
import type { Host } from '../../net/host.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { type AnchorEntry, anchorOf } from '../../trust/anchors.ts';
import { passphraseIn } from '../cert/secret.ts';
import { Failure } from '../failure.ts';

/** @throws {Failure} for a file that is not a certificate, or a domain that is not of this network */
export function configuredAnchors(config: Config, network: NetworkDefinition): AnchorEntry[] {
  const known = network.organizations.map((one) => one.domain);
  return config.network.anchors.flatMap(({ file, domains, direction }, index) => {
    const foreign = domains.find((domain) => !known.includes(domain));
    if (foreign !== undefined) {
      throw new Failure(`network.anchors[${index}].domains: ${foreign} is not a domain of this network`, {
        exitCode: 2,
      });
    }
    const anchor = anchorOf(readCertificate(file, index), `anchor file ${file}`);
    return (domains.length > 0 ? domains : known).map((domain) => ({
      domain,
      anchor,
      incoming: direction !== 'outgoing',
      outgoing: direction !== 'incoming',
    }));
  });
}

function readCertificate(file: string, index: number): Certificate {
  try {
    return parseCertificateText(readFileSync(file));
  } catch (error) {
    const why = error instanceof PkiError ? 'is not a certificate' : 'cannot be read';
    throw new Failure(`network.anchors[${index}].file: ${file} ${why} (${(error as Error).message})`, {
      hint: 'Expected one CA certificate, PEM or DER.',
      exitCode: 2,
    });
  }
}

/** @throws {Failure} a signer of a HISP that is not in the network */
export function checkSigners({ signers }: Config, network: NetworkDefinition): void {
  const ids = Object.keys(network.hisps);
  for (const [index, { hisp }] of signers.entries())
    if (!ids.includes(hisp))
      throw new Failure(`signers[${index}].hisp: there is no HISP ${hisp}; there are ${ids.join(', ')}`, {
        exitCode: 2,
      });
}

/** The external signer of a HISP, where the configuration names one. @throws {Failure} its token cannot be read */
export function configuredSigner(host: Host, id: string, signers: Config['signers']): Signer | undefined {
  const found = signers.find(({ hisp }) => hisp === id);
  if (!found) return undefined;
  const { at, tokenFile } = found;
  return createSigner(host, {
    at: signerPlace(at)!,
    ...(tokenFile === undefined ? {} : { token: passphraseIn(tokenFile) }),
  });
}

/** The network's own web servers, and what the configuration allows. */
export function fetchable(config: Config, network: NetworkDefinition): (address: string) => boolean {
  const allowed = new Set([
    ...Object.values(network.hisps).map((hisp) => hisp.addresses.pki),
    ...config.network.allowPrivate,
  ]);
  return (address) => allowed.has(address);
}
