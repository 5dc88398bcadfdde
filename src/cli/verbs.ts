/**
 * The verbs of the command line. A verb is one file that exports `define`, and one line here.
 *
 * @module
 */
import type { Command } from 'commander';

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** Loads the verb's own file, so that a verb does not pay for the others. */
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>;
}

export const VERBS: readonly Verb[] = [
  {
    name: 'up',
    summary: 'start the demo network: DNS, LDAP, three HISPs, pages',
    load: () => import('./up.ts'),
  },
  {
    name: 'check',
    summary: 'find the certificates of an address, and judge each',
    load: () => import('./check.ts'),
  },
  {
    name: 'explain',
    summary: 'why mail from A does, or does not, reach B and is confirmed',
    load: () => import('./explain.ts'),
  },
  {
    name: 'send',
    summary: 'send a message in the running network',
    load: () => import('./send.ts'),
  },
  {
    name: 'mailbox',
    summary: 'list or read the mail of an address',
    load: () => import('./mailbox.ts'),
  },
  {
    name: 'hisp',
    summary: 'organizations, domains, addresses, accounts, keys, settings, audit of a HISP',
    load: () => import('./hisp.ts'),
  },
  {
    name: 'enrollment',
    summary: 'who asks to join a HISP, and who leaves it: list, show, check, accept, decline, depart',
    load: () => import('./enrollment.ts'),
  },
  {
    name: 'directory',
    summary: 'the address directory: generate, import, search, check, report, export, history, undo',
    load: () => import('./directory.ts'),
  },
  {
    name: 'config',
    summary: 'print an example configuration, or check one',
    load: () => import('./config.ts'),
  },
  {
    name: 'zone',
    summary: 'write the zones of the network as master files, or check some',
    load: () => import('./zone.ts'),
  },
  {
    name: 'cert',
    summary: 'certificates: issue, request, renew, revoke, show, lint, verify, import, export',
    load: () => import('./cert.ts'),
  },
  {
    name: 'lint',
    summary: 'hold certificates, bundles, zones and messages against the rules',
    load: () => import('./lint.ts'),
  },
  {
    name: 'bundle',
    summary: 'build, publish, check and take trust bundles',
    load: () => import('./bundle.ts'),
  },
  {
    name: 'message',
    summary: 'open, seal and show Direct messages from disk',
    load: () => import('./message.ts'),
  },
  {
    name: 'trust',
    summary: 'what a change of anchors or policy would do, before it is made',
    load: () => import('./trust.ts'),
  },
  {
    name: 'expiry',
    summary: 'what ends, when, and what to do before; as a calendar too',
    load: () => import('./expiry.ts'),
  },
  {
    name: 'watch',
    summary: 'look at own and partner domains on a schedule, and tell what changed',
    load: () => import('./watch.ts'),
  },
  {
    name: 'run',
    summary: 'run conformance scenarios and report',
    load: () => import('./run.ts'),
  },
  {
    name: 'target',
    summary: 'prepare a system outside for: run --target',
    load: () => import('./target.ts'),
  },
  {
    name: 'readiness',
    summary: 'how ready a system outside is, from its saved runs: areas, causes, what to do',
    load: () => import('./readiness.ts'),
  },
  {
    name: 'report',
    summary: 'judge a saved run again, from its evidence',
    load: () => import('./report.ts'),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of scenario files or of run reports',
    load: () => import('./schema.ts'),
  },
  {
    name: 'testbed',
    summary: 'serve the discovery addresses for a system outside, and judge it',
    load: () => import('./testbed.ts'),
  },
];
