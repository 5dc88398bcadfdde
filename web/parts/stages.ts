import { html } from 'hono/html';
import type { StageView } from '../views.ts';
import { icon } from './icon.ts';

/** A chain of reasoning, one stage below the other; the first bad one is where it ended. */
export const stages = (list: readonly StageView[]) => html`<ol class="stages">
  ${list.map(
    (stage) => html`<li class="${stage.tone}">
    <span class="mark">${icon(stage.tone)}</span>
    <div><strong>${stage.title}</strong><p>${stage.detail}</p></div>
  </li>`,
  )}
</ol>`;
