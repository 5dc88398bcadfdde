/**
 * The frame of every page.
 *
 * @module
 */
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { assetUrl } from './assets.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Frame {
  readonly title: string;
  readonly here: 'home' | 'addresses' | 'explain' | 'scenarios' | 'about' | '';
  /** Proof that a form came from this page; see `security.ts`. */
  readonly token: string;
  readonly body: Html;
}

const ROOMS = [
  ['home', '/', 'Network'],
  ['addresses', '/addresses', 'Addresses'],
  ['explain', '/explain', 'Explain'],
  ['scenarios', '/scenarios', 'Scenarios'],
  ['about', '/about', 'About'],
] as const;

const HTMX_CONFIG = JSON.stringify({ includeIndicatorCSS: false, extensions: 'sse' });

export const page = (frame: Frame): Html => html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="htmx-config" content="${HTMX_CONFIG}">
  <title>${frame.title} · Anchorage</title>
  <link rel="icon" href="${assetUrl('anchor.svg')}" type="image/svg+xml">
  <link rel="stylesheet" href="${assetUrl('anchorage.css')}">
  <script src="${assetUrl('htmx.js')}" defer></script>
  <script src="${assetUrl('sse.js')}" defer></script>
</head>
<body hx-headers:inherited="${JSON.stringify({ 'x-anchorage-token': frame.token })}">
  <a class="skip" href="#main">Skip to content</a>
  <header class="bar">
    <a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="5" r="2.4"/><path d="M12 7.5V21M7.5 11h9M4 14c.6 4.4 3.8 7 8 7s7.4-2.6 8-7M4 14l-1.5 2.2M4 14l2.4 1.4M20 14l1.5 2.2M20 14l-2.4 1.4"/></svg>Anchorage</a>
    <nav aria-label="Rooms">
      ${ROOMS.map(
        ([id, href, name]) =>
          html`<a href="${href}"${id === frame.here ? html` aria-current="page"` : ''}>${name}</a>`,
      )}
    </nav>
  </header>
  <main id="main">${frame.body}</main>
  <footer>Direct trust-network testbed. Prepares for accreditation; certifies nothing. Names in the demo network are invented.</footer>
</body>
</html>`;

/** Hidden field for forms that are sent without script. */
export const tokenField = (token: string): Html => html`<input type="hidden" name="_token" value="${token}">`;
