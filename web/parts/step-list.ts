/**
 * Steps that are done one after the other, with their times and what each did or waits for.
 *
 * @module
 */
import { html } from 'hono/html';
import type { StepView } from '../../src/hisp/enrollment/ordered-steps.ts';
import { moment } from '../desk/section.ts';
import type { Html } from '../layout.ts';
import type { Tone } from '../views.ts';
import { icon } from './icon.ts';

const LOOK: Readonly<Record<StepView['state'], readonly [Tone, string]>> = {
  done: ['good', 'done'],
  waits: ['busy', 'waits for'],
  failed: ['bad', 'failed'],
  ahead: ['muted', 'ahead'],
};

export const stepList = (steps: readonly StepView[]): Html =>
  html`<ol class="step-list">${steps.map(({ title, state, at, said, irreversible }) => {
    const [tone, word] = LOOK[state];
    return html`<li class="${tone}"><span class="mark">${icon(tone)}</span><div>
      <strong>${title}</strong> <span class="visually-hidden">${word}</span>
      ${irreversible && state === 'ahead' ? html`<small class="muted">cannot be undone</small>` : ''}
      ${at === undefined ? '' : html`<small class="mono muted nobr">${moment(at)}</small>`}
      ${said === undefined ? '' : html`<small class="block">${state === 'waits' ? `waits for: ${said}` : said}</small>`}
    </div></li>`;
  })}</ol>`;
