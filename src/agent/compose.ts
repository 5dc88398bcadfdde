/**
 * The stages that make a Direct message of a user's message (wire-facts §6.1, hisp-behaviour §2.9 to §2.12).
 *
 * @module
 */
import type { Digest } from '../cms/digests.ts';
import { encryption } from '../cms/encrypt.ts';
import { signData, signDataAnywhere } from '../cms/sign.ts';
import { messageHeader } from '../mail/compose.ts';
import { field } from '../mail/folding.ts';
import { withAround } from '../mail/room.ts';
import { envelopedEntity, multipartSigned, wrapMessage } from '../mail/wrap.ts';
import type { Certificate } from '../pki/certificate.ts';
import { isHeld } from '../pki/private-key.ts';
import type { Draft } from './draft.ts';
import { contentOf } from './header-edit.ts';
import type { NamedStage } from './parts.ts';

/** The whole original message inside, so that nothing of it is readable on the way (REQ-AS-12). */
export const wrapStage: NamedStage<Draft> = {
  name: 'wrap',
  run: (draft) => ({ ...draft, entity: wrapMessage(draft.message) }),
};

/** The content of the message, without the fields that are not about it: what those send who do not wrap. */
export const contentStage: NamedStage<Draft> = {
  name: 'content',
  run: (draft) => ({ ...draft, entity: contentOf(draft.message) }),
};

/** How the digests are written in `micalg` (RFC 8551 §3.5.3.2). */
export const MICALG: Readonly<Record<Digest, string>> = {
  md5: 'md5',
  sha1: 'sha-1',
  sha256: 'sha-256',
  sha384: 'sha-384',
  sha512: 'sha-512',
};

/** SHA-256, or for a P-384 key SHA-384, its equal in strength (REQ-AS-19, -21). */
const digestFor = ({ key }: Certificate): Digest => (key.curve === 'P-384' ? 'sha384' : 'sha256');

/** A detached signature by every signer, with their certificates and intermediates (REQ-AS-09, -18). */
export const signStage: NamedStage<Draft> = {
  name: 'sign',
  run(draft) {
    const signers = draft.signers.map(({ certificate, privateKey }) => {
      const digest = draft.algorithms.digest ?? digestFor(certificate);
      return { certificate, privateKey, digest };
    });
    const micalg = [...new Set(signers.map(({ digest }) => MICALG[digest]))].join(',');
    const extraCertificates = draft.signers.flatMap(({ chain }) => chain ?? []);
    for (const { used } of draft.signers) used?.('sign');
    const options = { detached: true, signingTime: draft.at, extraCertificates };
    const signed = (signature: Uint8Array): Draft => ({
      ...draft,
      entity: multipartSigned(draft.entity, signature, micalg, newBoundary(draft)),
    });
    // at once where it can be
    return signers.some(({ privateKey }) => isHeld(privateKey))
      ? signDataAnywhere(draft.entity, signers, options).then(signed)
      : signed(signData(draft.entity, signers, options));
  },
};

export const newBoundary = ({ random }: Draft): string =>
  `=_${Buffer.from(random.bytes(15)).toString('hex')}`;

/** Once for all recipients (REQ-AS-10, -25). */
export const encryptStage: NamedStage<Draft> = {
  name: 'encrypt',
  run(draft) {
    const { cipher, keyTransport } = draft.algorithms;
    return {
      ...draft,
      entity: envelopedEntity(encryption(draft.entity, draft.certificates, { cipher, keyTransport })),
    };
  },
};

/** What everybody on the way may read. */
export const outerStage: NamedStage<Draft> = {
  name: 'outer',
  run(draft) {
    const more = (draft.outer.extraHeaders ?? []).map(([name, value]) => field(name, value)).join('');
    const head = `${messageHeader(draft.outer)}${more}MIME-Version: 1.0\r\n`;
    return { ...draft, entity: withAround(Buffer.from(head, 'latin1'), draft.entity, new Uint8Array(0)) };
  },
};

export const composeStages: readonly NamedStage<Draft>[] = [wrapStage, signStage, encryptStage, outerStage];
