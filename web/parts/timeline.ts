import { html } from 'hono/html';
import type { TimelineRowView } from '../views.ts';
import { icon } from './icon.ts';

const LANES: readonly (readonly [TimelineRowView['lane'], string])[] = [
  ['dns', 'DNS'],
  ['ldap', 'LDAP'],
  ['http', 'HTTP'],
  ['smtp', 'SMTP'],
  ['message', 'Message'],
  ['decision', 'Decision'],
  ['step', 'Step'],
  ['clock', 'Clock'],
];

const WORD: Readonly<Record<TimelineRowView['dir'], string>> = { in: 'was asked by', out: 'asked', '': '' };

/** Everything that happened, of all protocols, in one order. The filter is pure CSS. */
export const timeline = (rows: readonly TimelineRowView[]) => {
  const lanes = LANES.filter(([lane]) => rows.some((row) => row.lane === lane));
  return html`<div class="timeline">
  <fieldset class="lanes">
    <legend>Show</legend>
    ${lanes.map(
      ([lane, name]) =>
        html`<label><input type="checkbox" class="lane-${lane}" checked> ${name} <span class="muted">${rows.filter((row) => row.lane === lane && !row.echo).length}</span></label>`,
    )}
    ${
      rows.some((row) => row.echo)
        ? html`<label><input type="checkbox" class="both-ends"> both ends of each exchange</label>`
        : ''
    }
  </fieldset>
  <ol>
    ${rows.map(
      (row) => html`<li id="e${row.n}" class="event ev-${row.lane} ${row.tone}${row.echo ? ' echo' : ''}">
      <details>
        <summary>
          <span class="t mono">${row.t}</span>
          <span class="lane">${LANES.find(([lane]) => lane === row.lane)?.[1]}</span>
          <span class="who">${row.host}${row.dir ? html` <span class="muted">${WORD[row.dir]}</span> ${row.peer}` : ''}</span>
          <span class="what mono">${row.what}</span>
          <span class="result">${row.result ? html`${icon(row.tone)}${row.result}` : ''}</span>
        </summary>
        <pre>${row.detail}</pre>
      </details>
    </li>`,
    )}
  </ol>
</div>`;
};
