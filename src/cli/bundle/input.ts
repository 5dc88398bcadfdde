/**
 * What the bundle verbs read: files, pins, times; a fault in any of them is bad usage and says where.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { realHost } from '../../net/real.ts';
import { sentence } from '../../outcome/cause.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import { type Bundle, readBundle } from '../../trust/bundle/read.ts';
import type { Pin } from '../../trust/bundle/signature.ts';
import { Failure } from '../failure.ts';

/** `-` is stdin. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

export function readCertificate(file: string): Certificate {
  try {
    return parseCertificateText(readBytes(file));
  } catch (error) {
    if (error instanceof PkiError)
      throw new Failure(`${file} is no certificate: ${error.message}`, { exitCode: 2 });
    throw error;
  }
}

export interface PinOptions {
  readonly pin?: string[];
  readonly authority?: string[];
}

export const withPins = (command: Command): Command =>
  command
    .option('--pin <file...>', 'certificate that has to have signed the bundle')
    .option('--authority <file...>', 'CA below which the signer has to have a valid certificate');

export const pinsOf = ({ pin = [], authority = [] }: PinOptions): Pin[] => [
  ...pin.map((file): Pin => ({ certificate: readCertificate(file), as: 'signer' })),
  ...authority.map((file): Pin => ({ certificate: readCertificate(file), as: 'authority' })),
];

export interface AtOptions {
  /** ms since 1970 UTC. */
  readonly at?: number;
}

export const withAt = (command: Command): Command =>
  command.option('--at <time>', 'judge at this time, such as 2026-01-31T12:00:00Z; default: now', time);

function time(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time such as 2026-01-31T12:00:00Z.');
  return ms;
}

export const atOf = ({ at }: AtOptions): number => at ?? realHost().now();

export interface FormatOptions {
  readonly format: 'console' | 'json';
}

export const withFormat = (command: Command): Command =>
  command.addOption(
    new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
  );

/** Reads a bundle; one that is refused ends the verb with exit code 1. */
export function openBundle(file: string, pins: readonly Pin[], at: number): Bundle {
  const bytes = readBytes(file);
  try {
    return readBundle(bytes, { pins, at, url: file });
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new Failure(sentence(error.reason), { exitCode: 1 });
  }
}
