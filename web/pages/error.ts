import { html } from 'hono/html';
import { addressBox } from '../parts/address-box.ts';

export const errorPage = (title: string, detail: string) => html`<section class="narrow">
  <h1>${title}</h1>
  <p>${detail}</p>
  <p><a href="/">Back to the network</a></p>
</section>`;

export const refusedAddressPage = (asked: string, why: string) => html`<section class="narrow">
  <h1>This cannot be checked</h1>
  <p class="reason">${why}</p>
  ${addressBox({ value: asked, autofocus: true })}
</section>`;
