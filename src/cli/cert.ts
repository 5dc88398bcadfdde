/**
 * `anchorage cert`: certificates, from issuing to verifying.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineVerify } from './cert/verify.ts';
import { defineLint } from './lint/verb.ts';

export function define(command: Command): void {
  defineLint(command.command('lint').description('hold certificates against the rules'), 'certificate');
  defineVerify(command.command('verify'));
}
