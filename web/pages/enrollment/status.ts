import { html } from 'hono/html';
import { challengeName, challengeText } from '../../../src/hisp/enrollment/domain-right.ts';
import { MAX_EVIDENCE, MAX_FILE } from '../../../src/hisp/enrollment/evidence.ts';
import type { StepView } from '../../../src/hisp/enrollment/ordered-steps.ts';
import { firstAddress, type JoinRequest } from '../../../src/hisp/enrollment/request.ts';
import { STATE_WORDS } from '../../../src/hisp/enrollment/states.ts';
import type { ParticipationPolicy } from '../../../src/hisp/enrollment/world.ts';
import type {
  EnrollmentEvent,
  EnrollmentRow,
  EnrollmentState,
  EvidenceRow,
} from '../../../src/store/enrollment-schema.ts';
import { behind, moment } from '../../desk/section.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { areaField, rowsTable } from '../../parts/fields.ts';
import { plainMarkdown } from '../../parts/plain-markdown.ts';
import { stepList } from '../../parts/step-list.ts';
import type { Tone } from '../../views.ts';
import { agreeFields, problemList, requestFields } from './join.ts';
import { enrollmentStyles } from './styles.ts';

export interface StatusView {
  readonly hisp: { readonly id: string; readonly title: string };
  /** In the link. */
  readonly link: string;
  readonly row: EnrollmentRow;
  readonly form: JoinRequest;
  readonly values: Readonly<Record<string, string>>;
  readonly events: readonly EnrollmentEvent[];
  readonly evidence: readonly EvidenceRow[];
  readonly steps: readonly StepView[];
  readonly standing: 'below' | 'own';
  readonly policy: ParticipationPolicy;
  readonly nameServer: string;
  /** The link that sets the administrator's password, while it can be used. */
  readonly password?: { readonly token: string; readonly expiresAt: number };
  /** Since when the organization leaves or has left, ms since 1970 UTC. */
  readonly leftAt?: number;
  readonly problems: readonly string[];
  readonly told?: string;
}

export const STATE_TONES: Readonly<Record<EnrollmentState, Tone>> = {
  draft: 'muted',
  submitted: 'info',
  asked: 'warn',
  answered: 'info',
  accepted: 'good',
  declined: 'bad',
  withdrawn: 'muted',
};

export const statusPage = (view: StatusView, token: string): Html => {
  const { row, form, hisp } = view;
  const open = !['accepted', 'declined', 'withdrawn'].includes(row.state);
  return html`${enrollmentStyles()}
<div class="page-head"><h1>${form.name}</h1>
  <p>${badge(STATE_TONES[row.state], STATE_WORDS[row.state])} <span class="muted">Request ${row.id} to ${hisp.title}</span></p>
  <p class="muted">Keep the address of this page: who has it may act for you here.</p></div>
${view.told ? html`<p class="notice good" role="status">${view.told}</p>` : ''}
${problemList(view.problems)}
${row.state === 'asked' ? question(view, token) : ''}
${row.state === 'accepted' ? (view.leftAt === undefined ? welcome(view) : farewell(view)) : ''}
${row.state === 'declined' ? declined(view) : ''}
${view.standing === 'own' && open ? proof(view, token) : ''}
${row.state === 'draft' ? agreement(view, token) : ''}
<div class="two-thirds"><div class="column">
  ${evidencePanel(view, token, open)}
  ${
    row.state === 'draft' || row.state === 'asked'
      ? html`<section class="panel">${behind('Change what you filled in', change(view, token))}</section>`
      : ''
  }
</div><div class="column">
  <section class="panel" aria-labelledby="history"><h2 id="history">What happened</h2>${eventList(view.events, true)}</section>
  ${
    open
      ? html`<section class="panel">${behind(
          'Withdraw the request',
          html`${act(view, token, 'withdraw', areaField({ name: 'why', label: 'Why (if you like)', rows: 2 }), 'Withdraw', true)}`,
        )}</section>`
      : ''
  }
</div></div>`;
};

const act = (
  view: StatusView,
  token: string,
  what: string,
  fields: Html | string,
  label: string,
  quiet = false,
) =>
  html`<form method="post" action="/join/status/${view.link}" class="write">${tokenField(token)}<input type="hidden" name="do" value="${what}">${fields}
  <button type="submit" class="${quiet ? 'quiet' : ''}">${label}</button></form>`;

const question = (view: StatusView, token: string): Html => {
  const last = view.events.findLast(({ event }) => event === 'ask');
  return html`<section class="panel accent"><h2>${view.hisp.title} asks</h2><p>${last?.why}</p>
  <p class="muted">Files can be added below first.</p>
  ${act(view, token, 'answer', areaField({ name: 'answer', label: 'Your answer', rows: 4, required: true }), 'Send the answer')}</section>`;
};

const declined = ({ hisp, events }: StatusView): Html =>
  html`<section class="panel accent"><h2>${hisp.title} declined</h2><p>${events.at(-1)?.why}</p></section>`;

