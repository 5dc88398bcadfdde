import { html } from 'hono/html';
import { addressBox } from '../parts/address-box.ts';
import { badge } from '../parts/badge.ts';
import { certificateCard } from '../parts/certificate.ts';
import { lookupList } from '../parts/lookups.ts';
import type { AddressView } from '../views.ts';

export const addressPage = (view: AddressView, _token: string) => html`<div class="page-head">
  ${addressBox({ value: view.address, from: view.from, choices: view.fromChoices })}
</div>
<section class="panel verdict ${view.verdict.tone}">
  <h1 class="mono">${view.address}</h1>
  ${view.person ? html`<p class="muted">${view.person.name}, ${view.person.organization} · ${view.person.hisp}</p>` : ''}
  <p class="headline">${badge(view.verdict.tone, view.verdict.headline)} ${view.code ? html`<code class="code">${view.code}</code>` : ''}</p>
  <p class="reason">${view.verdict.detail}</p>
  ${view.cure ? html`<p><strong>What would cure it:</strong> ${view.cure}</p>` : ''}
  <p>
    ${view.from && view.address.includes('@') ? html`<a class="button quiet" href="/explain?from=${encodeURIComponent(view.from)}&amp;to=${encodeURIComponent(view.address)}">Explain, both ways</a>` : ''}
    ${view.person ? html`<a class="button quiet" href="/mailbox/${encodeURIComponent(view.address)}">Mailbox</a>` : ''}
  </p>
</section>
<section class="panel" aria-labelledby="lookups">
  <h2 id="lookups">How its certificate was looked for <small class="muted">${view.steps.length} ${view.steps.length === 1 ? 'step' : 'steps'} in ${view.ms} ms</small></h2>
  ${lookupList(view.steps)}
</section>
<section aria-labelledby="certificates">
  <h2 id="certificates">${view.certificates.length === 0 ? 'No certificate was found' : `Certificates considered: ${view.certificates.length}`}</h2>
  <div class="cards wide">${view.certificates.map(certificateCard)}</div>
</section>
<section class="panel" aria-labelledby="again">
  <h2 id="again">Ask again yourself</h2>
  ${view.commands.map((command) => html`<pre>${command}</pre>`)}
</section>`;
