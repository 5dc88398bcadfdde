import { html } from 'hono/html';
import type { Answer, Path, Question } from '../../../src/directory/connect/decide.ts';
import {
  EDGE_NAMES,
  HISP_EDGES,
  PRODUCT_EDGES,
  type Register,
} from '../../../src/directory/connect/product.ts';
import { cureText, hindranceText, noPathText, productName } from '../../../src/directory/connect/words.ts';
import { behind, hidden } from '../../desk/section.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { checkField, choiceField, rowsTable, textField } from '../../parts/fields.ts';
import type { ConnectStep } from '../../present/connect.ts';
import { problemList } from './join.ts';
import { enrollmentStyles, joinNav, operatorNav } from './styles.ts';

export interface ConnectView {
  readonly register: Register;
  /** What was chosen, by the name of the field; missing before anything was asked. */
  readonly chosen?: { readonly ehr: string; readonly hisp: string; readonly community: string };
  readonly question: Question;
  readonly answer?: Answer;
  /** Of the first path. */
  readonly steps: readonly ConnectStep[];
  /** Whether the reader may edit the register. */
  readonly operator: boolean;
}

const HOW: Readonly<Record<Path['how'], string>> = {
  direct: 'Your EHR sends and reads by itself.',
  partly: 'Your EHR does one of both; the other is done on pages.',
  beside: 'Your EHR has no part in it: you send and read on pages beside it.',
  pages: 'You send and read on pages.',
};

export const connectPage = (view: ConnectView): Html => {
  const { register, chosen, answer } = view;
  return html`${enrollmentStyles()}
<div class="page-head">${joinNav('connect')}<h1>How do I connect?</h1>
  <p class="muted">Which way leads from the program that you write in to an address of this network.${view.operator ? html` <a href="/connect/products">Edit the register</a>` : ''}</p></div>
<section class="panel"><form method="get" action="/connect" class="write"><div class="form-grid">
  ${choiceField({
    name: 'ehr',
    label: 'Your EHR',
    value: chosen?.ehr,
    choices: [
      { value: 'none', label: 'None, or it speaks none of it' },
      ...register.products.map((one) => ({ value: `${one.id} ${one.version}`, label: productName(one) })),
    ],
    hint: 'Products in the demo network are invented',
  })}
  ${choiceField({
    name: 'hisp',
    label: 'HISP',
    value: chosen?.hisp,
    choices: [
      { value: '', label: 'Any' },
      ...register.hisps.map(({ id, title }) => ({ value: id, label: title })),
    ],
  })}
  ${choiceField({
    name: 'community',
    label: 'Community that you need',
    value: chosen?.community,
    choices: [
      { value: '', label: 'Any' },
      ...Object.entries(register.communities).map(([value, label]) => ({ value, label })),
    ],
    hint: 'The one whose members you write to',
  })}</div>
  <button type="submit">Show the way</button></form></section>
${answer ? (answer.found ? found(view, answer.paths) : none(view, answer)) : ''}`;
};

const titleOf = ({ hisps }: Register, id: string): string => hisps.find((one) => one.id === id)?.title ?? id;

const found = ({ register, steps }: ConnectView, [best, ...others]: readonly Path[]): Html =>
  html`<section class="panel accent" aria-labelledby="way"><h2 id="way">${badge('good', 'a way')} with ${titleOf(register, best!.hisp)}</h2>
  <p>${HOW[best!.how]}</p>
  <ol class="path">${steps.map(
    ({ title, text, rows, link }) => html`<li><div><h3>${title}</h3><p>${text}</p>
    ${rows ? html`<dl class="pairs">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>` : ''}
    ${link ? html`<p><a href="${link.href}">${link.name}</a></p>` : ''}</div></li>`,
  )}</ol></section>
${
  others.length === 0
    ? ''
    : html`<section class="panel"><h2>Other ways</h2>${rowsTable(
        ['HISP', 'Send', 'Read', ''],
        others.map(({ hisp, send, receive, how }) => [
          titleOf(register, hisp),
          EDGE_NAMES[send],
          EDGE_NAMES[receive],
          html`<small class="muted">${HOW[how]}</small>`,
        ]),
        '',
      )}</section>`
}`;

