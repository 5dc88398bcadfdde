import { html } from 'hono/html';

const PAGES = [
  ['bundles', '/bundles', 'Bundles'],
  ['expiry', '/expiry', 'What ends'],
  ['watch', '/watch', 'Watch'],
  ['diff', '/trust/diff', 'What a change would do'],
] as const;

/** The pages of trust, beside each other. */
export const trustNav = (here: (typeof PAGES)[number][0]) =>
  html`<nav class="tabs" aria-label="Trust">${PAGES.map(
    ([id, href, name]) => html`<a href="${href}"${id === here ? html` aria-current="page"` : ''}>${name}</a>`,
  )}</nav>`;
