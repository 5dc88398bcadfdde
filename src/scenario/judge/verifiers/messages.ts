import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../verifier.ts';
import { arrivedFor } from '../view.ts';

const nothing = z.strictObject({});

/** Everything that left the system was encrypted. */
export const encrypted: Verifier<z.infer<typeof nothing>> = {
  id: 'encrypted',
  about: 'no message left without encryption',
  args: nothing,
  verify(_args, view, scope) {
    const clear = view.arrived.filter((message) => !message.encrypted);
    if (clear.length === 0) {
      const evidence = view.arrived.map((message) => message.event);
      const params = { what: 'messages that left', found: `${evidence.length}, none in clear` };
      return verdictOf([found('info', { code: 'observed.seen', params }, evidence, scope)]);
    }
    return verdictOf(
      clear.map((message) =>
        found(
          'fail',
          { code: 'observed.cleartext', params: { to: message.rcptTo.join(', ') } },
          [message.event],
          scope,
        ),
      ),
    );
  },
};

/**
 * One submission leaves as one encrypted message; several transactions of the same bytes are one. A split is legal,
 * but the accreditation test judges one message: a warning.
 */
export const oneMessage: Verifier<z.infer<typeof nothing>> = {
  id: 'one-message',
  about: 'a submission leaves as one encrypted message',
  args: nothing,
  verify(_args, view, scope) {
    const sent = view.sent.filter((step) => step.part === scope.part).length;
    const messages = arrivedFor(view, scope.part);
    const distinct = new Set(messages.map((message) => message.blob)).size;
    const evidence = messages.map((message) => message.event);
    if (distinct <= sent) {
      const params = { what: `messages made of ${sent} submitted`, found: String(distinct) };
      return verdictOf([found('info', { code: 'observed.seen', params }, evidence, scope)]);
    }
    return verdictOf([
      found('warn', { code: 'observed.split-message', params: { messages: distinct } }, evidence, scope),
    ]);
  },
};

const timed = z.strictObject({ address: z.string(), seconds: z.number().positive() });

/** A message for the address arrived within so many seconds of its submission. */
export const arrivedWithin: Verifier<z.infer<typeof timed>> = {
  id: 'arrived-within',
  about: 'a message for the address arrived in time',
  args: timed,
  verify({ address, seconds }, view, scope) {
    const message = arrivedFor(view, scope.part).find(({ rcptTo }) => rcptTo.includes(address.toLowerCase()));
    if (!message) {
      return verdictOf([
        found('fail', { code: 'observed.message-missing', params: { to: address } }, [], scope),
      ]);
    }
    const sent = view.sent.find((step) => step.part === scope.part)?.at ?? message.at;
    const took = Math.round((message.at - sent) / 1000);
    const params = { what: `the message for ${address}`, seconds: took };
    return verdictOf([
      found(took > seconds ? 'fail' : 'info', { code: 'observed.late', params }, [message.event], scope),
    ]);
  },
};

const staged = z.strictObject({ address: z.string(), stage: z.string() });

/** A system of ours recorded that a message for (or from) the address reached a stage, such as `delivered`. */
export const reached: Verifier<z.infer<typeof staged>> = {
  id: 'reached',
  about: 'a message reached a stage: delivered, processed, …',
  args: staged,
  verify({ address, stage }, view, scope) {
    const hits = view.staged.filter(
      (event) => event.stage === stage && event.address === address.toLowerCase(),
    );
    const evidence = hits.map((event) => event.event);
    const seen = { code: 'observed.seen', params: { what: `message of ${address}`, found: stage } } as const;
    const missing = {
      code: 'observed.message-missing',
      params: { to: `${address} (${stage})` },
    } as const;
    return verdictOf([
      evidence.length > 0 ? found('info', seen, evidence, scope) : found('fail', missing, [], scope),
    ]);
  },
};

const reportedArgs = z.strictObject({ code: z.string(), present: z.boolean().default(true) });

/** The system reported a finding of its own with this code. */
export const reported: Verifier<z.infer<typeof reportedArgs>> = {
  id: 'reported',
  about: 'the system reported a finding with this code (seen from inside)',
  args: reportedArgs,
  verify({ code, present }, view, scope) {
    const hits = view.reported.filter((finding) => finding.code === code);
    const right = hits.length > 0 === present;
    const evidence = hits.map((finding) => finding.event);
    return verdictOf([
      found(
        right ? 'info' : 'fail',
        { code: 'observed.finding', params: { code, present: hits.length > 0 } },
        evidence,
        scope,
      ),
    ]);
  },
};
