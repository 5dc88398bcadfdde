import { z } from 'zod';
import { messageIdKey } from '../../../../mail/message-id.ts';
import type { Finding } from '../../../../outcome/check.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';

const nothing = z.strictObject({});

/** No dispatched notice came before the edge system took the message (REQ-DN-13). */
export const dispatchedAfterEdge: Verifier<z.infer<typeof nothing>> = {
  id: 'dispatched-after-edge',
  about: 'no dispatched notice came before the edge system had taken the message',
  args: nothing,
  verify(_args, view, scope) {
    const taken = view.staged.find(({ stage }) => stage === 'taken-by-edge');
    const ids = new Set(
      view.sent.filter(({ part }) => part === scope.part).map(({ messageId }) => messageIdKey(messageId)),
    );
    const dispatched = view.answered.filter(
      ({ disposition, about }) => disposition === 'dispatched' && ids.has(messageIdKey(about)),
    );
    const findings = dispatched.map((notice): Finding => {
      const evidence = [notice.event, ...(taken ? [taken.event] : [])];
      return taken && taken.at <= notice.at
        ? found(
            'info',
            {
              code: 'observed.seen',
              params: { what: 'the dispatched notice', found: 'after the edge took the message' },
            },
            evidence,
            scope,
          )
        : found(
            'fail',
            {
              code: 'observed.differs',
              params: {
                what: 'the dispatched notice',
                expected: 'after the edge took the message',
                found: 'before',
              },
            },
            evidence,
            scope,
          );
    });
    if (findings.length > 0) return verdictOf(findings);
    const params = { what: 'dispatched notices', found: 'none' };
    return verdictOf([found('info', { code: 'observed.seen', params }, taken ? [taken.event] : [], scope)]);
  },
};
