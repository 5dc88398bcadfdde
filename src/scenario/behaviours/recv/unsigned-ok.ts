import type { Opening } from '../../../agent/opening.ts';
import { AgentStop } from '../../../agent/stop.ts';
import { parts as partsOf, readEntity } from '../../../mail/entity.ts';
import { unwrap } from '../../../mail/wrap.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const NOT_SIGNED: ReadonlySet<string> = new Set(['crypto.not-signed', 'crypto.no-signers']);

/** The message in whatever nobody signed. */
function taken(opening: Opening, content: Uint8Array): Opening {
  const message = unwrap(readEntity(content)) ?? content;
  return { ...opening, clear: content, content, message, inner: readEntity(message) };
}

const firstPart = (entity: Uint8Array): Uint8Array => partsOf(readEntity(entity))[0]?.raw ?? entity;

const nobodySigned = ({ signers }: Opening): boolean => signers.every(({ certificate }) => !certificate);

/** Takes messages that nobody signed, encrypted or not. */
export const unsignedOk: Behaviour = {
  id: 'recv.unsigned-ok',
  title: 'takes messages that nobody signed, or that are not encrypted',
  legal: false,
  apply: inOpening((all) => {
    const outer = staged(all, 'outer', async (opening, run) => {
      try {
        return await run(opening);
      } catch (error) {
        if (!(error instanceof AgentStop) || error.reason.code !== 'crypto.not-encrypted') throw error;
        return { ...opening, outer: readEntity(opening.bytes), clear: opening.bytes };
      }
    });
    const verify = staged(outer, 'verify', async (opening, run) => {
      try {
        return await run(opening);
      } catch (error) {
        if (!(error instanceof AgentStop) || !NOT_SIGNED.has(error.reason.code) || !opening.clear)
          throw error;
        const signed = readEntity(opening.clear).contentType.type === 'multipart/signed';
        return taken(opening, signed ? firstPart(opening.clear) : opening.clear);
      }
    });
    const unwrapped = staged(verify, 'unwrap', (opening, run) => (opening.message ? opening : run(opening)));
    return staged(unwrapped, 'trust', (opening, run) =>
      nobodySigned(opening)
        ? {
            ...opening,
            recipients: opening.recipients.map((one) => ({ ...one, verdict: 'accepted', causes: [] })),
          }
        : run(opening),
    );
  }),
};
