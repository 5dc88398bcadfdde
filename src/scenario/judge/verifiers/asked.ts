import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import type { Asked, RunView } from '../view.ts';

const question = z
  .string()
  .describe(
    '"CERT name", "SRV name", "LDAP server", "LDAP server (filter)", "HTTP GET /path"; " over tcp" may follow.',
  );

/** Whether an asked question is the one meant; a question without a filter means any request to that server. */
function matches(asked: Asked, wanted: string, { case: caseId }: Scope): boolean {
  const whole = wanted.replace(/^LDAP (?!\S*\/)/, `LDAP ${caseId}/`);
  const [text, transport] = whole.toLowerCase().split(' over ');
  if (transport && asked.transport !== transport) return false;
  const given = asked.text.toLowerCase();
  return given === text || (text!.startsWith('ldap ') && given.startsWith(`${text} `));
}

const first = (view: RunView, wanted: string, scope: Scope): Asked | undefined =>
  view.asked.find((asked) => matches(asked, wanted, scope));

const list = z.strictObject({ questions: z.array(question).min(1) });

const wanted = list.extend({
  /** Only what was asked for the main message counts, before anything of it left. */
  beforeSending: z.boolean().default(false),
});

/** Each of the questions reached a server of ours. */
export const asked: Verifier<z.infer<typeof wanted>> = {
  id: 'asked',
  about: 'each of the questions reached our servers',
  args: wanted,
  verify({ questions, beforeSending }, view, scope) {
    const end = beforeSending ? decisionOver(view) : Number.POSITIVE_INFINITY;
    return verdictOf(
      questions.map((text) => {
        const hit = view.asked.find((candidate) => candidate.event < end && matches(candidate, text, scope));
        return hit
          ? found('info', { code: 'observed.query', params: { question: text } }, [hit.event], scope)
          : found('fail', { code: 'observed.query-missing', params: { question: text } }, [], scope);
      }),
    );
  },
};

/** The first event that shows that the main message was decided: something left, or the control began. */
const decisionOver = (view: RunView): number =>
  Math.min(
    ...view.arrived.map((message) => message.event),
    ...view.sent.filter((step) => step.part === 'control').map((step) => step.event),
  );

/** All that was asked about the domain of the case: what shows that a question was not among it. */
function askedOfCase(view: RunView, { case: caseId }: Scope): number[] {
  const domain = view.run.facts.cases[caseId]?.domain.toLowerCase();
  return view.asked
    .filter(({ text }) => domain !== undefined && text.toLowerCase().includes(domain))
    .map(({ event }) => event);
}

const never = z.strictObject({ questions: z.array(question).min(1), because: z.string() });

/** None of the questions reached a server of ours: the search ended before. */
export const notAsked: Verifier<z.infer<typeof never>> = {
  id: 'not-asked',
  about: 'none of the questions reached our servers',
  args: never,
  verify({ questions, because }, view, scope) {
    const findings = questions.flatMap((text) => {
      const hits = view.asked.filter((candidate) => matches(candidate, text, scope));
      if (hits.length === 0) return [];
      const evidence = hits.map((hit) => hit.event);
      const params = { question: text, because };
      return [found('fail', { code: 'observed.query-unexpected', params }, evidence, scope)];
    });
    if (findings.length > 0) return verdictOf(findings);
    return verdictOf([
      found('info', { code: 'observed.not-asked', params: { questions } }, askedOfCase(view, scope), scope),
    ]);
  },
};

/** The questions reached our servers for the first time in this order. Questions of one instant have no order. */
export const askedInOrder: Verifier<z.infer<typeof list>> = {
  id: 'asked-in-order',
  about: 'the questions reached our servers in this order',
  args: list,
  verify({ questions }, view, scope) {
    const hits = questions.map((text) => ({ text, hit: first(view, text, scope) }));
    const findings: Finding[] = hits
      .filter(({ hit }) => !hit)
      .map(({ text }) =>
        found('fail', { code: 'observed.query-missing', params: { question: text } }, [], scope),
      );
    const order = hits.flatMap(({ text, hit }) => (hit ? [{ text, hit }] : []));
    const sorted = order.toSorted((a, b) => a.hit.event - b.hit.event);
    const evidence = sorted.map(({ hit }) => hit.event);
    if (sorted.some(({ text }, index) => text !== order[index]!.text)) {
      const params = { expected: questions, found: sorted.map(({ text }) => text) };
      findings.push(found('fail', { code: 'observed.order', params }, evidence, scope));
    } else if (findings.length === 0) {
      findings.push(
        found(
          'info',
          { code: 'observed.query', params: { question: questions.join(', then ') } },
          evidence,
          scope,
        ),
      );
    }
    return verdictOf(findings);
  },
};
