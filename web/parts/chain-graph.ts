/**
 * The chains of a decision as a picture: a box for each certificate and anchor, a line for each signature. Every box
 * and every line leads to what was found about it. Colour repeats what a sign and a word say.
 *
 * @module
 */
import { html } from 'hono/html';
import type {
  ChainEdge,
  ChainGraph,
  ChainNode,
  ExplainedDecision,
  Mark,
  Note,
} from '../../src/trust/explain/schema.ts';
import type { Html } from '../layout.ts';
import type { Tone } from '../views.ts';
import { badge } from './badge.ts';
import { type Box, type Layout, type Line, layoutAcross, layoutDown } from './chain-layout.ts';
import { icon } from './icon.ts';

export const TONE: Readonly<Record<Mark, Tone>> = {
  pass: 'good',
  fail: 'bad',
  unknown: 'warn',
  skip: 'muted',
  unseen: 'info',
};

const KIND: Readonly<Record<ChainNode['kind'], string>> = {
  leaf: 'Certificate',
  intermediate: 'Issuer',
  anchor: 'Anchor',
  missing: 'Missing',
  spare: 'Anchor',
};

const STATE: Readonly<Record<Mark, string>> = {
  pass: 'good',
  fail: 'fails',
  unknown: 'nobody could tell',
  skip: 'not decided',
  unseen: 'not known here',
};

/** The sign of a mark, drawn around its middle. */
const SIGN: Readonly<Record<Mark, string>> = {
  pass: 'M-4.5 .5l3 3 6-7',
  fail: 'M-4 -4l8 8M4 -4l-8 8',
  unknown: 'M0 -5v6M0 4.2v.6',
  skip: 'M-4 0h8',
  unseen: 'M0 -5v6M0 4.2v.6',
};

/**
 * @param id what the fragments of this picture begin with; unique on the page
 * @param decision whose chains these are
 */
export function chainPicture(id: string, decision: ExplainedDecision): Html {
  const { graph, question } = decision;
  const first = firstShown(decision);
  return html`<div class="chain-picture">
  ${drawing(id, layoutAcross(graph), 'across', question)}
  ${drawing(id, layoutDown(graph), 'down', question)}
</div>
<p class="hint muted">Choose a box or a sign on a line to read what was found about it.</p>
<div class="chain-findings" aria-label="What was found">
  ${graph.nodes.map((node) => nodeFindings(id, node, node.id === first))}
  ${graph.edges.map((edge) => edgeFindings(id, edge, graph, edge.id === first))}
</div>`;
}

/** What is shown before anything is chosen: where it goes wrong, or else the certificate that is used. */
function firstShown({ graph, mark: answer }: ExplainedDecision): string {
  const { nodes, edges } = graph;
  const used = nodes.find(({ kind, mark }) => kind === 'leaf' && mark === 'pass');
  if (answer === 'pass' && used) return used.id;
  for (const mark of ['fail', 'unknown'] as const) {
    const found = nodes.find((node) => node.mark === mark) ?? edges.find((edge) => edge.mark === mark);
    if (found) return found.id;
  }
  return (nodes.find(({ kind }) => kind === 'leaf') ?? nodes[0])?.id ?? '';
}

function drawing(id: string, layout: Layout, way: 'across' | 'down', question: string): Html {
  const { width, height } = layout;
  return html`<svg class="chain-graph ${way}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="Chains: ${question}">
    ${layout.lines.map((line) => drawLine(id, line))}
    ${layout.boxes.map((box) => drawBox(id, box, layout.size))}
  </svg>`;
}

const drawLine = (
  id: string,
  { edge, d, at }: Line,
): Html => html`<a class="edge ${TONE[edge.mark]}" href="#${id}-${edge.id}" aria-label="Signature, ${STATE[edge.mark]}: ${edge.text}">
      <path class="reach" d="${d}"/><path class="line" d="${d}"/>
      <circle cx="${at.x}" cy="${at.y}" r="11"/><path class="sign" transform="translate(${at.x} ${at.y})" d="${SIGN[edge.mark]}"/>
      <title>${edge.text}</title>
    </a>`;

