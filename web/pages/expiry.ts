import { html } from 'hono/html';
import type { Html } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { count } from '../parts/count.ts';
import { trustNav } from '../parts/trust-nav.ts';
import type { ExpiryView } from '../trust-views.ts';
import { trustStyles } from './bundles.ts';

/** Names of a group that are shown without opening it. */
const SHOWN = 3;

export const expiryPage = (view: ExpiryView): Html => html`${trustStyles()}
<div class="page-head">
  ${trustNav('expiry')}
  <div class="split"><h1>What ends, and when</h1><a class="button quiet" href="/calendar.ics">Calendar (iCalendar)</a></div>
  <p class="muted">${count(view.counts.things, 'thing')} with a date: ${count(view.counts.soon, 'thing')} to be renewed by somebody within 90 days, ${view.counts.ended} over.
  Notices come 90, 30, 14, 7 and 1 days before, each once: in the log, here, and to the postmaster of the domain. What lives so short that it renews itself, such as revocation lists, stands below but is neither counted nor told of.</p>
</div>
<section class="panel" aria-labelledby="ends"><h2 id="ends">Soonest first</h2>
  <table class="stack ends"><thead><tr><th scope="col">Ends</th><th scope="col">What</th><th scope="col">Then, and what to do</th></tr></thead>
  <tbody>${view.groups.map(
    (
      one,
    ) => html`<tr><td data-label="Ends"><span class="mono nobr">${one.ends}</span> ${badge(one.tone, one.left)}</td>
    <td data-label="What"><strong>${one.titles.length === 1 ? one.titles[0] : `${one.titles.length} certificates`}</strong>
      <small class="muted block">${one.kind}, ${one.holder}</small>${one.titles.length > 1 ? several(one.titles) : ''}</td>
    <td data-label="Then, and what to do"><div><p>${one.effect}.</p><p class="muted">${one.todo}.</p></div></td></tr>`,
  )}</tbody></table>
</section>
<section class="panel" aria-labelledby="told"><h2 id="told">Notices that were given</h2>
  ${
    view.told.length === 0
      ? html`<p class="empty">None yet.</p>`
      : html`<table class="stack"><thead><tr><th scope="col">At</th><th scope="col">HISP</th><th scope="col">What was told</th></tr></thead>
  <tbody>${view.told.map(
    (one) =>
      html`<tr><td data-label="At" class="mono nobr">${one.at}</td><td data-label="HISP">${one.hisp}</td><td data-label="Told">${one.text}</td></tr>`,
  )}</tbody></table>`
  }
</section>`;

const several = (titles: readonly string[]): Html =>
  html`<details><summary>${titles.slice(0, SHOWN).join(', ')}${titles.length > SHOWN ? ' …' : ''}</summary>
    <ul class="plain mono">${titles.map((title) => html`<li>${title}</li>`)}</ul></details>`;
