/**
 * The chains of a decision as one graph: every certificate once, every branch that was tried, every anchor that the
 * domain trusts, and at which point a branch that failed did so.
 *
 * @module
 */

import { formatName } from '../../pki/name.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import type { CandidateDecision, CertificateSummary, PathSummary, TrustDecision } from '../decision.ts';
import { culpritOf } from './culprit.ts';
import { day, shortName, supplier } from './names.ts';
import { asked, checkNotes, revocationNote } from './notes.ts';
import { reasonText, type Use } from './reason.ts';
import type { ChainEdge, ChainGraph, ChainNode, Mark, Note } from './schema.ts';

/** Anchors that no chain came to are many in a large bundle. */
const SPARES = 4;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The certificates and anchors of a decision, and what connects them. */
export function chainGraph(decision: TrustDecision, anchors: readonly Anchor[]): ChainGraph {
  const use: Use = decision.direction === 'out' ? 'encrypt' : 'sign';
  const drawing = new Drawing(decision.anchors.domain, use);
  for (const candidate of decision.candidates) drawing.candidate(candidate, anchors);
  if (decision.candidates.length === 0) drawing.nothing(decision);
  drawing.spares(anchors);
  return drawing.graph();
}

class Drawing {
  readonly #nodes = new Map<string, Draft<ChainNode>>();
  readonly #edges = new Map<string, Draft<ChainEdge>>();
  readonly #truster: string;
  readonly #use: Use;

  constructor(truster: string, use: Use) {
    this.#truster = truster;
    this.#use = use;
  }