function drawBox(id: string, { node, x, y }: Box, { w, h }: Layout['size']): Html {
  const name = wrapped(node.title, 28, 3).map((text) => ({ text, of: 'name' }));
  const detail = wrapped(detailOf(node), 31, 4 - name.length).map((text) => ({ text, of: 'detail' }));
  const lines = [...name, ...detail];
  const top = y + h / 2 - ((lines.length + 1) * LINE) / 2 + 13;
  const words = `${KIND[node.kind]}, ${STATE[node.mark]}: ${node.title}, ${node.detail}${node.revocation ? `, ${node.revocation.text}` : ''}`;
  return html`<a class="box ${node.kind} ${TONE[node.mark]}" href="#${id}-${node.id}" aria-label="${words}">
      <rect x="${x}" y="${y}" width="${w}" height="${h}" rx="9"/>
      <circle cx="${x + 24}" cy="${y + h / 2}" r="13"/><path class="sign" transform="translate(${x + 24} ${y + h / 2})" d="${SIGN[node.mark]}"/>
      <text class="kind" x="${x + 48}" y="${top}">${kindLine(node)}</text>
      ${lines.map(
        (line, index) =>
          html`<text class="${line.of}" x="${x + 48}" y="${top + LINE * (index + 1)}">${line.text}</text>`,
      )}
      <title>${words}</title>
    </a>`;
}

/** Kind of box and, of a certificate that was asked about, whether it is revoked. */
function kindLine(node: ChainNode): string {
  if (!node.revocation) return KIND[node.kind];
  const word = { pass: 'not revoked', fail: 'revoked', unknown: 'revocation unknown', skip: '', unseen: '' };
  return `${KIND[node.kind]} · ${word[node.revocation.mark]}`;
}

const LINE = 17;

/** A few lines of so many letters, broken where a name or an address can be. */
function wrapped(text: string, wide: number, most: number): string[] {
  if (text.length <= wide) return text === '' ? [] : [text];
  const head = text.slice(0, wide);
  if (most === 1) return [`${head.slice(0, -1)}…`];
  const at = head.indexOf('@');
  const end = at > 0 ? at + 1 : Math.max(head.lastIndexOf(' '), head.lastIndexOf('.')) + 1 || wide;
  return [head.slice(0, end).trimEnd(), ...wrapped(text.slice(end).trimStart(), wide, most - 1)];
}

const detailOf = (node: ChainNode): string =>
  (node.kind === 'anchor' || node.kind === 'spare') && node.mark !== 'fail'
    ? (node.suppliedBy ?? node.detail).replace(/^the /, '')
    : node.detail;

const nodeFindings = (
  id: string,
  node: ChainNode,
  isFirst: boolean,
): Html => html`<article id="${id}-${node.id}" class="finding ${TONE[node.mark]}${isFirst ? ' first' : ''}" tabindex="-1">
    <header><h4>${node.title}</h4>${badge(TONE[node.mark], `${KIND[node.kind].toLowerCase()}: ${node.detail}`)}</header>
    <div class="finding-body">
    ${noteList([...node.notes, ...(node.revocation ? [node.revocation] : [])])}
    ${
      node.facts.length > 0 || node.suppliedBy
        ? html`<dl class="facts">
      ${node.suppliedBy ? html`<div><dt>Supplied by</dt><dd>${node.suppliedBy}</dd></div>` : ''}
      ${node.facts.map((fact) => html`<div><dt>${fact.name}</dt><dd class="${MONO.has(fact.name) ? 'mono' : ''}">${fact.value}</dd></div>`)}
    </dl>`
        : ''
    }
    </div>
  </article>`;

const MONO: ReadonlySet<string> = new Set(['SHA-256', 'Serial']);

function edgeFindings(id: string, edge: ChainEdge, { nodes }: ChainGraph, isFirst: boolean): Html {
  const title = (one: string) => nodes.find((node) => node.id === one)?.title ?? '';
  return html`<article id="${id}-${edge.id}" class="finding ${TONE[edge.mark]}${isFirst ? ' first' : ''}" tabindex="-1">
    <header><h4>${title(edge.from)} ${icon('arrow')} ${title(edge.to)}</h4>${badge(TONE[edge.mark], 'issued by')}</header>
    <div class="finding-body">${noteList(edge.notes.length > 0 ? edge.notes : [{ mark: edge.mark, text: edge.text }])}</div>
  </article>`;
}

const noteList = (notes: readonly Note[]): Html =>
  notes.length === 0
    ? html``
    : html`<ul class="marks">${notes.map(
        (note) =>
          html`<li class="${TONE[note.mark]}"><span class="mark">${icon(TONE[note.mark])}</span><span>${note.text}${note.code ? html` <code class="code">${note.code}</code>` : ''}</span></li>`,
      )}</ul>`;
