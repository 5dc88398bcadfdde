import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import type { CertificateFact } from '../../facts.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';
import { type Arrived, arrivedFor, certificateNamed, type RunView } from '../view.ts';

const args = z.strictObject({
  roles: z.array(z.string()),
  /** What using a certificate that is not expected says of the system. */
  rules: z.record(z.string(), z.string()).default({}),
});

interface Facets extends Pick<Arrived, 'recipients'> {
  readonly events: readonly number[];
}

/**
 * The message is encrypted to exactly these certificates of the case: no more, no fewer, in every message of the part.
 * Certificates are unique per case and role, so each wrong one names the rule that was broken.
 */
export const certificatesUsed: Verifier<z.infer<typeof args>> = {
  id: 'certificates-used',
  about: 'encrypted to exactly the named certificates of this case',
  args,
  certificates: ({ roles, rules }) => [...roles, ...Object.keys(rules)],
  verify({ roles, rules }, view, scope) {
    const messages = arrivedFor(view, scope.part);
    const sent = view.sent.filter((step) => step.part === scope.part).length;
    const findings: Finding[] = [];
    for (const message of sent === 1 ? joined(messages) : messages.flatMap((one) => joined([one]))) {
      findings.push(...judgeMessage(message, roles, rules, view, scope));
    }
    if (messages.length === 0) {
      findings.push(...roles.map((role) => missing(role, factOf(role, view, scope), [], scope)));
    }
    const evidence = messages.map((message) => message.event);
    const arrived = new Set(messages.map((message) => message.blob)).size;
    if (roles.length > 0 && arrived < sent) {
      const params = { to: `this address (${arrived} of ${sent} arrived)` };
      findings.push(found('fail', { code: 'observed.message-missing', params }, evidence, scope));
    }
    if (roles.length === 0 && findings.length === 0) {
      findings.push(
        found('info', { code: 'observed.certificate-none', params: { case: scope.case } }, evidence, scope),
      );
    }
    return verdictOf(distinct(findings));
  },
};

/** What was made of one submission, taken together: several transactions, or several messages. */
const joined = (messages: readonly Arrived[]): Facets[] =>
  messages.length === 0
    ? []
    : [
        {
          events: messages.map((message) => message.event),
          recipients: messages.flatMap((message) => message.recipients),
        },
      ];

function judgeMessage(
  message: Facets,
  roles: readonly string[],
  rules: Readonly<Record<string, string>>,
  view: RunView,
  scope: Scope,
): Finding[] {
  const named = message.recipients.map((recipient) => ({
    recipient,
    fact: certificateNamed(view.run.facts, recipient),
  }));
  const ofCase = named.flatMap(({ fact }) => (fact && fact.case === scope.case ? [fact] : []));
  const evidence = message.events;
  const findings: Finding[] = [];
  for (const fact of new Set(ofCase)) {
    findings.push(
      roles.includes(fact.role)
        ? found(
            'info',
            { code: 'observed.certificate-used', params: naming(fact) },
            evidence,
            scope,
            whereIs(fact),
          )
        : found(
            'fail',
            {
              code: 'observed.certificate-unexpected',
              params: { ...naming(fact), rule: rules[fact.role] ?? defaultRule(fact) },
            },
            evidence,
            scope,
            whereIs(fact),
          ),
    );
  }
  for (const role of roles) {
    if (!ofCase.some((fact) => fact.role === role)) {
      findings.push(missing(role, factOf(role, view, scope), evidence, scope));
    }
  }
  for (const { recipient, fact } of named) {
    if (fact) continue;
    const sha256 = recipient.ski ?? `${recipient.issuer ?? ''}/${recipient.serial ?? ''}`;
    findings.push(
      found('warn', { code: 'observed.certificate-unknown', params: { sha256 } }, evidence, scope),
    );
  }
  return findings;
}

const factOf = (role: string, view: RunView, scope: Scope): CertificateFact | undefined =>
  view.run.facts.certificates.find((fact) => fact.case === scope.case && fact.role === role);

const naming = (fact: CertificateFact): { role: string; what: string } => ({
  role: fact.role,
  what: [...fact.faults, `for ${fact.names.join(', ') || 'no name'}`, ...fact.places].join(', '),
});

const whereIs = (fact: CertificateFact) => ({ kind: 'certificate' as const, value: fact.sha256 });

function missing(
  role: string,
  fact: CertificateFact | undefined,
  evidence: readonly number[],
  scope: Scope,
): Finding {
  const params = fact ? naming(fact) : { role, what: 'not in this run' };
  return found(
    'fail',
    { code: 'observed.certificate-missing', params },
    evidence,
    scope,
    fact && whereIs(fact),
  );
}

const defaultRule = (fact: CertificateFact): string =>
  fact.faults.length > 0
    ? `it is unusable (${fact.faults.join(', ')})`
    : 'a correct search does not come to it';

/** Equal findings of several messages are one, with the evidence of all. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byText = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.code, finding.params]);
    const other = byText.get(key);
    byText.set(key, other ? { ...other, evidence: [...other.evidence, ...finding.evidence] } : finding);
  }
  return [...byText.values()];
}
