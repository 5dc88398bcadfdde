import { html } from 'hono/html';
import type {
  DiscoveryView,
  EntryChangeView,
  EntryFieldView,
  EntryView,
  UnlistedView,
} from '../../directory-views.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { certificateCard } from '../../parts/certificate.ts';
import { choiceField, textField } from '../../parts/fields.ts';
import { lookupList } from '../../parts/lookups.ts';
import { directoryHead } from './frame.ts';
import { sign } from './search.ts';

const path = (address: string): string => `/directory/${encodeURIComponent(address)}`;

export const entryPage = (
  view: EntryView,
  token: string,
  operator: boolean,
): Html => html`${directoryHead('', operator)}
<div class="page-head">
  <p><a href="/directory">Directory</a></p>
  <h1>${view.name}</h1>
  <p class="muted">${view.subtitle}</p>
</div>
${view.told ? html`<p class="notice good" role="status">${badge('good', 'done')} ${view.told}</p>` : ''}
<section class="panel entry-head">
  <p class="mono address">${view.address}</p>
  <p class="signs">${badge('muted', view.kind)} <span class="nobr">Verified ${sign(view.verified)}</span>
    ${view.standing ? html`${badge(view.standing.tone, view.standing.text)} <span class="muted">${view.standing.detail}</span>` : ''}</p>
  <div class="actions">
    ${view.write ? html`<a class="button" href="${view.write}">Write a message</a>` : ''}
    ${discoverForm(view.address, token)}
    ${explainForm(view.address, view.explainFrom)}
  </div>
</section>
${
  view.others.length > 0
    ? html`<section class="panel" aria-labelledby="others"><h2 id="others">This address has ${view.others.length} entries</h2>
  <ul class="plain">${view.others.map(({ href, text, here }) => html`<li>${here ? html`<strong aria-current="true">${text}</strong>` : html`<a href="${href}">${text}</a>`}</li>`)}</ul></section>`
    : ''
}
${discoveryPanel(view.discovery)}
<div class="two-thirds">
  <div class="column">
    <section class="panel" aria-labelledby="record"><h2 id="record">Directory record</h2>
      <p class="muted">Contributed by ${view.from.href ? html`<a href="${view.from.href}">${view.from.text}</a>` : view.from.text}.</p>
      <div class="record">${view.groups.map(
        ({ title, fields }) => html`<div><h3>${title}</h3><dl class="fields">${fields.map(field)}</dl></div>`,
      )}</div>
    </section>
    ${view.history ? html`<section class="panel" aria-labelledby="history"><h2 id="history">History</h2><ol class="plain changes">${view.history.map(change)}</ol></section>` : ''}
  </div>
  <div class="column">
    <section class="panel" aria-labelledby="verification"><h2 id="verification">Last verification</h2>${verification(view)}</section>
    <section class="panel" aria-labelledby="publication"><h2 id="publication">Publication</h2>
      <p>${badge(view.publication.tone, view.publication.shown)}</p>
      ${view.publication.why ? html`<p class="muted">${view.publication.why}</p>` : ''}
      ${view.publication.choices ? choiceForm(view.address, view.publication.choices, token) : ''}
    </section>
    ${view.findings ? findings(view.findings) : ''}
  </div>
</div>`;

export const unlistedPage = (
  view: UnlistedView,
  token: string,
  operator: boolean,
): Html => html`${directoryHead('', operator)}
<div class="page-head">
  <p><a href="/directory">Directory</a></p>
  <h1>Not listed</h1>
</div>
<section class="panel entry-head">
  <p class="mono address">${view.address}</p>
  <p>${view.text}</p>
  <div class="actions">${discoverForm(view.address, token)}${explainForm(view.address, view.explainFrom)}</div>
</section>
${discoveryPanel(view.discovery)}`;

/** Runs discovery and puts what it finds into the page; without script the whole page comes anew. */
const discoverForm = (
  address: string,
  token: string,
): Html => html`<form class="run-form" method="post" action="${path(address)}/discover"
  hx-post="${path(address)}/discover" hx-target="#discovery" hx-select="#discovery" hx-swap="outerHTML" hx-disable="find button">
  ${tokenField(token)}<button type="submit" class="quiet">Discover now</button></form>`;

const explainForm = (to: string, from: EntryView['explainFrom']): Html | string =>
  from.length === 0
    ? ''
    : html`<form class="explain-from field-row" method="get" action="/explain">
  <input type="hidden" name="to" value="${to}">
  <label class="inline" for="explain-from">from</label>
  <select id="explain-from" name="from">${from.map(({ address, label }) => html`<option value="${address}">${label}</option>`)}</select>
  <button type="submit" class="quiet">Explain</button></form>`;

const categories = (list: DiscoveryView['categories']): Html =>
  list.length === 0
    ? badge('warn', 'no entity category')
    : html`${list.map(({ name, oid }) => html`<span title="${oid}">${badge('info', name)}</span> `)}`;

