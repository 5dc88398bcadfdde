import { html } from 'hono/html';
import type { LookupStepView } from '../views.ts';
import { badge } from './badge.ts';

/** The steps of a search for certificates, each with what was asked and answered. */
export const lookupList = (steps: readonly LookupStepView[]) =>
  html`<ol class="lookups">${steps.map(lookup)}</ol>`;

const lookup = (step: LookupStepView) => html`<li class="${step.tone}">
  <span class="level">${step.level}</span>
  <div>
    <p class="mono question">${step.question}</p>
    <p>${badge(step.tone, step.outcome)} ${step.detail} <span class="muted">${step.server ? `${step.server}, ` : ''}${step.ms < 1 ? 'under 1' : step.ms} ms</span></p>
    ${
      step.exchanges.length > 0
        ? html`<details><summary>${step.exchanges.length} ${step.exchanges.length === 1 ? 'exchange' : 'exchanges'}</summary>
      <ul class="exchanges mono">${step.exchanges.map((line) => html`<li>${line}</li>`)}</ul></details>`
        : ''
    }
  </div>
</li>`;
