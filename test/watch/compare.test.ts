import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare, type Standing, standingSchema } from '../../src/watch/compare.ts';
import { type Observation, observationSchema, shortHash } from '../../src/watch/observation.ts';
import { checksOf, stateOf } from '../../src/watch/verdict.ts';

const AT = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const RULES = { confirm: 2 };

const hash = fc.constantFrom('a', 'b', 'c').map((letter) => letter.repeat(64));
const maybe = fc.option(fc.constantFrom('refused', 'no answer in time'), { nil: undefined });
const error = maybe.map((why) => (why === undefined ? {} : { error: why }));
const state = fc.constantFrom('found', 'none', 'unknown' as const);

/** Anything that a look may have seen. */
const anything: fc.Arbitrary<Observation> = fc
  .record({
    found: state,
    hashes: fc.uniqueArray(hash, { minLength: 1 }),
    verdict: fc.constantFrom('trusted', 'refused', 'undetermined'),
    held: fc.uniqueArray(hash),
    anchors: fc.uniqueArray(hash),
    servers: fc.array(
      fc.tuple(fc.constantFrom('192.0.2.1', '192.0.2.2'), fc.integer({ min: 1, max: 2 }), error),
    ),
    directories: fc.array(
      error.map((why) => ({ server: '192.0.2.3:389', ...why })),
      { maxLength: 1 },
    ),
    list: fc.constantFrom('fresh', 'stale', 'unreachable', 'other'),
    mail: state,
    open: fc.boolean(),
    mx: fc.constantFrom('mx1.example', 'mx2.example'),
    zone: fc.boolean(),
  })
  .map((one) =>
    observationSchema.parse({
      domain: 'b.example',
      at: AT,
      ms: 1,
      discovery: {
        state: one.found,
        certificates:
          one.found === 'found'
            ? one.hashes.map((sha256) => ({
                sha256,
                where: 'b.example',
                notBefore: AT - HOUR,
                notAfter: AT + 9e10,
              }))
            : [],
      },
      directories: one.directories,
      trust: [
        {
          eyes: 'x@a.example',
          verdict: one.verdict,
          anchors:
            one.verdict === 'trusted'
              ? one.anchors.map((sha256) => ({ sha256, name: sha256, source: 's' }))
              : [],
          held: [...one.held, ...(one.verdict === 'trusted' ? one.anchors : [])].map(shortHash),
        },
      ],
      lists: [{ url: 'http://pki.example/x.crl', state: one.list }],
      ...(one.zone ? { zone: 'example' } : {}),
      servers: one.zone
        ? one.servers.map(([server, serial, why]) => ({ server, serial, records: '', ...why }))
        : [],
      mail: {
        state: one.mail,
        byMx: true,
        hosts: one.mail === 'found' ? [{ host: one.mx, address: '192.0.2.25', open: one.open }] : [],
      },
    }),
  );

const at = (seen: Observation, hours: number): Observation => ({ ...seen, at: AT + hours * HOUR });

it('the same again and again tells nothing after it was confirmed', () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 4 }), anything, (past, now) => {
      let standing: Standing | undefined;
      for (const [n, seen] of past.entries()) ({ standing } = compare(standing, at(seen, n), RULES));
      for (const n of [10, 11]) ({ standing } = compare(standing, at(now, n), RULES));
      for (const n of [12, 13, 14]) {
        const next = compare(standing, at(now, n), RULES);
        expect(next.events).toEqual([]);
        standing = next.standing;
      }
    }),
  );
});

it('what is known survives being written down, and every event has an id of its own', () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 6 }), (all) => {
      let standing: Standing | undefined;
      const ids: string[] = [];
      for (const [n, seen] of all.entries()) {
        const next = compare(standing, at(seen, n), RULES);
        const again = compare(
          standing && standingSchema.parse(JSON.parse(JSON.stringify(standing))),
          at(seen, n),
          RULES,
        );
        expect(again).toEqual(next);
        ids.push(...next.events.map(({ id }) => id));
        standing = next.standing;
      }
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

it('a condition is over only after it was told', () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 8 }), (all) => {
      let standing: Standing | undefined;
      const open = new Set<string>();
      for (const [n, seen] of all.entries()) {
        const next = compare(standing, at(seen, n), RULES);
        for (const { kind, subject, over } of next.events) {
          const key = `${kind}|${subject}`;
          if (over) expect(open.delete(key)).toBe(true);
          else open.add(key);
        }
        standing = next.standing;
      }
    }),
  );
});

it('every observation has a state', () => {
  fc.assert(
    fc.property(anything, (seen) => {
      expect(['good', 'warn', 'bad', 'unknown']).toContain(stateOf(checksOf(seen)));
    }),
  );
});
