/**
 * Members as they are at this moment, shown by DNS, LDAP, revocation lists and OCSP: read from the stores, and again
 * after each change; nothing is restarted.
 *
 * @module
 */
import { type Authority, createAuthority } from '../../dns/answer.ts';
import type { Issuer } from '../../hisp/tenancy/issuer.ts';
import { isIssuedBy, issueMissing } from '../../hisp/tenancy/issuing.ts';
import { type Holdings, holdingsReader } from '../../hisp/tenancy/publication.ts';
import type { Host } from '../../net/host.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Scope } from '../../store/scope.ts';
import type { SealKey } from '../../store/seal.ts';
import { type Faces, type HeldBy, readFaces } from '../demo/faces.ts';
import { issuerOf } from '../demo/issuer.ts';
import type { OpenNetwork } from '../demo/open.ts';
import type { Register } from '../demo/publish.ts';
import { rootZone } from '../demo/zones.ts';

/** Time until certificates are looked at again though nobody changed anything. */
const LOOK_MS = 3_600_000;

export interface Live {
  readonly faces: () => Faces;
  /** What DNS answers from; another object after a change. */
  readonly authority: () => Authority;
  readonly registerOf: (hisp: string) => Register;
  /** What a HISP holds at this moment. */
  readonly holdingsOf: (hisp: string) => Holdings;
  readonly issuerOf: (hisp: string) => Issuer;
  /** Takes up a change at a HISP: issues what is owed, and shows what there is now. */
  refresh(hisp: string): Promise<void>;
  /** Who is told of other faces before a refresh ends, and of new keys of a HISP before they are found. */
  connect(to: { shown(faces: Faces): Promise<void>; issued(hisp: string): Promise<void> }): void;
  stop(): void;
}

/**
 * @param tell hears what cannot be shown, once
 * @param isWorld whether no names are asked of anybody else: then what is not in the network does not exist. A server for
 *   the zones of a real network refuses what is not its own
 * @throws {Error} what a store said
 */
export async function openLive(
  host: Pick<Host, 'now' | 'hold' | 'timer'>,
  { network, material }: OpenNetwork,
  scopes: ReadonlyMap<string, Scope>,
  seal: SealKey,
  tell: (line: string) => void,
  isWorld = false,
): Promise<Live> {
  const read = holdingsReader();
  const issuers = new Map([...material].map(([id, one]) => [id, issuerOf(host, network, id, one)] as const));
  const held = new Map<string, HeldBy>();
  const registers = new Map<string, Register>();
  const told = new Set<string>();
  let to: Parameters<Live['connect']>[0] | undefined;
  let faces: Faces;
  let authority: Authority;
  let serial = 0;

  const take = async (hisp: string): Promise<void> => {
    const scope = scopes.get(hisp)!;
    const issuer = issuers.get(hisp)!;
    const owners = await issueMissing({ host, scope, seal }, issuer, read);
    if (owners.length > 0) await to?.issued(hisp);
    const holdings = await read(scope);
    held.set(hisp, { scope, holdings });
    registers.set(hisp, registerIn(holdings, issuer.authority, registers.get(hisp)));
  };
  const show = async (): Promise<void> => {
    faces = await readFaces(network, held, host.now());
    serial = Math.max(serial + 1, Math.floor(host.now() / 1000));
    authority = createAuthority(
      isWorld ? [...faces.zones, rootZone(network, faces.zones, serial)] : faces.zones,
    );
    const fresh = faces.problems.filter((line) => !told.has(line));
    told.clear();
    for (const line of faces.problems) told.add(line);
    for (const line of fresh) tell(line);
    await to?.shown(faces);
  };
  // one after the other: two refreshes at once would issue twice
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work, work);
    return last;
  };
  await inTurn(async () => {
    for (const hisp of scopes.keys()) await take(hisp);
    await show();
  });
  const look = (): void => {
    cancel = host.timer(LOOK_MS, look);
    inTurn(async () => {
      for (const hisp of scopes.keys()) await take(hisp);
      await show();
    }).catch((error: Error) => tell(`certificates could not be looked at: ${error.message}`));
  };
  let cancel = host.timer(LOOK_MS, look);
  return {
    faces: () => faces,
    authority: () => authority,
    registerOf: (hisp) => registers.get(hisp)!,
    holdingsOf: (hisp) => held.get(hisp)!.holdings,
    issuerOf: (hisp) => issuers.get(hisp)!,
    refresh: (hisp) =>
      inTurn(async () => {
        await take(hisp);
        await show();
      }),
    connect(whom) {
      to = whom;
    },
    stop: () => cancel(),
  };
}

/** The same object as before when it says the same. */
function registerIn(
  { certificates, revoked }: Holdings,
  authority: Certificate,
  before: Register | undefined,
): Register {
  const issued = new Map(
    certificates
      .filter(({ certificate }) => isIssuedBy(certificate, authority))
      .map(({ sha256, certificate }) => [sha256, certificate.serial] as const),
  );
  const ours = revoked.filter(({ sha256 }) => issued.has(sha256));
  const serials = new Set(issued.values());
  if (before && before.issued.size === serials.size && before.revoked.size === ours.length) return before;
  return {
    issued: serials,
    revoked: new Map(ours.map(({ serial, at, reason }) => [serial, { serial, at, reason }])),
  };
}
