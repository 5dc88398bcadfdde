/**
 * Headings, paragraphs, numbered lists and bold words of a text of ours; everything else stays as it is written.
 *
 * @module
 */
import { html } from 'hono/html';
import type { Html } from '../layout.ts';

const inline = (text: string): Html =>
  html`${text.split(/\*\*([^*]+)\*\*/).map((part, i) => (i % 2 === 1 ? html`<strong>${part}</strong>` : part))}`;

/** @param level of the headings that the text begins with `#` */
export function plainMarkdown(text: string, level: 2 | 3 = 3): Html {
  const blocks = text.split(/\n{2,}/).map((block) => block.trim());
  return html`${blocks.filter(Boolean).map((block): Html => {
    const heading = /^#+ (.*)$/.exec(block);
    if (heading) return level === 2 ? html`<h2>${heading[1]}</h2>` : html`<h3>${heading[1]}</h3>`;
    if (/^\d+\. /.test(block)) {
      const items = block.split(/\n(?=\d+\. )/).map((item) => item.replace(/^\d+\. /, ''));
      return html`<ol>${items.map((item) => html`<li>${inline(item)}</li>`)}</ol>`;
    }
    return html`<p>${inline(block)}</p>`;
  })}`;
}
