import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherAll, readCertificateValue, readCertRecord } from '../../src/discovery/reading.ts';
import { referenceDiscovery } from '../../src/discovery/reference.ts';
import { discover, namesOf } from '../../src/discovery/resolve.ts';
import { createResolver } from '../../src/dns/client.ts';
import { cert, EPOCH, leaf, world } from './world.ts';

const good = leaf('bob@d.example').certificate.der;

describe('any octets', () => {
  it('in a CERT record are a certificate, something unreadable, or nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 65_535 }), (payload, type) => {
        const reading = readCertRecord({ name: 'x', ttl: 0, data: cert(payload, type) });
        if (type !== 1) expect(reading.kind).toBe('ignored');
        expect(gatherAll([reading, reading]).readings.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('near a certificate too', () => {
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [at, octet] of changes) bytes[at] = octet;
        const reading = readCertificateValue(bytes);
        expect(reading.kind === 'certificate' && (reading.certificate ?? reading.unreadable)).toBeTruthy();
      }),
      { numRuns: 500 },
    );
  });
});

it('any text is an address with names of its own, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.emailAddress()), (text) => {
      const names = namesOf(text);
      if (names)
        expect(names.address === names.domain || names.address.endsWith(`@${names.domain}`)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('any local part comes to an end, published or not', async () => {
  const w = world();
  await w.run(async () => {
    const resolver = createResolver(w.sut, referenceDiscovery.resolver);
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), async (local) => {
        const found = await discover(w.sut, `${local}@d.example`, referenceDiscovery, resolver);
        expect(found.outcome).toBe('none');
      }),
      { numRuns: 100 },
    );
    const long = `bob@${'x'.repeat(64)}.example`;
    expect(await discover(w.sut, long)).toMatchObject({ outcome: 'none', candidates: [] });
  });
  expect(w.network.clock.now()).toBeGreaterThanOrEqual(EPOCH);
});
