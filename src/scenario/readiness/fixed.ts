/**
 * What stands in every readiness report, whatever was tested: the areas, what no program can test, and what this one
 * cannot see.
 *
 * @module
 */
import type { Readiness } from './schema.ts';

export const PURPOSE =
  'Prepares for accreditation. It is made from tests of this program alone, and is no judgement of anybody who accredits.';

/** Areas by suite of scenarios, in the order in which mail needs them. */
export const AREAS: Readonly<Record<string, string>> = {
  hosting: 'Publishing certificates',
  discovery: 'Finding certificates',
  send: 'Sending',
  receive: 'Receiving',
  trust: 'Trust and cryptography on receipt',
  notification: 'Delivery notification',
  edges: 'Edges: submission, IMAP, POP3',
};

export const CHECKLIST: Readiness['checklist'] = [
  {
    id: 'cp-cps',
    title: 'CP and CPS',
    what: 'The certificate policy is followed, and a practice statement says how.',
  },
  {
    id: 'identity',
    title: 'Identity proofing',
    what: 'Whoever gets an address was proofed at the level that the certificate asserts; records are kept.',
  },
  {
    id: 'custody',
    title: 'Key custody',
    what: 'Private keys are held, backed up and destroyed by named roles; agreements with key holders are signed.',
  },
  {
    id: 'risk',
    title: 'HIPAA risk analysis',
    what: 'A risk analysis of this year covers all systems, and its findings are worked off.',
  },
  {
    id: 'baa',
    title: 'Business associate agreements',
    what: 'Signed with every participant and every subcontractor who can see data.',
  },
  {
    id: 'incident',
    title: 'Incident response',
    what: 'Who is told what within which time, and when it was last rehearsed.',
  },
  {
    id: 'retention',
    title: 'Retention',
    what: 'How long messages, notices and logs are kept, and how they are deleted.',
  },
  {
    id: 'availability',
    title: 'Availability',
    what: 'Measured availability, backups that were restored, a second site where one is promised.',
  },
  {
    id: 'change',
    title: 'Change management',
    what: 'Changes are reviewed, tested and can be undone; who may make them is known.',
  },
  {
    id: 'agreements',
    title: 'Network agreements',
    what: 'The agreements and policies of the trust communities are signed and followed.',
  },
];

export const LIMITS: Readiness['limits'] = [
  'Only what is seen from outside is judged: DNS, LDAP, HTTP and SMTP as they reach the testbed, and the mailbox of the tester. Records of the system are not.',
  'Silence is listened to for the time that the profile sets; an answer that comes later is not seen.',
  'Revocation of the system’s own certificates is looked at when its messages arrive, not for every certificate that it has.',
  'XDM and XDR are not tested: no edge of the kind is spoken to.',
  'One sender and one receiver are tested; other domains and tenants of the system may be set up otherwise.',
  'Load, durability and recovery cannot be seen from outside.',
];
