import { html, raw } from 'hono/html';
import type { Tone } from '../views.ts';

const SHAPES: Readonly<Record<Tone | 'arrow', string>> = {
  good: '<path d="M3.5 8.5l3 3 6-7"/>',
  bad: '<path d="M4 4l8 8M12 4l-8 8"/>',
  warn: '<path d="M8 2.5L14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2"/>',
  muted: '<path d="M4 8h8"/>',
  info: '<circle cx="8" cy="8" r="5.5"/><path d="M8 7.5v3.2M8 5.2v.2"/>',
  busy: '<path d="M8 2.5a5.5 5.5 0 1 0 5.5 5.5"/>',
  arrow: '<path d="M3 8h9M9 4.5L12.5 8 9 11.5"/>',
};

/** A small sign beside a word. It says nothing to a screen reader: the word does. */
export const icon = (shape: Tone | 'arrow') =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${raw(SHAPES[shape])}</svg>`;
