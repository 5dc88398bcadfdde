/**
 * Why does A not reach B? The answer of the trust decision, told in stages.
 *
 * @module
 */

import type { Found } from '../../../web/present/address.ts';
import { capital, LEVEL_WORDS, presentFound } from '../../../web/present/address.ts';
import type { PersonView, StageView, StoryView } from '../../../web/views.ts';
import { sentence } from '../../outcome/cause.ts';
import type { CandidateDecision, CheckSummary, TrustDecision } from '../../trust/decision.ts';

/** @param told what the network's definition adds: the lesson of the pair, and the cure in its terms */
export function storyOf(
  from: PersonView,
  to: PersonView,
  told: { readonly lesson?: string; readonly cure?: string | undefined },
  found: Found,
): StoryView | undefined {
  const { decision } = found;
  if (!decision) return undefined;
  const view = presentFound(found);
  const candidate = decision.candidates[0];
  return {
    from,
    to,
    verdict: decision.verdict,
    headline: headlineOf(from, to, decision),
    stages: [
      lookedUp(found),
      ...(candidate ? judged(candidate, from) : []),
      ...(decision.verdict === 'trusted'
        ? [{ tone: 'good' as const, title: 'Encrypted and sent', detail: 'to the certificate found' }]
        : [
            {
              tone: 'muted' as const,
              title: 'Nothing was sent',
              detail: `${from.name} is told so at once, with this reason`,
            },
          ]),
    ],
    ...(view.code ? { code: view.code } : {}),
    ...((told.cure ?? view.cure) ? { cure: told.cure ?? view.cure! } : {}),
    ...(told.lesson ? { lesson: told.lesson } : {}),
  };
}

function headlineOf(from: PersonView, to: PersonView, decision: TrustDecision): string {
  const { firstCause } = decision;
  if (firstCause?.code === 'trust.no-path') {
    return `${from.hisp} finds the certificate of ${to.address}, and cannot trace it to anyone it trusts.`;
  }
  if (decision.verdict === 'trusted') return `${to.address} is reached.`;
  return firstCause ? capital(sentence(firstCause)) : '';
}

function lookedUp({ discovery }: Found): StageView {
  const last = discovery.steps.at(-1);
  if (discovery.outcome === 'found' && last) {
    return {
      tone: 'good',
      title: 'A certificate is published',
      detail: `${LEVEL_WORDS[last.level]}: ${last.question}, ${last.detail}`,
    };
  }
  return {
    tone: discovery.outcome === 'none' ? 'bad' : 'warn',
    title: 'No certificate was found',
    detail: discovery.why ?? '',
  };
}

/** The checks of one certificate: those before the first that did not pass in one line, then that one. */
function judged(candidate: CandidateDecision, from: PersonView): StageView[] {
  const bad = candidate.checks.find((check) => check.state !== 'pass');
  const good = bad ? candidate.checks.slice(0, candidate.checks.indexOf(bad)) : candidate.checks;
  const stages: StageView[] = [];
  const { certificate } = candidate;
  if (good.length > 0 && certificate) {
    const until = certificate.notAfter.slice(0, 10);
    stages.push({
      tone: 'good',
      title: 'The certificate itself is in order',
      detail: `For ${certificate.names.join(', ')}, until ${until}: ${wordList(good)}`,
    });
  }
  if (bad) {
    stages.push({
      tone: bad.state === 'fail' ? 'bad' : 'warn',
      title: `${from.hisp} does not trust it`,
      detail: bad.cause ? capital(sentence(bad.cause)) : bad.name,
    });
  }
  return stages;
}

/** The local checks of a certificate as a person would say them. */
const PASSED: Readonly<Record<string, string>> = {
  parse: 'readable',
  binding: 'bound to the address',
  usage: 'for encryption',
  ca: 'not a CA',
  strength: 'strong enough',
  time: 'in force',
};

const wordList = (checks: readonly CheckSummary[]): string =>
  checks.map((check) => PASSED[check.name] ?? `right in ${check.name}`).join(', ');
