import { html } from 'hono/html';
import type {
  ContributionRowView,
  ContributionsView,
  ContributionView,
  PreviewView,
} from '../../directory-views.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { checkField, choiceField, rowsTable, textField } from '../../parts/fields.ts';
import { directoryHead } from './frame.ts';

export interface Outcome {
  readonly told?: string;
  readonly refused?: string;
  readonly secret?: { readonly name: string; readonly value: string };
}

/** What was done, or why not, above a page. */
export const outcome = ({ told, refused, secret }: Outcome): Html =>
  html`${refused ? html`<p class="notice bad" role="alert">${badge('bad', 'not done')} ${refused}</p>` : ''}${
    told
      ? html`<div class="notice good" role="status">${badge('good', 'done')} ${told}${secret ? html`<p class="secret">${secret.name}: <code>${secret.value}</code> <small class="muted">It is shown this once.</small></p>` : ''}</div>`
      : ''
  }`;

export const contributionsPage = (
  view: ContributionsView,
  token: string,
  after: Outcome = {},
): Html => html`${directoryHead('contributions', true)}
<div class="page-head"><h1>Contributions</h1>
  <p class="muted">What HISPs bring, whole or incremental. Nothing is half-imported; each can be undone, which is a contribution like any other.</p></div>
${outcome(after)}
${view.busy ? html`<p class="notice" role="status">${badge('busy', 'under way')} ${view.busy}</p>` : ''}
<section class="panel" aria-labelledby="upload"><h2 id="upload">Contribute a file</h2>${uploadForm(view, token)}</section>
<section class="panel" aria-labelledby="history"><h2 id="history">History</h2>
  ${rowsTable(
    ['Number', 'When', 'Contributor', 'Source', 'State', 'Result'],
    view.rows.map((row) => [
      html`<a href="/directory/contributions/${row.id}">${row.id}</a>`,
      html`<span class="mono nobr">${row.at}</span>`,
      html`<div>${row.contributor}<small class="muted block">${row.kind}, by ${row.by}</small></div>`,
      row.source,
      badge(row.state.tone, row.state.text),
      row.counts,
    ]),
    'Nothing was contributed yet.',
  )}</section>
<section class="panel" aria-labelledby="contributors"><h2 id="contributors">Contributors</h2>
  ${rowsTable(
    ['Id', 'Name', 'Entries', 'Domains', 'Approval'],
    view.contributors.map((one) => [
      html`<span class="mono">${one.id}</span>`,
      one.name,
      String(one.entries),
      one.domains,
      one.approval ? badge('info', 'waits for approval') : html`<span class="muted">applied at once</span>`,
    ]),
    'There are none yet.',
  )}
  <details class="behind"><summary>Add or change a contributor</summary><form class="write" method="post" action="/directory/contributors">${tokenField(token)}
    ${textField({ name: 'id', label: 'Id', required: true, hint: 'a-z, 0-9 and hyphens' })}
    ${textField({ name: 'name', label: 'Name' })}
    ${textField({ name: 'domains', label: 'Domains', hint: 'with blanks between; none: any' })}
    ${checkField({ name: 'approval', label: 'What it contributes waits for approval' })}
    <button type="submit" class="quiet">Keep</button></form></details></section>
<section class="panel" aria-labelledby="publications"><h2 id="publications">Publications</h2>
  ${rowsTable(
    ['Day', 'Entries', 'Against the one before', 'SHA-256 of the records'],
    view.publications.map((one) => [
      html`<span class="mono nobr">${one.day}</span>`,
      one.entries,
      one.changes,
      html`<span class="mono">${one.checksum.slice(0, 16)}…</span>`,
    ]),
    'Nothing was published yet; the first publication is made within the day.',
  )}</section>`;

const uploadForm = (
  view: ContributionsView,
  token: string,
): Html => html`<form class="write" method="post" action="/directory/contributions" enctype="multipart/form-data">
  ${tokenField(token)}
  ${choiceField({ name: 'contributor', label: 'Contributor', choices: view.contributors.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })) })}
  <label class="field"><span>File</span><input type="file" name="file" required><small class="muted">CSV of both layouts, NPPES endpoints, FHIR bundle, LDIF or NDJSON, also in a ZIP; up to 25 MB here, any size with <code>anchorage directory import</code></small></label>
  <div class="joined">
    ${choiceField({
      name: 'kind',
      label: 'What it is',
      choices: [
        { value: 'incremental', label: 'changes: add, change, delete' },
        { value: 'whole', label: 'everything of this contributor' },
      ],
    })}
    ${choiceField({
      name: 'format',
      label: 'Format',
      choices: [
        { value: '', label: 'as the file looks' },
        ...view.formats.map((value) => ({ value, label: value })),
      ],
    })}
  </div>
  ${textField({ name: 'tolerate', label: 'Wrong records that are tolerated', type: 'number', value: '0' })}
  <div class="field-row"><button type="submit" name="do" value="preview">Dry run</button> <button type="submit" name="do" value="upload" class="quiet">Contribute without one</button></div></form>`;

