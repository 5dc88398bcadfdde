import { html } from 'hono/html';
import type { Status } from '../../src/outcome/status.ts';
import type { ScenarioRowView, Tone } from '../views.ts';
import { icon } from './icon.ts';

/** A word with its sign. */
export const badge = (tone: Tone, word: string) =>
  html`<span class="badge ${tone}">${icon(tone)}${word}</span>`;

const STATUS: Readonly<Record<Status | 'running' | 'waiting', readonly [Tone, string]>> = {
  pass: ['good', 'pass'],
  fail: ['bad', 'fail'],
  warn: ['warn', 'warning'],
  skip: ['muted', 'skipped'],
  na: ['muted', 'not applicable'],
  error: ['warn', 'testbed error'],
  cancelled: ['muted', 'cancelled'],
  running: ['busy', 'running'],
  waiting: ['muted', 'waiting'],
};

export const toneOf = (status: Status | 'running' | 'waiting'): Tone => STATUS[status][0];

export const statusBadge = (status: ScenarioRowView['status']) =>
  status === undefined ? html`<span class="badge none">not run</span>` : badge(...STATUS[status]);
