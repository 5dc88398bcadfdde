import { html } from 'hono/html';
import type { Readiness } from '../../src/scenario/index.ts';
import { assetUrl } from '../assets.ts';
import { badge, statusBadge } from '../parts/badge.ts';

/** Where the result of a scenario is, if anywhere. */
export type ResultLink = (run: string, scenario: string) => string | undefined;

export const readinessStyles = () => html`<link rel="stylesheet" href="${assetUrl('readiness.css')}">`;

const when = (iso: string | undefined): string => (iso ? `${iso.slice(0, 16).replace('T', ' ')} UTC` : '');
const day = (iso: string): string => iso.slice(0, 10);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One report from header to action list; the same on a page and in a file of its own. */
export const readinessBody = (
  view: Readiness,
  link: ResultLink = () => undefined,
) => html`<div class="page-head">
  <h1>Readiness: ${view.target.title}</h1>
  <p class="lead">${view.purpose}</p>
</div>
<section class="panel facts"><dl>
  <dt>Made</dt><dd>${when(view.made)}, Anchorage ${view.version}</dd>
  <dt>Profile</dt><dd>Applicability Statement ${view.target.profile}</dd>
  <dt>Sender</dt><dd class="mono">${view.target.sender ?? 'none given'}</dd>
  <dt>Receiver</dt><dd class="mono">${view.target.receiver ?? 'none given'}</dd>
  <dt>Published</dt><dd>${view.target.published.join(', ') || 'nothing is said to be'}</dd>
  <dt>Edges</dt><dd>${view.target.edges.join(', ') || 'none given'}</dd>
  <dt>Testbed</dt><dd class="mono">${view.target.testbed}</dd>
  <dt>Runs</dt><dd>${view.runs.map(({ id, scenarios, waiting }) => html`<span class="run"><span class="mono">${id}</span> ${scenarios} scenarios${waiting ? html` ${badge('busy', 'waiting')} ${waiting}` : ''}</span>`)}</dd>
</dl></section>
<section class="panel" aria-labelledby="areas"><h2 id="areas">Verdict by area</h2>
<table class="stack"><thead><tr><th scope="col">Area</th><th scope="col">Verdict</th><th scope="col">Scenarios</th><th scope="col">First cause</th><th scope="col">Oldest result</th></tr></thead>
<tbody>${view.areas.map(
  ({ title, verdict, complete, counts, firstCause, oldest }) => html`<tr><th scope="row">${title}</th>
  <td data-label="Verdict">${verdict === 'not-tested' ? badge('muted', 'not tested') : statusBadge(verdict)}</td>
  <td data-label="Scenarios">${counts.pass} passed${counts.fail > 0 ? `, ${counts.fail} failed` : ''}${counts.warn > 0 ? `, ${counts.warn} with warnings` : ''}${counts.error > 0 ? `, ${counts.error} not judged` : ''}${counts.skip > 0 ? `, ${counts.skip} skipped` : ''}${complete ? '' : html` <small class="muted">not complete</small>`}</td>
  <td data-label="First cause">${firstCause ? html`<span class="mono">${firstCause.scenario}</span> ${firstCause.text}` : ''}</td>
  <td data-label="Oldest">${when(oldest)}</td></tr>`,
)}</tbody></table></section>
<section class="panel" aria-labelledby="actions"><h2 id="actions">What to do</h2>
${view.actions.length === 0 ? html`<p>Nothing is open.</p>` : html`<ol class="actions">${view.actions.map(({ scenario, text }) => html`<li>${text} <small class="muted mono">${scenario}</small></li>`)}</ol>`}</section>
${
  view.failures.length > 0
    ? html`<section class="panel" aria-labelledby="failures"><h2 id="failures">What did not pass, and how it showed</h2>
