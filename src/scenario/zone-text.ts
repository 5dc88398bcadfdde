/**
 * The zone text of a scenario, read before anything is made of it, so that a slip in it is an error of the file.
 *
 * @module
 */
import { parseMaster } from '../dns/master/index.ts';
import type { ResourceRecord } from '../dns/records.ts';
import { checkZone, zoneApex } from '../dns/zone.ts';
import type { Network } from './schema.ts';

export interface ZoneTextProblem {
  /** Counted in the text, from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** As long as what they stand for, so that columns stay those of the file. */
const STAND_INS = { '{D}': 'd.e', '{base}': 'b.base', '{SUT}': 'a@b.c' } as const;
const DOMAIN = STAND_INS['{D}'];

/** Everything that keeps the text from being a zone, once SOA, NS and the addresses of its LDAP servers are added. */
export function zoneTextProblems({ zone, ldap }: Network): ZoneTextProblem[] {
  const text = Object.entries(STAND_INS).reduce(
    (filled, [mark, word]) => filled.replaceAll(mark, word),
    zone,
  );
  const { records, places, errors } = parseMaster(`$TTL 300\n${text}`, {
    file: 'zone',
    origin: DOMAIN,
    place: () => [{ der: Uint8Array.of(0), keyTag: 0, algorithm: 8 }],
  });
  // The first line that was read is ours.
  if (errors.length > 0) {
    return errors.map(({ line, column, found, expected, cure }) => ({
      line: line - 1,
      column,
      message: `found ${found}; expected ${expected}; ${cure}`,
    }));
  }
  const added = [
    ...zoneApex({ origin: DOMAIN, server: 'ns.b.base', addresses: [] }),
    ...serverAddresses(ldap),
  ];
  return checkZone(DOMAIN, [...added, ...records]).problems.map(({ text: message, record }) => {
    const place = record && places.get(record);
    return { line: place ? place.line - 1 : 1, column: place?.column ?? 1, message: nameAgain(message) };
  });
}

const serverAddresses = (ldap: Network['ldap']): ResourceRecord[] =>
  Object.entries(ldap).flatMap(([name, { state, at }]) =>
    state === 'no-address'
      ? []
      : [
          {
            name: at === 'domain' ? DOMAIN : `${name}.${DOMAIN}`,
            ttl: 300,
            data: { type: 'A', address: '192.0.2.1' },
          },
        ],
  );

/** What the file calls it. */
const nameAgain = (message: string): string =>
  message.replaceAll(`.${DOMAIN}.`, '.{D}').replaceAll(` ${DOMAIN}.`, ' {D}');
