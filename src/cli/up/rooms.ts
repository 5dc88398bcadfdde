/**
 * What the pages see of the running network.
 *
 * @module
 */
import { presentFound } from '../../../web/present/address.ts';
import type { Rooms } from '../../../web/rooms.ts';
import type { AddressView, HomeView, ServiceView, StoryView } from '../../../web/views.ts';
import { addressesOf } from '../../config/network.ts';
import { formatAddr } from '../../net/host.ts';
import { reach, reachCure } from '../demo/anchors.ts';
import { isAddressOrDomain } from '../demo/look-up.ts';
import { STATE } from '../run/target.ts';
import { commandsFor, commandsToTry } from './commands.ts';
import { connectRoom } from './connect-room.ts';
import { directoryRoom } from './directory-room.ts';
import { explainRoom } from './explain-room.ts';
import { moment, openMail } from './mail.ts';
import type { RunningNetwork } from './network.ts';
import { peopleOf } from './people.ts';
import type { Runs } from './runs.ts';
import { storyOf } from './story.ts';
import { targetRoom } from './targets-room.ts';
import { trustRoom } from './trust-room.ts';
import { watchRoom } from './watch-room.ts';

/** The ids of the accreditation test, each on its own and all in one message. */
const REHEARSAL = [...Array.from({ length: 18 }, (_, i) => `d${i + 1}`), 'd1-d18'];

export function openRooms(running: RunningNetwork, runs: Runs, version: string, web: () => string): Rooms {
  const { network } = running;
  const people = peopleOf(network, running.holdingsOf);
  const mail = openMail(running, people);
  const defaultEyes = network.broken?.from ?? people.eyes[0]!.address;
  const services = (): ServiceView[] => [
    {
      name: 'DNS',
      what: `${running.faces().zones.length} zones, over UDP and TCP`,
      at: formatAddr(running.places.dns),
      up: true,
    },
    {
      name: 'LDAP',
      what: `${running.faces().content.entries.length} entries`,
      at: formatAddr(running.places.ldap),
      up: running.ldap.up(),
    },
    {
      name: 'LDAP',
      what: 'the directory, for HISPs that log in with a key',
      at: formatAddr(running.directoryLdap.addr),
      up: running.directoryLdap.up(),
    },
    ...running.hisps.map((one) => ({
      name: 'SMTP',
      what: one.title,
      at: formatAddr(one.at),
      up: one.hisp.listening.length > 0,
    })),
    {
      name: 'HTTP',
      what: `${running.publications.length + running.publishing.communities().length} issuers, revocation lists and bundles`,
      at: formatAddr(running.places.http),
      up: true,
    },
    { name: 'Web', what: 'these pages', at: web(), up: true },
  ];
  const story = async (): Promise<StoryView | undefined> => {
    const { broken } = network;
    const [from, to] = [people.person(broken?.from ?? ''), people.person(broken?.to ?? '')];
    if (!broken || !from || !to) return undefined;
    const cure = reachCure(network, people.hispOf(broken.from) ?? '', people.hispOf(broken.to) ?? '');
    return storyOf(from, to, { lesson: broken.lesson, cure }, await running.lookUp(broken.to, broken.from));
  };

  const address = async (
    asked: string,
    from: string | undefined,
  ): Promise<AddressView | { refused: string }> => {
    if (!isAddressOrDomain(asked)) {
      const refused =
        asked === ''
          ? 'Nothing was asked.'
          : `“${asked}” is neither a Direct address, such as ${defaultEyes}, nor a domain.`;
      return { refused };
    }
    if (from !== undefined && !people.person(from)) {
      return { refused: `“${from}” is not an address of this network, so it has no anchors to judge by.` };
    }
    const eyes = from ?? defaultEyes;
    const person = people.person(asked);
    const found = await running.lookUp(asked, eyes);
    return {
      address: found.discovery.address,
      ...(person ? { person } : {}),
      from: eyes,
      fromChoices: people.eyes.some((one) => one.address === eyes)
        ? people.eyes
        : [{ address: eyes, label: eyes }, ...people.eyes],
      ...presentFound(found),
      commands: commandsFor(running, found.discovery.address),
    };
  };

  return {
    async home(): Promise<HomeView> {
      const ids = Object.keys(network.hisps);
      const told = await story();
      const waiting = await mail.waiting();
      const last = runs.last();
      return {
        network: network.title,
        services: services(),
        map: {
          communities: Object.entries(network.communities).map(([id, one]) => ({ id, title: one.title })),
          hisps: ids.map((id) => {
            const { title, place, member, subscribes } = network.hisps[id]!;
            const own = network.organizations.filter((one) => one.hisp === id);
            return {
              id,
              title,
              place,
              member,
              subscribes,
              organizations: own.length,
              addresses: own.reduce((sum, one) => sum + one.addresses.length, 0),
            };
          }),
          reach: ids.flatMap((from) =>
            ids.filter((to) => to !== from).map((to) => ({ from, to, ...reach(network, from, to) })),
          ),
        },
        ...(told ? { story: told } : {}),
        counts: {
          organizations: network.organizations.length,
          addresses: addressesOf(network).length,
          messages: [...waiting.values()].reduce((sum, count) => sum + count, 0),
        },
        examples: network.broken ? [network.broken.to, network.broken.from] : [defaultEyes],
        commands: commandsToTry(running),
        rehearsal: { scenarios: REHEARSAL.length, select: REHEARSAL, ...(last ? { last } : {}) },
      };
    },
    async addresses(query) {
      const waiting = await mail.waiting();
      return people.organizations(query, (one) => waiting.get(one) ?? 0);
    },
    address,
    mailbox: mail.mailbox,
    letter: mail.letter,
    send: mail.send,
    async about() {
      const waiting = await mail.waiting();
      const down = services().filter((one) => !one.up);
      const items = [...waiting.values()].reduce((sum, count) => sum + count, 0);
      return {
        version,
        state: running.state.folder,
        services: services(),
        health: [
          down.length === 0
            ? { name: 'Servers', tone: 'good', text: 'all listening' }
            : { name: 'Servers', tone: 'bad', text: `${down.map((one) => one.name).join(', ')} down` },
          { name: 'Mailboxes', tone: 'muted', text: `${items} messages` },
          { name: 'Clock', tone: 'muted', text: `${moment(running.host.now())} UTC` },
        ],
      };
    },
    ready: async () =>
      services()
        .filter((one) => !one.up)
        .map((one) => `${one.name} ${one.at} does not listen`),
    scenarios: runs,
    targets: targetRoom(STATE, running.host, version),
    explain: explainRoom(running, people),
    trust: trustRoom(running),
    directory: directoryRoom(running.directory, network, people, running.config.network.file === undefined),
    connect: connectRoom(running),
    watch: watchRoom(running.watching, network),
  };
}
