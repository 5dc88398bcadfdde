/**
 * What the operator of a system outside has to know and do before it sends its message.
 *
 * @module
 */
import { formatAddr } from '../../net/host.ts';
import type { Testbed } from '../../scenario/index.ts';
import { style } from '../terminal.ts';

/** Lines for a terminal and for a page of plain text. */
export function instructions(testbed: Testbed): string[] {
  const { places, webUrl, recipients, zones } = testbed;
  const base = zones.at(-1)!.origin;
  return [
    style.bold(`Discovery testbed for ${base}`),
    '',
    `  name server   ${formatAddr(places.dns)} (UDP and TCP), for ${base} and everything below`,
    `  mail server   ${formatAddr(places.mail)}`,
    `  web server    http://${formatAddr(places.web)}/ (this text, the anchor, the report)`,
    '',
    '1. Make the names resolve. Either delegate the domain to this machine, with these records in its parent zone,',
    '   or have the resolver of your system send this domain to the name server above:',
    `     ${base}. NS ns.${base}.`,
    `     ns.${base}. A ${places.dns.host}`,
    `   The zones stand at http://${formatAddr(places.web)}/zones/${zones[0]!.origin}.zone and so on.`,
    `2. Trust this anchor, for sending: ${webUrl}/root.cer (PEM: http://${formatAddr(places.web)}/root.pem)`,
    ...(places.mail.port === 25
      ? []
      : [
          `3. Mail for the domain goes to port 25 of its MX. Here it is ${formatAddr(places.mail)}: forward the port, or`,
          '   give your system a route.',
        ]),
    `${places.mail.port === 25 ? 3 : 4}. Send one message to all ${recipients.length} addresses:`,
    ...recipients.map((address) => `     ${address}`),
    '',
    'A second Anchorage does 1 to 3 with this configuration (anchorage up --config FILE) and the PEM file beside it:',
    '     state: ./second',
    '     network:',
    `       resolvers: ["${formatAddr(places.dns)}"]`,
    '       anchors: [{ file: ./root.pem, direction: outgoing }]',
    `       routes: [{ from: "${formatAddr({ ...places.mail, port: 25 })}", to: "${formatAddr(places.mail)}" }]`,
    `       allowPrivate: ["${places.web.host}"]`,
    '',
    `The verdict appears here and at http://${formatAddr(places.web)}/report once the message has come.`,
  ];
}
