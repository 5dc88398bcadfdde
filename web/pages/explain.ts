import { html } from 'hono/html';
import type {
  ExplainedDecision,
  ExplainedLookUp,
  ExplainedStep,
  ExplainedWay,
  Explanation,
  StepId,
} from '../../src/trust/explain/schema.ts';
import { assetUrl } from '../assets.ts';
import type { Html } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import { chainPicture, TONE } from '../parts/chain-graph.ts';
import { icon } from '../parts/icon.ts';
import type { Tone } from '../views.ts';

/** What the form has, with what it starts from. */
export interface ExplainForm {
  readonly from: string;
  readonly to: string;
  readonly choices: readonly { readonly address: string; readonly label: string }[];
  readonly examples: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

const VERDICT: Readonly<Record<Explanation['verdict'], readonly [Tone, string]>> = {
  reaches: ['good', 'gets through, and is confirmed'],
  refused: ['bad', 'does not get through'],
  undetermined: ['warn', 'nobody could tell'],
  unseen: ['info', 'right as far as can be seen'],
};

/** The sentence first, then the cure, then all that it stands on. */
export const explainPage = (form: ExplainForm, explanation?: Explanation, refused?: string): Html => html`
<link rel="stylesheet" href="${assetUrl('explain.css')}">
<div class="page-head">${explainForm(form)}</div>
${refused ? html`<section class="panel verdict bad"><h1>This cannot be explained</h1><p class="reason">${refused}</p></section>` : ''}
${explanation ? answer(explanation) : refused ? '' : invitation(form)}`;

const explainForm = ({
  from,
  to,
  choices,
}: ExplainForm): Html => html`<form class="explain-box" action="/explain" method="get">
  <div><label for="explain-from">From</label>${field('from', from)}</div>
  <div><label for="explain-to">To</label>${field('to', to)}</div>
  <div class="field-row"><button type="submit">Explain</button>
  ${from && to ? html`<a class="button quiet" href="/explain?from=${encodeURIComponent(to)}&amp;to=${encodeURIComponent(from)}">The other way round</a>` : ''}</div>
  <datalist id="explain-addresses">${choices.map((one) => html`<option value="${one.address}">${one.label}</option>`)}</datalist>
</form>`;

const field = (name: 'from' | 'to', value: string): Html =>
  html`<input id="explain-${name}" name="${name}" type="text" inputmode="email" spellcheck="false" autocapitalize="off" autocomplete="off" required maxlength="320" placeholder="name@direct.clinic.example" value="${value}" list="explain-addresses">`;

const invitation = ({ examples }: ExplainForm): Html => html`<section class="panel">
  <h1>Why does mail get through, or not?</h1>
  <p>Give two addresses. Nothing is sent: the certificates of both are looked for and judged as their HISPs would, for
  the message and for the confirmation that has to come back.</p>
  ${
    examples.length > 0
      ? html`<ul class="plain">${examples.map(
          (one) =>
            html`<li><a href="/explain?from=${encodeURIComponent(one.from)}&amp;to=${encodeURIComponent(one.to)}">${one.label}</a></li>`,
        )}</ul>`
      : ''
  }
</section>`;

function answer(explanation: Explanation): Html {
  const { from, to, headline, first, verdict, ways, ms } = explanation;
  const [tone, word] = VERDICT[verdict];
  const list = ways.flatMap((way) => decisionsOf(way));
  const opened = list.find((one) => first && one.way.id === first.way && one.step === first.step) ?? list[0];
  return html`<section class="panel verdict explained ${tone}" aria-labelledby="sentence">
  <p class="pair"><span class="mono">${from}</span> ${icon('arrow')} <span class="mono">${to}</span></p>
  <h1 id="sentence" class="sentence">${headline}</h1>
  <p class="headline">${badge(tone, word)} ${first ? html`<code class="code">${first.reason.code}</code>` : ''}</p>
  ${
    first
      ? html`<div class="cure"><h2>What would make it pass</h2><p>${capital(first.cure.text)}.</p></div>`
      : ''
  }
</section>
<section class="panel" aria-labelledby="ways">
  <h2 id="ways">Both ways, step by step</h2>
  <div class="halves ways">${ways.map(wayPart)}</div>
</section>
<section class="decisions" aria-labelledby="chains">
  <h2 id="chains">Certificates, and the chains to each anchor</h2>
  ${list.map(({ way, decision, step }) => decisionPart(`${way.id}-${step}`, decision, opened?.decision === decision))}
</section>
<section class="panel" aria-labelledby="log">
  <h2 id="log">Log <small class="muted">everything that was asked, in ${ms < 1 ? 'under 1' : ms} ms</small></h2>
  ${ways.map(logPart)}
</section>
<section class="panel" aria-labelledby="again">
  <h2 id="again">From a terminal</h2>
  <pre>npm run -s anchorage -- explain ${from} ${to}</pre>
</section>`;
}

const capital = (text: string): string =>
  /^\S*[.@]\S/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);

