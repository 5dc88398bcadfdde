/**
 * Where the boxes and lines of a chain graph stand: across a wide page, or down a narrow one.
 *
 * @module
 */
import type { ChainEdge, ChainGraph, ChainNode } from '../../src/trust/explain/schema.ts';

export interface Box {
  readonly node: ChainNode;
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly edge: ChainEdge;
  /** Path data. */
  readonly d: string;
  /** Where its sign stands. */
  readonly at: { readonly x: number; readonly y: number };
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly size: { readonly w: number; readonly h: number };
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

const PAD = 6;

/** One column for each rank, the certificate on the left, the anchors on the right. */
export function layoutAcross({ nodes, edges }: ChainGraph): Layout {
  const size = { w: 300, h: 104 };
  const gap = { x: 78, y: 16 };
  const ranks = [...new Set(nodes.map(({ rank }) => rank))].toSorted((a, b) => a - b);
  const columns = ranks.map((rank) => nodes.filter((node) => node.rank === rank));
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  const full = tallest * (size.h + gap.y) - gap.y;
  const middle = new Map<string, number>();
  const boxes = columns.flatMap((column, index): Box[] => {
    // those that come from above stand above
    const ordered = column.toSorted((a, b) => wish(a, edges, middle) - wish(b, edges, middle));
    const own = ordered.length * (size.h + gap.y) - gap.y;
    return ordered.map((node, row) => {
      const y = PAD + (full - own) / 2 + row * (size.h + gap.y);
      middle.set(node.id, y);
      return { node, x: PAD + index * (size.w + gap.x), y };
    });
  });
  const at = new Map(boxes.map((box) => [box.node.id, box]));
  const lines = edges.flatMap((edge): Line[] => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)];
    if (!from || !to) return [];
    const [x1, y1] = [from.x + size.w, from.y + size.h / 2];
    const [x2, y2] = [to.x, to.y + size.h / 2];
    const bend = Math.max(30, (x2 - x1) / 2);
    return [
      {
        edge,
        d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
        at: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 },
      },
    ];
  });
  const width = ranks.length * (size.w + gap.x) - gap.x + 2 * PAD;
  return { width, height: full + 2 * PAD, size, boxes, lines };
}

/** Where a box wants to stand: beside what leads to it; what nothing leads to goes last. */
function wish(node: ChainNode, edges: readonly ChainEdge[], middle: ReadonlyMap<string, number>): number {
  const from = edges.filter(({ to }) => to === node.id).flatMap((edge) => middle.get(edge.from) ?? []);
  if (from.length === 0) return node.kind === 'spare' ? 1e6 : 0;
  return from.reduce((sum, y) => sum + y, 0) / from.length;
}

/** One box below the other; lines that pass others run at their left. */
export function layoutDown({ nodes, edges }: ChainGraph): Layout {
  const size = { w: 300, h: 104 };
  const gap = 40;
  const gutter = 34;
  const ordered = nodes
    .map((node, index) => ({ node, index }))
    .toSorted((a, b) => down(a.node) - down(b.node) || a.index - b.index)
    .map(({ node }) => node);
  const row = new Map(ordered.map((node, index) => [node.id, index]));
  const passing = edges.some(({ from, to }) => Math.abs(row.get(to)! - row.get(from)!) > 1);
  const left = passing ? gutter : PAD;
  const boxes = ordered.map((node, index): Box => ({ node, x: left, y: PAD + index * (size.h + gap) }));
  const lines = edges.map((edge): Line => {
    const [a, b] = [row.get(edge.from)!, row.get(edge.to)!];
    const [from, to] = [boxes[a]!, boxes[b]!];
    if (b === a + 1) {
      const x = left + 32;
      return { edge, d: `M${x} ${from.y + size.h}V${to.y}`, at: { x, y: (from.y + size.h + to.y) / 2 } };
    }
    const [y1, y2] = [from.y + size.h / 2, to.y + size.h / 2];
    const x = 12;
    const middle =
      boxes[Math.floor((a + b) / 2)]!.y + (Math.abs(b - a) % 2 === 0 ? size.h / 2 : size.h + gap / 2);
    return {
      edge,
      d: `M${left} ${y1}C${x} ${y1} ${x} ${y1} ${x} ${y1 + Math.sign(y2 - y1) * 24}V${y2 - Math.sign(y2 - y1) * 24}C${x} ${y2} ${x} ${y2} ${left} ${y2}`,
      at: { x, y: middle },
    };
  });
  const width = left + size.w + PAD;
  return { width, height: boxes.length * (size.h + gap) - gap + 2 * PAD, size, boxes, lines };
}

const down = ({ rank, kind }: ChainNode): number => rank + (kind === 'spare' ? 100 : 0);
