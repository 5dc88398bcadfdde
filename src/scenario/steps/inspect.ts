import type { Json } from '../../net/host.ts';
import { inspectDns } from './inspecting/dns.ts';
import { inspectExposure } from './inspecting/exposure.ts';
import { inspectLdap } from './inspecting/ldap.ts';
import { inspectMail } from './inspecting/mail.ts';
import type { StepContext, StepKind } from './step.ts';

const INSPECTIONS = { dns: inspectDns, ldap: inspectLdap, mail: inspectMail, exposure: inspectExposure };

/** Asks every server of one kind that a domain has, in every way of asking, and writes down what each said. */
export const inspect: StepKind<'inspect'> = {
  kind: 'inspect',
  async run({ inspect: { id, of, name } }, context: StepContext) {
    const seen = await INSPECTIONS[of](name, context);
    const summary = { step: 'inspect', id, of, part: context.part, name, ...seen };
    context.host.events.emit({ kind: 'step', summary: summary as unknown as Json });
  },
};
