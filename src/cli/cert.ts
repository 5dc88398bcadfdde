/**
 * `anchorage cert`: certificates, from issuing to verifying.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineExport, defineImport } from './cert/carry.ts';
import { defineIssue } from './cert/issue.ts';
import { defineShow } from './cert/show.ts';
import { defineVerify } from './cert/verify.ts';
import { defineLint } from './lint/verb.ts';

export function define(command: Command): void {
  defineIssue(command.command('issue'));
  defineShow(command.command('show'));
  defineLint(command.command('lint').description('hold certificates against the rules'), 'certificate');
  defineVerify(command.command('verify'));
  defineImport(command.command('import'));
  defineExport(command.command('export'));
}
