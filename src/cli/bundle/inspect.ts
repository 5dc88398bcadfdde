/**
 * `bundle show`, `verify`, `lint` and `diff`: what a bundle is, and whether it is good.
 *
 * @module
 */
import type { Command } from 'commander';
import { diffBundles, isUnchanged } from '../../trust/bundle/diff.ts';
import { diffJson } from '../../trust/bundle/event-text.ts';
import { lintBundle } from '../../trust/bundle/lint.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import {
  type AtOptions,
  atOf,
  type FormatOptions,
  openBundle,
  type PinOptions,
  pinsOf,
  withAt,
  withFormat,
  withPins,
} from './input.ts';
import { anchorCount, bundleJson, notesJson, printBundle, printDiff, printNotes } from './view.ts';

type Options = AtOptions & FormatOptions & PinOptions;

const json = (value: unknown): void => out(JSON.stringify(value, null, 2));

export function defineInspection(command: Command): void {
  withFormat(withAt(withPins(command.command('show').description('what is in a bundle'))))
    .argument('<file>', 'DER, BER or PEM; - is stdin')
    .action((file: string, options: Options) => {
      const bundle = openBundle(file, pinsOf(options), atOf(options));
      if (options.format === 'json') return json(bundleJson(bundle));
      printBundle(bundle);
      printNotes(bundle.notes);
    });

  withFormat(
    withAt(withPins(command.command('verify').description('whether the pinned signer signed a bundle'))),
  )
    .argument('<file>')
    .addHelpText(
      'after',
      '\nExit code: 0 it did, 1 not. A certificate inside the bundle never counts as a pin.',
    )
    .action((file: string, options: Options) => {
      const pins = pinsOf(options);
      if (pins.length === 0)
        throw new Failure('say who has to have signed it: --pin FILE or --authority FILE', { exitCode: 2 });
      const bundle = openBundle(file, pins, atOf(options));
      if (options.format === 'json') return json(bundleJson(bundle));
      out(`${style.good('✓')} ${file} is signed by the pinned signer`);
      printBundle(bundle);
    });

  withFormat(
    withAt(withPins(command.command('lint').description('what is wrong with a bundle and its anchors'))),
  )
    .argument('<file>')
    .option('--url <url>', 'where it is published')
    .option('--strict', 'count warnings as failures in the exit code', false)
    .addHelpText('after', '\nExit code: 0 nothing fails, 1 something does.')
    .action((file: string, options: Options & { url?: string; strict: boolean }) => {
      const at = atOf(options);
      const bundle = openBundle(file, pinsOf(options), at);
      const notes = lintBundle(bundle, { at, file, ...(options.url ? { url: options.url } : {}) });
      if (options.format === 'json')
        json({ schema: 1, file, sha256: bundle.sha256, notes: notesJson(notes) });
      else {
        printNotes(notes);
        out(`${anchorCount(bundle.certificates.length)}, ${notes.length} notes`);
      }
      const failing = notes.some(({ level }) => level === 'fail' || (options.strict && level === 'warn'));
      process.exitCode = failing ? 1 : 0;
    });

  withFormat(withAt(command.command('diff').description('what changes from one bundle to another')))
    .argument('<before>')
    .argument('<after>')
    .addHelpText('after', '\nExit code: 0 the same anchors, 1 others.')
    .action((before: string, after: string, options: AtOptions & FormatOptions) => {
      const at = atOf(options);
      const [old, next] = [before, after].map((file) => openBundle(file, [], at).certificates);
      const diff = diffBundles(old!, next!);
      if (options.format === 'json') json({ schema: 1, before, after, ...(diffJson(diff) as object) });
      else printDiff(diff);
      process.exitCode = isUnchanged(diff) ? 0 : 1;
    });
}
