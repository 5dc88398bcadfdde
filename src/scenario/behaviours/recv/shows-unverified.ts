import type { Opening } from '../../../agent/opening.ts';
import { AgentStop } from '../../../agent/stop.ts';
import { decryptEnveloped, readEnveloped } from '../../../cms/enveloped.ts';
import { CmsError } from '../../../cms/error.ts';
import { addressKey, readAddressList } from '../../../mail/address.ts';
import { type Entity, parts, readEntity } from '../../../mail/entity.ts';
import { MailError } from '../../../mail/error.ts';
import { cmsOf, smimeKind } from '../../../mail/signed.ts';
import { type Behaviour, inOpening } from '../behaviour.ts';

const PICTURE = /<img[^>]*\ssrc="([^"]*)"/i;

/** Shows a text as a page, with its remote picture. */
async function render(text: string, { world }: Opening): Promise<void> {
  const url = PICTURE.exec(text)?.[1]?.replace(/\s+/g, '+').slice(0, 1000);
  if (url?.startsWith('http')) await world.fetcher.get(url);
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A part as a careless program shows it: an encrypted one opened in place. */
function shown(part: Entity, opening: Opening): string {
  if (smimeKind(part) !== 'enveloped') return textOf(part.body);
  const keys = opening.recipients.flatMap((recipient) => recipient.keys);
  return textOf(decryptEnveloped(readEnveloped(cmsOf(part)), keys));
}

/** All that there is, whatever it is worth, for everybody. */
async function showAll(opening: Opening): Promise<Opening> {
  const outer = readEntity(opening.bytes);
  const multipart = outer.contentType.type.startsWith('multipart/');
  const text = multipart
    ? parts(outer)
        .map((part) => shown(part, opening))
        .join('')
    : textOf(opening.clear ?? opening.bytes);
  await render(text, opening);
  const from = outer.headerAll('from').flatMap((value) => readAddressList(value).addresses)[0];
  return {
    ...opening,
    message: opening.bytes,
    inner: outer,
    sender: from ? addressKey(from.address) : 'nobody@nowhere.invalid',
    recipients: opening.recipients.map((one) => ({ ...one, verdict: 'accepted', causes: [] })),
  };
}

/** Shows what it could not verify, and shows it before it verifies it. */
export const showsUnverified: Behaviour = {
  id: 'recv.shows-unverified',
  title: 'shows messages that it could not verify, as pages with everything in them',
  legal: false,
  apply: inOpening((stages) => {
    const done = new WeakSet<Opening>();
    return stages.map((stage) => ({
      ...stage,
      run: async (opening: Opening) => {
        if (done.has(opening)) return opening;
        try {
          if (stage.name === 'verify' && opening.clear) await render(textOf(opening.clear), opening);
          return await stage.run(opening);
        } catch (error) {
          const expected =
            error instanceof AgentStop || error instanceof CmsError || error instanceof MailError;
          if (!expected) throw error;
          const all = await showAll(opening);
          done.add(all);
          return all;
        }
      },
    }));
  }),
};