interface Shown {
  readonly way: ExplainedWay;
  readonly step: 'encrypt' | 'accept';
  readonly decision: ExplainedDecision;
}

const decisionsOf = (way: ExplainedWay): Shown[] =>
  (['encrypt', 'accept'] as const).flatMap((step) => {
    const decision = way[step];
    return decision ? { way, step, decision } : [];
  });

const wayPart = (way: ExplainedWay): Html => html`<div>
    <h3>${way.title} ${badge(TONE[way.mark], WAY[way.mark])}</h3>
    <p class="pair"><span class="mono">${way.from}</span> ${icon('arrow')} <span class="mono">${way.to}</span></p>
    <ol class="stages">${way.steps.map(stepPart)}</ol>
    ${
      way.transport
        ? html`<dl class="facts transport">
      <div><dt>Content</dt><dd>${way.transport.cipher}</dd></div>
      <div><dt>Key transport</dt><dd>${way.transport.keyTransport}: ${way.transport.why}</dd></div>
    </dl>`
        : ''
    }
  </div>`;

const STEP: Readonly<Record<StepId, string>> = {
  encrypt: 'Finds a certificate and trusts it',
  sign: 'Has a key to sign with',
  route: 'Knows where the mail goes',
  open: 'Has the private key and the mailbox',
  accept: 'Trusts the signature',
};

const stepPart = (step: ExplainedStep): Html => html`<li class="${TONE[step.mark]}">
      <span class="mark">${icon(TONE[step.mark])}</span>
      <div><strong>${STEP[step.id]}</strong> <small class="muted">${step.by}</small><p>${step.text}</p></div>
    </li>`;

const WAY = {
  pass: 'gets there',
  fail: 'does not get there',
  unknown: 'cannot tell yet',
  skip: '',
  unseen: 'right so far',
};

const decisionPart = (
  id: string,
  decision: ExplainedDecision,
  isOpen: boolean,
): Html => html`<details class="panel decision ${TONE[decision.mark]}"${isOpen ? html` open` : ''}>
  <summary><span class="question">${decision.question}</span> ${badge(TONE[decision.mark], decision.answer)}</summary>
  <p class="muted">Decided by ${decision.truster}: ${decision.anchors.length} ${decision.direction} ${decision.anchors.length === 1 ? 'anchor' : 'anchors'}; ${decision.policy.text}.</p>
  ${chainPicture(id, decision)}
  <h3>${decision.candidates.length === 0 ? 'No certificate' : 'Each certificate and its fate'}</h3>
  <ul class="fates">${decision.candidates.map(
    (
      one,
    ) => html`<li class="${TONE[one.mark]}"><span class="mark">${icon(TONE[one.mark])}</span><div><strong>${one.title}</strong> <small class="muted">${one.where} · SHA-256 ${one.cert.slice(0, 16)}…</small>
      <p>${capital(one.fate)}${one.code ? html` <code class="code">${one.code}</code>` : ''}</p>
      ${one.notes.length > 0 ? html`<ul class="notes">${one.notes.map((line) => html`<li>${line}</li>`)}</ul>` : ''}</div></li>`,
  )}</ul>
</details>`;

const logPart = ({
  discovery,
}: ExplainedWay): Html => html`<h3>Certificates of <span class="mono">${discovery.address}</span></h3>
  <ol class="lookups">${discovery.steps.map(lookUp)}</ol>
  <p class="muted">${discovery.summary}</p>
  ${discovery.notes.length > 0 ? html`<ul class="notes">${discovery.notes.map((line) => html`<li>${line}</li>`)}</ul>` : ''}`;

const lookUp = (step: ExplainedLookUp): Html => html`<li class="${TONE[step.mark]}">
    <span class="level">${step.level}</span>
    <div>
      <p class="mono question">${step.question}</p>
      <p>${badge(TONE[step.mark], step.outcome)} ${step.detail} <span class="muted">${step.server ? `${step.server}, ` : ''}${step.ms < 1 ? 'under 1' : Math.round(step.ms)} ms</span></p>
      ${
        step.exchanges.length > 0
          ? html`<ul class="exchanges mono">${step.exchanges.map((line) => html`<li>${line}</li>`)}</ul>`
          : ''
      }
    </div>
  </li>`;
