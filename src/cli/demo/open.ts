/**
 * Opens a network as the verbs need it: its definition, and its keys and certificates in the state folder.
 *
 * @module
 */

import { loadNetwork, type NetworkDefinition } from '../../config/network.ts';
import type { Config } from '../../config/schema.ts';
import { type Material, openMaterial } from './material.ts';
import { openState, type State } from './state.ts';

export interface OpenNetwork {
  readonly network: NetworkDefinition;
  readonly material: Material;
  readonly state: State;
}

/**
 * @param now ms since 1970 UTC
 * @throws {ConfigError}
 */
export function openNetwork(config: Config, now: number): OpenNetwork {
  const network = loadNetwork(config.network.file);
  const state = openState(config.state);
  return { network, state, material: openMaterial(network, state, now) };
}
