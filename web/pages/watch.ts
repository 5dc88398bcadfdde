import { html } from 'hono/html';
import { assetUrl } from '../assets.ts';
import { type Html, tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { count } from '../parts/count.ts';
import { icon } from '../parts/icon.ts';
import { trustNav } from '../parts/trust-nav.ts';
import type { WatchCheckView, WatchEventView, WatchLineView, WatchView } from '../watch-room.ts';
import { trustStyles } from './bundles.ts';

export const watchStyles = (): Html =>
  html`${trustStyles()}<link rel="stylesheet" href="${assetUrl('watch.css')}">`;

/** @param token for the button that looks now; without it there is none */
export const watchPage = (
  { lines, events, every }: WatchView,
  token: string | undefined,
): Html => html`${watchStyles()}
<div class="page-head">
  ${trustNav('watch')}
  <div class="split"><h1>Watch</h1>
    ${
      token === undefined
        ? ''
        : html`<form method="post" action="/watch">${tokenField(token)}<button type="submit" class="quiet">Look at all now</button></form>`
    }</div>
  <p class="muted">${count(lines.length, 'domain')}, each looked at ${every}: its certificates, name servers and directories, trust, revocation lists, mail servers and their port 25. What changes is told once, to the postmaster of the domain.</p>
</div>
<section class="panel" aria-labelledby="domains"><h2 id="domains">Domains</h2>
  <table class="stack watch"><thead><tr><th scope="col">Domain</th><th scope="col">State</th>${columns(
    lines,
  ).map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">Looked at</th></tr></thead>
  <tbody>${lines.map(lineRow)}</tbody></table>
</section>
<section class="panel" aria-labelledby="events"><h2 id="events">What changed</h2>
  ${eventTable(events, true)}
</section>`;

const columns = (lines: readonly WatchLineView[]): readonly string[] =>
  lines.find(({ checks }) => checks.length > 0)?.checks.map(({ name }) => name) ?? [];

const lineRow = (line: WatchLineView): Html => html`<tr>
  <td data-label="Domain"><div><a class="mono" href="/watch/${encodeURIComponent(line.domain)}">${line.domain}</a><small class="muted block">${line.kind}</small></div></td>
  <td data-label="State">${badge(line.tone, line.state)}</td>
  ${line.checks.map(checkCell)}
  <td data-label="Looked at" class="mono nobr">${line.at ?? '–'}</td></tr>`;

const checkCell = ({ name, tone, text }: WatchCheckView): Html =>
  html`<td data-label="${name}"><span class="seen ${tone}">${icon(tone)}<span>${text}</span></span></td>`;

/** @param named whether each line says which domain it is about */
export const eventTable = (events: readonly WatchEventView[], named: boolean): Html =>
  events.length === 0
    ? html`<p class="empty">Nothing yet.</p>`
    : html`<table class="stack happened"><thead><tr><th scope="col">At</th>${named ? html`<th scope="col">Domain</th>` : ''}<th scope="col">What</th></tr></thead>
  <tbody>${events.map(
    (one) => html`<tr><td data-label="At" class="mono nobr">${one.at}</td>
    ${named ? html`<td data-label="Domain"><a class="mono" href="/watch/${encodeURIComponent(one.domain)}">${one.domain}</a></td>` : ''}
    <td data-label="What"><div>${badge(one.tone, one.title)}<p>${one.text}.</p>${one.todo ? html`<p class="muted">${one.todo}.</p>` : ''}</div></td></tr>`,
  )}</tbody></table>`;
