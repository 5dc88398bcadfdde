/**
 * Domains, addresses, keys and anchors as the store has them: what a running HISP asks for at each decision.
 *
 * @module
 */
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { departingDomains, listDepartures } from '../../store/departures.ts';
import { readAnchors, readIdentities } from '../../store/identities.ts';
import { listAddresses, listDomains, listOrganizations } from '../../store/organizations.ts';
import type { Scope } from '../../store/scope.ts';
import type { SealKey } from '../../store/seal.ts';
import type { HealthDomain } from '../../store/tenancy-schema.ts';
import { type AnchorEntry, type AnchorSource, anchorOf, anchorSets } from '../../trust/anchors.ts';
import type { HispAddress, HispDomain, HispKey, LeftDomain } from '../config.ts';
import { readSettings, type Settings } from './settings.ts';

/** One state of the store, whole: what is under way on an older one ends on it. */
interface Snapshot {
  readonly domains: readonly HispDomain[];
  readonly addresses: readonly HispAddress[];
  readonly keys: readonly HispKey[];
  readonly anchors: AnchorSource;
  readonly left: ReadonlyMap<string, LeftDomain>;
}

export interface StoredMembers {
  /** For `HispConfig`. */
  readonly domains: () => readonly HispDomain[];
  readonly addresses: () => readonly HispAddress[];
  readonly keys: () => readonly HispKey[];
  /** Anchors that were set by hand. */
  readonly anchors: AnchorSource;
  /** Whose organization leaves or has left. */
  readonly left: (domain: string) => LeftDomain | undefined;
  /** Reads the store again; counts for the next decision. Two at once end with the later state. */
  reload(): Promise<void>;
}

/** @throws {Error} a key that does not open, a certificate that is damaged */
export async function openMembers(scope: Scope, seal: SealKey): Promise<StoredMembers> {
  const parsed = new Map<string, Certificate>();
  const certificate = (der: Uint8Array): Certificate => {
    const key = Buffer.from(der).toString('base64');
    let known = parsed.get(key);
    if (!known) parsed.set(key, (known = parseCertificate(der)));
    return known;
  };
  let current = await read(scope, seal, certificate);
  let last: Promise<void> = Promise.resolve();
  return {
    domains: () => current.domains,
    addresses: () => current.addresses,
    keys: () => current.keys,
    anchors: (domain, direction) => current.anchors(domain, direction),
    left: (domain) => current.left.get(domain),
    reload() {
      last = last.then(
        () => renew(),
        () => renew(),
      );
      return last;
    },
  };

  async function renew(): Promise<void> {
    current = await read(scope, seal, certificate);
  }
}

async function read(
  scope: Scope,
  seal: SealKey,
  certificate: (der: Uint8Array) => Certificate,
): Promise<Snapshot> {
  const settings = await readSettings(scope);
  const open = new Set(
    (await listOrganizations(scope)).filter(({ status }) => status === 'enabled').map(({ id }) => id),
  );
  const domains = (await listDomains(scope)).filter(
    ({ status, organization }) => status === 'ENABLED' && open.has(organization),
  );
  const names = new Set(domains.map(({ name }) => name));
  const addresses = (await listAddresses(scope)).filter(
    ({ status, domain }) => status === 'enabled' && names.has(domain),
  );
  const keys = (await readIdentities(scope, seal)).flatMap(
    ({ owner, purpose, state, der, privateKey }): HispKey[] =>
      privateKey
        ? [
            {
              owner,
              purpose,
              // what was encrypted before the revocation still opens
              state: state === 'revoked' ? 'decrypt-only' : state,
              certificate: certificate(der),
              privateKey,
            },
          ]
        : [],
  );
  const anchors = (await readAnchors(scope)).map(
    ({ domain, der, incoming, outgoing }): AnchorEntry => ({
      domain,
      anchor: anchorOf(certificate(der), 'set by hand'),
      incoming: incoming === 1,
      outgoing: outgoing === 1,
    }),
  );
  return {
    domains: domains.map((row) => hispDomain(row, settings)),
    addresses: addresses.map(({ address, display_name, alias_of, plus_tags }) => ({
      address,
      plusTags: plus_tags,
      ...(display_name === null ? {} : { displayName: display_name }),
      ...(alias_of === null ? {} : { aliasOf: alias_of }),
    })),
    keys,
    anchors: anchorSets(anchors),
    left: await leftDomains(scope),
  };
}

async function leftDomains(scope: Scope): Promise<ReadonlyMap<string, LeftDomain>> {
  const left = new Map<string, LeftDomain>();
  for (const row of await listDepartures(scope, ['leaving', 'left', 'ended'])) {
    const day = new Date(row.closed_at ?? row.starts_at).toISOString().slice(0, 10);
    const phase = row.state === 'leaving' ? 'leaving' : 'left';
    for (const domain of departingDomains(row)) left.set(domain, { phase, day });
  }
  return left;
}

const hispDomain = (row: HealthDomain, settings: Settings): HispDomain => ({
  name: row.name,
  ...(row.postmaster === null ? {} : { postmaster: row.postmaster }),
  policy: {
    profile: row.profile,
    revocation: row.revocation ?? settings['trust.revocation'],
    unwrapped: row.unwrapped ?? settings['trust.unwrapped'],
    cipher: settings['crypto.cipher'],
    keyTransport: settings['crypto.key-transport'],
  },
  timers: {
    processedMs: row.processed_ms ?? settings['notify.processed-minutes'] * 60_000,
    dispatchedMs: row.dispatched_ms ?? settings['notify.dispatched-minutes'] * 60_000,
  },
  lenientDispatch: settings['notify.lenient-dispatch'],
});
