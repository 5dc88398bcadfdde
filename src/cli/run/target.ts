/**
 * Reads the profile of a system outside, with the files that it names.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../config/error.ts';
import { readYamlFile } from '../../config/read.ts';
import { readIssuers } from '../../pki/aia.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { profileSchema, type Target, type TargetProfile } from '../../scenario/index.ts';
import { Failure } from '../failure.ts';

/** Folder of what is kept of targets. */
export const STATE = '.anchorage';

/** @throws {Failure} the profile or one of its files cannot be read or understood */
export function readTarget(file: string, state: string): Target {
  const profile = withPasswords(readProfile(file), file);
  const name = basename(file).replace(/\.ya?ml$/, '');
  return {
    profile,
    anchors: profile.anchors.flatMap((one) => readAnchors(beside(file, one))),
    folder: join(state, 'targets', name.replace(/[^A-Za-z0-9._-]/g, '-')),
  };
}

const beside = (file: string, name: string): string => resolve(dirname(file), name);

function readProfile(file: string): TargetProfile {
  try {
    return readYamlFile(file, profileSchema);
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(error.message, { exitCode: 2 });
    throw error;
  }
}

function withPasswords(profile: TargetProfile, file: string): TargetProfile {
  const edges = Object.fromEntries(
    Object.entries(profile.edges).map(([name, edge]) => {
      if (edge?.passwordFile === undefined) return [name, edge];
      const password = read(beside(file, edge.passwordFile))
        .toString('utf8')
        .replace(/\r?\n$/, '');
      return [name, { ...edge, password }];
    }),
  );
  return { ...profile, edges };
}

function readAnchors(file: string): readonly Certificate[] {
  try {
    return readIssuers(read(file));
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new Failure(`${file} is no certificate: ${error.message}`, { exitCode: 2 });
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}
