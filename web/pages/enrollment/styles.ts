import { html } from 'hono/html';
import { assetUrl } from '../../assets.ts';
import type { Html } from '../../layout.ts';

export const enrollmentStyles = (): Html =>
  html`<link rel="stylesheet" href="${assetUrl('enrollment.css')}">`;

/** Where strangers find what they can do here. */
export const joinNav = (here: 'connect' | 'join'): Html =>
  html`<nav class="tabs" aria-label="Connect">
  <a href="/connect"${here === 'connect' ? html` aria-current="page"` : ''}>How do I connect?</a>
  <a href="/join"${here === 'join' ? html` aria-current="page"` : ''}>Join</a></nav>`;

/** What operators do with members who come and go. */
export const operatorNav = (here: 'enrollments' | 'departures' | 'products'): Html =>
  html`<nav class="tabs" aria-label="Members">
  <a href="/enrollments"${here === 'enrollments' ? html` aria-current="page"` : ''}>Requests to join</a>
  <a href="/departures"${here === 'departures' ? html` aria-current="page"` : ''}>Departures</a>
  <a href="/connect/products"${here === 'products' ? html` aria-current="page"` : ''}>Products</a>
  <a href="/admin">Administration</a></nav>`;
