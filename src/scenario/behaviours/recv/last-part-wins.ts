import { embeddedCertificates, readSigned, verifySigner } from '../../../cms/signed.ts';
import { type Entity, parts, readEntity } from '../../../mail/entity.ts';
import { cmsOf } from '../../../mail/signed.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const isSignature = ({ contentType }: Entity): boolean => contentType.type.endsWith('pkcs7-signature');

/** Takes any parts in any order: the last that is no signature is the content, as deep down as it goes. */
export const lastPartWins: Behaviour = {
  id: 'recv.last-part-wins',
  title: 'takes the last part that is no signature for what was signed',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'verify', (opening, run) => {
      const entity = opening.clear && readEntity(opening.clear);
      if (entity?.contentType.type !== 'multipart/signed') return run(opening);
      const all = parts(entity);
      const signature = all.find(isSignature);
      const content = all.findLast((part) => !isSignature(part));
      if (!signature || !content) return run(opening);
      const signed = readSigned(cmsOf(signature));
      const { certificates } = embeddedCertificates(signed);
      const signers = signed.signers.map((one) => verifySigner(signed, one, content.raw, certificates));
      return { ...opening, content: deepest(content).raw, signers, certificates };
    }),
  ),
};

function deepest(content: Entity): Entity {
  if (content.contentType.type !== 'multipart/signed') return content;
  const inner = parts(content).findLast((part) => !isSignature(part));
  return inner ? deepest(inner) : content;
}
