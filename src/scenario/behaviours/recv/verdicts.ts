import type { SignerVerdict } from '../../../cms/signed.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Signers that the system cannot make anything of, though they are right. */
export const refusingSigners = (isRefused: (verdict: SignerVerdict) => boolean): Behaviour['apply'] =>
  inOpening((stages) =>
    staged(stages, 'verify', async (opening, run) => {
      const next = await run(opening);
      return {
        ...next,
        signers: next.signers.map((verdict): SignerVerdict => {
          if (!verdict.ok || !isRefused(verdict)) return verdict;
          const { signer, digest, certificate } = verdict;
          const algorithm = signer.signatureAlgorithm.name;
          return {
            signer,
            digest,
            certificate,
            ok: false,
            cause: cause('crypto.signature-invalid', { algorithm }),
          };
        }),
      };
    }),
  );
