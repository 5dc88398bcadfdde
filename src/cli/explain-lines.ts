/**
 * An explanation for the terminal: the sentence, the cure, the steps, the chains, then the log.
 *
 * @module
 */
import type {
  ChainGraph,
  ExplainedDecision,
  ExplainedWay,
  Explanation,
  Mark,
} from '../trust/explain/schema.ts';
import { style } from './terminal.ts';

const PAINT: Readonly<Record<Mark, (text: string) => string>> = {
  pass: style.good,
  fail: style.bad,
  unknown: style.warn,
  skip: style.dim,
  unseen: style.dim,
};
const SIGN: Readonly<Record<Mark, string>> = { pass: '✓', fail: '✗', unknown: '!', skip: '–', unseen: '?' };
const VERDICT: Readonly<Record<Explanation['verdict'], Mark>> = {
  reaches: 'pass',
  refused: 'fail',
  undetermined: 'unknown',
  unseen: 'unseen',
};

const sign = (mark: Mark): string => PAINT[mark](SIGN[mark]);

export function explanationLines(explanation: Explanation): string[] {
  const { from, to, headline, first, verdict, ways } = explanation;
  const mark = VERDICT[verdict];
  return [
    `${from} → ${to}`,
    '',
    `${sign(mark)} ${style.bold(headline)}${first ? style.dim(`  ${first.reason.code}`) : ''}`,
    ...(first ? [`  ${style.bold('What would make it pass:')} ${first.cure.text}.`] : []),
    ...ways.flatMap(wayLines),
    ...ways.flatMap(logLines),
  ];
}

const wayLines = (way: ExplainedWay): string[] => [
  '',
  `${style.bold(way.title)}  ${style.dim(`${way.from} → ${way.to}`)}`,
  ...way.steps.flatMap(({ mark, by, title, text }) => [
    `${sign(mark)} ${by} ${title}`,
    style.dim(`    ${text}`),
  ]),
  ...(way.transport
    ? [style.dim(`    encrypted with ${way.transport.cipher}, key by ${way.transport.keyTransport}`)]
    : []),
  ...[way.encrypt, way.accept].flatMap((decision) => (decision ? decisionLines(decision) : [])),
];

const decisionLines = ({
  question,
  answer,
  mark,
  policy,
  candidates,
  graph,
}: ExplainedDecision): string[] => [
  '',
  `  ${question} ${PAINT[mark](answer)}  ${style.dim(policy.text)}`,
  ...candidates.flatMap((one) => [
    `  ${sign(one.mark)} ${one.title}  ${style.dim(`${one.where}, ${one.cert.slice(0, 16)}`)}`,
    `      ${one.fate}${one.code ? style.dim(`  ${one.code}`) : ''}`,
    ...one.revocation.map((state) => `      ${sign(state.mark)} ${state.text}`),
    ...one.notes.map((line) => style.dim(`      note: ${line}`)),
  ]),
  ...chainLines(graph),
];

/** Each chain as a tree that grows from the certificate towards its anchors. */
function chainLines({ nodes, edges }: ChainGraph): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lines: string[] = [];
  const walk = (id: string, depth: number, seen: readonly string[]): void => {
    const node = byId.get(id)!;
    const supply = node.suppliedBy ? style.dim(`  ${node.suppliedBy}`) : '';
    const indent = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
    lines.push(`    ${indent}${sign(node.mark)} ${node.title} ${style.dim(`(${node.detail})`)}${supply}`);
    for (const edge of edges.filter((one) => one.from === id && !seen.includes(one.to))) {
      walk(edge.to, depth + 1, [...seen, id]);
    }
  };
  for (const node of nodes) if (node.rank === 0) walk(node.id, 0, []);
  for (const node of nodes) {
    if (node.kind !== 'spare') continue;
    const supply = node.suppliedBy ? `  ${node.suppliedBy}` : '';
    lines.push(style.dim(`    – ${node.title} (${node.detail})${supply}`));
  }
  return lines;
}

const logLines = ({ discovery }: ExplainedWay): string[] => [
  '',
  `${style.bold('Log')}  ${style.dim(`certificates of ${discovery.address}`)}`,
  ...discovery.steps.flatMap(({ mark, level, question, server, outcome, detail, ms, exchanges }) => [
    `${sign(mark)} ${level.padEnd(18)} ${question}${server ? ` at ${server}` : ''}`,
    style.dim(`  ${''.padEnd(18)} ${outcome}: ${detail}  ${Math.round(ms)} ms`),
    ...exchanges.map((line) => style.dim(`  ${''.padEnd(18)} ${line}`)),
  ]),
  ...discovery.notes.map((line) => style.dim(`  note: ${line}`)),
];
