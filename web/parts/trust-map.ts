/**
 * The picture of who trusts whom: HISPs in a row, communities as fields around their members, an arc for each pair.
 *
 * @module
 */
import { html, raw } from 'hono/html';
import type { TrustMapView } from '../views.ts';
import { count } from './count.ts';

const W = 800;
const TOP = 84;
const NODE = { w: 212, h: 84 };

/** Drawn only when each community's members stand side by side; the table beside it says the same in words. */
export function trustMap(view: TrustMapView) {
  const x = (index: number) => (W / view.hisps.length) * (index + 0.5);
  const spans = view.communities.map((community) => {
    const at = view.hisps.flatMap((hisp, i) => (hisp.member.includes(community.id) ? [i] : []));
    return { community, first: at[0] ?? -1, last: at.at(-1) ?? -1, whole: at.length };
  });
  if (spans.some((span) => span.whole !== span.last - span.first + 1) || view.hisps.length > 5) return html``;
  const height = TOP + NODE.h + 72;
  const fields = spans.map((span, i) => {
    const left = x(span.first) - NODE.w / 2 - 20 + i * 8;
    const right = x(span.last) + NODE.w / 2 + 20 - (spans.length - 1 - i) * 8;
    const y = TOP - 20 - i * 4;
    const anchor = i % 2 === 0 ? `x="${left + 16}"` : `x="${right - 16}" text-anchor="end"`;
    return `<rect class="field f${i}" x="${left}" y="${y}" width="${right - left}" height="${NODE.h + 74 + i * 8}" rx="14"/>
      <text class="field-name" ${anchor} y="${TOP + NODE.h + 40}">${xmlText(span.community.title)}</text>`;
  });
  const arcs = view.reach.flatMap((cell) => {
    const from = view.hisps.findIndex((hisp) => hisp.id === cell.from);
    const to = view.hisps.findIndex((hisp) => hisp.id === cell.to);
    const back = view.reach.find((other) => other.from === cell.to && other.to === cell.from);
    if (from >= to) return [];
    const ok = cell.ok && (back?.ok ?? true);
    const [a, b] = [x(from) + 30, x(to) - 30];
    const rise = 34 + 26 * (to - from);
    const middle = (a + b) / 2;
    const peak = TOP - 2 - 0.75 * (rise - 2);
    const sign = ok
      ? `<path class="sign" d="M${middle - 5} ${peak}l4 4 7-9"/>`
      : `<path class="sign" d="M${middle - 5} ${peak - 5}l10 10M${middle + 5} ${peak - 5}l-10 10"/>`;
    return [
      `<g class="arc ${ok ? 'good' : 'bad'}"><path d="M${a} ${TOP - 2}C${a} ${TOP - rise} ${b} ${TOP - rise} ${b} ${TOP - 2}"/>
      <circle cx="${middle}" cy="${peak}" r="11"/>${sign}</g>`,
    ];
  });
  const nodes = view.hisps.map((hisp, i) => {
    const left = x(i) - NODE.w / 2;
    return `<g class="node"><rect x="${left}" y="${TOP}" width="${NODE.w}" height="${NODE.h}" rx="8"/>
      <text x="${x(i)}" y="${TOP + 27}" text-anchor="middle" class="name">${xmlText(hisp.title)}</text>
      <text x="${x(i)}" y="${TOP + 49}" text-anchor="middle" class="sub">${count(hisp.organizations, 'organization')}</text>
      <text x="${x(i)}" y="${TOP + 66}" text-anchor="middle" class="sub">${count(hisp.addresses, 'address', 'addresses')}</text></g>`;
  });
  return html`<svg class="trust-map" viewBox="0 0 ${W} ${height}" role="img" aria-label="${describe(view)}">
    ${raw([...fields, ...arcs, ...nodes].join('\n'))}
  </svg>`;
}

function describe(view: TrustMapView): string {
  const title = (id: string) => view.hisps.find((hisp) => hisp.id === id)?.title ?? id;
  const broken = view.reach
    .filter((cell) => !cell.ok)
    .map((cell) => `${title(cell.from)} to ${title(cell.to)}`);
  return `Who reaches whom among ${view.hisps.map((hisp) => hisp.title).join(', ')}. ${
    broken.length > 0 ? `Not reached: ${broken.join('; ')}.` : 'Everyone reaches everyone.'
  }`;
}

const xmlText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
