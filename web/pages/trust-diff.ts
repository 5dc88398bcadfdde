import { html } from 'hono/html';
import { type Html, tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { icon } from '../parts/icon.ts';
import { trustNav } from '../parts/trust-nav.ts';
import type { FateView, ForecastFormView, ForecastView } from '../trust-views.ts';
import { trustStyles } from './bundles.ts';

/** Rows that the page shows. */
const SHOWN = 200;

/** What the form was sent with, so that it comes back as it was. */
export type Asked = Readonly<Record<string, string | undefined>>;

export const trustDiffPage = (
  form: ForecastFormView,
  asked: Asked,
  token: string,
  answer?: ForecastView | { readonly refused: string },
): Html => html`${trustStyles()}
<div class="page-head">
  ${trustNav('diff')}
  <h1>What a change would do</h1>
  <p class="muted">Nothing is changed. Every address of this network, and everybody who wrote or was written to in the last 30 days,
  is decided on twice, as the HISPs decide: with the anchors and policy of now, and with those after the change.</p>
</div>
${answer ? ('refused' in answer ? refusal(answer.refused) : result(answer)) : ''}
<div class="cards">
  ${bundleForm(form, asked, token)}
  ${anchorForm(form, asked, token)}
  ${policyForm(form, asked)}
</div>`;

const refusal = (why: string): Html =>
  html`<section class="panel verdict bad" role="alert"><h2>This change cannot be looked at</h2><p class="reason">${why}</p></section>`;

const options = (list: readonly (readonly [string, string])[], chosen: string | undefined): Html =>
  html`${list.map(([value, text]) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${text}</option>`)}`;

const bundleForm = (
  form: ForecastFormView,
  asked: Asked,
  token: string,
): Html => html`<section class="panel" aria-labelledby="c-bundle">
  <h2 id="c-bundle">Another bundle</h2>
  <form class="stacked" method="get" action="/trust/diff">
    <input type="hidden" name="kind" value="bundle">
    <label for="drop">Without one of its anchors</label>
    <select id="drop" name="drop">${form.bundles.map(
      (bundle) =>
        html`<optgroup label="${bundle.title}">${options(
          bundle.anchors.map((one) => [`${bundle.name}:${one.sha256}`, `without ${one.name}`] as const),
          asked.drop ??
            (asked.bundle === bundle.name && bundle.anchors[0]
              ? `${bundle.name}:${bundle.anchors[0].sha256}`
              : undefined),
        )}</optgroup>`,
    )}</select>
    <button>Look</button>
  </form>
  <form class="stacked" method="post" action="/trust/diff">
    ${tokenField(token)}<input type="hidden" name="kind" value="bundle">
    <label for="of">Another file for</label>
    <select id="of" name="bundle">${options(
      form.bundles.map(({ name, title }) => [name, title] as const),
      asked.bundle,
    )}</select>
    <label for="bundle-url">Where the new bundle is</label>
    <input id="bundle-url" name="url" type="text" inputmode="url" spellcheck="false" autocomplete="off" placeholder="https://" value="${asked.url ?? ''}">
    <label for="bundle-file">Or itself, PEM or base64 of DER</label>
    <textarea id="bundle-file" name="file" rows="3" spellcheck="false" class="mono"></textarea>
    <button>Look</button>
  </form>
</section>`;

const domainChoice = (
  form: ForecastFormView,
  asked: Asked,
  id: string,
): Html => html`<label for="${id}">Who decides so</label>
    <select id="${id}" name="domain"><option value="">every domain</option>${options(
      form.domains.map((one) => [one, one] as const),
      asked.domain,
    )}</select>`;

const anchorForm = (
  form: ForecastFormView,
  asked: Asked,
  token: string,
): Html => html`<section class="panel" aria-labelledby="c-anchor">
  <h2 id="c-anchor">An anchor more, or less</h2>
  <form class="stacked" method="post" action="/trust/diff">
    ${tokenField(token)}<input type="hidden" name="kind" value="anchor">
    <label for="what">What</label>
    <select id="what" name="what">${options(
      [
        ['add', 'trust'],
        ['remove', 'trust no more'],
      ],
      asked.what,
    )}</select>
    <label for="sha256">The anchor</label>
    <select id="sha256" name="sha256">${options(
      form.anchors.map((one) => [one.sha256, one.name] as const),
      asked.sha256,
    )}</select>
    <label for="anchor-file">Or another certificate (PEM)</label>
    <textarea id="anchor-file" name="file" rows="2" spellcheck="false" class="mono"></textarea>
    ${domainChoice(form, asked, 'anchor-domain')}
    <label for="direction">For which mail</label>
    <select id="direction" name="direction">${options(
      [
        ['both', 'incoming and outgoing'],
        ['incoming', 'incoming'],
        ['outgoing', 'outgoing'],
      ],
      asked.direction,
    )}</select>
    <button>Look</button>
  </form>
