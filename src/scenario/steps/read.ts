import type { StepKind } from './step.ts';

/** Reads the mail that the edge shows to one of its users: one event for each, then one for the list. */
export const read: StepKind<'read'> = {
  kind: 'read',
  async run({ read: { id, address } }, { host, edge, part }) {
    const whose = address ?? edge.address;
    const { mails, pending } = await edge.read(whose);
    const summary = { read: id, part, address: whose };
    for (const [index, bytes] of mails.entries()) {
      host.events.emit({ kind: 'step', blob: bytes, summary: { step: 'edge-mail', ...summary, index } });
    }
    host.events.emit({
      kind: 'step',
      summary: {
        step: 'edge',
        ...summary,
        count: mails.length,
        ...(pending === undefined ? {} : { pending }),
      },
    });
  },
};
