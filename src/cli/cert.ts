/**
 * `anchorage cert`: certificates, from issuing to verifying.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineVerify } from './cert/verify.ts';

export function define(command: Command): void {
  defineVerify(command.command('verify'));
}