  graph(): ChainGraph {
    const nodes = [...this.#nodes.values()];
    const top = Math.max(1, ...nodes.filter(({ kind }) => !isAnchorKind(kind)).map(({ rank }) => rank + 1));
    for (const node of nodes) if (isAnchorKind(node.kind)) node.rank = top;
    return { nodes, edges: [...this.#edges.values()] };
  }

  candidate(candidate: CandidateDecision, anchors: readonly Anchor[]): void {
    const leaf = this.#leaf(candidate);
    for (const path of candidate.paths) this.#path(path, leaf);
    if (candidate.paths.length > 0 || !candidate.certificate) return;
    const name = candidate.certificate.issuer;
    const named = anchors.find((anchor) => formatName(anchor.name) === name);
    const issuer = named
      ? this.#anchor(name, named.source, named.certificate?.sha256, 'named')
      : this.#missing(name, 1, 'skip', 'not looked at');
    const text = 'by name only: not looked at, because the certificate is refused by itself';
    this.#edge(leaf, issuer, 'skip', text, []);
  }

  nothing({ verdict, firstCause }: TrustDecision): void {
    const mark: Mark = verdict === 'undetermined' ? 'unknown' : 'fail';
    const notes = firstCause ? [{ mark, ...short(reasonText(firstCause, this.#use)) }] : [];
    const detail = mark === 'unknown' ? 'nobody could tell' : 'none was found';
    this.#node({
      id: 'none',
      kind: 'missing',
      mark,
      title: 'No certificate',
      detail,
      rank: 0,
      notes,
      facts: [],
    });
  }

  spares(anchors: readonly Anchor[]): void {
    const unused = anchors.filter((anchor) => !this.#nodes.has(anchorId(formatName(anchor.name), anchor)));
    const names = [...new Map(unused.map((anchor) => [formatName(anchor.name), anchor])).values()];
    for (const anchor of names.slice(0, names.length > SPARES + 1 ? SPARES : undefined)) {
      this.#anchor(formatName(anchor.name), anchor.source, anchor.certificate?.sha256, 'spare');
    }
    const left = this.#left(names.length);
    if (left === 0) return;
    const title = `${left} more anchors`;
    const notes: Note[] = [{ mark: 'skip', text: `trusted by ${this.#truster}; no chain leads there` }];
    this.#node({
      id: 'spare',
      kind: 'spare',
      mark: 'skip',
      title,
      detail: 'no chain leads there',
      rank: 0,
      notes,
      facts: [],
    });
  }

  #left = (count: number): number => (count > SPARES + 1 ? count - SPARES : 0);

  #leaf({ cert, certificate, state, checks, paths, fate, where }: CandidateDecision): string {
    const id = nodeId(cert || 'unread');
    const revocation = paths.find((path) => path.revocation)?.revocation?.[0];
    const own = fate === 'usable' || !fate.code.startsWith('trust.');
    const mark: Mark =
      state === 'usable' ? 'pass' : own ? (state === 'undetermined' ? 'unknown' : 'fail') : 'pass';
    const told = fate === 'usable' || !own ? undefined : reasonText(fate, this.#use);
    this.#node({
      id,
      kind: 'leaf',
      mark,
      title: certificate
        ? certificate.names.join(', ') || shortName(certificate.subject)
        : 'Not a certificate',
      detail: told
        ? (FAULT[told.code] ?? 'refused')
        : certificate
          ? `until ${day(certificate.notAfter)}`
          : '',
      rank: 0,
      ...(cert && { sha256: cert }),
      ...(revocation && { revocation: revocationNote(revocation) }),
      notes: checkNotes(asked(checks), this.#use).map(({ name: _, ...note }) => note),
      facts: [
        {
          name: this.#use === 'encrypt' ? 'Found at' : 'Came',
          value: where === 'message' ? 'with the message' : where,
        },
        ...(certificate ? facts(certificate) : []),
      ],
    });
    return id;
  }

  #path(path: PathSummary, leaf: string): void {
    const fault = culpritOf(path);
    const ids = path.certificates.map((certificate, index) =>
      index === 0 ? leaf : this.#issuer(certificate, index, path, fault?.node === index),
    );
    for (const [index, id] of ids.entries()) {
      const next = ids[index + 1];
      if (next === undefined) break;
      this.#link(id, next, path, index, fault?.edge);
    }
    const last = ids.at(-1)!;
    const depth = path.certificates.length;
    if (path.anchor) {
      const { name, source, sha256 } = path.anchor;
      const bad = fault?.node === depth;
      this.#link(
        last,
        this.#anchor(name, source, sha256, 'anchor', bad ? path : undefined),
        path,
        depth - 1,
        fault?.edge,
      );
      return;
    }
    const tip = path.certificates.at(-1);
    if (path.state === 'pass' || !tip || !path.cause || fault?.node === depth - 1) return;
    const mark: Mark = path.state === 'unknown' ? 'unknown' : 'fail';
    const told = short(reasonText(path.cause, this.#use));
    const detail = path.cause.code === 'trust.aia-failed' ? 'could not be fetched' : 'no anchor, not found';
    const missing = this.#missing(tip.issuer, depth, mark, detail, { mark, ...told });
    this.#edge(last, missing, mark, told.text, [{ mark, ...told }]);
  }

  #link(from: string, to: string, path: PathSummary, index: number, fault: number | undefined): void {
    if (fault === index && path.cause) {
      const told = short(reasonText(path.cause, this.#use));
      this.#edge(from, to, 'fail', told.text, [{ mark: 'fail', ...told }]);
      return;
    }
    const mark: Mark = path.state === 'pass' || index < path.certificates.length - 1 ? 'pass' : 'skip';
    const text = mark === 'pass' ? 'signed by' : 'by name';
    const note: Note =
      mark === 'pass'
        ? { mark, text: 'the signature verifies with the key of the issuer' }
        : { mark, text: 'the names fit; what else is asked of this chain failed before' };
    this.#edge(from, to, mark, text, [note]);
  }

  #issuer(certificate: CertificateSummary, rank: number, path: PathSummary, guilty: boolean): string {
    const id = nodeId(certificate.sha256);
    const revocation = path.revocation?.[rank];
    const good = path.state === 'pass';
    const bad: Mark = path.state === 'unknown' ? 'unknown' : 'fail';
    const told = guilty && path.cause ? short(reasonText(path.cause, this.#use)) : undefined;
    const stranger = told?.code === 'trust.no-path';
    const notes: Note[] = told
      ? [{ mark: bad, ...told }]
      : [
          good
            ? { mark: 'pass', text: 'part of a good chain' }
            : { mark: 'skip', text: 'nothing was found against it' },
        ];
    this.#node({
      id,
      kind: 'intermediate',
      mark: good ? 'pass' : told ? bad : 'skip',
      title: shortName(certificate.subject),
      detail: stranger
        ? 'not a trusted anchor'
        : told
          ? (FAULT[told.code ?? ''] ?? 'breaks the chain')
          : `until ${day(certificate.notAfter)}`,
      rank,
      sha256: certificate.sha256,
      ...(revocation && { revocation: revocationNote(revocation) }),
      notes,
      facts: facts(certificate),
    });
    return id;
  }

  #anchor(
    name: string,
    source: string,
    sha256: string | undefined,
    role: 'anchor' | 'named' | 'spare',
    bad?: PathSummary,
  ): string {
    const id = anchorId(name, { certificate: sha256 === undefined ? undefined : { sha256 } });
    const known = this.#nodes.get(id);
    const from = supplier(source);
    const suppliedBy =
      known?.suppliedBy && !known.suppliedBy.includes(from) ? `${known.suppliedBy}; ${from}` : from;
    const told = bad?.cause && short(reasonText(bad.cause, this.#use));
    const mark: Mark = told ? 'fail' : role === 'anchor' ? 'pass' : 'skip';
    const note: Note = told
      ? { mark, ...told }
      : role === 'anchor'
        ? { mark, text: `trusted by ${this.#truster}` }
        : { mark, text: `trusted by ${this.#truster}; ${SPARE[role]}` };
    this.#node({
      id,
      kind: role === 'anchor' ? 'anchor' : 'spare',
      mark,
      title: shortName(name),
      detail: told ? (FAULT[told.code ?? ''] ?? 'not in force') : role !== 'anchor' ? SPARE[role] : 'trusted',
      rank: 0,
      suppliedBy: known?.suppliedBy?.includes(from) ? known.suppliedBy : suppliedBy,
      ...(sha256 !== undefined && { sha256 }),
      notes: [note],
      facts: [
        { name: 'Name', value: name },
        ...(sha256 === undefined ? [] : [{ name: 'SHA-256', value: sha256 }]),
      ],
    });
    return id;
  }

  #missing(name: string, rank: number, mark: Mark, detail: string, note?: Note): string {
    const id = nodeId(`issuer ${name}`);
    this.#node({
      id,
      kind: 'missing',
      mark,
      title: shortName(name),
      detail,
      rank,
      notes: note ? [note] : [],
      facts: [{ name: 'Name', value: name }],
    });
    return id;
  }

  /** A node that several branches come to: what a good branch says of it counts, else the worst. */
  #node(node: ChainNode): void {
    const known = this.#nodes.get(node.id);
    if (!known) {
      this.#nodes.set(node.id, { ...node });
      return;
    }
    const better =
      known.mark === 'pass' ? known : node.mark === 'pass' ? node : known.mark === 'skip' ? node : known;
    const revocation = known.revocation ?? node.revocation;
    this.#nodes.set(node.id, {
      ...known,
      kind: better.kind,
      mark: better.mark,
      detail: better.detail,
      rank: Math.max(known.rank, node.rank),
      ...(node.suppliedBy && { suppliedBy: node.suppliedBy }),
      ...(revocation && { revocation }),
      notes: distinct([...known.notes, ...node.notes]),
    });
  }

  #edge(from: string, to: string, mark: Mark, text: string, notes: readonly Note[]): void {
    const id = `${from}-${to}`;
    const known = this.#edges.get(id);
    if (!known) {
      this.#edges.set(id, { id, from, to, mark, text, notes: [...notes] });
      return;
    }
    const better =
      known.mark === 'pass' || (known.mark !== 'skip' && mark !== 'pass') ? known : { mark, text };
    this.#edges.set(id, {
      ...known,
      mark: better.mark,
      text: better.text,
      notes: distinct([...known.notes, ...notes]),
    });
  }
}

