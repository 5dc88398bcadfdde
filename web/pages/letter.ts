import { html } from 'hono/html';
import { stages } from '../parts/stages.ts';
import type { LetterView } from '../views.ts';

export const letterPage = (view: LetterView) => html`<div class="page-head">
  <p><a href="/mailbox/${encodeURIComponent(view.mailbox)}">Mailbox of <span class="mono">${view.mailbox}</span></a></p>
  <h1>${view.subject || '(no subject)'}</h1>
  <p class="muted"><span class="mono">${view.from}</span> to <span class="mono">${view.to}</span>, ${view.at}, ${view.bytes} octets</p>
</div>
<div class="two-thirds">
  <section class="panel" aria-label="Message">
    <pre class="letter">${view.text}</pre>
    <details><summary>Headers</summary><dl class="facts">${view.headers.map(
      (field) => html`<div><dt>${field.name}</dt><dd class="mono">${field.value}</dd></div>`,
    )}</dl></details>
    <details><summary>As it was written, octet for octet</summary><pre>${view.raw}</pre></details>
  </section>
  ${
    view.stages.length > 0
      ? html`<section class="panel" aria-labelledby="how"><h2 id="how">How it was opened</h2>${stages(view.stages)}</section>`
      : ''
  }
</div>`;
