/**
 * The room that explains why one address reaches another.
 *
 * @module
 */
import type { ExplainRoom } from '../../../web/rooms.ts';
import { addressesOf } from '../../config/network.ts';
import { domainNamed, keysOf, mailboxOf } from '../../hisp/members.ts';
import { createExplain, unfit } from '../demo/explain.ts';
import { heldBy } from './held.ts';
import type { RunningNetwork } from './network.ts';
import type { People } from './people.ts';

export function explainRoom(running: RunningNetwork, people: People): ExplainRoom {
  const { network, material, context } = running;
  const domains = new Set(network.organizations.map(({ domain }) => domain));
  const serves = (domain: string): boolean =>
    running.hisps.some(({ members }) => domainNamed(members, domain) !== undefined);
  const added = {
    serves,
    exists: (address: string) =>
      running.hisps.some(({ members }) => mailboxOf(members, address) !== undefined),
    keys: (owner: string, purpose: 'sign' | 'decrypt') =>
      running.hisps.flatMap(({ members }) => keysOf(members.keys, owner, purpose)),
  };
  const explain = createExplain(
    context,
    { network, material, added },
    () => false,
    () => heldBy(running).elsewhere,
  );
  const isOurs = (address: string): boolean => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    return domains.has(domain) || serves(domain);
  };
  const { broken } = network;
  const all = addressesOf(network);
  const far = all.find(({ organization }) => organization.hisp !== all[0]!.organization.hisp);
  return {
    choices: people.eyes,
    examples: [
      ...(broken ? [{ ...pair(broken.from, broken.to), label: `${broken.from} to ${broken.to}` }] : []),
      ...(far
        ? [{ ...pair(all[0]!.address, far.address), label: `${all[0]!.address} to ${far.address}` }]
        : []),
    ],
    async explain(from, to) {
      const why = unfit(from, 'sender') ?? unfit(to, 'recipient');
      if (why !== undefined) return { refused: `${why.charAt(0).toUpperCase()}${why.slice(1)}.` };
      if (!isOurs(from) && !isOurs(to)) {
        return {
          refused: 'Neither address is of this network, so no anchors and no keys of theirs are known here.',
        };
      }
      return explain(from, to);
    },
  };
}

const pair = (from: string, to: string) => ({ from, to });
