import { html } from 'hono/html';
import type { Checklist } from '../../../src/hisp/enrollment/checklist.ts';
import { challengeName } from '../../../src/hisp/enrollment/domain-right.ts';
import { firstAddress, type JoinRequest } from '../../../src/hisp/enrollment/request.ts';
import type { EnrollmentLine, EnrollmentView } from '../../../src/hisp/enrollment/review.ts';
import { STATE_WORDS } from '../../../src/hisp/enrollment/states.ts';
import { hidden, moment } from '../../desk/section.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { areaField, choiceField, rowsTable } from '../../parts/fields.ts';
import { icon } from '../../parts/icon.ts';
import { stepList } from '../../parts/step-list.ts';
import { problemList } from './join.ts';
import { eventList, evidenceTable, STATE_TONES } from './status.ts';
import { enrollmentStyles, operatorNav } from './styles.ts';

export const enrollmentsPage = (title: string, lines: readonly EnrollmentLine[], joinAt: string): Html => {
  const group = (states: readonly string[]) => lines.filter(({ row }) => states.includes(row.state));
  const table = (some: readonly EnrollmentLine[], empty: string) =>
    rowsTable(
      ['Organization', 'State', 'Domain', 'NPI', 'Since'],
      some.map(({ row, form }) => [
        html`<a href="/enrollments/${row.id}">${form.name}</a>`,
        badge(STATE_TONES[row.state], STATE_WORDS[row.state]),
        html`<span class="mono">${form.domain}</span>`,
        html`<span class="mono">${form.npi ?? 'none'}</span>`,
        html`<span class="mono nobr">${moment(row.changed_at)}</span>`,
      ]),
      empty,
    );
  return html`${enrollmentStyles()}
<div class="page-head"><h1>Requests to join</h1><p class="muted">${title} · organizations ask at <a href="${joinAt}">${joinAt}</a></p></div>
${operatorNav('enrollments')}
<section class="panel"><h2>To review</h2>${table(group(['submitted', 'answered']), 'Nothing waits for you.')}</section>
<section class="panel"><h2>Waiting for the applicant</h2>${table(group(['asked']), 'Nobody was asked anything.')}</section>
<section class="panel"><h2>Decided</h2>${table(group(['accepted', 'declined', 'withdrawn']), 'Nothing was decided yet.')}</section>`;
};

export interface ReviewPageView extends EnrollmentView {
  readonly checklist: Checklist;
  readonly problems: readonly string[];
  readonly told?: string;
  /** The applicant’s link, told once. */
  readonly link?: string;
  /** The link that sets the administrator's password, while it can be used. */
  readonly password?: string;
}

export const reviewPage = (view: ReviewPageView, token: string): Html => {
  const { row, form } = view;
  const open = row.state === 'submitted' || row.state === 'answered' || row.state === 'asked';
  return html`${enrollmentStyles()}
<div class="page-head"><h1>${form.name}</h1>
  <p>${badge(STATE_TONES[row.state], STATE_WORDS[row.state])} <span class="muted">Request ${row.id}</span></p></div>
${operatorNav('enrollments')}
${view.told ? html`<p class="notice good" role="status">${view.told}</p>` : ''}
${problemList(view.problems)}
${row.state === 'accepted' ? setUp(view, token) : ''}
<div class="two-thirds"><div class="column">
  <section class="panel"><h2>The request</h2>${facts(view)}</section>
  <section class="panel"><h2>What is there already</h2>${duplicates(view)}</section>
  <section class="panel" aria-labelledby="proofing"><h2 id="proofing">Identity proofing</h2>${checklist(view, token, open)}</section>
  <section class="panel"><h2>Evidence</h2>${evidenceTable(view.evidence, (n) => `/enrollments/${row.id}/evidence/${n}`)}</section>
</div><div class="column">
  ${open ? decide(view, token) : ''}
  <section class="panel"><h2>What happened</h2>${eventList(view.events, false)}</section>
  <section class="panel"><h2>The applicant’s link</h2><p class="muted">For who lost it. Who has the link acts for the applicant; that you saw it stands in the audit log.</p>
  ${view.link ? html`<p class="mono">/join/status/${view.link}</p>` : act(row.id, token, 'reveal', '', 'Show the link', true)}</section>
</div></div>`;
};

const act = (id: string, token: string, what: string, fields: Html | string, label: string, quiet = false) =>
  html`<form method="post" action="/enrollments/${id}" class="write">${tokenField(token)}${hidden('do', what)}${fields}
  <button type="submit" class="${quiet ? 'quiet' : ''}">${label}</button></form>`;

