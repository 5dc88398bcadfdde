import { html } from 'hono/html';
import { ORGANIZATION_KINDS } from '../../../src/hisp/enrollment/request.ts';
import { type Html, tokenField } from '../../layout.ts';
import { checkField, choiceField, textField } from '../../parts/fields.ts';
import { enrollmentStyles, joinNav } from './styles.ts';

/** A HISP that may be asked. */
export interface HispChoice {
  readonly id: string;
  readonly title: string;
  /** Below which it gives out names. */
  readonly parents: readonly string[];
}

export interface JoinView {
  readonly hisps: readonly HispChoice[];
  /** What was filled in, by the name of its field. */
  readonly values: Readonly<Record<string, string>>;
  /** What does not fit. */
  readonly problems: readonly string[];
}

const KIND_WORDS: Readonly<Record<(typeof ORGANIZATION_KINDS)[number], string>> = {
  clinic: 'Clinic or practice',
  hospital: 'Hospital',
  lab: 'Laboratory',
  pharmacy: 'Pharmacy',
  'public-health': 'Public health agency',
  imaging: 'Imaging',
  'home-care': 'Home care',
  other: 'Something else',
};

export const joinPage = (view: JoinView, token: string): Html => html`${enrollmentStyles()}
<div class="page-head">${joinNav('join')}<h1>Ask to join</h1>
  <p class="muted">For organizations. You need no account: you get a link on which you see what becomes of your request. Nothing is sent before you say so there.</p></div>
${problemList(view.problems)}
${
  view.hisps.length === 0
    ? html`<p class="empty">No HISP of this network takes requests on this page at present.</p>`
    : html`<form method="post" action="/join" class="join-form">${tokenField(token)}
  <section class="panel"><h2>HISP</h2>
    ${choiceField({
      name: 'hisp',
      label: 'Which HISP do you ask?',
      value: view.values['hisp'],
      choices: view.hisps.map(({ id, title, parents }) => ({
        value: id,
        label: `${title} (names below ${parents.join(', ')})`,
      })),
      hint: 'Not sure? “How do I connect?” says which one fits your EHR.',
    })}</section>
  ${requestFields(view.values)}
  <button type="submit">Go on</button>
</form>`
}`;

export const problemList = (problems: readonly string[]): Html | string =>
  problems.length === 0
    ? ''
    : html`<div class="notice bad" role="alert"><strong>Not taken yet.</strong><ul>${problems.map(
        (one) => html`<li>${one}</li>`,
      )}</ul></div>`;

/** The fields of a request, for a new one and for one that is changed. */
export function requestFields(values: JoinView['values']): Html {
  const text = (
    name: string,
    label: string,
    more: { hint?: string; placeholder?: string; optional?: true; autocomplete?: string } = {},
  ) =>
    textField({
      name,
      label,
      value: values[name] ?? '',
      ...(more.optional ? {} : { required: true }),
      ...(more.hint ? { hint: more.hint } : {}),
      ...(more.placeholder ? { placeholder: more.placeholder } : {}),
      ...(more.autocomplete ? { autocomplete: more.autocomplete } : {}),
    });
  const contact = (who: string, optional: boolean) =>
    html`<div class="form-grid">${[
      ['name', 'Name', {}],
      ['email', 'E-mail', { placeholder: 'name@clinic.example' }],
      ['phone', 'Phone', { placeholder: '+16145550142' }],
    ].map(([field, label, more]) =>
      text(`${who}_${field as string}`, label as string, {
        ...(more as { placeholder?: string }),
        ...(optional ? { optional: true as const } : {}),
      }),
    )}</div>`;
  return html`<section class="panel"><h2>Organization</h2><div class="form-grid">
    ${text('name', 'Legal name', { autocomplete: 'organization' })}
    ${choiceField({
      name: 'kind',
      label: 'Kind',
      value: values['kind'],
      choices: ORGANIZATION_KINDS.map((value) => ({ value, label: KIND_WORDS[value] })),
    })}
    ${text('npi', 'NPI of the organization (type 2)', { hint: 'Ten digits. Only who gives no care leaves it empty.', optional: true })}
    ${text('specialty', 'Specialty', { hint: 'A code of the NUCC taxonomy', placeholder: '207Q00000X', optional: true })}
    ${text('street', 'Street', { autocomplete: 'address-line1' })}
    ${text('street2', 'Street, second line', { optional: true, autocomplete: 'address-line2' })}
    ${text('city', 'City', { autocomplete: 'address-level2' })}
    ${text('state', 'State', { placeholder: 'OH', hint: 'Two letters' })}
    ${text('zip', 'ZIP code', { placeholder: '43215', autocomplete: 'postal-code' })}
    ${text('phone', 'Phone', { placeholder: '+16145550142', hint: 'With country code, digits only' })}
    ${text('fax', 'Fax', { placeholder: '+16145550143', optional: true })}
    ${text('ehr', 'EHR that you use', { optional: true })}
  </div></section>
  <section class="panel"><h2>Persons to talk to</h2>
    <h3>Administrator</h3><p class="muted">Will administer your addresses and get the first account.</p>${contact('administrator', false)}
    <h3>Technical contact</h3><p class="muted">Empty: the administrator.</p>${contact('technical', true)}
    <h3>Privacy officer</h3><p class="muted">Empty: the administrator.</p>${contact('privacy', true)}</section>
  <section class="panel"><h2>Name and first address</h2><div class="form-grid">
    ${text('domain', 'Health Domain Name', { placeholder: 'elm-clinic.hisp.example', hint: 'Below a domain of the HISP, or one of your own: then you prove it by a TXT record' })}
    ${text('local', 'First address: before the @', { placeholder: 'referrals' })}
    ${text('addressName', 'Whose address it is', { placeholder: 'Referral desk', hint: 'A person or a department; it is shown in the directory' })}
  </div></section>`;
}

export const agreeFields = (policy: { readonly version: string; readonly sha256: string }): Html =>
  html`<input type="hidden" name="policy" value="${policy.sha256}">
  ${checkField({ name: 'agree', label: `The organization agrees to the participation policy, version ${policy.version}` })}
  ${textField({ name: 'by', label: 'Who agrees for the organization', required: true, placeholder: 'Name and position' })}
  <p class="muted">The digest of the text is kept with your agreement: <code>${policy.sha256.slice(0, 16)}…</code></p>`;