const SPARE = { anchor: '', named: 'named as issuer', spare: 'no chain leads here' };

const isAnchorKind = (kind: ChainNode['kind']): boolean => kind === 'anchor' || kind === 'spare';

/** A few letters that are the same for the same thing: fit for a fragment of a URL. */
const nodeId = (text: string): string =>
  /^[0-9a-f]{64}$/.test(text)
    ? text.slice(0, 12)
    : text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .slice(0, 60);

const anchorId = (name: string, anchor: { certificate?: { sha256: string } | undefined }): string =>
  `anchor-${anchor.certificate?.sha256.slice(0, 12) ?? nodeId(name)}`;

const short = ({ code, text }: { code: string; text: string }): { code: string; text: string } => ({
  code,
  text,
});

const distinct = (notes: readonly Note[]): Note[] => [
  ...new Map(notes.map((one) => [one.text, one])).values(),
];

const facts = (certificate: CertificateSummary): { name: string; value: string }[] => [
  { name: 'Subject', value: certificate.subject },
  { name: 'Issuer', value: certificate.issuer },
  { name: 'Valid', value: `${day(certificate.notBefore)} to ${day(certificate.notAfter)}` },
  { name: 'Serial', value: certificate.serial },
  { name: 'SHA-256', value: certificate.sha256 },
];

/** What is wrong, in the two or three words that fit into a box. */
const FAULT: Readonly<Record<string, string>> = {
  'cert.expired': 'expired',
  'cert.not-yet-valid': 'not yet valid',
  'cert.revoked': 'revoked',
  'cert.revocation-unknown': 'revocation unknown',
  'cert.binding': 'of somebody else',
  'cert.usage': 'not for this use',
  'cert.weak-key': 'key too weak',
  'cert.weak-signature': 'signature too weak',
  'cert.ca-as-leaf': 'a CA certificate',
  'cert.policy': 'against policy',
  'cert.unparsable': 'cannot be read',
  'trust.constraint': 'breaks the chain',
  'trust.anchor-expired': 'expired',
  'crypto.digest-not-allowed': 'digest too weak',
};
