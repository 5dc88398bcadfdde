import { html } from 'hono/html';
import { type Html, tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { count } from '../parts/count.ts';
import { icon } from '../parts/icon.ts';
import { trustNav } from '../parts/trust-nav.ts';
import type { WatchedView, WatchFactView } from '../watch-room.ts';
import { eventTable, watchStyles } from './watch.ts';

/** @param token for the button that looks now; without it there is none */
export const watchedPage = (
  { line, seen, events, history, alerts }: WatchedView,
  token: string | undefined,
): Html =>
  html`${watchStyles()}
<div class="page-head">
  ${trustNav('watch')}
  <div class="split"><h1 class="domain">${line.domain}</h1>
    ${
      token === undefined
        ? ''
        : html`<form method="post" action="/watch/${encodeURIComponent(line.domain)}">${tokenField(token)}<button type="submit" class="quiet">Look now</button></form>`
    }</div>
  <p>${badge(line.tone, line.state)} <span class="muted">${line.kind}; ${
    line.at === undefined ? 'not looked at yet' : `looked at ${line.at} UTC`
  }${line.next === undefined ? '' : `, again ${line.next} UTC`}. <a href="/watch">All domains</a></span></p>
</div>
<section class="panel" aria-labelledby="seen"><h2 id="seen">What the last look saw</h2>
  ${
    seen.length === 0
      ? html`<p class="empty">Nothing yet.</p>`
      : html`<dl class="facts-seen">${seen.map(
          ({ name, facts }) =>
            html`<div><dt>${name}</dt><dd><ul class="plain">${facts.map(factItem)}</ul></dd></div>`,
        )}</dl>`
  }
</section>
<section class="panel" aria-labelledby="events"><h2 id="events">What changed</h2>
  ${eventTable(events, false)}
</section>
<section class="panel" aria-labelledby="history"><h2 id="history">What was seen before</h2>
  ${
    history.length === 0
      ? html`<p class="empty">Nothing yet.</p>`
      : html`<table class="stack before"><thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Looks</th><th scope="col">State</th></tr></thead>
  <tbody>${history.map(
    (
      one,
    ) => html`<tr><td data-label="From" class="mono nobr">${one.from}</td><td data-label="To" class="mono nobr">${one.to}</td>
    <td data-label="Looks">${one.runs}</td><td data-label="State"><div>${badge(one.tone, one.state)}<small class="muted block">${one.text}</small></div></td></tr>`,
  )}</tbody></table>`
  }
</section>
<section class="panel" aria-labelledby="alerts"><h2 id="alerts">Who was told</h2>
  ${
    alerts.length === 0
      ? html`<p class="empty">Nobody yet.</p>`
      : html`<table class="stack"><thead><tr><th scope="col">At</th><th scope="col">How</th><th scope="col">What became of it</th></tr></thead>
  <tbody>${alerts.map(
    (one) =>
      html`<tr><td data-label="At" class="mono nobr">${one.at}</td><td data-label="How">${one.channel}</td><td data-label="Result">${badge(one.tone, one.text)}</td></tr>`,
  )}</tbody></table>
  <p class="muted">${count(alerts.length, 'alert')}; each is brought once.</p>`
  }
</section>`;

const factItem = ({ name, tone, text, detail }: WatchFactView): Html =>
  html`<li><span class="seen ${tone}">${icon(tone)}<span><span class="mono">${name}</span> ${text}${
    detail ? html`<small class="muted block">${detail}</small>` : ''
  }</span></span></li>`;
