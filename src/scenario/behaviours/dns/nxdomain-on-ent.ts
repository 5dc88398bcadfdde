import type { DnsMessage } from '../../../dns/message.ts';
import { canonicalName } from '../../../dns/names.ts';
import type { Zone } from '../../../dns/zone.ts';
import { type PublisherBehaviour, publishing } from '../behaviour.ts';

export const nxdomainOnEnt: PublisherBehaviour = {
  id: 'dns.nxdomain-on-ent',
  title: 'says of a name without records of its own that it does not exist, though names below it do',
  legal: false,
  publish: publishing(({ answer }) => ({
    answer: (reference, zones) => {
      const right = answer(reference, zones);
      const owners = ownersOf(zones);
      return (query, context) => {
        const given = right(query, context);
        return given && isEmpty(given, owners) ? { ...given, rcode: 'NXDOMAIN' } : given;
      };
    },
  })),
};

const ownersOf = (zones: readonly Zone[]): ReadonlySet<string> =>
  new Set(zones.flatMap((zone) => zone.records.map(({ name }) => canonicalName(name))));

const isEmpty = ({ rcode, authoritative, answers, question }: DnsMessage, owners: ReadonlySet<string>) =>
  rcode === 'NOERROR' &&
  authoritative &&
  answers.length === 0 &&
  question !== undefined &&
  !owners.has(canonicalName(question.name));
