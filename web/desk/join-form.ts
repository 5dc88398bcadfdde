/**
 * The fields of a request to join, as forms post them, and back.
 *
 * @module
 */
import type { JoinRequest } from '../../src/hisp/enrollment/request.ts';
import type { Form } from './form.ts';

const FLAT = [
  'name',
  'kind',
  'npi',
  'street',
  'street2',
  'city',
  'state',
  'zip',
  'phone',
  'fax',
  'specialty',
  'domain',
  'local',
  'addressName',
  'ehr',
] as const;
const CONTACTS = ['administrator', 'technical', 'privacy'] as const;
const PARTS = ['name', 'email', 'phone'] as const;

/** What is to be read by `joinRequest`. Contacts that are left empty are the administrator. */
export function requestOf(form: Form): Record<string, unknown> {
  const contact = (who: string) =>
    Object.fromEntries(PARTS.map((part) => [part, form.text(`${who}_${part}`)] as const));
  const administrator = contact('administrator');
  const orAdministrator = (who: string) => {
    const found = contact(who);
    return Object.values(found).every((text) => text === '') ? administrator : found;
  };
  return {
    ...Object.fromEntries(FLAT.map((name) => [name, form.text(name)] as const)),
    administrator,
    technical: orAdministrator('technical'),
    privacy: orAdministrator('privacy'),
  };
}

/** Values to be shown in the fields again: of what was posted, or of a request. */
export function formValues(from: Form | JoinRequest): Record<string, string> {
  const values: Record<string, string> = {};
  const isForm = (one: Form | JoinRequest): one is Form => 'checked' in one;
  for (const name of FLAT) values[name] = isForm(from) ? from.text(name) : (from[name] ?? '');
  for (const who of CONTACTS) {
    for (const part of PARTS) {
      const name = `${who}_${part}`;
      values[name] = isForm(from) ? from.text(name) : from[who][part];
    }
  }
  if (isForm(from)) values['hisp'] = from.text('hisp');
  return values;
}
