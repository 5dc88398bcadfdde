/**
 * `anchorage message`: open, seal, show.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineOpen } from './message/open.ts';
import { defineSeal } from './message/seal.ts';
import { defineShow } from './message/show.ts';

export function define(command: Command): void {
  defineOpen(command.command('open'));
  defineSeal(command.command('seal'));
  defineShow(command.command('show'));
}
