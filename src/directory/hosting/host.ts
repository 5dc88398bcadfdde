/**
 * Takes certificates that are to be found in DNS, in any number, and takes them away again. A zone is a domain that has
 * certificates here: its own, or of addresses in it.
 *
 * @module
 */
import { addressToName, canonicalName, isBelow, parentName } from '../../dns/names.ts';
import { encodeRdata } from '../../dns/packet-record.ts';
import { nextTurn } from '../../net/turn.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { certAlgorithm, keyTag } from '../../pki/key-tag.ts';
import type { Directory } from '../directory.ts';
import { DirectoryError } from '../error.ts';
import { hostedNames, packRdata, unpackRdata } from './names.ts';

/** How the zones that are made here are served. */
export interface HostingOptions {
  /** Host name of the name server. */
  readonly server: string;
  /** Host name of the mail exchanger; none: the zone has no MX record. */
  readonly exchange?: string;
  /** Seconds. Default 300. */
  readonly ttl?: number;
}

export interface HostedRecords {
  /** Address or domain. */
  readonly owner: string;
  /** RDATA of its CERT records. */
  readonly rdata: readonly Uint8Array[];
}

export interface Hosted {
  /** Owners that were taken. */
  readonly owners: number;
  /** Owners that cannot stand in DNS. */
  readonly refused: readonly string[];
}

/** Owners of one transaction. */
const BATCH = 2000;

/** RDATA of a CERT record for a certificate (RFC 4398 §2). */
export const certificateRdata = (certificate: Certificate): Uint8Array =>
  encodeRdata({
    type: 'CERT',
    certType: 1,
    keyTag: keyTag(certificate, certAlgorithm(certificate)),
    algorithm: certAlgorithm(certificate),
    payload: certificate.der,
  });

/** What a certificate is bound to: its addresses, or without any its domains. */
export function ownersOf(certificate: Certificate): readonly string[] {
  const { emails, dnsNames } = certificate;
  return emails.length > 0 ? emails : dnsNames;
}

/** @throws {DirectoryError} `format`: it is bound to nothing. @throws {PkiError} when it is none */
export function recordsOf(der: Uint8Array): HostedRecords[] {
  const certificate = parseCertificate(der);
  const owners = ownersOf(certificate);
  if (owners.length === 0) {
    throw new DirectoryError('format', 'the certificate names neither an address nor a domain', {
      hint: 'A Direct certificate has them as rfc822Name or dNSName in its subject alternative name.',
    });
  }
  const rdata = [certificateRdata(certificate)];
  return owners.map((owner) => ({ owner: owner.toLowerCase(), rdata }));
}

/** Adds records to what their owners have; the same ones are there once. */
export async function hostRecords(
  directory: Directory,
  items: Iterable<HostedRecords>,
  options: HostingOptions,
): Promise<Hosted> {
  const { handle, host } = directory;
  const writer = hostingWriter(directory, options);
  const refused: string[] = [];
  let owners = 0;
  const source = items[Symbol.iterator]();
  for (let ended = false; !ended; ) {
    ended = handle.atomically(() => {
      for (let i = 0; i < BATCH; i++) {
        const next = source.next();
        if (next.done) return true;
        if (writer.put(next.value)) owners += 1;
        else refused.push(next.value.owner);
      }
      return false;
    });
    await host.hold(nextTurn());
  }
  return { owners, refused };
}

/** Takes all certificates of an owner away. Returns whether there were any. */
export function withdraw(directory: Directory, owner: string, options: HostingOptions): boolean {
  return directory.handle.atomically(() => hostingWriter(directory, options).remove(owner));
}

function hostingWriter(directory: Directory, { server, exchange = '', ttl = 300 }: HostingOptions) {
  const { handle, tenant, host } = directory;
  const names = hostedNames(directory);
  const insert = handle.prepare(
    'insert into hosted_name (n, tenant, name, owner, zone, below, certificates) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const update = handle.prepare('update hosted_name set owner = ?, zone = ?, certificates = ? where n = ?');
  const count = handle.prepare('update hosted_name set below = below + ? where n = ?');
  const findZone = handle.prepare('select n from hosted_zone where origin = ? and tenant = ?');
  const addZone = handle.prepare(
    'insert into hosted_zone (tenant, origin, server, exchange, serial, ttl) values (?, ?, ?, ?, ?, ?)',
  );
  const rise = handle.prepare('update hosted_zone set serial = max(serial + 1, ?) where n = ?');
  const now = Math.floor(host.now() / 1000);
  /** Zones that this writer raised the serial of. */
  const raised = new Map<string, number>();

  const zoneOf = (origin: string): number => {
    const known = raised.get(origin);
    if (known !== undefined) return known;
    const row = findZone.get(origin, tenant);
    const n = row ? Number(row['n']) : addZone.run(tenant, origin, server, exchange, now, ttl).id;
    if (row) rise.run(now, n);
    if (raised.size >= REMEMBERED) raised.clear();
    raised.set(origin, n);
    return n;
  };
  /** Tells the names between a name and its zone that one more, or one less, lies below. */
  const tellAbove = (name: string, origin: string, zone: number, change: 1 | -1): void => {
    for (
      let up = parentName(name);
      up !== undefined && up !== origin && isBelow(up, origin);
      up = parentName(up)
    ) {
      const { n, found } = names.place(up);
      if (found) count.run(change, n);
      else insert.run(n, tenant, up, '', zone, 1, null);
    }
  };
  return {
    put({ owner, rdata }: HostedRecords): boolean {
      const at = placeOf(owner);
      if (!at || rdata.length === 0) return false;
      const zone = zoneOf(at.origin);
      const { n, found } = names.place(at.name);
      const before = found?.certificates ? unpackRdata(found.certificates) : [];
      const fresh = rdata.filter((one) => !before.some((other) => Buffer.compare(one, other) === 0));
      const packed = packRdata([...before, ...fresh]);
      // a domain of its own is deeper than an address that is spelled like it
      const inside = found && at.name !== at.origin ? found.zone : zone;
      if (found) update.run(owner.toLowerCase(), inside, packed, n);
      else insert.run(n, tenant, at.name, owner.toLowerCase(), zone, 0, packed);
      if (before.length === 0) tellAbove(at.name, at.origin, zone, 1);
      return true;
    },
    remove(owner: string): boolean {
      const at = placeOf(owner);
      const found = at && names.find(at.name);
      if (!at || !found?.certificates) return false;
      const zone = zoneOf(at.origin);
      // the row stays, so that others whose number it took the place of are still found
      update.run('', found.zone, null, found.n);
      tellAbove(at.name, at.origin, zone, -1);
      return true;
    },
  };
}

/** Zones that are remembered while records are taken. */
const REMEMBERED = 50_000;

/** Name and zone of an owner; undefined when it cannot stand in DNS. */
function placeOf(owner: string): { readonly name: string; readonly origin: string } | undefined {
  if (owner.includes('@')) {
    const name = addressToName(owner);
    return name === undefined
      ? undefined
      : { name, origin: owner.slice(owner.lastIndexOf('@') + 1).toLowerCase() };
  }
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/i.test(owner) || owner.length > 253) return undefined;
  const name = canonicalName(owner.toLowerCase());
  return { name, origin: name };
}
