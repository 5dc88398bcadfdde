/**
 * The frame of every page.
 *
 * @module
 */
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { assetUrl } from './assets.ts';
import type { Visitor } from './desk/visitor.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Frame {
  readonly title: string;
  readonly here:
    | 'home'
    | 'addresses'
    | 'directory'
    | 'explain'
    | 'trust'
    | 'scenarios'
    | 'connect'
    | 'about'
    | 'webmail'
    | 'admin'
    | 'account'
    | 'sign-in'
    | '';
  /** Proof that a form came from this page; see `security.ts`. */
  readonly token: string;
  readonly body: Html;
  /** Who reads; undefined when this program has no accounts. */
  readonly visitor?: Visitor | undefined;
}

const ROOMS = [
  ['home', '/', 'Network'],
  ['directory', '/directory', 'Directory'],
  ['explain', '/explain', 'Explain'],
  ['trust', '/bundles', 'Trust'],
  ['scenarios', '/scenarios', 'Scenarios'],
  ['connect', '/connect', 'Connect'],
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
  <link rel="stylesheet" href="${assetUrl('desk.css')}">
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
          html`<a href="${href}"${id === (frame.here === 'addresses' ? 'directory' : frame.here) ? html` aria-current="page"` : ''}>${name}</a>`,
      )}
    </nav>
    ${frame.visitor ? who(frame.visitor, frame) : ''}
  </header>
  <main id="main">${frame.body}</main>
  <footer>Direct trust-network testbed. Prepares for accreditation; certifies nothing. Names in the demo network are invented. <a href="/rules">Rules</a></footer>
</body>
</html>`;

const who = ({ session }: Visitor, { here, token }: Pick<Frame, 'here' | 'token'>): Html => {
  const link = (id: Frame['here'], href: string, name: string) =>
    html`<a href="${href}"${id === here ? html` aria-current="page"` : ''}>${name}</a>`;
  if (!session)
    return html`<nav class="who" aria-label="You">${link('sign-in', '/sign-in', 'Sign in')}</nav>`;
  return html`<nav class="who" aria-label="You">${session.user ? link('webmail', '/webmail', 'Webmail') : ''}
    ${session.actor.role === 'user' ? '' : link('admin', '/admin', 'Administration')}
    ${link('account', '/account', session.account.display_name ?? session.account.name)}
    <form method="post" action="/sign-out">${tokenField(token)}<button type="submit" class="quiet small">Sign out</button></form></nav>`;
};

/** Hidden field for forms that are sent without script. */
export const tokenField = (token: string): Html => html`<input type="hidden" name="_token" value="${token}">`;
