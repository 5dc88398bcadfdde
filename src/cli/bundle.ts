/**
 * `anchorage bundle`: build, show, diff, verify, lint, publish, subscribe, refresh.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineConsuming } from './bundle/consume.ts';
import { defineInspection } from './bundle/inspect.ts';
import { defineMaking } from './bundle/make.ts';

export function define(command: Command): void {
  defineMaking(command);
  defineInspection(command);
  defineConsuming(command);
}
