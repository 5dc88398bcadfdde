import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemsFor, unchecked } from '../../../src/hisp/enrollment/checklist.ts';
import { evidenceName, sniffEvidence } from '../../../src/hisp/enrollment/evidence.ts';
import { joinRequest, shortName } from '../../../src/hisp/enrollment/request.ts';
import {
  afterEvent,
  ENROLLMENT_STATES,
  type EnrollmentEventName,
  isFinal,
} from '../../../src/hisp/enrollment/states.ts';
import { checklist, FORM, form, npi } from './world.ts';

describe('the states of a request', () => {
  const events = ['change', 'submit', 'ask', 'answer', 'approve', 'accept', 'decline', 'withdraw'] as const;

  it('as a table', () => {
    const table = ENROLLMENT_STATES.map((state) =>
      [
        state,
        ...events.flatMap((event) =>
          afterEvent(state, event) ? [`${event}→${afterEvent(state, event)}`] : [],
        ),
      ].join(' '),
    );
    expect(table).toEqual([
      'draft change→draft submit→submitted withdraw→withdrawn',
      'submitted ask→asked approve→submitted accept→accepted decline→declined withdraw→withdrawn',
      'asked change→asked answer→answered decline→declined withdraw→withdrawn',
      'answered ask→asked approve→answered accept→accepted decline→declined withdraw→withdrawn',
      'accepted',
      'declined',
      'withdrawn',
    ]);
  });

  it('whatever happens: what is final stays, and nothing is accepted that was not sent', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<EnrollmentEventName>(...events), { maxLength: 30 }), (list) => {
        let state: (typeof ENROLLMENT_STATES)[number] = 'draft';
        let sent = false;
        for (const event of list) {
          const next = afterEvent(state, event);
          if (isFinal(state)) expect(next).toBeUndefined();
          if (next === undefined) continue;
          sent ||= event === 'submit';
          state = next;
          if (state === 'accepted') expect(sent).toBe(true);
        }
      }),
    );
  });
});

describe('the form', () => {
  const wrong = (more: object): string[] => {
    const read = joinRequest.safeParse({ ...FORM, ...more });
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  it.each([
    [{ npi: '1234567890' }, 'npi: the check digit or the length is wrong'],
    [{ npi: '' }, 'npi: expected the NPI of the organization: who gives care has one'],
    [{ phone: '(614) 555-0142' }, 'phone: expected a number in E.164, such as +16145550142'],
    [{ phone: '+1614555014' }, 'phone: expected ten digits after +1, such as +16145550142'],
    [{ zip: '55802' }, 'zip: this ZIP code is not in OH'],
    [{ zip: '432150001' }, 'zip: expected 43215 or 43215-0001'],
    [{ state: 'Ohio' }, 'state: expected two letters of a state, such as OH'],
    [{ domain: 'elm clinic' }, 'domain: expected a domain name, such as direct.clinic.example'],
    [{ local: '@' }, 'local: expected the part before the @, such as referrals'],
    [{ name: 'a\nb' }, 'name: expected one line of text'],
    [{ specialty: 'family' }, 'specialty: expected a code of the NUCC taxonomy, such as 207Q00000X'],
  ])('%j is refused: %s', (more, message) => expect(wrong(more)).toContain(message));

  it('is read: blanks become null, capitals and lower case as they have to be', () => {
    const read = form({ domain: 'Elm-Clinic.HISP.example' });
    expect(read).toMatchObject({ state: 'OH', fax: null, domain: 'elm-clinic.hisp.example', ehr: null });
    expect(wrong({ npi: '', kind: 'public-health' })).toEqual([]);
    expect(form().npi).toBe(npi('123456789'));
  });

  it('is total', () => {
    fc.assert(fc.property(fc.anything(), (value) => void joinRequest.safeParse(value)));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(FORM)), fc.anything()), (some) => {
        const read = joinRequest.safeParse({ ...FORM, ...some });
        if (read.success) expect(joinRequest.parse(JSON.parse(JSON.stringify(read.data)))).toEqual(read.data);
      }),
    );
  });

  it('short names are short, plain and new', () => {
    expect(shortName('Dr. Müller & Söhne', new Set())).toBe('dr-mu-ller-so-hne');
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, names) => {
        const taken = new Set(names.map((one) => shortName(one, new Set())));
        const made = shortName(name, taken);
        expect(made).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(taken.has(made)).toBe(false);
      }),
    );
  });
});

describe('evidence', () => {
  it.each([
    ['%PDF-1.7', 'application/pdf'],
    ['\u00ff\u00d8\u00ff\u00e0', 'image/jpeg'],
    ['\u0089PNG\r\n\u001a\n', 'image/png'],
    ['a letter', 'text/plain'],
    ['<html><script>', undefined],
    ['#!/bin/sh', undefined],
    ['MZ\u0090', undefined],
    ['PK\u0003\u0004', undefined],
    ['', undefined],
    ['nul \u0000 inside', undefined],
  ])('%j is %s', (octets, type) => expect(sniffEvidence(Buffer.from(octets, 'latin1'))).toBe(type));

  it('is told by its content alone, and its name is plain', () => {
    expect(evidenceName('..\\..\\etc/passwd.exe', 'application/pdf')).toBe('passwd.pdf');
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (name, bytes) => {
        const type = sniffEvidence(bytes);
        expect(evidenceName(name, type ?? 'text/plain')).toMatch(
          /^[^./\\\r\n"][^/\\\r\n"]{0,90}\.(pdf|jpg|png|txt)$/u,
        );
      }),
    );
  });
});

describe('the checklist', () => {
  it('asks more of a higher level, and for the NPI only where there is one', () => {
    const asked = (level: string, some = form()) => itemsFor(checklist, level, some).map(({ id }) => id);
    expect(asked('loa-2')).toEqual([
      'organization-exists',
      'npi-matches',
      'domain-right',
      'representative-authority',
      'agreement',
    ]);
    expect(asked('loa-4')).toContain('in-person');
    expect(asked('loa-3', form({ npi: '', kind: 'other' }))).not.toContain('npi-matches');
    expect(unchecked(itemsFor(checklist, 'loa-2', form()), [{ item: 'agreement' }])).toHaveLength(4);
  });
});
