/**
 * The form of an explanation: what `explain` gives, the API answers, the page draws and the command line prints.
 * JSON throughout; additions keep `schema: 1`.
 *
 * @module
 */
import { z } from 'zod';

/** `skip`: not asked, because what comes before it failed. `unseen`: the other side's own affair. */
export const MARKS = ['pass', 'fail', 'unknown', 'skip', 'unseen'] as const;
const mark = z.enum(MARKS);

export const STEPS = ['encrypt', 'sign', 'route', 'open', 'accept'] as const;

const cure = z.strictObject({
  /** `from` and `to`: the two addresses' own side, the domain or its HISP. */
  who: z.enum(['from', 'to', 'authority', 'network']),
  /** Whose move it is, where it is one domain's. */
  domain: z.string(),
  text: z.string(),
});

const reason = z.strictObject({
  /** One of the closed set of codes. */
  code: z.string(),
  params: z.record(z.string(), z.json()),
  /** What is the case, as one sentence without a full stop. */
  text: z.string(),
});

const note = z.strictObject({ mark, text: z.string(), code: z.string().optional() });

const fact = z.strictObject({ name: z.string(), value: z.string() });

const node = z.strictObject({
  id: z.string(),
  /** `missing`: an issuer that nobody could find. `spare`: an anchor that no chain came to. */
  kind: z.enum(['leaf', 'intermediate', 'anchor', 'missing', 'spare']),
  mark,
  title: z.string(),
  /** The one thing to know at a glance. */
  detail: z.string(),
  /** 0 is the leaf; anchors stand highest. */
  rank: z.int(),
  /** Of an anchor: the bundle that supplied it, or that it was set by hand. */
  suppliedBy: z.string().optional(),
  sha256: z.string().optional(),
  revocation: note.optional(),
  notes: z.array(note),
  facts: z.array(fact),
});

const edge = z.strictObject({
  id: z.string(),
  /** Ids of nodes: what was issued, and by whom. */
  from: z.string(),
  to: z.string(),
  mark,
  text: z.string(),
  notes: z.array(note),
});

const graph = z.strictObject({ nodes: z.array(node), edges: z.array(edge) });

const candidate = z.strictObject({
  cert: z.string(),
  title: z.string(),
  where: z.string(),
  mark,
  /** What becomes of it, in one sentence. */
  fate: z.string(),
  code: z.string().optional(),
  checks: z.array(note.extend({ name: z.string() })),
  /** One for each certificate of the chain that was asked about. */
  revocation: z.array(note),
  notes: z.array(z.string()),
});

const decision = z.strictObject({
  question: z.string(),
  answer: z.enum(['yes', 'no', 'cannot tell yet']),
  mark,
  truster: z.string(),
  direction: z.enum(['incoming', 'outgoing', 'incoming or outgoing']),
  policy: z.strictObject({
    profile: z.string(),
    revocation: z.enum(['require', 'soft']),
    /** In words. */
    text: z.string(),
  }),
  anchors: z.array(z.strictObject({ name: z.string(), suppliedBy: z.string(), until: z.string() })),
  candidates: z.array(candidate),
  reasons: z.array(reason),
  graph,
});

const step = z.strictObject({
  id: z.enum(STEPS),
  title: z.string(),
  /** Who does it. */
  by: z.string(),
  mark,
  text: z.string(),
  reason: reason.optional(),
  cure: cure.optional(),
});

const lookUp = z.strictObject({
  level: z.string(),
  question: z.string(),
  server: z.string().optional(),
  mark,
  outcome: z.string(),
  detail: z.string(),
  ms: z.number(),
  exchanges: z.array(z.string()),
});

const way = z.strictObject({
  id: z.enum(['there', 'back']),
  title: z.string(),
  from: z.string(),
  to: z.string(),
  mark,
  steps: z.array(step),
  discovery: z.strictObject({
    address: z.string(),
    outcome: z.enum(['found', 'none', 'temporary']),
    summary: z.string(),
    steps: z.array(lookUp),
    notes: z.array(z.string()),
  }),
  encrypt: decision.optional(),
  accept: decision.optional(),
  transport: z.strictObject({ cipher: z.string(), keyTransport: z.string(), why: z.string() }).optional(),
});

const first = z.strictObject({
  way: z.enum(['there', 'back']),
  step: z.enum(STEPS),
  reason,
  /** All of it in one sentence, with who and whom. */
  sentence: z.string(),
  /** What would make it pass. */
  cure,
});

export const explanationSchema = z.strictObject({
  schema: z.literal(1),
  from: z.string(),
  to: z.string(),
  /** ISO 8601 UTC. */
  at: z.string(),
  ms: z.number(),
  /**
   * `reaches`: both ways. `refused`: a definite no somewhere. `undetermined`: a source did not answer. `unseen`:
   * nothing speaks against it, and one side's own settings are not known here.
   */
  verdict: z.enum(['reaches', 'refused', 'undetermined', 'unseen']),
  /** The answer in one sentence. */
  headline: z.string(),
  /** The first cause; missing when everything that can be seen is right. */
  first: first.optional(),
  ways: z.array(way).length(2),
});

export type Explanation = z.output<typeof explanationSchema>;
export type ExplainedWay = z.output<typeof way>;
export type ExplainedStep = z.output<typeof step>;
export type ExplainedDecision = z.output<typeof decision>;
export type ExplainedCandidate = z.output<typeof candidate>;
export type ExplainedLookUp = z.output<typeof lookUp>;
export type ChainGraph = z.output<typeof graph>;
export type ChainNode = z.output<typeof node>;
export type ChainEdge = z.output<typeof edge>;
export type Note = z.output<typeof note>;
export type ReasonText = z.output<typeof reason>;
export type ExplainedCure = z.output<typeof cure>;
export type FirstCause = z.output<typeof first>;
export type Mark = (typeof MARKS)[number];
export type StepId = (typeof STEPS)[number];
