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
        // before it can run behind another box
        at: onCurve({ x: x1, y: y1 }, { x: x2, y: y2 }, bend, x1 + gap.x / 2),
      },
    ];
  });
  const width = ranks.length * (size.w + gap.x) - gap.x + 2 * PAD;
  return { width, height: full + 2 * PAD, size, boxes, lines };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The point of the curve at `x`; the curve leaves and arrives level. */
function onCurve(from: Point, to: Point, bend: number, x: number): Point {
  let [low, high] = [0, 1];
  const along = (t: number, a: number, b: number, c: number, d: number): number =>
    (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (along(middle, from.x, from.x + bend, to.x - bend, to.x) < x) low = middle;
    else high = middle;
  }
  return { x, y: Math.round(along(low, from.y, from.y, to.y, to.y) * 10) / 10 };
}

/** Where a box wants to stand: beside what leads to it; what nothing leads to goes last. */
function wish(node: ChainNode, edges: readonly ChainEdge[], middle: ReadonlyMap<string, number>): number {
  const from = edges.filter(({ to }) => to === node.id).flatMap((edge) => middle.get(edge.from) ?? []);
  if (from.length === 0) return node.kind === 'spare' ? 1e6 : 0;
  return from.reduce((sum, y) => sum + y, 0) / from.length;
}

const GUTTER = { first: 18, lane: 26 };

/** One box below the other, each chain in one piece; lines that pass other boxes run at the left, each in its lane. */
export function layoutDown(graph: ChainGraph): Layout {
  const { edges } = graph;
  const size = { w: 300, h: 104 };
  const gap = 40;
  const ordered = chainsInOrder(graph);
  const row = new Map(ordered.map((node, index) => [node.id, index]));
  const rowsOf = ({ from, to }: ChainEdge): readonly [number, number] => [row.get(from)!, row.get(to)!];
  const lanes = lanesOf(edges.map(rowsOf));
  const most = Math.max(0, ...lanes.map((lane) => (lane ?? -1) + 1));
  const left = PAD + (most === 0 ? 0 : GUTTER.first + most * GUTTER.lane - 8);
  const boxes = ordered.map((node, index): Box => ({ node, x: left, y: PAD + index * (size.h + gap) }));
  const lines = edges.map((edge, index): Line => {
    const [a, b] = rowsOf(edge);
    const [from, to] = [boxes[a]!, boxes[b]!];
    const lane = lanes[index];
    if (lane === undefined) {
      const x = left + 24;
      return { edge, d: `M${x} ${from.y + size.h}V${to.y}`, at: { x, y: from.y + size.h + gap / 2 } };
    }
    const [y1, y2] = [from.y + size.h / 2 + 10, to.y + size.h / 2 - 10];
    const x = left - GUTTER.first - lane * GUTTER.lane;
    const turn = Math.sign(y2 - y1) * 12;
    return {
      edge,
      d: `M${left} ${y1}H${x + 12}Q${x} ${y1} ${x} ${y1 + turn}V${y2 - turn}Q${x} ${y2} ${x + 12} ${y2}H${left}`,
      at: { x, y: (y1 + y2) / 2 },
    };
  });
  const width = left + size.w + PAD;
  return { width, height: boxes.length * (size.h + gap) - gap + 2 * PAD, size, boxes, lines };
}

/** From each certificate as far up as it leads, good ones first; anchors that nothing leads to at the end. */
function chainsInOrder({ nodes, edges }: ChainGraph): ChainNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const placed = new Set<ChainNode>();
  const place = (node: ChainNode): void => {
    if (placed.has(node)) return;
    placed.add(node);
    const above = edges.filter(({ from }) => from === node.id).map(({ to }) => byId.get(to)!);
    for (const next of above.toSorted((a, b) => good(a) - good(b))) place(next);
  };
  const used = nodes.filter(({ kind }) => kind !== 'spare');
  for (const node of used.toSorted((a, b) => a.rank - b.rank || good(a) - good(b))) place(node);
  for (const node of nodes) place(node);
  return [...placed];
}

const good = ({ mark }: ChainNode): number => (mark === 'pass' ? 0 : 1);

/** A lane for each line that passes a box or runs upwards, none for those to the next box; no two lines share one. */
function lanesOf(rows: readonly (readonly [number, number])[]): (number | undefined)[] {
  const taken: [number, number][][] = [];
  const lanes: (number | undefined)[] = rows.map(() => undefined);
  const long = rows.flatMap(([a, b], index) =>
    b === a + 1 ? [] : [{ lo: Math.min(a, b), hi: Math.max(a, b), index }],
  );
  for (const { lo, hi, index } of long.toSorted((a, b) => a.hi - a.lo - (b.hi - b.lo))) {
    let lane = taken.findIndex((spans) => spans.every(([from, to]) => hi < from || to < lo));
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]!.push([lo, hi]);
    lanes[index] = lane;
  }
  return lanes;
}
