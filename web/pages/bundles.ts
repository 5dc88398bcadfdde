import { html } from 'hono/html';
import { assetUrl } from '../assets.ts';
import { type Html, tokenField } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { count } from '../parts/count.ts';
import { trustNav } from '../parts/trust-nav.ts';
import type {
  AnchorView,
  BundleView,
  DiffView,
  MemberView,
  NoteView,
  SubscriberView,
} from '../trust-views.ts';

export const trustStyles = () => html`<link rel="stylesheet" href="${assetUrl('trust.css')}">`;

export const bundlesPage = (
  bundles: readonly BundleView[],
  token: string,
  said?: string,
): Html => html`${trustStyles()}
<div class="page-head">
  ${trustNav('bundles')}
  <div class="split"><h1>Trust bundles</h1>
    <form method="post" action="/bundles/publish">${tokenField(token)}<button class="quiet">Publish changed definitions</button></form>
  </div>
  <p class="muted">A bundle is a list of anchors that a community publishes. HISPs fetch it, and trust what leads to an anchor in it.</p>
</div>
${said === undefined ? '' : html`<section class="panel accent" role="status"><p>${said}</p></section>`}
<div class="cards wide">${bundles.map((one) => bundleCard(one))}</div>`;

const bundleCard = (
  one: BundleView,
): Html => html`<section class="panel bundle" aria-labelledby="b-${one.name}">
  <header class="split"><h2 id="b-${one.name}">${one.elsewhere ? one.title : html`<a href="/bundles/${one.name}">${one.title}</a>`}</h2>${one.elsewhere ? badge('muted', 'published elsewhere') : environment(one)}</header>
  <p class="muted">${one.purpose}</p>
  ${one.elsewhere ? takenFacts(one.elsewhere) : publishedFacts(one.published)}
  ${leftOut(one.members)}
  <h3>Who takes it</h3>
  ${subscriberList(one.subscribers)}
</section>`;

const takenFacts = ({
  url,
  anchors,
  pinned,
}: NonNullable<BundleView['elsewhere']>): Html => html`<dl class="facts">
    <div><dt>Anchors</dt><dd>${anchors.length === 0 ? 'none yet' : anchorList(anchors)}</dd></div>
    <div><dt>From</dt><dd class="mono">${url}</dd></div>
    <div><dt>Signer</dt><dd>${pinned ? 'pinned' : 'not pinned: who answers there decides'}</dd></div>
  </dl>`;

const publishedFacts = (published: BundleView['published']): Html =>
  published
    ? html`<dl class="facts">
    <div><dt>Anchors</dt><dd>${anchorList(published.anchors)}</dd></div>
    <div><dt>Last change</dt><dd>number ${published.number}, ${published.at}: ${diffWords(published.last)}</dd></div>
    <div><dt>Validity</dt><dd>${published.validity}</dd></div>
    <div><dt>Lint</dt><dd>${lintBadge(published.notes)}</dd></div>
    <div><dt>Checksum</dt><dd class="mono">${published.sha256.slice(0, 32)}…</dd></div>
  </dl>`
    : html`<p>${badge('bad', 'not published')} Nobody meets its policy.</p>`;

export const environment = (one: BundleView): Html =>
  one.environment === 'test' ? badge('warn', 'for tests only') : badge('info', 'production');

export const anchorList = (anchors: readonly AnchorView[]): Html =>
  html`<ul class="plain">${anchors.map(
    (one) =>
      html`<li>${one.name} <small class="muted nobr">until ${one.until}</small>${one.tone === 'good' ? '' : html` ${badge(one.tone, one.tone === 'bad' ? 'ends now' : 'ends soon')}`}</li>`,
  )}</ul>`;

export function lintBadge(notes: readonly NoteView[]): Html {
  const of = (tone: NoteView['tone']) => notes.filter((note) => note.tone === tone).length;
  const [bad, warn] = [of('bad'), of('warn')];
  if (bad > 0) return badge('bad', count(bad, 'failure'));
  return warn > 0 ? badge('warn', count(warn, 'warning')) : badge('good', 'clean');
}

export function diffWords({ added, removed, renewed }: DiffView): string {
  const part = (names: readonly string[], word: string) =>
    names.length === 0 ? [] : [`${word} ${names.join(', ')}`];
  const parts = [...part(added, 'added'), ...part(removed, 'removed'), ...part(renewed, 'renewed')];
  return parts.join('; ') || 'no anchor changed';
}

function leftOut(members: readonly MemberView[]): Html | string {
  const out = members.filter(({ tone }) => tone === 'bad');
  if (out.length === 0) return '';
  return html`<ul class="plain left-out">${out.map(
    (one) => html`<li>${badge('bad', 'out')} <strong>${one.name}</strong>: ${one.why.join('; ')}</li>`,
  )}</ul>`;
}

export const subscriberList = (subscribers: readonly SubscriberView[]): Html =>
  subscribers.length === 0
    ? html`<p class="empty">No HISP of this network.</p>`
    : html`<ul class="takers">${subscribers.map(
        (one) => html`<li><div class="split"><strong>${one.hisp}</strong> ${badge(one.tone, one.state)}</div>
    <small class="muted">${count(one.anchors, 'anchor')}; refreshed ${one.refreshed}, next ${one.next}</small>
    <small class="muted">Time to trust: ${one.timeToTrust}. Time to distrust: ${one.timeToDistrust}.</small>
    ${one.alarms.length > 0 ? html`<ul class="alarms">${one.alarms.slice(0, 3).map((alarm) => html`<li><span class="mono nobr">${alarm.at}</span> ${alarm.text}</li>`)}</ul>` : ''}</li>`,
      )}</ul>`;
