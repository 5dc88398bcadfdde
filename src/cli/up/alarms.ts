/**
 * The alarms of a HISP's bundles, kept in the state folder: a restart does not make them unseen.
 *
 * @module
 */
import { z } from 'zod';
import { eventText } from '../../trust/bundle/event-text.ts';
import { type BundleEvent, isAlarm } from '../../trust/bundle/state.ts';
import type { State } from '../demo/state.ts';

/** Alarms that are remembered. */
const REMEMBERED = 50;

const schema = z.array(z.strictObject({ subscription: z.string(), at: z.number(), text: z.string() }));

export type Alarm = z.output<typeof schema>[number];

export interface Alarms {
  /** Remembers what an operator should look at; whatever else happens, it leaves alone. */
  hear(event: BundleEvent): void;
  /** Newest first. */
  list(): readonly Alarm[];
}

/** @param id of the HISP. A file that cannot be read is begun anew: alarms are for people, and are in the log too. */
export function openAlarms(state: State, id: string): Alarms {
  const file = `anchors/${id}/alarms.json`;
  let known = alarmsIn(state.read(file));
  return {
    hear(event) {
      if (!isAlarm(event)) return;
      const { subscription, at } = event;
      known = [{ subscription, at, text: eventText(event) }, ...known].slice(0, REMEMBERED);
      state.write(file, `${JSON.stringify(known, null, 2)}\n`, 'all');
    },
    list: () => known,
  };
}

function alarmsIn(text: string | undefined): readonly Alarm[] {
  if (text === undefined) return [];
  try {
    return schema.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}
