/**
 * The anchor of the testbed, as a system outside has to trust it: made once for each target, and kept.
 *
 * @module
 */
import { join } from 'node:path';
import type { Certificate } from '../../pki/certificate.ts';
import { makeAuthorities } from '../fixtures/authorities.ts';
import { folderVault, freshVault, splitVault, type Vault } from '../vault.ts';
import type { Target } from './target.ts';

/** The anchor is the one that the target has; all else comes from `others`. */
export const targetVault = (target: Target, others: Vault): Vault =>
  splitVault((name) => name === 'authority/root', folderVault(join(target.folder, 'anchor')), others);

/** @param at ms since 1970: when it is made, if it is not there */
export function targetAnchor(target: Target, at: number): Certificate {
  const base = target.profile.testbed.domain;
  const vault = targetVault(target, freshVault);
  return makeAuthorities({}, { web: `http://pki.${base}`, base, at, vault }).get('root')!.issued.certificate;
}
