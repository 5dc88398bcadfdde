/**
 * The anchors that `check` and `explain` judge with: those that the HISPs of the running network hold, asked for over its
 * API; else those that the definitions come to, and then it is said so.
 *
 * @module
 */
import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import { anchorEntries } from './demo/anchors.ts';
import type { OpenNetwork } from './demo/open.ts';
import { Failure } from './failure.ts';
import { note, style } from './terminal.ts';
import { configuredAnchors } from './up/configured.ts';
import { type Held, readHeld } from './up/held.ts';
import type { Client } from './up/running.ts';

/** @param client of the running Anchorage; undefined when none runs */
export async function heldAnchors(
  client: Client | undefined,
  config: Config,
  own: () => OpenNetwork,
): Promise<Held> {
  const why = client ? await asked(client) : 'nothing runs on the state folder';
  if (typeof why !== 'string') return why;
  note(style.dim(`${why}: the anchors are what the definitions of the network come to`));
  const { network, material } = own();
  return {
    entries: [...anchorEntries(network, material), ...configuredAnchors(config, network)],
    elsewhere: [],
  };
}

async function asked(client: Client): Promise<Held | string> {
  try {
    return readHeld(await client.call('GET', '/trust/anchors'));
  } catch (error) {
    if (error instanceof Failure || error instanceof z.ZodError)
      return `the running Anchorage was asked in vain (${error.message})`;
    throw error;
  }
}
