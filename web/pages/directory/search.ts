import { html } from 'hono/html';
import type {
  AdviceView,
  DirectoryRowView,
  DirectorySearchView,
  Marked,
  MarkView,
} from '../../directory-views.ts';
import type { Html } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { icon } from '../../parts/icon.ts';
import { directoryHead } from './frame.ts';

export const searchPage = (
  view: DirectorySearchView,
  operator: boolean,
): Html => html`${directoryHead('search', operator)}
<div class="page-head">
  <h1>Directory</h1>
  ${searchForm(view)}
</div>
<div id="found" aria-live="polite">${found(view)}</div>`;

/** @param place id of what would hold the answer */
export const tooOftenPage = (seconds: number, place: string): Html => html`${directoryHead('', false)}
<div class="page-head"><p><a href="/directory">Directory</a></p><h1>Too many questions</h1></div>
<div id="${place}">${wait(seconds)}</div>`;

const wait = (seconds: number): Html =>
  html`<p class="notice warn" role="alert">${badge('warn', 'not answered')} Ask again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}. Members of participating HISPs who are signed in may ask more often.</p>`;

const option = (value: string, text: string, chosen: string): Html =>
  html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${text}</option>`;

/** A plain GET form; while somebody types, htmx asks for the same page and takes the results out of it. */
const searchForm = ({
  asked,
  choices,
}: DirectorySearchView): Html => html`<form class="directory-search" method="get" action="/directory" role="search"
  hx-get="/directory" hx-target="#found" hx-select="#found" hx-swap="outerHTML"
  hx-trigger="input delay:350ms, change, submit" hx-sync="this:replace" hx-replace-url="true">
  <div class="field-row">
    <label class="visually-hidden" for="q">Name, NPI, city, domain or address</label>
    <input id="q" name="q" type="search" value="${asked.text}" placeholder="Name, NPI, city, domain or address" autocomplete="off" spellcheck="false" maxlength="200">
    <button type="submit">Search</button>
  </div>
  <div class="filters">
    <label><span>State</span><select name="state">${option('', 'any', asked.state)}${choices.states.map(
      ([code, name]) => option(code, `${code} ${name}`, asked.state),
    )}</select></label>
    <label><span>HISP</span><select name="hisp">${option('', 'any', asked.hisp)}${choices.hisps.map((name) =>
      option(name, name, asked.hisp),
    )}</select></label>
    <label><span>Kind</span><select name="kind">${option('', 'any', asked.kind)}${choices.kinds.map((kind) =>
      option(kind, kind, asked.kind),
    )}</select></label>
    <label><span>Verified</span><select name="verified">${option('', 'any', asked.verified)}${option('yes', 'verified', asked.verified)}${option('no', 'not verified', asked.verified)}</select></label>
    <label class="wide"><span>Specialty</span><input name="specialty" type="text" list="specialties" value="${asked.specialty}" placeholder="name or NUCC code" autocomplete="off" maxlength="60"></label>
  </div>
  <datalist id="specialties">${choices.specialties.map(([code, name]) => html`<option value="${name}">${code}</option>`)}</datalist>
</form>`;

function found(view: DirectorySearchView): Html {
  const { result, reader } = view;
  const eyes = html`<p class="eyes"><span class="seen ${reader.tone}">${icon(reader.tone)}<span>${reader.text}${
    reader.signIn ? html` <a href="/sign-in?to=/directory">Sign in</a>` : ''
  }</span></span></p>`;
  if (!result)
    return html`<section class="panel">
    <p>One box finds people, departments and organizations: by name, by NPI, by city or ZIP code, by domain, or by the Direct address itself.</p>
    ${view.examples.length > 0 ? html`<p class="examples">For example ${view.examples.map(({ text, href }, i) => html`${i > 0 ? ', ' : ''}<a href="${href}">${text}</a>`)}.</p>` : ''}
    <p class="muted">${view.size} The directory helps to find an address; whether mail to it is trusted is decided by discovery and the anchors of the sender.${view.openAddresses ? html` <a href="/addresses">All addresses of this demo, with their mailboxes</a>` : ''}</p>
  </section>${eyes}`;
  return html`<p class="tools"><strong>${result.count}</strong>${view.specialtyName ? html` <span class="muted">specialty ${view.specialtyName}</span>` : ''}</p>
  ${result.advice.map(adviceLine)}
  ${
    result.rows.length === 0
      ? result.advice.length > 0
        ? ''
        : html`<p class="empty">Nothing has these words. Try a part of the name, the city, or the domain.</p>`
      : html`<section class="panel"><table class="stack directory">
    <thead><tr><th scope="col">Name</th><th scope="col">Organization</th><th scope="col">City</th><th scope="col">Address</th><th scope="col">HISP</th><th scope="col">Verified</th></tr></thead>
    <tbody>${result.rows.map(row)}</tbody></table></section>`
  }
  ${
    result.previous || result.next
      ? html`<nav class="paging" aria-label="Pages">${result.previous ? html`<a class="button quiet" href="${result.previous}" rel="prev">Before</a>` : ''}${result.next ? html`<a class="button quiet" href="${result.next}" rel="next">More</a>` : ''}</nav>`
      : ''
  }
  ${eyes}`;
}

const adviceLine = ({ tone, text, link }: AdviceView): Html =>
  html`<p class="notice advice ${tone}" role="status"><span class="seen ${tone}">${icon(tone)}<span>${text}${link ? html` <a href="${link.href}">${link.text}</a>` : ''}</span></span></p>`;

export const marks = (text: Marked): Html =>
  html`${text.map((piece) => (piece.hit ? html`<mark>${piece.text}</mark>` : piece.text))}`;

/** A small sign with its word, and what it means for those who point at it. */
export const sign = ({ tone, text, detail }: MarkView): Html =>
  html`<span class="seen ${tone}" ${detail ? html`title="${detail}"` : ''}>${icon(tone)}<span>${text}</span></span>`;

const row = (one: DirectoryRowView): Html => html`<tr>
  <td data-label="Name"><div><a href="${one.href}"><strong>${marks(one.name)}</strong></a>
    <small class="muted block">${one.role.length > 0 ? marks(one.role) : one.kind}</small></div></td>
  <td data-label="Organization">${marks(one.organization)}</td>
  <td data-label="City">${marks(one.place)}</td>
  <td data-label="Address" class="mono">${marks(one.address)}</td>
  <td data-label="HISP">${marks(one.hisp)}</td>
  <td data-label="Verified"><div>${sign(one.verified)}${one.shown ? html`<small class="block">${badge(one.shown.tone, one.shown.text)}</small>` : ''}</div></td></tr>`;