const facts = ({ row, form, standing }: EnrollmentView): Html => {
  const contact = ({ name, email, phone }: JoinRequest['administrator']) => `${name}, ${email}, ${phone}`;
  const proven = row.proven_at === null ? 'not proven' : `proven ${moment(row.proven_at)}`;
  const pairs: readonly (readonly [string, Html | string])[] = [
    ['Kind', form.kind.replace('-', ' ')],
    ['NPI (type 2)', form.npi === null ? 'none' : html`<span class="mono">${form.npi}</span>`],
    ['Specialty', form.specialty ?? 'not said'],
    [
      'Address',
      [form.street, form.street2, form.city, `${form.state} ${form.zip}`].filter(Boolean).join(', '),
    ],
    ['Phone', form.fax === null ? form.phone : `${form.phone}, fax ${form.fax}`],
    ['Administrator', contact(form.administrator)],
    ['Technical', contact(form.technical)],
    ['Privacy', contact(form.privacy)],
    [
      'Domain',
      html`<span class="mono">${form.domain}</span> <small class="muted">${standing === 'below' ? 'below ours' : `its own, ${proven} by ${challengeName(form.domain)}`}</small>`,
    ],
    ['First address', html`<span class="mono">${firstAddress(form)}</span>, ${form.addressName}`],
    ['EHR', form.ehr ?? 'not said'],
    [
      'Agreement',
      row.agreed_at === null
        ? 'none'
        : html`policy ${row.policy_version}, ${row.agreed_by}, ${moment(row.agreed_at)} <small class="muted mono block">SHA-256 ${row.policy_sha256}</small>`,
    ],
  ];
  return html`<dl class="pairs">${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
};

const duplicates = ({ duplicates: found }: EnrollmentView): Html =>
  found.length === 0
    ? html`<p>${badge('good', 'nothing')} Name, NPI, domain and address are new here.</p>`
    : html`<ul class="item-list">${found.map(
        ({ what, text, hinders }) =>
          html`<li>${badge(hinders ? 'bad' : 'warn', what)} ${text}${hinders ? html` <small class="muted">cannot be accepted as it is</small>` : ''}</li>`,
      )}</ul>`;

const checklist = (view: ReviewPageView, token: string, open: boolean): Html => {
  const { row, items, checks, level } = view;
  const documents = view.checklist.documents.map(({ id, title }) => ({ value: id, label: title }));
  const title = (id: string | null) => documents.find(({ value }) => value === id)?.label ?? '';
  return html`<p class="muted">For ${view.checklist.levels.find(({ id }) => id === level)?.title ?? level}:
  ${view.checklist.levels.map(({ id, title: name }) => (id === level ? '' : html`<a href="/enrollments/${row.id}?level=${id}">${name}</a> `))}</p>
  <ul class="item-list">${items.map((item) => {
    const check = checks.find((one) => one.item === item.id);
    const form = (what: string, fields: Html | string, label: string) =>
      html`<form method="post" action="/enrollments/${row.id}?level=${level}" class="inline-form">${tokenField(token)}${hidden('do', what)}${hidden('item', item.id)}${fields}
      <button type="submit" class="quiet small">${label}</button></form>`;
    return html`<li class="${check ? 'good' : 'muted'}"><span class="mark">${icon(check ? 'good' : 'muted')}</span> <strong>${item.title}</strong>
    <small class="muted block">${item.how}</small>
    ${
      check
        ? html`<small class="block">${check.actor}, ${moment(check.at)}, ${title(check.document)}${check.note === null ? '' : `: ${check.note}`}</small>${open ? form('uncheck', '', 'Take back') : ''}`
        : open
          ? form(
              'check',
              html`<select name="document" aria-label="Document for: ${item.title}">${documents.map(({ value, label }) => html`<option value="${value}">${label}</option>`)}</select>
        <input type="text" name="note" aria-label="Note for: ${item.title}" placeholder="Note; no document numbers" autocomplete="off">`,
              'Checked',
            )
          : ''
    }</li>`;
  })}</ul><p class="muted"><small>${view.checklist.source} Recorded ${view.checklist.recorded}.</small></p>`;
};

const decide = (view: ReviewPageView, token: string): Html => {
  const { row, level, checklist: list, twoPersons } = view;
  const asked = row.state === 'asked';
  const reason = (label: string) => areaField({ name: 'why', label, rows: 2, required: true });
  return html`${
    asked
      ? ''
      : html`<section class="panel accent"><h2>Accept</h2>
  ${twoPersons ? html`<p class="muted">Two operators decide here. ${row.approved_by === null ? 'You would be the first.' : `${row.approved_by} said yes.`}</p>` : ''}
  ${act(
    row.id,
    token,
    'accept',
    html`${choiceField({ name: 'level', label: 'Level of assurance', value: level, choices: list.levels.map(({ id, title }) => ({ value: id, label: title })) })}
    ${choiceField({
      name: 'certificates',
      label: 'Certificates',
      choices: [
        { value: 'domain-dns', label: 'one for the domain, in DNS' },
        { value: 'address-dns', label: 'one for each address, in DNS' },
        { value: 'domain-ldap', label: 'one for the domain, in LDAP' },
        { value: 'address-ldap', label: 'one for each address, in LDAP' },
      ],
    })}${reason('What the decision stands on')}`,
    'Accept the request',
  )}</section>
  <section class="panel"><h2>Ask for more</h2>${act(row.id, token, 'ask', areaField({ name: 'why', label: 'Question to the applicant', rows: 3, required: true }), 'Ask', true)}</section>`
  }
  <section class="panel"><h2>Decline</h2>${act(row.id, token, 'decline', reason('Reason, which the applicant reads'), 'Decline the request', true)}</section>`;
};

const setUp = (view: ReviewPageView, token: string): Html => {
  const { row, steps, form } = view;
  const done = steps.every(({ state }) => state === 'done');
  return html`<section class="panel accent" aria-labelledby="steps"><h2 id="steps">Set up</h2>${stepList(steps)}
  ${done ? '' : act(row.id, token, 'again', '', 'Go on', true)}
  ${
    view.password
      ? html`<p>For ${form.administrator.name}: <a href="/set-password/${view.password}">the link that sets the password</a>. It works once; the applicant’s page shows it as well.</p>`
      : ''
  }
  ${act(row.id, token, 'link', '', 'Make a new link for the password', true)}</section>`;
};
