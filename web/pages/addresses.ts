import { html } from 'hono/html';
import { count } from '../parts/count.ts';
import type { OrganizationView } from '../views.ts';

export const addressesPage = (
  list: readonly OrganizationView[],
  query: string,
) => html`<div class="page-head">
  <h1>Addresses</h1>
  <form class="field-row" method="get" action="/addresses" role="search"
    hx-get="/addresses" hx-target="#organizations" hx-select="#organizations" hx-swap="outerHTML"
    hx-trigger="input delay:250ms, submit" hx-sync="this:replace" hx-replace-url="true">
    <label class="visually-hidden" for="q">Find an organization, person or address</label>
    <input id="q" name="q" type="search" value="${query}" placeholder="Organization, person, place or address" autocomplete="off">
    <button type="submit" class="quiet">Find</button>
  </form>
</div>
<div id="organizations">
  ${
    list.length === 0
      ? html`<p class="empty">Nothing in this network matches “${query}”.</p>`
      : html`<p class="muted">${count(list.length, 'organization')}, ${count(
          list.reduce((sum, one) => sum + one.people.length, 0),
          'address',
          'addresses',
        )}</p>`
  }
  <div class="cards">${list.map(
    (one) => html`<section class="panel organization">
    <header><h2>${one.name}</h2><p class="muted">${one.kind} · ${one.place} · ${one.hisp}<br>certificates: ${one.level}</p></header>
    <ul class="people">${one.people.map(
      (person) => html`<li>
      <a class="mono" href="/address?a=${encodeURIComponent(person.address)}">${person.address}</a>
      <span class="muted">${person.name}${person.role ? ` · ${person.role}` : ''}</span>
      <a class="mail" href="/mailbox/${encodeURIComponent(person.address)}">mailbox${person.waiting > 0 ? html` <b>${person.waiting}</b>` : ''}</a>
    </li>`,
    )}</ul>
  </section>`,
  )}</div>
</div>`;
