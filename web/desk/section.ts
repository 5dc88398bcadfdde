/**
 * One page of administration: what it shows, for whom, and what can be done there.
 *
 * @module
 */
import { html } from 'hono/html';
import type { Actor } from '../../src/hisp/tenancy/actor.ts';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import type { Role } from '../../src/store/tenancy-schema.ts';
import { type Html, tokenField } from '../layout.ts';
import type { Form } from './form.ts';

export interface Desk {
  readonly tenancy: Tenancy;
  readonly actor: Actor;
  /** For forms; see `security.ts`. */
  readonly token: string;
  query(name: string): string;
}

/** What is told once, above the page. */
export interface Told {
  readonly text: string;
  /** Shown this once and never again. */
  readonly secret?: { readonly name: string; readonly value: string };
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly for: readonly Role[];
  /** @throws {TenancyError} */
  body(desk: Desk): Promise<Html>;
  /** @throws {TenancyError} */
  readonly actions: Readonly<Record<string, (desk: Desk, form: Form) => Promise<Told>>>;
}

/** A form of a section that does one of its actions. */
export const actionForm = (
  desk: Pick<Desk, 'token'>,
  section: string,
  action: string,
  fields: Html | string,
  button: { readonly label: string; readonly quiet?: boolean; readonly small?: boolean },
) => html`<form method="post" action="/admin/${section}" class="${button.small ? 'inline-form' : 'write'}">
  ${tokenField(desk.token)}<input type="hidden" name="do" value="${action}">${fields}
  <button type="submit" class="${button.quiet ? 'quiet' : ''} ${button.small ? 'small' : ''}">${button.label}</button>
</form>`;

export const hidden = (name: string, value: string) =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/** `2026-03-01 12:00` UTC */
export const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** A form behind a line that opens it. */
export const behind = (summary: string, content: Html) =>
  html`<details class="behind"><summary>${summary}</summary>${content}</details>`;
