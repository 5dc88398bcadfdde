/**
 * How a dissection is told in JSON: by `message open --format json` and by each line of a batch.
 *
 * @module
 */
import type { AnyStage, Dissection } from '../../agent/dissect/stage.ts';
import { type Cause, sentence } from '../../outcome/cause.ts';
import { type Finding, findingText } from '../../outcome/check.ts';

const reason = ({ code, params }: Cause) => ({ code, text: sentence({ code, params } as Cause) });

const finding = (one: Finding) => ({
  code: one.code,
  level: one.level,
  text: findingText(one),
  params: one.params,
  cites: one.cites,
});

function stage(one: AnyStage) {
  const told = { ...one, findings: one.findings.map(finding) };
  if (one.name === 'signature') {
    const signers = one.signers.map(({ cause, ...signer }) => ({
      ...signer,
      ...(cause && { cause: reason(cause) }),
    }));
    return { ...told, signers };
  }
  if (one.name === 'trust' && one.decision) {
    const { firstCause, cure } = one.decision;
    return {
      ...told,
      ...(firstCause && { firstCause: reason(firstCause) }),
      ...(cure && { cure: cure.text }),
    };
  }
  return told;
}

export interface ToldMessage {
  readonly schema: 1;
  readonly status: Dissection['status'];
  readonly kind: Dissection['kind'];
  readonly firstCause?: { readonly code: string; readonly text: string };
  readonly sha256?: string;
  readonly octets?: number;
  readonly profile: string;
  readonly at: string;
  readonly stages: readonly object[];
}

/** @param at ms since 1970 UTC */
export const told = (
  dissection: Dissection,
  { profile, at }: { readonly profile: string; readonly at: number },
): ToldMessage => ({
  schema: 1,
  status: dissection.status,
  kind: dissection.kind,
  ...(dissection.firstCause && { firstCause: reason(dissection.firstCause) }),
  ...(dissection.sha256 !== undefined && { sha256: dissection.sha256 }),
  ...(dissection.message && { octets: dissection.message.length }),
  profile,
  at: new Date(at).toISOString(),
  stages: dissection.stages.map(stage),
});