const proof = (view: StatusView, token: string): Html => {
  const { form, row, hisp, nameServer } = view;
  if (row.proven_at !== null)
    return html`<section class="panel"><h2>Your domain</h2><p>${badge('good', 'proven')} ${form.domain} is yours, seen ${moment(row.proven_at)} UTC. Leave the record until the request is decided.</p>
  <p class="muted">Once you are accepted, delegate <code>${form.domain}</code> to <code>${nameServer}</code>.</p></section>`;
  return html`<section class="panel accent"><h2>Prove that ${form.domain} is yours</h2>
  <p>${form.domain} is not below a domain of ${hisp.title}. Put this record into your DNS:</p>
  <pre><code>${challengeName(form.domain)}. TXT "${challengeText(row.challenge)}"</code></pre>
  ${act(view, token, 'prove', '', 'Look for the record')}</section>`;
};

const agreement = (view: StatusView, token: string): Html =>
  html`<section class="panel accent"><h2>Agree and send</h2>
  <div class="policy" tabindex="0" role="region" aria-label="Participation policy">${plainMarkdown(view.policy.text)}</div>
  ${act(view, token, 'submit', agreeFields(view.policy), `Send the request to ${view.hisp.title}`)}</section>`;

const change = (view: StatusView, token: string): Html =>
  html`<form method="post" action="/join/status/${view.link}" class="join-form">${tokenField(token)}<input type="hidden" name="do" value="change">
  ${requestFields(view.values)}<button type="submit">Keep the changes</button></form>`;

const evidencePanel = (view: StatusView, token: string, open: boolean): Html =>
  html`<section class="panel" aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
  <p class="muted">Such as a licence, a registration, a letter that names the administrator. Only operators of ${view.hisp.title} can read it; it lies encrypted.</p>
  ${evidenceTable(view.evidence)}
  ${
    open && view.evidence.length < MAX_EVIDENCE
      ? html`<form method="post" action="/join/status/${view.link}/evidence" enctype="multipart/form-data" class="write">${tokenField(token)}
    <label class="field"><span>Add a file</span><input type="file" name="file" accept=".pdf,.jpg,.jpeg,.png,.txt" required>
    <small class="muted">PDF, JPEG, PNG or plain text, at most ${MAX_FILE >> 20} MB; ${MAX_EVIDENCE} files</small></label>
    <button type="submit" class="quiet">Add</button></form>`
      : ''
  }</section>`;

/** @param at link to a file by its number, for those who may read it */
export const evidenceTable = (evidence: readonly EvidenceRow[], at?: (n: number) => string): Html =>
  rowsTable(
    ['File', 'Kind', 'Size', 'Since'],
    evidence.map(({ n, name, type, size, at: since }) => [
      at ? html`<a href="${at(n)}">${name}</a>` : name,
      type,
      html`<span class="nobr">${Math.ceil(size / 1024)} kB</span>`,
      html`<span class="mono nobr">${moment(since)}</span>`,
    ]),
    'No file yet.',
  );

const farewell = ({ form, hisp, leftAt = 0 }: StatusView): Html =>
  html`<section class="panel accent"><h2>${form.name} has left</h2>
  <p>Since ${moment(leftAt)} UTC senders to ${form.domain} are told so. Ask ${hisp.title} for the mail of your mailboxes.</p></section>`;

const welcome = (view: StatusView): Html => {
  const { steps, password, form, hisp } = view;
  const done = steps.every(({ state }) => state === 'done');
  return html`<section class="panel accent"><h2>Welcome</h2>
  <p>${hisp.title} accepted your request. ${done ? `${firstAddress(form)} can send and receive.` : 'It is being set up.'}</p>
  ${
    password
      ? html`<p><a class="button" href="/set-password/${password.token}">Set the password of ${firstAddress(form)}</a></p>
    <p class="muted">For ${form.administrator.name}. The link works once, until ${moment(password.expiresAt)} UTC.</p>`
      : ''
  }
  ${done ? html`<p><a href="/connect?hisp=${hisp.id}">How to connect</a> your EHR or mail program, or <a href="/sign-in?to=/webmail">sign in</a> and use webmail.</p>` : ''}
</section>
<section class="panel" aria-labelledby="steps"><h2 id="steps">What was set up</h2>${stepList(steps)}</section>`;
};

const EVENT_WORDS: Readonly<Record<string, string>> = {
  begin: 'begun',
  change: 'changed',
  'domain-proven': 'domain proven',
  evidence: 'file added',
  submit: 'sent',
  ask: 'question',
  answer: 'answer',
  approve: 'first of two persons said yes',
  accept: 'accepted',
  decline: 'declined',
  withdraw: 'withdrawn',
};

/** @param outside for the applicant, who hears neither names nor deliberations */
export const eventList = (events: readonly EnrollmentEvent[], outside: boolean): Html =>
  html`<ol class="step-list">${events
    .filter(({ event }) => !outside || event !== 'approve')
    .map(
      ({ at, actor, event, why }) => html`<li class="muted"><span class="mark">·</span><div>
    <strong>${EVENT_WORDS[event] ?? event}</strong>${outside && actor !== 'applicant' ? '' : html` <small class="muted">by ${actor === 'applicant' && outside ? 'you' : actor}</small>`}
    <small class="mono muted nobr">${moment(at)}</small>
    ${why === null || (outside && event === 'accept') ? '' : html`<small class="block">${why}</small>`}</div></li>`,
    )}</ol>`;