/** Always there, so that what a discovery finds has a place to go. */
export const discoveryPanel = (found: DiscoveryView | undefined): Html =>
  found
    ? html`<section id="discovery" aria-label="Discovery" aria-live="polite"><div class="panel verdict ${found.verdict.tone}">
    <h2>Discovery, ${found.at} UTC</h2>
    <p class="headline">${badge(found.verdict.tone, found.verdict.headline)} ${found.code ? html`<code class="code">${found.code}</code>` : ''} ${found.certificates.length > 0 ? categories(found.categories) : ''}</p>
    <p class="reason">${found.verdict.detail}</p>
    ${found.cure ? html`<p><strong>What would cure it:</strong> ${found.cure}</p>` : ''}
    <h3>${found.steps.length} ${found.steps.length === 1 ? 'step' : 'steps'} in ${found.ms} ms</h3>
    ${lookupList(found.steps)}</div>
    ${found.certificates.length > 0 ? html`<div class="cards wide">${found.certificates.map(certificateCard)}</div>` : ''}
  </section>`
    : html`<section id="discovery" hidden></section>`;

const field = ({
  name,
  value,
  mono,
  means,
  from,
  fromHref,
}: EntryFieldView): Html => html`<div><dt>${name}</dt>
  <dd><span class="${mono ? 'mono' : ''}">${value}</span>${means ? html` <span class="muted">${means}</span>` : ''}
  ${from ? html`<small class="muted from">${fromHref ? html`<a href="${fromHref}">${from}</a>` : from}</small>` : ''}</dd></div>`;

/** What a verification came to, in a word. */
const WORD = {
  good: 'verified',
  bad: 'failed',
  warn: 'no answer',
  muted: 'not yet',
  info: 'its HISP says so',
  busy: '',
} as const;

const verification = ({ found, verified }: EntryView): Html =>
  found
    ? html`<p>${badge(verified.tone, WORD[verified.tone])} <span class="muted">${found.at} UTC</span></p><p>${found.text}</p>
  <dl class="fields">
    ${found.serial ? html`<div><dt>Certificate</dt><dd>serial <span class="mono">${found.serial}</span></dd></div>` : ''}
    ${found.serial ? html`<div><dt>Entity category</dt><dd>${categories(found.categories)}</dd></div>` : ''}
    <div><dt>Asked</dt><dd class="mono">${found.asked}</dd></div>
  </dl>`
    : html`<p>${sign(verified)} <span class="muted">${verified.detail ?? ''}</span></p><p class="muted">Our own discovery did not ask about it yet.</p>`;

const CHOICES = {
  default: 'nothing chosen',
  public: 'everybody',
  participants: 'participants',
  never: 'nobody',
} as const;

/** The nearest choice counts, so all that were made are told. */
const choiceForm = (
  address: string,
  choices: NonNullable<EntryView['publication']['choices']>,
  token: string,
): Html => html`<form class="write" method="post" action="${path(address)}/choice">
  ${tokenField(token)}
  ${choiceField({
    name: 'subject',
    label: 'Of',
    choices: choices.map(({ subject, name, choice }) => ({
      value: subject,
      label: `${subject === 'address' ? '' : `${subject} `}${name}: ${CHOICES[choice as keyof typeof CHOICES]}`,
    })),
  })}
  ${choiceField({
    name: 'choice',
    label: 'Shown to',
    value: choices[0]?.choice,
    choices: Object.entries(CHOICES).map(([value, label]) => ({ value, label })),
  })}
  ${textField({ name: 'reason', label: 'Reason', placeholder: 'asked for by …' })}
  <button type="submit" class="quiet small">Change</button></form>`;

const findings = (
  list: NonNullable<EntryView['findings']>,
): Html => html`<section class="panel" aria-labelledby="findings"><h2 id="findings">Compliance</h2>
  ${
    list.length === 0
      ? html`<p>${badge('good', 'no findings')}</p>`
      : html`<ul class="plain reasons">${list.map(({ code, title, reason }) => html`<li>${badge('warn', code)} <span>${reason}</span><small class="muted block">${title}</small></li>`)}</ul>`
  }</section>`;

const change = ({ at, what, tone, by, href, fields }: EntryChangeView): Html => html`<li>
  <p>${badge(tone, what)} <span class="mono nobr">${at}</span> <span class="muted">${href ? html`<a href="${href}">${by}</a>` : by}</span></p>
  ${
    fields.length > 0
      ? html`<dl class="diff">${fields.map(({ name, before, after }) => html`<div><dt class="mono">${name}</dt><dd><del>${before || 'nothing'}</del> <ins>${after || 'nothing'}</ins></dd></div>`)}</dl>`
      : ''
  }</li>`;
