import { html } from 'hono/html';
import { assetUrl } from '../../assets.ts';
import type { Html } from '../../layout.ts';

const PAGES = [
  ['search', '/directory', 'Search'],
  ['contributions', '/directory/contributions', 'Contributions'],
  ['checks', '/directory/checks', 'Checks'],
  ['reports', '/directory/reports', 'Reports'],
  ['keys', '/directory/keys', 'Keys'],
] as const;

export type DirectoryPage = (typeof PAGES)[number][0];

/** The styles, and for operators the pages of the directory beside each other. */
export const directoryHead = (here: DirectoryPage | '', operator: boolean): Html =>
  html`<link rel="stylesheet" href="${assetUrl('watch.css')}"><link rel="stylesheet" href="${assetUrl('directory.css')}">${
    operator
      ? html`<nav class="tabs" aria-label="Directory">${PAGES.map(
          ([id, href, name]) =>
            html`<a href="${href}"${id === here ? html` aria-current="page"` : ''}>${name}</a>`,
        )}</nav>`
      : ''
  }`;
