/**
 * `anchorage lint`: certificates, bundles, zones and messages, held against the rules.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineLint } from './lint/verb.ts';

export const define = (command: Command): void => defineLint(command);
