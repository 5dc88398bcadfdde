/**
 * The profile of a system outside that is put under test: its addresses, anchors and edges, and where it finds the
 * testbed. One YAML file; whatever is left out is a test that is skipped by name.
 *
 * @module
 */
import { z } from 'zod';

const text = z.string().min(1);
const domain = z
  .string()
  .regex(/^(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/, 'expected a domain name');
const address = z
  .string()
  .regex(/^[^@\s]{1,64}@[^@\s]+$/, 'expected an address, such as alice@direct.hisp.example');
const span = z.string().regex(/^\d+ (ms|s|min|h)$/, 'a number and ms, s, min or h, for example "2 min"');
const port = z.int().min(1).max(65_535);
const place = z
  .string()
  .regex(/^(\[[0-9a-f:.]+\]|[^\s:[\]]+):(\d{1,5})$/i, 'expected host:port, such as 192.0.2.53:53');

const edge = z.strictObject({
  host: text.describe('Name or address of the server.'),
  port,
  tls: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe('tls: from the first octet; none: only on a network of your own.'),
  user: text,
  password: text.optional(),
  passwordFile: text.optional().describe('File with the password, relative to the profile.'),
});

/** How certificates of the target are published: the four places of certificate discovery. */
export const PLACES = ['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap'] as const;

export const profileSchema = z.strictObject({
  title: text.describe('What reports call the system.'),
  profile: z.enum(['1.2', '1.3']).default('1.3').describe('Applicability Statement that counts.'),
  addresses: z
    .strictObject({
      sender: address
        .optional()
        .describe('Of a user who sends: for the suites send, discovery, notification.'),
      receiver: address.optional().describe('Of a user who receives: for the suites receive and hosting.'),
    })
    .prefault({}),
  anchors: z
    .array(text)
    .default([])
    .describe('Files with the CA certificates of the target, PEM or DER, relative to the profile.'),
  published: z
    .array(z.enum(PLACES))
    .default([])
    .describe('Where the certificate of the receiver is published; hosting looks there.'),
  edges: z
    .strictObject({
      submission: edge.optional().describe('SMTP submission of the sender.'),
      imap: edge.optional().describe('IMAP of the sender’s mailbox.'),
      pop3: edge.optional().describe('POP3 of the sender’s mailbox.'),
    })
    .prefault({}),
  testbed: z
    .strictObject({
      domain: domain.describe('Delegated to the machine of the testbed; all its names are below it.'),
      address: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1').describe('That DNS publishes.'),
      listen: z.union([z.ipv4(), z.ipv6()]).optional().describe('To listen on; `address` if absent.'),
      portBase: z
        .int()
        .min(0)
        .max(60_000)
        .default(5600)
        .describe('Services listen above it: DNS +53, SMTP +25, web +80. 0: the ports of the field.'),
    })
    .describe('Where the target finds the testbed.'),
  resolvers: z
    .array(place)
    .default([])
    .describe('Name servers for names of the target; those of this machine if empty.'),
  routes: z
    .array(z.strictObject({ from: place, to: place }))
    .default([])
    .describe('Where servers of the target really are, when that is not where DNS says.'),
  allowPrivate: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Private addresses that its issuers and revocation lists may be fetched from.'),
  waits: z
    .strictObject({
      answer: span
        .default('2 min')
        .describe('How long an answer may take, and how long silence is listened to.'),
      settle: span.default('5 s').describe('How long is listened on when all that was expected has come.'),
      timer: span
        .default('60 min')
        .describe('After how long the target tells its sender that no notice came.'),
      silence: span
        .default('6 min')
        .describe('How long a server is given to hang up on a client that says nothing.'),
      tester: span.default('60 min').describe('How long is waited for something that the tester has to do.'),
    })
    .prefault({}),
});

export type TargetProfile = z.output<typeof profileSchema>;
export type EdgeAccess = z.output<typeof edge>;

/** Milliseconds of `"2 min"`. The schema has seen to the form. */
export function spanMs(written: string): number {
  const [amount, unit] = written.split(' ');
  return Number(amount) * { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'min' | 'h'];
}

/** `192.0.2.53:53`, `[2001:db8::1]:53`. */
export function placeOf(written: string): { host: string; port: number } {
  const at = written.lastIndexOf(':');
  return { host: written.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(written.slice(at + 1)) };
}
