/**
 * What one message alone does not show: whether its signer can be found by others, and whether messages can be told
 * apart (ETT MT 17).
 *
 * @module
 */
import { z } from 'zod';
import { messageIdKey } from '../../../../mail/message-id.ts';
import type { Cause } from '../../../../outcome/cause.ts';
import type { Finding } from '../../../../outcome/check.ts';
import { addressesIn } from '../../../../rule/message/facts/header.ts';
import type { Event } from '../../../transcript.ts';
import { lettersFor } from '../../letter.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import type { RunView } from '../../view.ts';
import { sentCheck } from './sent-check.ts';

const decisionSchema = z.object({
  to: z.string(),
  direction: z.literal('out'),
  verdict: z.string(),
  candidates: z.array(z.object({ cert: z.string() })),
  firstCause: z.object({ code: z.string(), params: z.unknown() }).optional(),
});

/** How a HISP of ours fared when it looked for the certificates of an address, to answer it. */
function lookUp(
  address: string,
  { events, run }: RunView,
): (z.infer<typeof decisionSchema> & Event) | undefined {
  for (const event of events) {
    if (event.kind !== 'decision' || event.host === run.facts.sut.host) continue;
    const read = decisionSchema.safeParse(event.summary);
    if (read.success && read.data.to.toLowerCase() === address) return { ...event, ...read.data };
  }
  return undefined;
}

export const sentPublished = sentCheck(
  'sent-published',
  'Certificate published: others find a valid certificate of the sender, best the signer’s own',
  ({ inner, signature }, view) => {
    if ('missing' in inner) return inner;
    const from = addressesIn(inner.value, 'from')[0] ?? '';
    const looked = lookUp(from, view);
    const signers =
      'value' in signature
        ? signature.value.verdicts.flatMap(({ certificate }) => certificate?.sha256 ?? [])
        : [];
    return looked
      ? { value: { from, looked, signers } }
      : { missing: 'the message was not accepted, so nobody looked for its sender' };
  },
  ({ from, looked, signers }, { say, seen }) => {
    const { verdict, firstCause, candidates } = looked;
    if (verdict !== 'trusted' && firstCause) say('warn', firstCause as Cause);
    const same = candidates.some(({ cert }) => signers.includes(cert));
    seen(`published for ${from}`, same ? 'the certificate that signed' : 'another valid certificate');
  },
);

const repeated = z.strictObject({ messages: z.int().min(2).default(3) });

/** So many messages came, and no two share a Message-ID, inside or outside. */
export const sentRepeat: Verifier<z.infer<typeof repeated>> = {
  id: 'sent-repeat',
  about: 'Repeat: so many messages came, each with a Message-ID of its own',
  args: repeated,
  verify({ messages }, view, scope) {
    const letters = [...new Map(lettersFor(view, scope.part).map((one) => [one.arrived.blob, one])).values()];
    const findings: Finding[] = [];
    const evidence = letters.flatMap((letter) => letter.evidence);
    if (letters.length < messages) {
      const params = { to: `a recipient of this test (${letters.length} of ${messages} arrived)` };
      findings.push(found('fail', { code: 'observed.message-missing', params }, evidence, scope));
    }
    for (const layer of ['envelope', 'inner'] as const) {
      const seen = new Set<string>();
      for (const letter of letters) {
        const read = letter[layer];
        if ('missing' in read) continue;
        const entity = 'outer' in read.value ? read.value.outer : read.value;
        const id = messageIdKey(entity.header('message-id')) ?? '';
        const params = {
          what: layer === 'inner' ? 'Message-ID inside' : 'Message-ID outside',
          expected: 'one of its own',
          found: `${id} again`,
        };
        if (seen.has(id)) {
          findings.push(found('fail', { code: 'observed.differs', params }, letter.evidence, scope));
        }
        seen.add(id);
      }
    }
    const params = { what: 'messages with a Message-ID of their own', found: `${letters.length}` };
    if (findings.length === 0)
      findings.push(found('info', { code: 'observed.seen', params }, evidence, scope));
    return verdictOf(findings);
  },
};
