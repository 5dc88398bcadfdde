import { html } from 'hono/html';
import { tokenField } from '../layout.ts';
import { addressBox } from '../parts/address-box.ts';
import { badge } from '../parts/badge.ts';
import { count } from '../parts/count.ts';
import { icon } from '../parts/icon.ts';
import { stages } from '../parts/stages.ts';
import { tally } from '../parts/tally.ts';
import { trustMap } from '../parts/trust-map.ts';
import type { HomeView, StoryView, TrustMapView } from '../views.ts';

export const homePage = (view: HomeView, token: string) => html`<div class="page-head">
  <h1>${view.network}</h1>
  <p class="muted">${[
    count(view.map.hisps.length, 'HISP'),
    count(view.map.communities.length, 'community', 'communities'),
    count(view.counts.organizations, 'organization'),
    count(view.counts.addresses, 'address', 'addresses'),
    `${count(view.counts.messages, 'message')} so far`,
  ].join(', ')}</p>
</div>
<div class="two-thirds">
  <div class="column">
  ${view.map.hisps.length > 1 ? trust(view.map) : ''}
  <section class="panel" aria-labelledby="try">
  <h2 id="try">From a terminal</h2>
  <dl class="commands">${view.commands.map(
    (command) => html`<div><dt>${command.what}</dt><dd><pre>${command.text}</pre></dd></div>`,
  )}</dl>
</section>
  </div>
  <div class="column">
    <section class="panel" aria-labelledby="check">
      <h2 id="check">Check an address</h2>
      ${addressBox({})}
      <p class="examples">For example ${view.examples.map(
        (address, i) =>
          html`${i > 0 ? ', ' : ''}<a class="mono" href="/address?a=${encodeURIComponent(address)}">${address}</a>`,
      )}</p>
    </section>
    ${view.rehearsal ? rehearsal(view.rehearsal, token) : ''}
    <section class="panel" aria-labelledby="runs">
      <h2 id="runs">What runs</h2>
      <table class="services">
        <thead class="visually-hidden"><tr><th scope="col">Server</th><th scope="col">Where</th><th scope="col">State</th></tr></thead>
        <tbody>${view.services.map(
          (service) => html`<tr>
          <th scope="row">${service.name} <span class="muted">${service.what}</span></th>
          <td class="mono">${service.at}</td>
          <td>${service.up ? badge('good', 'up') : badge('bad', 'down')}</td>
        </tr>`,
        )}</tbody>
      </table>
    </section>
  </div>
</div>
${view.story ? story(view.story) : ''}`;

const trust = (view: TrustMapView) => html`<section class="panel" aria-labelledby="trust">
    <h2 id="trust">Who trusts whom</h2>
    <div class="picture">${trustMap(view)}</div>
    ${reachTable(view)}
  </section>`;

const rehearsal = (
  view: NonNullable<HomeView['rehearsal']>,
  token: string,
) => html`<section class="panel accent" aria-labelledby="rehearse">
  <h2 id="rehearse">Rehearse the discovery test</h2>
  <p>Runs d1 to d18, as the accreditation test asks them, against the reference HISP on a simulated network.</p>
  <form method="post" action="/runs" class="field-row">
    ${tokenField(token)}${view.select.map((one) => html`<input type="hidden" name="select" value="${one}">`)}
    <button type="submit">Run d1–d18</button>
    ${view.last ? html`<a href="/runs/${view.last.id}">Last run</a> ${tally(view.last)}` : ''}
  </form>
</section>`;

const reachTable = (view: TrustMapView) => html`<table class="reach stack">
  <caption class="visually-hidden">Whether a message from the HISP of the row is accepted at the HISP of the column</caption>
  <thead><tr><th scope="col">from \\ to</th>${view.hisps.map((hisp) => html`<th scope="col">${hisp.title}</th>`)}</tr></thead>
  <tbody>${view.hisps.map(
    (from) =>
      html`<tr><th scope="row">${from.title}</th>${view.hisps.map((to) => {
        const cell = view.reach.find((one) => one.from === from.id && one.to === to.id);
        if (!cell) return html`<td class="muted self">–</td>`;
        return html`<td data-label="to ${to.title}">${badge(cell.ok ? 'good' : 'bad', cell.ok ? 'reaches' : 'refused')}${
          cell.why ? html`<small class="muted">${cell.why}</small>` : ''
        }</td>`;
      })}</tr>`,
  )}</tbody>
</table>`;

const story = (view: StoryView) => html`<section class="panel story" aria-labelledby="why">
  <header>
    <h2 id="why">Why does <span class="nobr">${view.from.name}</span> not reach <span class="nobr">${view.to.organization}</span>?</h2>
    <p class="pair"><span class="mono">${view.from.address}</span> ${icon('arrow')} <span class="mono">${view.to.address}</span></p>
  </header>
  <div class="halves">
    ${stages(view.stages)}
    <div class="answer">
      <p class="headline">${badge(view.verdict === 'trusted' ? 'good' : view.verdict === 'refused' ? 'bad' : 'warn', view.verdict)}
        ${view.code ? html`<code class="code">${view.code}</code>` : ''}</p>
      <p class="reason">${view.headline}</p>
      ${view.lesson ? html`<p>${view.lesson}</p>` : ''}
      ${view.cure ? html`<h3>What would cure it</h3><p>${view.cure}</p>` : ''}
      <p><a class="button" href="/explain?from=${encodeURIComponent(view.from.address)}&amp;to=${encodeURIComponent(view.to.address)}">Explain it, both ways</a>
      <a class="button quiet" href="/address?a=${encodeURIComponent(view.to.address)}&amp;from=${encodeURIComponent(view.from.address)}">Every lookup and certificate</a></p>
    </div>
  </div>
</section>`;
