/**
 * What can happen to a domain that is watched, and how it is told.
 *
 * @module
 */
import { z } from 'zod';

/** What is wrong as long as it holds, and over when it does not. */
export const CONDITIONS = {
  'certificate-gone': 'No certificate is published',
  'discovery-unanswered': 'Certificate discovery gets no answer',
  'directory-silent': 'A directory does not answer',
  'server-silent': 'A name server does not answer',
  'servers-disagree': 'The name servers disagree',
  'crl-stale': 'A revocation list is stale',
  'crl-unreachable': 'A revocation list cannot be had',
  'mx-gone': 'No mail server is published',
  'mx-unanswered': 'Nobody tells the mail servers',
  'port-closed': 'Port 25 is closed',
} as const;

export type ConditionKind = keyof typeof CONDITIONS;
export const CONDITION_KINDS = Object.keys(CONDITIONS) as [ConditionKind, ...ConditionKind[]];

/** What happens at one moment. */
export const CHANGES = {
  'certificate-changed': 'The certificates changed',
  'certificate-ends': 'A certificate is near its end',
  'anchor-left': 'An anchor left the bundle',
  'trust-lost': 'Trust was lost',
  'trust-gained': 'Trust is there',
  'mx-changed': 'The mail servers changed',
} as const;

export type ChangeKind = keyof typeof CHANGES;
export const CHANGE_KINDS = Object.keys(CHANGES) as [ChangeKind, ...ChangeKind[]];

export const eventSchema = z.object({
  /** Follows from domain, what, subject and time, so that the same event is never two. */
  id: z.string(),
  domain: z.string(),
  /** ms since 1970 UTC. */
  at: z.number(),
  kind: z.enum([...CONDITION_KINDS, ...CHANGE_KINDS]),
  /** Of a condition: it is over. */
  over: z.boolean(),
  /** What it is about: a URL, a server, an anchor; '' for the domain as a whole. */
  subject: z.string(),
  /** Whose anchors judged, where that matters. */
  eyes: z.string().optional(),
  /** One sentence without its full stop. */
  text: z.string(),
  /** What to do; a sentence without its full stop. Nothing when it is over. */
  todo: z.string().optional(),
});

export type WatchEvent = z.output<typeof eventSchema>;

export const titleOf = ({ kind, over }: Pick<WatchEvent, 'kind' | 'over'>): string => {
  const title = { ...CONDITIONS, ...CHANGES }[kind];
  return over ? `Over: ${title[0]!.toLowerCase()}${title.slice(1)}` : title;
};

/** How bad it is: `warn` asks for a look, `bad` stops mail, or will. */
export function toneOf({ kind, over }: Pick<WatchEvent, 'kind' | 'over'>): 'good' | 'warn' | 'bad' {
  if (over) return 'good';
  switch (kind) {
    case 'trust-gained':
      return 'good';
    case 'certificate-changed':
    case 'mx-changed':
    case 'certificate-ends':
    case 'server-silent':
    case 'directory-silent':
    case 'servers-disagree':
    case 'crl-unreachable':
    case 'discovery-unanswered':
    case 'mx-unanswered':
      return 'warn';
    case 'certificate-gone':
    case 'anchor-left':
    case 'trust-lost':
    case 'crl-stale':
    case 'mx-gone':
    case 'port-closed':
      return 'bad';
  }
}

/** What to do about it. */
export const ADVICE: Readonly<Record<ConditionKind | Exclude<ChangeKind, 'trust-gained'>, string>> = {
  'certificate-gone': 'Publish the certificate again, or take the domain off the watch list',
  'discovery-unanswered': 'Look at the name servers and directories of the domain, and at the way to them',
  'directory-silent': 'Look at the directory, or take it out of the SRV records',
  'server-silent': 'Look at the name server, or take it out of the NS records',
  'servers-disagree': 'Look at the zone transfer between the name servers',
  'crl-stale':
    'Tell the authority to publish the next list: until then no peer that asks for revocation uses the certificate',
  'crl-unreachable': 'Look at the web server of the list, and at the way to it',
  'mx-gone': 'Publish MX records again: mail for the domain has nowhere to go',
  'mx-unanswered': 'Look at the name servers of the domain, and at the way to them',
  'port-closed': 'Look at the mail server and its firewall: mail for the domain waits at its senders',
  'certificate-changed': 'Nothing, when the change was meant; otherwise ask the publisher',
  'certificate-ends': 'Issue the next certificate and publish it beside this one',
  'anchor-left':
    'Ask the publisher of the bundle why; mail with the domain is refused until an anchor is there',
  'trust-lost': 'See anchorage explain for the first cause and its cure',
  'mx-changed': 'Nothing, when the change was meant; otherwise ask the domain',
};
