/**
 * A run in which one message arrived, made by hand: what the judge says of it, check by check.
 */
import { type EncryptOptions, encryptData } from '../../../src/cms/encrypt.ts';
import { type CmsSigner, type SignOptions, signData } from '../../../src/cms/sign.ts';
import { composeMessage, type MessageParts } from '../../../src/mail/compose.ts';
import { envelopedMessage, multipartSigned, type OuterHeaders, wrapMessage } from '../../../src/mail/wrap.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { type FixtureCertificate, factOf } from '../../../src/scenario/fixtures/certificates.ts';
import { judge } from '../../../src/scenario/judge/judge.ts';
import { openDelivered } from '../../../src/scenario/open-delivered.ts';
import { scenarioSchema } from '../../../src/scenario/schema.ts';
import { createTranscript } from '../../../src/scenario/transcript.ts';

export const AT = Date.UTC(2026, 5, 1, 12);
const DAY = 86_400_000;
const ALICE = 'alice@a.example';
const BOB = 'bob@b.example';

const issue = (key: number, spec: Partial<CertificateSpec>): Issued =>
  issueCertificate({
    profile: 'address',
    subject: { CN: `certificate ${key}` },
    key: keyPool.take('rsa2048', key),
    issuer: 'self',
    notBefore: AT - 400 * DAY,
    notAfter: AT + 400 * DAY,
    ...spec,
  });

const root = issue(0, { profile: 'root', subject: { CN: 'root' } });
const middle = issue(1, { profile: 'intermediate', subject: { CN: 'middle' }, issuer: root });
const bob = issue(2, { emails: [BOB], issuer: root });
export const alice = issue(3, { emails: [ALICE], issuer: root });

/** A certificate of the sender, or of somebody else, under the root that the recipient trusts. */
export const signer = (spec: Partial<CertificateSpec>): Issued => issue(3, { issuer: root, ...spec });
export { middle, root };

const fixture: FixtureCertificate = {
  role: 'Good',
  case: 'one',
  bytes: bob.certificate.der,
  issued: bob,
  fixture: { for: BOB, issuer: 'root', key: 'rsa2048', faults: [] },
  rdata: { certType: 1, keyTag: 0, algorithm: 8, payload: bob.certificate.der },
};

export interface OneMessage {
  readonly at?: number;
  readonly profile?: '1.2' | '1.3';
  readonly message?: Partial<MessageParts>;
  /** The whole wrapped message, instead. */
  readonly raw?: string;
  readonly outer?: Partial<OuterHeaders>;
  readonly encrypt?: EncryptOptions;
  readonly signer?: Issued;
  readonly cms?: Partial<CmsSigner>;
  readonly sign?: Partial<SignOptions>;
  readonly revoked?: readonly string[];
  readonly requests?: boolean;
  readonly rcptTo?: readonly string[];
  readonly mailFrom?: string;
  /** The signed entity, changed. */
  readonly signed?: (text: string) => string;
  /** The message on the wire, changed. */
  readonly wire?: (text: string) => string;
}

const changed = (bytes: Uint8Array, change?: (text: string) => string): Uint8Array =>
  change ? Buffer.from(change(Buffer.from(bytes).toString('latin1')), 'latin1') : bytes;

function wireOf(one: OneMessage): Uint8Array {
  const header = { from: ALICE, to: [BOB], date: one.at ?? AT, messageId: '<one@a.example>' };
  const message = one.raw
    ? Buffer.from(one.raw.replaceAll('\n', '\r\n'))
    : composeMessage({ ...header, subject: 'Referral', text: 'Text of no person.', ...one.message });
  const content = wrapMessage(message);
  const { certificate, key } = one.signer ?? alice;
  const signature = signData(content, [{ certificate, privateKey: key.privateKey, ...one.cms }], {
    detached: true,
    ...one.sign,
  });
  const signed = changed(multipartSigned(content, signature, 'sha-256', 'signed-boundary'), one.signed);
  const enveloped = encryptData(signed, [bob.certificate], one.encrypt);
  return changed(envelopedMessage({ ...header, ...one.outer }, enveloped), one.wire);
}

const CHECKS = {
  E1: 'sent-encrypted',
  E2: 'sent-base64',
  E3: 'sent-cipher',
  E4: 'sent-key-transport',
  E5: 'sent-recipients',
  E6: 'sent-decrypts',
  E7: 'sent-names',
  E8: 'sent-outer',
  E9: 'sent-envelope',
  S1: 'sent-signed',
  S2: 'sent-digest',
  S3: 'sent-signature',
  S4: 'sent-certificate',
  S5: 'sent-signer',
  S6: 'sent-line-ends',
  W1: 'sent-wrapped',
  W2: 'sent-headers',
  M1: 'sent-mime',
  M2: 'sent-subject',
  M3: 'sent-request',
  X1: 'sent-published',
} as const;

/** Every check that did not pass, with its status; M3 and X1 do not apply unless the message brings them about. */
export function verdictsOn(one: OneMessage): Record<string, string> {
  const at = one.at ?? AT;
  const transcript = createTranscript();
  const scenario = scenarioSchema.parse({
    id: 'one',
    title: 'one message',
    why: 'why',
    cure: 'cure',
    suite: 'send',
    profile: one.profile ?? '1.3',
    domain: 'b',
    steps: [{ send: { to: [BOB] } }],
    expect: Object.entries(CHECKS).map(([check, that]) => ({ check, that })),
  });
  const facts = {
    base: 'example',
    sut: { host: 'sut', addresses: ['10.0.1.25'], ours: true },
    hosts: {},
    cases: { one: { domain: 'b.example' } },
    certificates: [factOf(fixture, [])],
    authorities: [root, middle].map((authority, index) => ({
      name: `authority ${index}`,
      certificate: Buffer.from(authority.certificate.der).toString('base64'),
      trusted: authority === root,
      revoked: [...(one.revoked ?? [])],
    })),
  };
  const run = { schema: 1, version: 't', seed: 1, epoch: new Date(at).toISOString(), behaviours: [], facts };
  transcript.add('testbed', { kind: 'run', summary: JSON.parse(JSON.stringify({ ...run, scenario })) }, at);
  const step = { step: 'send', id: 'message', part: 'main', to: [BOB], requests: one.requests ?? false };
  transcript.add('tester', { kind: 'step', summary: step }, at);
  const summary = { op: 'message', mailFrom: one.mailFrom ?? ALICE, rcptTo: [...(one.rcptTo ?? [BOB])] };
  const peer = { host: '10.0.1.25', port: 1 };
  transcript.add('peer', { kind: 'smtp', dir: 'in', peer, blob: wireOf(one), summary }, at);
  openDelivered(transcript, 'sut', [fixture], at);
  transcript.add('testbed', { kind: 'end', summary: { outcome: 'completed' } }, at);
  const { checks } = judge(transcript.events, transcript.blob);
  return Object.fromEntries(
    checks
      .filter(({ id, status }) => status !== 'pass' && !(status === 'na' && ['M3', 'X1'].includes(id)))
      .map(({ id, status }) => [id, status]),
  );
}
