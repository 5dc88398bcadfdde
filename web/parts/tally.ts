import { html } from 'hono/html';
import type { RunHeadView } from '../views.ts';
import { badge } from './badge.ts';

/** What a run came to, in words; zero counts are left out, except that nothing failed. */
export const tally = (head: Pick<RunHeadView, 'tally'>) => {
  const { pass, fail, warn, skip, error } = head.tally;
  return html`<span class="tally">
    ${badge('good', `${pass} passed`)}
    ${fail > 0 ? badge('bad', `${fail} failed`) : ''}
    ${warn > 0 ? badge('warn', `${warn} with warnings`) : ''}
    ${error > 0 ? badge('warn', `${error} testbed errors`) : ''}
    ${skip > 0 ? badge('muted', `${skip} skipped`) : ''}
  </span>`;
};
