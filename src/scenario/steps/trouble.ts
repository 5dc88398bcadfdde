/**
 * Trouble for whoever keeps the books: machines that stop, clocks that jump, a store that does not take them.
 *
 * @module
 */
import { duration } from '../schema.ts';
import type { StepKind } from './step.ts';

export const node: StepKind<'node'> = {
  kind: 'node',
  async run({ node: { name, state } }, { host, world }) {
    host.events.emit({ kind: 'step', summary: { step: 'node', name, state } });
    await world.node(name, state);
  },
};

export const clock: StepKind<'clock'> = {
  kind: 'clock',
  async run({ clock: { back } }, { host, world }) {
    host.events.emit({ kind: 'step', summary: { step: 'clock', back } });
    world.setBack(duration(back));
  },
};

export const outage: StepKind<'outage'> = {
  kind: 'outage',
  async run({ outage: { for: span } }, { host, world }) {
    host.events.emit({ kind: 'step', summary: { step: 'outage', for: span } });
    world.outage(host.now() + duration(span));
  },
};
