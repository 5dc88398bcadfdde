import { html } from 'hono/html';
import type { CertificateView } from '../views.ts';
import { badge } from './badge.ts';
import { icon } from './icon.ts';

/** One certificate that was considered: its fate first, then its chain, then every fact. */
export const certificateCard = (
  view: CertificateView,
  _index: number,
  all: readonly CertificateView[],
) => html`<article class="card certificate ${view.tone}">
  <div class="fate">
  <header>
    <div>
      <h3>${view.title}</h3>
      <p class="muted">${view.where}</p>
    </div>
    ${badge(view.tone, view.tone === 'good' ? 'usable' : 'not usable')}
  </header>
  ${view.tone === 'good' ? '' : html`<p class="reason">${view.fate}${view.code ? html` <code class="code">${view.code}</code>` : ''}</p>`}
  ${
    view.chain.length > 0
      ? html`<ol class="chain" aria-label="Chain from the certificate to an anchor">
    ${view.chain.map(
      (link) =>
        html`<li class="${link.tone}"><span class="mark">${icon(link.tone)}</span><span><strong>${link.title}</strong><small>${link.detail}</small></span></li>`,
    )}
  </ol>`
      : ''
  }
  ${view.revocation ? html`<p class="revocation">${badge(view.revocation.tone, 'revocation')} ${view.revocation.text}</p>` : ''}
  ${view.notes.length > 0 ? html`<ul class="notes">${view.notes.map((note) => html`<li>${note}</li>`)}</ul>` : ''}
  </div>
  <details${all.length === 1 ? html` open` : ''}>
    <summary>Everything in the certificate</summary>
    <dl class="facts">
      ${view.facts.map(
        (fact) =>
          html`<div><dt>${fact.name}</dt><dd class="${fact.mono ? 'mono' : ''}">${fact.value}</dd></div>`,
      )}
    </dl>
  </details>
</article>`;
