import { html } from 'hono/html';
import type { DirectoryDesk } from '../../directory-room.ts';
import { type Html, tokenField } from '../../layout.ts';
import { badge } from '../../parts/badge.ts';
import { checkField, choiceField, rowsTable, textField } from '../../parts/fields.ts';
import { momentText } from '../../present/directory.ts';
import { type Outcome, outcome } from './contributions.ts';
import { directoryHead } from './frame.ts';

type KeysView = ReturnType<DirectoryDesk['keys']>;

export const keysPage = (
  { keys, hisps, asked }: KeysView,
  token: string,
  after: Outcome = {},
): Html => html`${directoryHead('keys', true)}
<div class="page-head"><h1>Keys</h1>
  <p class="muted">Participating HISPs read the directory with a key: by LDAP, FHIR and HTTP. Only its digest is kept.</p></div>
${outcome(after)}
<section class="panel" aria-labelledby="keys">
  <h2 id="keys">Keys of participants</h2>
  ${rowsTable(
    ['HISP', 'For', 'Made', 'Right', ''],
    keys.map((one) => [
      html`<div>${one.hisp}<small class="muted block mono">${one.id}</small></div>`,
      one.label,
      html`<div><span class="mono nobr">${momentText(one.madeAt)}</span><small class="muted block">by ${one.madeBy}</small></div>`,
      one.bulk ? badge('info', 'the whole directory') : html`<span class="muted">searches</span>`,
      one.revokedAt === null
        ? html`<form class="inline-form" method="post" action="/directory/keys">${tokenField(token)}<input type="hidden" name="id" value="${one.id}"><button type="submit" name="do" value="revoke" class="quiet small">Revoke</button></form>`
        : badge('muted', `revoked ${momentText(one.revokedAt).slice(0, 10)}`),
    ]),
    'There are none yet.',
  )}
</section>
<section class="panel" aria-labelledby="make"><h2 id="make">Make a key</h2>
  <form class="write" method="post" action="/directory/keys">${tokenField(token)}
    ${choiceField({ name: 'hisp', label: 'HISP', choices: hisps.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })) })}
    ${textField({ name: 'label', label: 'What it is for' })}
    ${checkField({ name: 'bulk', label: 'It opens downloads of the whole directory' })}
    <button type="submit" name="do" value="make">Make</button></form>
</section>
<section class="panel" aria-labelledby="asked"><h2 id="asked">Who asked what</h2>
  ${rowsTable(
    ['When', 'Who', 'How', 'What', 'Results'],
    asked.map((one) => [
      html`<span class="mono nobr">${momentText(one.at)}</span>`,
      html`<div>${one.who || 'operator'}<small class="muted block">${one.name}</small></div>`,
      `${one.face}, ${one.kind}`,
      html`<span class="mono">${one.query}</span>`,
      String(one.results),
    ]),
    'Nobody asked yet.',
  )}</section>`;
