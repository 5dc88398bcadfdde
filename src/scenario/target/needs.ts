/**
 * What a scenario needs of a system outside, held against its profile: whether it can run, and if not, what is missing
 * or why it can never run there.
 *
 * @module
 */

import { LEVELS } from '../../discovery/types.ts';
import type { Plan } from '../cases.ts';
import type { Step } from '../schema.ts';
import type { TargetProfile } from './profile.ts';
import { EDGE_STEPS } from './target.ts';

export type Fitness =
  | { readonly kind: 'run' }
  /** An input is missing: `reason` names it. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** It asks for what only a simulated system lets itself be done. */
  | { readonly kind: 'na'; readonly reason: string };

const na = (reason: string): Fitness => ({ kind: 'na', reason });
const missing = (key: string, what: string): Fitness => ({
  kind: 'skip',
  reason: `the profile has no ${key}: ${what}`,
});

export function fitnessFor(plan: Plan, profile: TargetProfile): Fitness {
  const { scenario } = plan;
  const steps = [...scenario.steps, ...(scenario.control?.steps ?? [])];
  const inside = insideReason(plan, steps, profile);
  if (inside !== undefined) return na(inside);
  const kinds = new Set(steps.flatMap((step) => Object.keys(step)));
  const { addresses, anchors, edges, published } = profile;
  if (EDGE_STEPS.some((kind) => kinds.has(kind)) && !addresses.sender)
    return missing('addresses.sender', 'an address of a user who sends');
  if ((kinds.has('deliver') || kinds.has('lookup') || kinds.has('inspect')) && !addresses.receiver)
    return missing('addresses.receiver', 'an address of a user who receives');
  if ((kinds.has('deliver') || kinds.has('lookup')) && anchors.length === 0)
    return missing('anchors', 'the CA certificates that its certificates lead to');
  if (kinds.has('talk') && !edges.submission)
    return missing('edges.submission', 'where its users hand in mail, with a login');
  if (kinds.has('read') && !edges.imap && !edges.pop3)
    return missing('edges.imap or edges.pop3', 'where the sender’s mailbox is read, with a login');
  const protocols = new Set(steps.flatMap((step) => ('mailbox' in step ? step.mailbox.protocol : [])));
  for (const protocol of protocols)
    if (!edges[protocol])
      return missing(`edges.${protocol}`, 'where the sender’s mailbox is read, with a login');
  const level = wantedLevel(plan);
  if (level && !published.includes(level))
    return { kind: 'skip', reason: `the profile does not list ${level} under published` };
  return { kind: 'run' };
}

function insideReason(plan: Plan, steps: readonly Step[], profile: TargetProfile): string | undefined {
  const { scenario } = plan;
  const { own, bundles, authorities, mail } = scenario.network;
  if (scenario.profile !== profile.profile)
    return `it is about profile ${scenario.profile}, and the target is of ${profile.profile}`;
  for (const step of steps) {
    const kind = Object.keys(step)[0]!;
    const why = INSIDE[kind];
    if (why !== undefined) return why;
    if ('inspect' in step && step.inspect.of === 'exposure')
      return 'it tries to change its directory, and to read the whole of it: that is done to nobody else';
    if ('inspect' in step && step.inspect.of === 'exposure')
      return 'it tries to read the whole directory and to change entries, which is not done to a system of others';
  }
  if (Object.keys(bundles).length > 0) return 'the target would have to take its anchors from the testbed';
  if (Object.keys(mail).length > 0) return 'it needs several mail servers, each with a port 25 of its own';
  const given = own.users.length + own.keys.length + own.anchors.length;
  if (given > 0 || own.edge || own.largest !== undefined || own.revocation !== 'require')
    return 'it sets up the system under test in a way of its own';
  const foreign = Object.entries(authorities).find(([name, one]) => one.trusted !== (name === 'root'));
  if (foreign?.[1].trusted) return `the target would have to trust a second anchor ("${foreign[0]}")`;
  if (Object.values(authorities).some(({ aia }) => aia === 'loopback' || aia === 'huge')) return OWN_MACHINE;
  const urls = plan.cases.flatMap(({ network }) => Object.values(network.certificates));
  if (urls.some(({ record }) => record?.url === 'private')) return OWN_MACHINE;
  return undefined;
}

const OWN_MACHINE = 'it needs servers on the machine of the system under test, or ports of the field';

/** Steps that change the system under test itself. */
const INSIDE: Readonly<Record<string, string | undefined>> = {
  keys: 'it changes the keys of the system under test',
  node: 'it stops machines of the system under test',
  clock: 'it sets the clock of the system under test back',
  outage: 'it takes the store away from the system under test',
  publish: 'it publishes a bundle that the target would have to subscribe to',
  fetch: 'it fetches a bundle that the target would have to subscribe to',
  probe: 'it measures how soon a bundle takes effect',
  crash: 'it stops the system under test in the middle of a change',
  machine: 'it takes machines of the network away',
};

/** The place where a scenario about publishing looks. */
function wantedLevel({ scenario }: Plan): (typeof LEVELS)[number] | undefined {
  if (scenario.sut !== 'publisher') return undefined;
  const checks = [...scenario.expect, ...(scenario.control?.expect ?? [])];
  const named = checks.flatMap(({ args }) => (typeof args['level'] === 'string' ? [args['level']] : []));
  return LEVELS.find((level) => named.includes(level));
}
