import { AgentStop } from '../../../agent/stop.ts';
import { children, type Node, readAsn1 } from '../../../asn1/read.ts';
import { signedForms } from '../../../cms/attributes.ts';
import { readSigned } from '../../../cms/signed.ts';
import { readEntity } from '../../../mail/entity.ts';
import { cmsOf, smimeKind, splitSigned } from '../../../mail/signed.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const stop = (why: string): AgentStop => new AgentStop(cause('parse.der', { why }));

/** An indefinite length, or a string in pieces. */
function isLoose(node: Node): boolean {
  if (node.indefinite) return true;
  if (!node.constructed) return false;
  if (node.tagClass === 'universal' && node.tag === 4) return true;
  const kids = children(node);
  const inPieces =
    node.tagClass === 'context' &&
    kids.length > 1 &&
    kids.every((kid) => kid.tagClass === 'universal' && kid.tag === 4);
  return inPieces || kids.some(isLoose);
}

/** Reads the distinguished encoding only. */
export const derOnly: Behaviour = {
  id: 'recv.der-only',
  title: 'reads DER only: no indefinite lengths, no strings in pieces, no unsorted attributes',
  legal: false,
  apply: inOpening((stages) =>
    staged(
      staged(stages, 'decrypt', (opening, run) => {
        if (opening.outer && isLoose(readAsn1(cmsOf(opening.outer), { trailing: 'allow' })))
          throw stop('the envelope is no DER');
        return run(opening);
      }),
      'verify',
      (opening, run) => {
        if (!opening.clear) return run(opening);
        const entity = readEntity(opening.clear);
        const cms = smimeKind(entity) === 'multipart-signed' ? splitSigned(entity).signature : cmsOf(entity);
        if (isLoose(readAsn1(cms, { trailing: 'allow' }))) throw stop('the signature is no DER');
        const unsorted = readSigned(cms).signers.some(
          ({ signedAttributesRaw: raw }) => raw && signedForms(raw, readAsn1(raw)).length > 1,
        );
        if (unsorted) throw stop('the attributes are not sorted');
        return run(opening);
      },
    ),
  ),
};