const none = ({ register, question }: ConnectView, answer: Extract<Answer, { found: false }>): Html => {
  // what hinders at several HISPs alike is said once
  const reasons = new Set(
    answer.hindered.map(({ hisp, by }) =>
      by.map((one) => hindranceText(register, question, hisp, one)).join('; '),
    ),
  );
  return html`<section class="panel accent" aria-labelledby="way"><h2 id="way">${badge('bad', 'no way')} ${noPathText(register, question, answer.why)}</h2>
  ${
    answer.hindered.length === 0
      ? ''
      : html`<ul>${[...reasons].map((one) => html`<li>${one}.</li>`)}</ul>
  <h3>What would make one</h3><ul>${answer.cures.map(
    (cures) =>
      html`<li>${cures.map((one, i) => html`${i > 0 ? ', and ' : ''}${cureText(register, question, one)}`)}.</li>`,
  )}</ul>`
  }
  ${question.product ? html`<p>Without your EHR: <a href="/connect?ehr=none${question.community ? `&community=${encodeURIComponent(question.community)}` : ''}">the way by webmail</a>.</p>` : ''}</section>`;
};

export const productsPage = (
  view: { readonly register: Register; readonly problems: readonly string[]; readonly told?: string },
  token: string,
): Html => {
  const { register } = view;
  const act = (what: string, fields: Html, label: string, small = false) =>
    html`<form method="post" action="/connect/products" class="${small ? 'inline-form' : 'write'}">${tokenField(token)}${hidden('do', what)}${fields}
    <button type="submit" class="${small ? 'quiet small' : ''}">${label}</button></form>`;
  const boxes = (name: string, all: readonly { value: string; label: string }[], on: readonly string[]) =>
    html`<fieldset><legend>${name === 'hisps' ? 'HISPs' : 'Edges'}</legend>${all.map(({ value, label }) => checkField({ name, label, value, checked: on.includes(value) }))}</fieldset>`;
  const hisps = register.hisps.map(({ id, title }) => ({ value: id, label: title }));
  const edges = (all: readonly (typeof HISP_EDGES)[number][]) =>
    all.map((value) => ({ value, label: EDGE_NAMES[value] }));
  return html`${enrollmentStyles()}
<div class="page-head"><h1>Products and edges</h1><p class="muted">What <a href="/connect">How do I connect?</a> answers by, for all HISPs of the network.</p></div>
${operatorNav('products')}
${view.told ? html`<p class="notice good" role="status">${view.told}</p>` : ''}${problemList(view.problems)}
<section class="panel"><h2>Products</h2>${rowsTable(
    ['Product', 'Edges', 'Goes with', 'Note', ''],
    register.products.map((one) => [
      productName(one),
      one.edges.length === 0 ? 'none' : one.edges.map((edge) => EDGE_NAMES[edge]).join(', '),
      one.relation === 'any'
        ? 'any HISP'
        : `${one.relation}: ${one.hisps.map((id) => titleOf(register, id)).join(', ')}`,
      one.note,
      act('remove', html`${hidden('id', one.id)}${hidden('version', one.version)}`, 'Remove', true),
    ]),
    'No product yet.',
  )}</section>
<section class="panel"><h2>Add or change a product</h2>${act(
    'product',
    html`<div class="form-grid">${textField({ name: 'name', label: 'Name', required: true })}
    ${textField({ name: 'id', label: 'Short name', required: true, hint: 'The same short name and version changes what is there' })}
    ${textField({ name: 'version', label: 'Version', required: true })}
    ${choiceField({
      name: 'relation',
      label: 'Goes with',
      choices: [
        { value: 'any', label: 'any HISP' },
        { value: 'designated', label: 'some HISPs: connected with them (designated)' },
        { value: 'integrated', label: 'some HISPs: a part of them (integrated)' },
      ],
    })}${textField({ name: 'note', label: 'Note' })}</div>
    ${boxes('edges', edges(PRODUCT_EDGES), [])}${boxes('hisps', hisps, [])}`,
    'Keep',
  )}</section>
<section class="panel"><h2>HISPs</h2>${register.hisps.map(
    (
      one,
    ) => html`<h3>${one.title}</h3><p class="muted">${one.edges.map((edge) => EDGE_NAMES[edge]).join(', ') || 'no edge'}; ${one.accepts ? 'takes' : 'takes no'} new members</p>
    ${behind(
      'Change',
      act(
        'hisp',
        html`${hidden('id', one.id)}${boxes('edges', edges(HISP_EDGES), one.edges)}${checkField({ name: 'accepts', label: 'Takes new members', checked: one.accepts })}${textField({ name: 'note', label: 'Note', value: one.note })}`,
        'Keep',
      ),
    )}`,
  )}</section>`;
};
