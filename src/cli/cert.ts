/**
 * `anchorage cert`: certificates, from issuing to verifying.
 *
 * @module
 */
import type { Command } from 'commander';
import { defineExport, defineImport } from './cert/carry.ts';
import { defineIssue } from './cert/issue.ts';
import { defineApprove, defineLog, definePersons } from './cert/persons.ts';
import { defineRekey } from './cert/rekey.ts';
import { defineRenew } from './cert/renew.ts';
import { defineRequest } from './cert/request.ts';
import { defineCrl, defineRevoke } from './cert/revoke.ts';
import { defineShow } from './cert/show.ts';
import { defineSigner } from './cert/signer.ts';
import { defineVerify } from './cert/verify.ts';
import { defineLint } from './lint/verb.ts';

export function define(command: Command): void {
  defineIssue(command.command('issue'));
  defineShow(command.command('show'));
  defineLint(command.command('lint').description('hold certificates against the rules'), 'certificate');
  defineVerify(command.command('verify'));
  defineRequest(command.command('request'));
  defineRenew(command.command('renew'));
  defineRevoke(command.command('revoke'));
  defineCrl(command.command('crl'));
  defineImport(command.command('import'));
  defineExport(command.command('export'));
  defineRekey(command.command('rekey'));
  defineSigner(command.command('signer'));
  definePersons(command.command('persons'));
  defineApprove(command.command('approve'));
  defineLog(command.command('log'));
}
