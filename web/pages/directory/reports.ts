import { html } from 'hono/html';
import type { ReportsView } from '../../directory-views.ts';
import type { Html } from '../../layout.ts';
import { choiceField, rowsTable } from '../../parts/fields.ts';
import { type Outcome, outcome } from './contributions.ts';
import { directoryHead } from './frame.ts';

const BY = [
  ['state', 'State'],
  ['hisp', 'HISP'],
  ['kind', 'Kind'],
  ['age', 'Age'],
] as const;

const number = (value: number): string => value.toLocaleString('en-US');

export const reportsPage = (
  view: ReportsView,
  after: Outcome = {},
): Html => html`${directoryHead('reports', true)}
<div class="page-head"><h1>Reports</h1>
  <nav class="tabs" aria-label="Counts by">${BY.map(([id, name]) => html`<a href="/directory/reports?by=${id}"${id === view.counts.by ? html` aria-current="page"` : ''}>${name}</a>`)}</nav></div>
${outcome(after)}
<section class="panel" aria-labelledby="counts"><h2 id="counts">${number(view.counts.total)} entries by ${view.counts.by === 'hisp' ? 'HISP' : view.counts.by}</h2>
  ${rowsTable(
    [BY.find(([id]) => id === view.counts.by)?.[1] ?? '', ...view.counts.columns],
    view.counts.rows.map(({ name, counts }) => [
      html`<div class="counted">${name}${bar(counts[0] ?? 0, view)}</div>`,
      ...counts.map((count) => (count === 0 ? html`<span class="muted">0</span>` : number(count))),
    ]),
    'The directory is empty.',
  )}</section>
<section class="panel" aria-labelledby="trend"><h2 id="trend">Between two publications</h2>
  ${
    view.days.length < 2
      ? html`<p class="empty">There ${view.days.length === 1 ? 'is one publication' : 'is no publication'} so far; one is made each day.</p>`
      : html`<form class="trend-form" method="get" action="/directory/reports"><input type="hidden" name="by" value="${view.counts.by}">
    ${choiceField({ name: 'before', label: 'From', value: view.trend?.before ?? view.days.at(-1)!, choices: view.days.map((day) => ({ value: day, label: day })) })}
    ${choiceField({ name: 'after', label: 'To', value: view.trend?.after ?? view.days[0]!, choices: view.days.map((day) => ({ value: day, label: day })) })}
    <button type="submit" class="quiet">Compare</button></form>`
  }
  ${view.trend ? trend(view.trend) : ''}</section>`;

/** How many of the most, drawn: a meter needs no style of its own. */
const bar = (count: number, { counts }: ReportsView): Html => {
  const most = Math.max(1, ...counts.rows.map((row) => row.counts[0] ?? 0));
  return html`<meter min="0" max="${most}" value="${count}" aria-hidden="true"></meter>`;
};

const change = (before: number, after: number): string => {
  const by = after - before;
  return by === 0 ? '–' : `${by > 0 ? '+' : '−'}${number(Math.abs(by))}`;
};

const trend = ({
  before,
  after,
  entries,
  lines,
  hisps,
  added,
  removed,
}: NonNullable<
  ReportsView['trend']
>): Html => html`<p>${number(entries[0])} entries on ${before}, ${number(entries[1])} on ${after}: ${number(added)} versions came, ${number(removed)} went.</p>
<div class="halves"><div><h3>By HISP</h3>${rowsTable(
  ['HISP', before, after, 'Change'],
  hisps.map((one) => [one.name, number(one.before), number(one.after), change(one.before, one.after)]),
  'None.',
)}</div>
<div><h3>Failures of the checks</h3>${
  lines.length === 0
    ? html`<p class="muted">Too many entries for a page: <code>anchorage directory trend ${before} ${after}</code></p>`
    : rowsTable(
        ['Check', before, after, 'Change'],
        lines.map((one) => [
          html`<span class="mono">${one.code}</span>`,
          number(one.before),
          number(one.after),
          change(one.before, one.after),
        ]),
        'None.',
      )
}</div></div>`;
