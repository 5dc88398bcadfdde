/**
 * What an organization fills in to join: the form that the page, the HTTP API and the stored request share.
 *
 * @module
 */
import { z } from 'zod';
import { isNpi } from '../../directory/npi.ts';
import { STATE_CODES, zipFits } from '../../directory/states.ts';
import { parseAddress } from '../../mail/address.ts';

export const ORGANIZATION_KINDS = [
  'clinic',
  'hospital',
  'lab',
  'pharmacy',
  'public-health',
  'imaging',
  'home-care',
  'other',
] as const;

/** Those that give care have an NPI of type 2. */
const WITHOUT_NPI: ReadonlySet<string> = new Set(['public-health', 'other']);

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'expected some text')
    .max(most)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'expected one line of text');

/** Country code and subscriber number, 8 to 15 digits; the plan of North America has ten after +1 (E.164). */
const phone = z
  .string()
  .trim()
  .regex(/^\+[1-9]\d{7,14}$/, 'expected a number in E.164, such as +16145550142')
  .refine(
    (text) => !text.startsWith('+1') || text.length === 12,
    'expected ten digits after +1, such as +16145550142',
  );

const email = z
  .string()
  .trim()
  .max(320)
  .refine((text) => {
    const read = parseAddress(text);
    return read !== undefined && read.address === text && text.includes('@');
  }, 'expected an e-mail address, such as name@clinic.example');

const contact = z.strictObject({ name: line(200), email, phone });

export const healthDomainName = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected a domain name, such as direct.clinic.example',
  );

const absent = (text: unknown): unknown => (text === '' ? null : text);

export const joinRequest = z
  .strictObject({
    name: line(200).describe('Legal name of the organization'),
    kind: z.enum(ORGANIZATION_KINDS),
    npi: z
      .preprocess(
        absent,
        z.string().trim().refine(isNpi, 'the check digit or the length is wrong').nullable(),
      )
      .describe('NPI of type 2: ten digits; null for who gives no care'),
    street: line(200),
    street2: z.preprocess(absent, line(200).nullable()).default(null),
    city: line(100),
    state: z
      .string()
      .trim()
      .toUpperCase()
      .refine((text) => STATE_CODES.includes(text), 'expected two letters of a state, such as OH'),
    zip: z
      .string()
      .trim()
      .regex(/^\d{5}(-\d{4})?$/, 'expected 43215 or 43215-0001'),
    phone,
    fax: z.preprocess(absent, phone.nullable()).default(null),
    specialty: z
      .preprocess(
        absent,
        z
          .string()
          .trim()
          .toUpperCase()
          .regex(/^[0-9A-Z]{9}X$/, 'expected a code of the NUCC taxonomy, such as 207Q00000X')
          .nullable(),
      )
      .default(null),
    administrator: contact.describe('Who will administer the addresses'),
    technical: contact,
    privacy: contact,
    domain: healthDomainName.describe('The Health Domain Name that is wished for'),
    local: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'expected the part before the @, such as referrals')
      .describe('First address: the part before the @'),
    addressName: line(200).describe('Who has the first address'),
    ehr: z.preprocess(absent, line(200).nullable()).default(null).describe('The EHR that is used'),
  })
  .superRefine((form, context) => {
    if (form.npi === null && !WITHOUT_NPI.has(form.kind)) {
      const message = 'expected the NPI of the organization: who gives care has one';
      context.addIssue({ code: 'custom', path: ['npi'], message });
    }
    if (zipFits(form.zip, form.state) === false) {
      context.addIssue({ code: 'custom', path: ['zip'], message: `this ZIP code is not in ${form.state}` });
    }
    if (`${form.local}@${form.domain}`.length > 254) {
      context.addIssue({ code: 'custom', path: ['local'], message: 'the address is too long' });
    }
  });

export type JoinRequest = z.output<typeof joinRequest>;

export const firstAddress = ({ local, domain }: Pick<JoinRequest, 'local' | 'domain'>): string =>
  `${local}@${domain}`;

/** A stored request. @throws {z.ZodError} one that a later version no longer takes */
export const readRequest = (text: string): JoinRequest => joinRequest.parse(JSON.parse(text));

/** A short name for an organization, made of its name; `taken` ones get a number. */
export function shortName(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 55)
      .replace(/-+$/, '') || 'organization';
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n++;
  return `${base}-${n}`;
}
