import { z } from 'zod';
import { messageIdKey } from '../../../mail/message-id.ts';
import type { Finding } from '../../../outcome/check.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import type { RunView } from '../view.ts';

const args = z.strictObject({
  /** The notices that are to come, each once: `processed`, `dispatched`, `dsn`. None: silence. */
  notices: z.array(z.enum(['processed', 'dispatched', 'dsn'])),
});

/**
 * The sender got exactly these notices about the message, each a Direct message of its own with an id of its own
 * (REQ-MDN-01, -02, -03, -13; REQ-DN-03, -05, -21).
 */
export const answered: Verifier<z.infer<typeof args>> = {
  id: 'answered',
  about: 'the sender got exactly these notices: processed, dispatched, or none',
  args,
  verify({ notices }, view, scope) {
    const own = answersTo(view, scope);
    const findings: Finding[] = [];
    for (const kind of new Set([...notices, ...own.map((answer) => answer.disposition)])) {
      const came = own.filter((answer) => answer.disposition === kind);
      const expected = notices.filter((notice) => notice === kind).length;
      const params = { kind, expected, found: came.length };
      const level = came.length === expected ? 'info' : 'fail';
      findings.push(
        found(
          level,
          { code: 'observed.answer', params },
          came.map(({ event }) => event),
          scope,
        ),
      );
    }
    for (const answer of own) {
      const wanted = answer.disposition === 'dispatched';
      if (answer.finalDelivery !== wanted) {
        const params = { kind: answer.disposition, present: answer.finalDelivery };
        findings.push(found('fail', { code: 'observed.extension', params }, [answer.event], scope));
      }
    }
    const ids = own.map((answer) => answer.messageId);
    if (new Set(ids).size < ids.length) {
      const evidence = own.map(({ event }) => event);
      findings.push(
        found('fail', { code: 'observed.same-id', params: { messageId: ids[0]! } }, evidence, scope),
      );
    }
    return verdictOf(findings);
  },
};

function answersTo(view: RunView, { part }: Scope) {
  const ids = new Set(
    view.sent.filter((sent) => sent.part === part).map((sent) => messageIdKey(sent.messageId)),
  );
  return view.answered.filter((answer) => ids.has(messageIdKey(answer.about)));
}

const reason = z.strictObject({
  code: z.string(),
  stage: z.enum(['quarantined', 'deferred']).default('quarantined'),
});

/** The system put the message away, for the expected reason: silence alone does not tell. */
export const putAway: Verifier<z.infer<typeof reason>> = {
  id: 'put-away',
  about: 'the system put the message away for the expected reason (seen from inside)',
  args: reason,
  verify({ code, stage }, view, scope) {
    const all = view.putAway.filter((one) => one.stage === stage);
    const right = all.some((one) => one.codes[0] === code);
    const params = {
      address: 'the message',
      expected: code,
      found: all.map((one) => one.codes[0] ?? 'no reason').join(', ') || `nothing ${stage}`,
    };
    const evidence = all.map(({ event }) => event);
    return verdictOf([found(right ? 'info' : 'fail', { code: 'observed.refusal', params }, evidence, scope)]);
  },
};