const ACTIONS = { approve: 'Approve', refuse: 'Refuse', undo: 'Undo' } as const;

export const contributionPage = (
  view: ContributionView,
  token: string,
  after: Outcome = {},
): Html => html`${directoryHead('contributions', true)}
<div class="page-head"><p><a href="/directory/contributions">Contributions</a></p>
  <div class="split"><h1>Contribution ${view.row.id}</h1>
    <div class="field-row">${view.can.map((action) => actionForm(view.row, action, token))}</div></div>
  <p>${badge(view.row.state.tone, view.row.state.text)} <span class="muted">${view.row.kind} of ${view.row.contributor}, by ${view.row.by}, ${view.row.at} UTC: ${view.row.source}</span></p></div>
${outcome(after)}
<section class="panel" aria-labelledby="result"><h2 id="result">${view.row.counts}</h2>
  ${view.reason ? html`<p>${view.reason}</p>` : ''}
  <dl class="fields">${view.facts.map(({ name, value, mono }) => html`<div><dt>${name}</dt><dd class="${mono ? 'mono' : ''}">${value}</dd></div>`)}</dl></section>
<section class="panel" aria-labelledby="findings"><h2 id="findings">What was wrong with its records</h2>
  ${rowsTable(
    ['Line', 'Column', 'Found', 'Expected'],
    view.findings.map((one) => [
      html`${one.line} ${badge(one.level === 'error' ? 'bad' : 'warn', one.level)}`,
      html`<span class="mono">${one.column}</span>`,
      one.found,
      one.expected,
    ]),
    'Nothing.',
  )}
  ${view.moreFindings > 0 ? html`<p class="muted">And ${view.moreFindings} more: <code>anchorage directory findings ${view.row.id}</code></p>` : ''}</section>`;

const actionForm = ({ id }: ContributionRowView, action: keyof typeof ACTIONS, token: string): Html =>
  html`<form class="inline-form" method="post" action="/directory/contributions/${id}">${tokenField(token)}<button type="submit" name="do" value="${action}" class="${action === 'approve' ? '' : 'quiet'}">${ACTIONS[action]}</button></form>`;

const TONE = { added: 'good', changed: 'info', removed: 'warn' } as const;

export const previewPage = (
  view: PreviewView,
  token: string,
): Html => html`${directoryHead('contributions', true)}
<div class="page-head"><p><a href="/directory/contributions">Contributions</a></p><h1>Dry run</h1>
  <p class="muted">${view.source}, ${view.kind === 'whole' ? 'as everything of' : 'as changes of'} ${view.contributor}. Nothing was changed.</p></div>
<section class="panel verdict ${view.refused ? 'bad' : 'good'}"><p class="headline">${badge(view.refused ? 'bad' : 'good', view.refused ? 'would be refused' : 'would be taken')} ${view.counts}</p>
  ${
    view.refused
      ? html`<p>Correct the records below, or tolerate as many.</p>`
      : html`<form class="run-form" method="post" action="/directory/contributions">${tokenField(token)}
    <input type="hidden" name="staged" value="${view.staged}"><input type="hidden" name="contributor" value="${view.contributor}"><input type="hidden" name="kind" value="${view.kind}"><input type="hidden" name="format" value="${view.format}"><input type="hidden" name="tolerate" value="${view.tolerate}">
    <button type="submit" name="do" value="upload">Contribute it</button></form>`
  }</section>
${
  view.faults.length > 0
    ? html`<section class="panel" aria-labelledby="faults"><h2 id="faults">Wrong records</h2>${rowsTable(
        ['Line', 'Column', 'Found', 'Expected'],
        view.faults.map((one) => [
          String(one.line),
          html`<span class="mono">${one.column}</span>`,
          one.found,
          one.expected,
        ]),
        '',
      )}${view.moreFaults > 0 ? html`<p class="muted">And ${view.moreFaults} more.</p>` : ''}</section>`
    : ''
}
<section class="panel" aria-labelledby="changes"><h2 id="changes">What would change</h2>
  ${rowsTable(
    ['Change', 'Address', 'Fields'],
    view.changes.map((one) => [
      html`${badge(TONE[one.what], one.what)}${one.line > 0 ? html` <small class="muted">line ${one.line}</small>` : ''}`,
      html`<span class="mono">${one.address}</span>`,
      html`<dl class="diff">${one.fields.map(({ column, before, after }) => html`<div><dt class="mono">${column}</dt><dd><del>${before || 'nothing'}</del> <ins>${after || 'nothing'}</ins></dd></div>`)}</dl>`,
    ]),
    'Nothing: all is as the directory has it.',
  )}
  ${view.moreChanges > 0 ? html`<p class="muted">And ${view.moreChanges.toLocaleString('en-US')} more.</p>` : ''}</section>`;