${view.failures.map(
  (
    failure,
  ) => html`<article class="failure"><h3>${statusBadge(failure.status)} ${linked(failure.name, link(failure.run, failure.name))} ${failure.title}</h3>
  <ul>${failure.checks.map(
    (check) => html`<li><span class="mono">${check.id}</span> ${statusBadge(check.status)} ${check.title}
    ${check.texts.map((text) => html`<p class="found">${text}</p>`)}
    ${check.evidence.length > 0 ? html`<small class="muted">events ${check.evidence.slice(0, 12).join(', ')} of run ${failure.run}</small>` : ''}</li>`,
  )}</ul>
  ${failure.cure ? html`<p><strong>What makes it pass:</strong> ${failure.cure}</p>` : ''}</article>`,
)}</section>`
    : ''
}
<section class="panel" aria-labelledby="not-tested"><h2 id="not-tested">What is not tested, and why</h2>
<ul class="left-out">${view.notTested.map(
  ({ why, what, kind }) => html`<li>${badge('muted', KINDS[kind])} ${why}
  <details><summary>${what.length} ${what.length === 1 ? 'scenario' : kind === 'inside' ? 'checks' : 'scenarios'}</summary><p class="mono">${what.join(', ')}</p></details></li>`,
)}</ul></section>
<section class="panel" aria-labelledby="scenarios"><h2 id="scenarios">Scenarios and requirements</h2>
<table class="stack"><thead><tr><th scope="col">Scenario</th><th scope="col">Result</th><th scope="col">Requirements</th><th scope="col">Evidence</th><th scope="col">When</th></tr></thead>
<tbody>${view.scenarios.map(
  (
    one,
  ) => html`<tr><th scope="row">${linked(one.name, link(one.run, one.name))}<small class="muted">${one.title}</small></th>
  <td data-label="Result">${statusBadge(one.status)}${one.reason ? html`<small class="muted">${one.reason}</small>` : ''}</td>
  <td data-label="Requirements" class="cites">${one.requirements.map((id) => html`<span class="cite">${id}</span> `)}</td>
  <td data-label="Evidence">${one.evidence > 0 ? `${one.evidence} events` : ''}</td><td data-label="When">${when(one.at)}</td></tr>`,
)}</tbody></table></section>
<section class="panel" aria-labelledby="certificates"><h2 id="certificates">Certificates</h2>
<table class="stack"><thead><tr><th scope="col">Subject</th><th scope="col">For</th><th scope="col">Key</th><th scope="col">Valid</th><th scope="col">Seen</th></tr></thead>
<tbody>${view.certificates.map(
  (one) => html`<tr><th scope="row">${one.subject}<small class="muted">issued by ${one.issuer}</small></th>
  <td data-label="For" class="mono">${one.names.join(', ')}</td><td data-label="Key">${one.key}<small class="muted">${one.signature}</small></td>
  <td data-label="Valid">${day(one.from)} to ${day(one.until)}</td><td data-label="Seen">${one.seen.join(', ')}<small class="muted mono">${one.sha256.slice(0, 16)}…</small></td></tr>`,
)}</tbody></table></section>
<section class="panel" aria-labelledby="trust"><h2 id="trust">Trust</h2>
<p>Anchors that the profile gives: ${view.trust.anchors.length === 0 ? 'none' : view.trust.anchors.map((sha) => html`<span class="mono sha">${sha}</span> `)}</p>
<p>Anchor that the system has to trust: <span class="mono sha">${view.trust.testbed ?? 'not made yet'}</span></p>
<p class="muted">Bundles are not looked at from outside: the anchors of the system are what its administrator gives.</p></section>
${
  view.posture.length > 0
    ? html`<section class="panel" aria-labelledby="posture"><h2 id="posture">DNS, LDAP and mail servers</h2>
<table class="stack"><thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col">Remarks</th></tr></thead>
<tbody>${view.posture.map(
        ({
          scenario,
          check,
          status,
          good,
          remarks,
        }) => html`<tr><th scope="row"><span class="mono">${scenario}</span> ${check}</th><td data-label="Result">${statusBadge(status)}</td>
  <td data-label="Remarks">${remarks.length > 0 ? html`<ul>${remarks.map((text) => html`<li>${text}</li>`)}</ul>` : `${good} as expected`}</td></tr>`,
      )}</tbody></table></section>`
    : ''
}
<section class="panel" aria-labelledby="crypto"><h2 id="crypto">Algorithms</h2>
<div class="two"><div><h3>Sent</h3>${
  view.crypto.sent.length === 0
    ? html`<p class="muted">Nothing was sent yet.</p>`
    : html`<table><thead><tr><th scope="col">For</th><th scope="col">Algorithm</th><th scope="col">Messages</th></tr></thead><tbody>${view.crypto.sent.map(({ what, algorithm, messages }) => html`<tr><td>${what}</td><td class="mono">${algorithm}</td><td>${messages}</td></tr>`)}</tbody></table>`
}</div><div><h3>Received</h3>${
  view.crypto.accepted.length === 0
    ? html`<p class="muted">Nothing was received yet.</p>`
    : html`<table><thead><tr><th scope="col">Content</th><th scope="col">Key</th><th scope="col">Digest</th><th scope="col">Answer</th></tr></thead><tbody>${view.crypto.accepted.map(({ content, keyTransport, digest, processed }) => html`<tr><td class="mono">${content}</td><td class="mono">${keyTransport}</td><td class="mono">${digest}</td><td>${processed ? badge('good', 'processed') : badge('muted', 'none')}</td></tr>`)}</tbody></table>`
}</div></div></section>
${
  view.timings.length > 0
    ? html`<section class="panel" aria-labelledby="timings"><h2 id="timings">How soon notices come</h2>
<table><thead><tr><th scope="col">Notice</th><th scope="col">Count</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">Longest</th></tr></thead>
<tbody>${view.timings.map(({ notice, count, p50Ms, p95Ms, longestMs }) => html`<tr><td>${notice}</td><td>${count}</td><td>${seconds(p50Ms)}</td><td>${seconds(p95Ms)}</td><td>${seconds(longestMs)}</td></tr>`)}</tbody></table></section>`
    : ''
}
${
  view.strangers.length > 0
    ? html`<section class="panel" aria-labelledby="strangers"><h2 id="strangers">Messages from addresses that are not registered</h2>
<ul>${view.strangers.map(({ from, to, at }) => html`<li><span class="mono">${from}</span> to <span class="mono">${to.join(', ')}</span>, ${when(at)}</li>`)}</ul></section>`
    : ''
}
<section class="panel" aria-labelledby="checklist"><h2 id="checklist">What no program can test</h2>
<ul class="checklist">${view.checklist.map(({ title, what }) => html`<li><strong>${title}.</strong> ${what}</li>`)}</ul></section>
<section class="panel" aria-labelledby="limits"><h2 id="limits">Known limits of this report</h2>
<ul>${view.limits.map((text) => html`<li>${text}</li>`)}</ul></section>`;

const KINDS = {
  skip: 'an input is missing',
  na: 'needs the inside',
  'not-run': 'not run',
  inside: 'needs the inside',
} as const;

const linked = (name: string, href: string | undefined) =>
  href ? html`<a class="mono" href="${href}">${name}</a>` : html`<span class="mono">${name}</span>`;