</section>`;

const policyForm = (
  form: ForecastFormView,
  asked: Asked,
): Html => html`<section class="panel" aria-labelledby="c-policy">
  <h2 id="c-policy">Another policy</h2>
  <form class="stacked" method="get" action="/trust/diff">
    <input type="hidden" name="kind" value="policy">
    <label for="revocation">Revocation that nobody can tell</label>
    <select id="revocation" name="revocation"><option value="">as now</option>${options(
      [
        ['require', 'is not good enough'],
        ['soft', 'passes, with a finding'],
      ],
      asked.revocation,
    )}</select>
    <label for="profile">Floors of keys and signatures</label>
    <select id="profile" name="profile"><option value="">as now</option>${options(
      [
        ['1.2', 'Applicability Statement 1.2'],
        ['1.3', 'Applicability Statement 1.3'],
        ['permissive', 'permissive, for old test material'],
      ],
      asked.profile,
    )}</select>
    ${domainChoice(form, asked, 'policy-domain')}
    <button>Look</button>
  </form>
</section>`;

const result = (
  view: ForecastView,
): Html => html`<section class="panel verdict explained ${view.tone}" aria-labelledby="headline">
  <p class="muted">${view.change}</p>
  <h2 id="headline" class="sentence">${view.headline}</h2>
  <p class="headline">${badge(view.traffic.loses > 0 ? 'bad' : 'muted', `${view.traffic.loses} of them wrote in the last ${view.traffic.days} days and lose it`)}
  ${badge(view.traffic.gains > 0 ? 'good' : 'muted', `${view.traffic.gains} wrote and gain it`)}</p>
  <p><small class="muted">${view.directory.pairs} pairs of addresses and ${view.traffic.pairs} that wrote were looked at, by ${view.decided} decisions;
  ${view.touched.length === 0 ? 'no domain’s anchors or policy would change' : `${view.touched.length} domains would decide by other anchors or another policy`}.${view.cut ? ' It ended at its limit: there may be more.' : ''}</small></p>
</section>
${
  view.changes.length === 0
    ? ''
    : html`<section class="panel" aria-labelledby="pairs"><h2 id="pairs">Who gains and who loses</h2>
  <table class="stack pairs"><thead><tr><th scope="col">From and to</th><th scope="col">What is decided</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Messages</th></tr></thead>
  <tbody>${view.changes.slice(0, SHOWN).map(
    (
      one,
    ) => html`<tr><td data-label="From and to"><div class="mono">${one.from} ${icon('arrow')} ${one.to}</div></td>
    <td data-label="What">${one.direction === 'out' ? 'encrypting to the recipient' : 'trusting the signature'}</td>
    <td data-label="Before">${fate(one.before)}</td><td data-label="After">${fate(one.after)}</td>
    <td data-label="Messages">${one.messages === 0 ? '' : one.messages}</td></tr>`,
  )}</tbody></table>
  ${rest(view)}
</section>`
}`;

const fate = (one: FateView): Html =>
  html`<div>${badge(one.tone, one.verdict)}${one.why ? html`<small class="muted block">${one.why}</small>` : ''}</div>`;

function rest(view: ForecastView): Html | string {
  const more = Math.max(0, view.changes.length - SHOWN) + view.unlisted;
  return more === 0
    ? ''
    : html`<p class="muted">${more} more pairs. All that are listed: anchorage trust diff --format json.</p>`;
}
