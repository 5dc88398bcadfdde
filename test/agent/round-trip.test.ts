import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/agent/outbound.ts';
import type { DiscoveryParts } from '../../src/discovery/parts.ts';
import { referenceDiscovery } from '../../src/discovery/reference.ts';
import { composeMdn } from '../../src/mail/mdn.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import type { TrustDecision } from '../../src/trust/decision.ts';
import { CRL, crlOf, leaf, NOW, root, stranger } from '../trust/fixtures.ts';
import {
  alice,
  bob,
  carol,
  contextOf,
  encryptedTo,
  everybody,
  onHost,
  receive,
  receiver,
  send,
  sender,
  text,
  withParts,
} from './parties.ts';

const latin1 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1');
describe('out and in', () => {
  it('one recipient', async () => {
    const message = text();
    const out = await send(message, ['bob@b.example']);
    expect(out).toMatchObject({ failures: [], deferred: [], messageId: 'm-1@a.example' });
    const [envelope] = out.envelopes;
    expect(envelope).toMatchObject({ mailFrom: 'alice@a.example', rcptTo: ['bob@b.example'] });
    const wire = latin1(envelope!.bytes);
    expect(wire).toMatch(/^From: alice@a\.example\r\nTo: bob@b\.example\r\nDate: /);
    expect(wire).not.toContain('Subject');
    expect(wire).not.toContain('Dear Bob');
    const inbound = await receive(envelope!);
    expect(inbound).toMatchObject({
      kind: 'message',
      sender: 'alice@a.example',
      messageId: 'm-1@a.example',
      deliveryRequested: false,
      perRecipient: [
        { address: 'bob@b.example', verdict: 'accepted', causes: [], decision: { verdict: 'trusted' } },
      ],
      stages: ['outer', 'cipher', 'decrypt', 'verify', 'unwrap', 'sender', 'classify', 'envelope', 'trust'],
    });
    expect(Buffer.compare(inbound.message!, message)).toBe(0);
  });

  it('several, encrypted once for all', async () => {
    const bytes = text({ to: ['bob@b.example'], cc: ['carol@c.example'] });
    const out = await send(bytes, ['bob@b.example', 'carol@c.example']);
    expect(out.envelopes).toHaveLength(1);
    expect(out.envelopes[0]!.rcptTo).toEqual(['bob@b.example', 'carol@c.example']);
    expect(encryptedTo(out.envelopes[0]!.bytes, [bob.certificate, carol.certificate])).toHaveLength(2);
    const inbound = await receive(out.envelopes[0]!);
    expect(inbound.perRecipient.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
  });

  it('who cannot be served is dropped outside, stays inside, and is told of', async () => {
    const bytes = text({ to: ['bob@b.example', 'nobody@b.example'] });
    const out = await send(bytes, ['bob@b.example', 'nobody@b.example']);
    expect(out.envelopes).toHaveLength(1);
    expect(out.envelopes[0]!.rcptTo).toEqual(['bob@b.example']);
    expect(latin1(out.envelopes[0]!.bytes)).not.toContain('nobody');
    expect(out.failures).toMatchObject([
      {
        address: 'nobody@b.example',
        cause: { code: 'discovery.none', params: { names: ['nobody.b.example', 'b.example'] } },
      },
    ]);
    const inbound = await receive(out.envelopes[0]!);
    expect(latin1(inbound.message)).toContain('nobody@b.example');
  });

  it('blind copies go alone', async () => {
    const bytes = text({ extraHeaders: [['Bcc', 'carol@c.example']] });
    const out = await send(bytes, ['bob@b.example', 'carol@c.example', 'BOB@b.example']);
    expect(out.envelopes.map(({ rcptTo }) => rcptTo)).toEqual([['bob@b.example'], ['carol@c.example']]);
    const [open, blind] = await Promise.all(out.envelopes.map((envelope) => receive(envelope)));
    expect(latin1(open!.message)).not.toMatch(/carol|Bcc/i);
    expect(latin1(blind!.message)).toMatch(/^To: carol@c\.example\r\n/);
    expect(latin1(blind!.message)).not.toMatch(/bob@|Bcc/i);
    expect([open!.messageId, blind!.messageId]).toEqual(['m-1@a.example', 'm-1@a.example']);
    expect(open!.perRecipient[0]!.verdict).toBe('accepted');
    expect(blind!.perRecipient[0]!.verdict).toBe('accepted');
  });

  it('what is missing in a submission is added, line ends are made right', async () => {
    const bytes = Buffer.from('From: alice@a.example\nTo: bob@b.example\n\nHello\n');
    const out = await send(bytes, ['bob@b.example']);
    const inbound = await receive(out.envelopes[0]!);
    expect(latin1(inbound.message)).toMatch(
      /^Date: Mon, 05 Jan 2026 15:00:00 \+0000\r\nMessage-ID: <[0-9a-f-]{36}@a\.example>\r\nMIME-Version: 1\.0\r\nFrom: alice@a\.example\r\nTo: bob@b\.example\r\n\r\nHello\r\n$/,
    );
    expect(inbound.messageId).toBe(out.messageId);
  });

  it.each([
    ['no From', 'To: bob@b.example\r\n\r\nx', 'message.from-missing'],
    ['two Froms', 'From: a@a.example, b@a.example\r\nTo: bob@b.example\r\n\r\nx', 'message.from-multiple'],
  ])('%s fails everybody', async (_, bytes, code) => {
    const out = await send(Buffer.from(bytes), ['bob@b.example']);
    expect(out).toMatchObject({ envelopes: [], failures: [{ address: 'bob@b.example', cause: { code } }] });
  });

  it('no signing key fails everybody', async () => {
    const expired = leaf({ emails: ['alice@a.example'], notAfter: NOW - 1 });
    for (const keys of [{ nobody: [] }, { 'alice@a.example': [expired] }] as Record<string, Issued[]>[]) {
      const out = await send(text(), ['bob@b.example'], { ...sender, keys });
      expect(out).toMatchObject({ envelopes: [], failures: [{ cause: { code: 'config.missing-key' } }] });
    }
  });

  it('texts with octets over 127 travel in 7 bits (REQ-AS-17)', async () => {
    const bytes = Buffer.from(
      'From: alice@a.example\nTo: bob@b.example\nContent-Type: text/plain; charset=utf-8\n\nGrüße\n',
    );
    const out = await send(bytes, ['bob@b.example']);
    const inbound = await receive(out.envelopes[0]!);
    expect(latin1(inbound.message)).toMatch(
      /Content-Transfer-Encoding: quoted-printable\r\n[\s\S]*Gr=C3=BC=C3=9Fe/,
    );
  });

  it.each(['p256', 'p384'] as const)('signs with a %s key (REQ-AS-21)', async (kind) => {
    const key = leaf({
      emails: ['alice@a.example'],
      key: keyPool.take(kind),
      keyUsage: ['digitalSignature'],
    });
    const out = await send(text(), ['bob@b.example'], { ...sender, keys: { 'alice@a.example': [key] } });
    expect((await receive(out.envelopes[0]!)).perRecipient[0]!.verdict).toBe('accepted');
  });

  it('a crowd is looked for in turns', async () => {
    const crowd = Array.from({ length: 120 }, (_, index) => `p${index}@b.example`);
    const out = await send(text({ to: crowd }), crowd);
    expect(out.failures.map(({ address }) => address)).toEqual(crowd);
  });

  it('signs with the key of the domain when the address has none', async () => {
    const domain = leaf({ profile: 'domain', emails: [], dnsNames: ['a.example'] });
    const out = await send(text(), ['bob@b.example'], { ...sender, keys: { 'a.example': [domain] } });
    expect((await receive(out.envelopes[0]!)).perRecipient[0]!.verdict).toBe('accepted');
  });
});

const inTwoSeconds: DiscoveryParts = {
  ...referenceDiscovery,
  limits: { ...referenceDiscovery.limits, passMs: 2000 },
};

describe('what nobody can tell now is deferred', () => {
  it.each([
    ['SERVFAIL', { 'bob.b.example': 'SERVFAIL' as const }, 'discovery.temporary'],
    ['a list that cannot be had', everybody, 'cert.revocation-unknown'],
  ])('%s', async (name, published, code) => {
    const party = name === 'SERVFAIL' ? sender : { ...sender, web: { [CRL]: undefined } };
    const out = await send(text(), ['bob@b.example'], party, published);
    expect(out).toMatchObject({
      envelopes: [],
      failures: [],
      deferred: [{ address: 'bob@b.example', cause: { code } }],
    });
  });

  it('a search that takes longer than the first pass does not hold up the others', async () => {
    const bytes = text({ to: ['bob@b.example', 'slow@s.example'] });
    const published = { ...everybody, 'slow.s.example': 'silence' as const };
    const out = await send(
      bytes,
      ['bob@b.example', 'slow@s.example'],
      { ...sender, parts: withParts({ discovery: inTwoSeconds }) },
      published,
    );
    expect(out.envelopes[0]!.rcptTo).toEqual(['bob@b.example']);
    expect(out.deferred).toMatchObject([
      { address: 'slow@s.example', cause: { code: 'discovery.temporary', params: { stage: 'first pass' } } },
    ]);
  });

  it('inbound too', async () => {
    const out = await send(text(), ['bob@b.example']);
    const inbound = await receive(out.envelopes[0]!, { ...receiver, web: { [CRL]: undefined } });
    expect(inbound.perRecipient).toMatchObject([
      { verdict: 'deferred', causes: [{ code: 'cert.revocation-unknown' }] },
    ]);
    expect(inbound.message).toBeUndefined();
  });
});

describe('refused on receipt (REQ-AS-29)', () => {
  const refusal = async (
    party: Parameters<typeof receive>[1],
    from: Parameters<typeof send>[2] = sender,
    change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
  ) => {
    const out = await send(text(), ['bob@b.example'], from);
    const [envelope] = out.envelopes;
    const inbound = await receive({ ...envelope!, bytes: change(envelope!.bytes) }, party);
    expect(inbound.message).toBeUndefined();
    const { verdict, causes } = inbound.perRecipient[0]!;
    return `${verdict} ${causes[0]?.code}`;
  };
  const signedBy = (spec: Parameters<typeof leaf>[0], issuer = root) => ({
    ...sender,
    keys: { 'alice@a.example': [leaf({ emails: ['alice@a.example'], ...spec }, issuer)] },
  });

  it.each([
    ['an untrusted signer', signedBy({}, stranger), 'trust.no-path'],
    ['a signer of another address', signedBy({ emails: ['eve@a.example'] }), 'cert.binding'],
    ['a small key', signedBy({ key: bob.key, digest: 'sha1' }), 'cert.weak-signature'],
  ])('%s', async (_, from, code) => {
    expect(await refusal(receiver, from)).toBe(`refused ${code}`);
  });

  it('a revoked signer', async () => {
    expect(await refusal({ ...receiver, web: { [CRL]: crlOf(root, [alice]) } })).toBe('refused cert.revoked');
  });

  it('no key of ours', async () => {
    expect(await refusal({ ...receiver, keys: { 'bob@b.example': [carol] } })).toBe(
      'refused crypto.no-recipient-match',
    );
  });

  it('no anchors', async () => {
    expect(await refusal({ ...receiver, anchors: {} })).toBe('refused trust.no-anchors');
  });

  it.each<[string, Uint8Array, string]>([
    ['a plain message', text(), 'crypto.not-encrypted'],
    ['nothing', Buffer.alloc(0), 'crypto.not-encrypted'],
  ])('%s', async (_, bytes, code) => {
    expect(await refusal(receiver, sender, () => bytes)).toBe(`refused ${code}`);
  });

  it('an envelope that disagrees: 1.3 refuses all, 1.2 notes it (REQ-AS-15, -16)', async () => {
    const out = await send(text({ cc: ['carol@c.example'] }), ['bob@b.example', 'carol@c.example']);
    const [envelope] = out.envelopes;
    for (const wrong of [{ mailFrom: 'eve@a.example' }, { mailFrom: '' }]) {
      const inbound = await receive({ ...envelope!, ...wrong });
      expect(inbound.perRecipient.map(({ causes }) => causes[0]?.code)).toEqual([
        'message.envelope-mismatch',
        'message.envelope-mismatch',
      ]);
      const old = await receive({ ...envelope!, ...wrong }, { ...receiver, policy: { profile: '1.2' } });
      expect(old.perRecipient.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
      expect(old.findings.map(({ code }) => code)).toContain('message.envelope-mismatch');
    }
  });

  it('trust is each recipient’s own (REQ-AS-28)', async () => {
    const out = await send(text({ cc: ['carol@c.example'] }), ['bob@b.example', 'carol@c.example']);
    const inbound = await receive(out.envelopes[0]!, {
      ...receiver,
      anchors: { 'b.example': [stranger], 'c.example': [root] },
    });
    expect(inbound.perRecipient.map(({ verdict }) => verdict)).toEqual(['refused', 'accepted']);
    expect(inbound.message).toBeDefined();
  });
});

describe('a notice for a message of ours', () => {
  const mdn = composeMdn({
    from: 'alice@a.example',
    to: ['bob@b.example'],
    date: NOW,
    messageId: 'mdn-1@a.example',
    boundary: 'r1',
    subject: 'Processed',
    text: 'processed',
    reportingUa: 'a.example; x',
    finalRecipient: 'alice@a.example',
    originalMessageId: 'ours@b.example',
    disposition: 'processed',
  });
  const outgoingOnly = { ...receiver, anchors: {}, outgoing: { 'b.example': [root] } };
  const answersOurs = (id: string, address: string) => id === 'ours@b.example' && address === 'bob@b.example';

  it.each([
    ['without a reverse-path', '', { ...receiver }, 'accepted'],
    ['by outgoing anchors', 'alice@a.example', { ...outgoingOnly, answersOurs }, 'accepted'],
    ['not by those when it is not ours', 'alice@a.example', outgoingOnly, 'refused'],
  ])('%s', async (_, mailFrom, party, verdict) => {
    const out = await send(mdn, ['bob@b.example']);
    const inbound = await receive({ ...out.envelopes[0]!, mailFrom }, party);
    expect(inbound).toMatchObject({ kind: 'mdn', perRecipient: [{ verdict }] });
  });
});

it('leaves a decision among the events for each recipient', async () => {
  await onHost(async (host, seen) => {
    await prepare(
      { from: 'alice@a.example', to: ['bob@b.example', 'x@y.example'], bytes: text({ cc: ['x@y.example'] }) },
      contextOf(sender, everybody, host),
    );
    const decisions = seen
      .filter(({ kind }) => kind === 'decision')
      .map(({ summary }) => summary as unknown as TrustDecision);
    expect(decisions.map(({ to, verdict }) => `${to} ${verdict}`).sort()).toEqual([
      'bob@b.example trusted',
      'x@y.example refused',
    ]);
  });
});
