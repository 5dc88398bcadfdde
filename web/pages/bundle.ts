import { html } from 'hono/html';
import { type Html, tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { trustNav } from '../parts/trust-nav.ts';
import type { BundlePageView, MemberView, NoteView } from '../trust-views.ts';
import { anchorList, environment, lintBadge, subscriberList, trustStyles } from './bundles.ts';

export const bundlePage = (one: BundlePageView, token: string): Html => html`${trustStyles()}
<div class="page-head">
  ${trustNav('bundles')}
  <div class="split"><h1>${one.title}</h1>${environment(one)}</div>
  <p class="muted">${one.purpose}</p>
</div>
<div class="halves panels">
<section class="panel" aria-labelledby="published"><h2 id="published">What is published</h2>
  ${
    one.published
      ? html`<dl class="facts">
    <div><dt>Where</dt><dd class="mono">${one.published.url}</dd></div>
    <div><dt>Number</dt><dd>${one.published.number}, ${one.published.at}</dd></div>
    <div><dt>SHA-256</dt><dd class="mono">${one.published.sha256}</dd></div>
    <div><dt>ETag</dt><dd class="mono">${one.published.etag}</dd></div>
    <div><dt>Size</dt><dd>${one.published.octets} octets</dd></div>
    <div><dt>Validity</dt><dd>${one.published.validity}</dd></div>
    <div><dt>Anchors</dt><dd>${anchorList(one.published.anchors)}</dd></div>
  </dl>
  <p class="muted">Beside it: <span class="mono">${one.name}.p7b.sha256</span>, <span class="mono">${one.name}.lint.json</span>, <span class="mono">${one.name}.history.json</span>, and every older version in <span class="mono">history/</span>.</p>`
      : html`<p>${badge('bad', 'not published')} Nobody meets its policy.</p>`
  }
</section>
<section class="panel" aria-labelledby="takers"><div class="split"><h2 id="takers">Who takes it</h2>
  ${one.subscribers.length > 0 ? html`<form method="post" action="/bundles/${one.name}/refresh">${tokenField(token)}<button class="quiet small">Refresh now</button></form>` : ''}</div>
  ${subscriberList(one.subscribers)}
  ${one.subscribers.length > 0 ? html`<p><a href="/trust/diff?kind=bundle&amp;bundle=${one.name}">What would a change of it do?</a></p>` : ''}
</section>
</div>
<section class="panel" aria-labelledby="members"><h2 id="members">Who is in, and by which policy</h2>
  <p class="muted">An anchor must show: ${one.policy.join('; ')}.</p>
  <ul class="members">${one.members.map(memberPart)}</ul>
</section>
${one.published ? lintPart(one.published.notes) : ''}
${one.compared ? comparison(one.compared, one.name, one.versions.length) : ''}
${one.versions.length > 0 ? versions(one) : ''}`;

const memberPart = (
  one: MemberView,
): Html => html`<li><div class="split"><strong>${one.name}</strong>${badge(one.tone, one.state)}</div>
  ${one.records.map((record) => html`<p><small>${badge(record.tone, 'accreditation record')} as stated by the operator: ${record.text}</small></p>`)}
  ${one.why.length > 0 ? html`<ul class="notes">${one.why.map((why) => html`<li>${why}</li>`)}</ul>` : ''}</li>`;

const lintPart = (notes: readonly NoteView[]): Html => html`<section class="panel" aria-labelledby="lint">
  <h2 id="lint">Lint report ${lintBadge(notes)}</h2>
  ${
    notes.length === 0
      ? html`<p class="empty">Nothing was found.</p>`
      : html`<ul class="lint">${notes.map(
          (note) =>
            html`<li>${badge(note.tone, note.tone === 'bad' ? 'fails' : note.tone === 'warn' ? 'warning' : 'note')} <span>${note.text} <code class="code">${note.code}</code></span></li>`,
        )}</ul>`
  }
</section>`;

const comparison = (
  one: NonNullable<BundlePageView['compared']>,
  name: string,
  last: number,
): Html => html`<section class="panel" aria-labelledby="diff">
  <h2 id="diff">From number ${one.from} to number ${one.to}</h2>
  <form class="field-row" method="get" action="/bundles/${name}#diff">
    <label class="inline">from <input type="text" inputmode="numeric" name="from" value="${one.from}" size="4" maxlength="6"></label>
    <label class="inline">to <input type="text" inputmode="numeric" name="to" value="${one.to}" size="4" maxlength="6"></label>
    <button class="quiet small">Compare</button> <small class="muted">1 to ${last}</small>
  </form>
  <ul class="change">${one.added.map((line) => html`<li class="good"><span class="mark">+</span> ${line}</li>`)}${one.removed.map(
    (line) => html`<li class="bad"><span class="mark">−</span> ${line}</li>`,
  )}${one.renewed.map((line) => html`<li class="warn"><span class="mark">~</span> ${line} (renewed)</li>`)}</ul>
  <p class="muted">${one.same} the same</p>
</section>`;

const versions = (one: BundlePageView): Html => html`<section class="panel" aria-labelledby="versions">
  <h2 id="versions">History</h2>
  <table class="stack"><thead><tr><th scope="col">Number</th><th scope="col">Published</th><th scope="col">Anchors</th><th scope="col">Change</th><th scope="col">SHA-256</th></tr></thead>
  <tbody>${one.versions.map(
    (
      version,
    ) => html`<tr><th scope="row">${version.number > 1 ? html`<a href="/bundles/${one.name}?from=${version.number - 1}&amp;to=${version.number}#diff">${version.number}</a>` : version.number}</th>
    <td data-label="Published" class="mono nobr">${version.at}</td><td data-label="Anchors">${version.anchors}</td>
    <td data-label="Change">${version.change}</td><td data-label="SHA-256" class="mono">${version.sha256.slice(0, 16)}…</td></tr>`,
  )}</tbody></table>
</section>`;
