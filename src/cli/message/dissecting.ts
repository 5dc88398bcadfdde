/**
 * A file taken apart with what the person gave: the same for one file and for each line of a batch.
 *
 * @module
 */
import { dissect } from '../../agent/dissect/dissect.ts';
import type { Dissection } from '../../agent/dissect/stage.ts';
import type { AgentContext } from '../../agent/types.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Profile } from '../../pki/path/input.ts';
import { createRevocationCache } from '../../pki/revocation.ts';
import { anchorOf } from '../../trust/anchors.ts';
import type { RevocationPolicy } from '../../trust/decision.ts';
import type { GivenKey } from './keys.ts';

export interface Dissecting {
  readonly bytes: Uint8Array;
  readonly keys: readonly GivenKey[];
  readonly anchors: readonly Certificate[];
  /** ms since 1970 UTC */
  readonly at: number;
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
}

export type Sources = Pick<AgentContext, 'fetcher' | 'cache'>;

/** Nothing is fetched. */
export const offline = (): Sources => ({
  fetcher: {
    get: async (url) => ({ ok: false, url, why: 'nothing is fetched', code: 'refused', event: 0 }),
  },
  cache: { revocation: createRevocationCache(), issuers: new Map() },
});

export const dissecting = (asked: Dissecting, sources: Sources): Promise<Dissection> =>
  dissect({
    bytes: asked.bytes,
    keys: asked.keys.map(({ key, certificate }) => ({
      privateKey: key.privateKey,
      ...(certificate && { certificate }),
    })),
    anchors: asked.anchors.map((certificate) => anchorOf(certificate, 'the anchors given')),
    at: asked.at,
    profile: asked.profile,
    revocation: asked.revocation,
    sources,
  });
