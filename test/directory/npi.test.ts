import { describe, expect, it } from 'vitest';
import { isNpi } from '../../src/directory/npi.ts';
import { some } from './fixture.ts';

describe('NPI', () => {
  it.each([
    ['1234567893', true],
    ['1234567890', false],
    ['3234567893', false],
    ['123456789', false],
  ])('%s: %s', (npi, good) => expect(isNpi(npi)).toBe(good));

  it('is right in the generator, which is the same for the same seed', () => {
    const records = some(200);
    expect(
      records.every(({ PROV_NPI, ORG_NPI }) => isNpi(ORG_NPI) && (PROV_NPI === '' || isNpi(PROV_NPI))),
    ).toBe(true);
    expect(some(200)).toEqual(records);
    expect(some(100)).toEqual(records.slice(0, 100));
    expect(some(100, 2)).not.toEqual(records.slice(0, 100));
  });
});
