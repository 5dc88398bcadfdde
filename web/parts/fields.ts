/**
 * Fields of forms, and tables of rows: the plain parts that administration is made of.
 *
 * @module
 */
import { html } from 'hono/html';
import type { Html } from '../layout.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

const hint = (text: string | undefined) => (text ? html`<small class="muted">${text}</small>` : '');

export const textField = (
  field: Field & {
    readonly type?: 'text' | 'password' | 'number';
    readonly value?: string;
    readonly required?: boolean;
    readonly placeholder?: string;
    readonly autocomplete?: string;
  },
) => html`<label class="field"><span>${field.label}</span>
  <input name="${field.name}" type="${field.type ?? 'text'}" value="${field.value ?? ''}" spellcheck="false" autocapitalize="off"
    ${field.placeholder ? html`placeholder="${field.placeholder}"` : ''} ${field.required ? 'required' : ''} autocomplete="${field.autocomplete ?? 'off'}">
  ${hint(field.hint)}</label>`;

export const areaField = (
  field: Field & { readonly rows?: number; readonly required?: boolean; readonly mono?: boolean },
) =>
  html`<label class="field"><span>${field.label}</span>
  <textarea name="${field.name}" rows="${field.rows ?? 4}" ${field.mono ? html`class="mono"` : ''} ${field.required ? 'required' : ''} spellcheck="false"></textarea>
  ${hint(field.hint)}</label>`;

export const choiceField = (
  field: Field & { readonly choices: readonly Choice[]; readonly value?: string | undefined },
) =>
  html`<label class="field"><span>${field.label}</span>
  <select name="${field.name}">${field.choices.map(
    ({ value, label }) =>
      html`<option value="${value}"${value === field.value ? ' selected' : ''}>${label}</option>`,
  )}</select>
  ${hint(field.hint)}</label>`;

export const checkField = (field: Field & { readonly checked?: boolean; readonly value?: string }) =>
  html`<label class="check"><input type="checkbox" name="${field.name}" value="${field.value ?? '1'}"${field.checked ? ' checked' : ''}> ${field.label}${field.hint ? html` <small class="muted">${field.hint}</small>` : ''}</label>`;

/** A table that becomes a stack of cards on a narrow screen. Cells are in the order of the heads. */
export const rowsTable = (
  heads: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  empty: string,
) =>
  rows.length === 0
    ? html`<p class="empty">${empty}</p>`
    : html`<table class="rows stack">
  <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
  <tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, i) => html`<td data-label="${heads[i] ?? ''}">${cell}</td>`)}</tr>`,
  )}</tbody>
</table>`;
