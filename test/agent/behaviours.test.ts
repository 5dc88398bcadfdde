import { describe, expect, it } from 'vitest';
import { contentStage } from '../../src/agent/compose.ts';
import type { Draft } from '../../src/agent/draft.ts';
import { contentOf, editHeader } from '../../src/agent/header-edit.ts';
import type { AgentParts, NamedStage } from '../../src/agent/parts.ts';
import { referenceAgent } from '../../src/agent/reference.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { selectUsable } from '../../src/trust/decide.ts';
import { insertAfter, insertBefore, without } from '../../src/trust/named.ts';
import { CRL, crlOf, leaf, NOW, root, stranger } from '../trust/fixtures.ts';
import {
  alice,
  bob,
  carol,
  encryptedTo,
  everybody,
  receive,
  receiver,
  send,
  sender,
  text,
  withParts,
} from './parties.ts';

const p = referenceAgent;
const old = leaf({ notBefore: NOW - 86_400_000, notAfter: NOW - 3_600_000 });
const domainCertificate = leaf({ profile: 'domain', emails: [], dnsNames: ['b.example'] });
const expiredAtAddress = {
  ...everybody,
  'bob.b.example': [old.certificate.der],
  'b.example': [domainCertificate.certificate.der],
};
const two = text({ to: ['bob@b.example', 'nobody@n.example'], cc: ['carol@c.example'] });
const all = ['bob@b.example', 'nobody@n.example', 'carol@c.example'];
const as = (parts: Partial<AgentParts>) => ({ ...sender, parts: withParts(parts) });

describe('outbound behaviours are one part replaced', () => {
  it('the reference stops at an expired certificate', async () => {
    const out = await send(text(), ['bob@b.example'], sender, expiredAtAddress);
    expect(out).toMatchObject({ envelopes: [], failures: [{ cause: { code: 'cert.expired' } }] });
    expect(out.failures[0]!.decision!.causes.map(({ code }) => code)).toEqual([
      'cert.expired',
      'discovery.stopped-invalid',
    ]);
  });

  it.each<[string, Partial<AgentParts>, typeof old]>([
    ['disc.fallback-on-invalid', { afterRefusal: () => 'continue' }, domainCertificate],
    ['disc.use-expired', { candidate: without(p.candidate, 'time') }, old],
  ])('%s', async (_, parts, used) => {
    const out = await send(text(), ['bob@b.example'], as(parts), expiredAtAddress);
    expect(encryptedTo(out.envelopes[0]!.bytes, [used.certificate])).toHaveLength(1);
  });

  it.each<[string, Partial<AgentParts>, string[][]]>([
    ['the reference', {}, [['bob@b.example', 'carol@c.example']]],
    ['disc.keeps-dropped-recipient', { plan: (decided) => [decided] }, [all]],
    [
      'disc.fail-all',
      {
        plan: (decided) =>
          decided.every(({ decision }) => decision.verdict === 'trusted') ? p.plan(decided) : [],
      },
      [],
    ],
    [
      'disc.split-message',
      { plan: (decided) => p.plan(decided).flatMap((together) => together.map((one) => [one])) },
      [['bob@b.example'], ['carol@c.example']],
    ],
  ])('%s', async (_, parts, envelopes) => {
    const out = await send(two, all, as(parts));
    expect(out.envelopes.map(({ rcptTo }) => rcptTo)).toEqual(envelopes);
    for (const { bytes, rcptTo } of out.envelopes) {
      const outer = readEntity(bytes);
      expect([outer.header('to'), outer.header('cc')].join(', ')).toContain(rcptTo[0]);
      expect(`${outer.header('to')}`.includes('nobody')).toBe(rcptTo.includes('nobody@n.example'));
    }
  });

  it('send.cleartext-fallback', async () => {
    const out = await send(
      two,
      all,
      as({
        unsent: (unsent, { from, bytes }) =>
          unsent.map(({ address }) => ({ mailFrom: from, rcptTo: [address], bytes, messageId: '' })),
      }),
    );
    expect(out.envelopes.map(({ rcptTo }) => rcptTo[0])).toEqual(['bob@b.example', 'nobody@n.example']);
    expect(Buffer.from(out.envelopes[1]!.bytes).toString()).toContain('Dear Bob');
  });

  const choosing = (algorithms: Partial<Draft['algorithms']>): NamedStage<Draft> => ({
    name: 'choose',
    run: (draft) => ({ ...draft, algorithms: { ...draft.algorithms, ...algorithms } }),
  });

  const unwrapped = [contentStage, ...without(p.compose, 'wrap')];

  it.each<[string, Partial<AgentParts>, string]>([
    ['send.unwrapped', { compose: unwrapped }, 'refused message.not-wrapped'],
    ['send.unsigned', { compose: without(p.compose, 'sign') }, 'refused crypto.not-signed'],
    ['send.cleartext', { compose: without(p.compose, 'encrypt') }, 'refused crypto.not-encrypted'],
    [
      'send.sha1',
      { compose: insertBefore(p.compose, 'sign', choosing({ digest: 'sha1' })) },
      'refused crypto.digest-not-allowed',
    ],
    [
      'send.gcm',
      { compose: insertBefore(p.compose, 'encrypt', choosing({ cipher: 'aes256-gcm' })) },
      'refused crypto.cipher-not-allowed',
    ],
    [
      'send.pkcs1',
      { compose: insertBefore(p.compose, 'encrypt', choosing({ keyTransport: 'pkcs1' })) },
      'accepted undefined',
    ],
    [
      'send.envelope-mismatch',
      {
        compose: insertAfter(p.compose, 'outer', {
          name: 'lie',
          run: (d) => ({ ...d, mailFrom: 'eve@a.example' }),
        }),
      },
      'refused message.envelope-mismatch',
    ],
    [
      'send.leaks-subject',
      {
        compose: insertBefore(p.compose, 'outer', {
          name: 'leak',
          run: (d) => ({ ...d, outer: { ...d.outer, subject: 'Referral' } }),
        }),
      },
      'accepted undefined',
    ],
    [
      'send.outer-inner-differ',
      {
        compose: insertBefore(p.compose, 'outer', {
          name: 'differ',
          run: (d) => ({ ...d, outer: { ...d.outer, from: 'eve@a.example' } }),
        }),
      },
      'accepted undefined',
    ],
    [
      'a message changed after it was signed',
      {
        compose: insertBefore(p.compose, 'encrypt', {
          name: 'change',
          run: (d) => ({
            ...d,
            entity: Buffer.from(Buffer.from(d.entity).toString('latin1').replace('Dear', 'Near'), 'latin1'),
          }),
        }),
      },
      'refused crypto.digest-mismatch',
    ],
  ])('%s', async (_, parts, verdict) => {
    const out = await send(text(), ['bob@b.example'], as(parts));
    const inbound = await receive(out.envelopes[0]!);
    expect(`${inbound.perRecipient[0]!.verdict} ${inbound.perRecipient[0]!.causes[0]?.code}`).toBe(verdict);
  });

  it('an unwrapped message is taken where the policy says so, with the outer fields', async () => {
    const out = await send(text(), ['bob@b.example'], as({ compose: unwrapped }));
    const inbound = await receive(out.envelopes[0]!, { ...receiver, policy: { unwrapped: 'accept' } });
    expect(inbound.perRecipient[0]!.verdict).toBe('accepted');
    const message = readEntity(inbound.message!);
    expect([message.header('from'), message.contentType.type]).toEqual(['alice@a.example', 'text/plain']);
  });

  it('mutes-finding', async () => {
    const odd = leaf({ subject: { CN: 'bob', E: 'eve@b.example' } });
    const published = { ...everybody, 'bob.b.example': [odd.certificate.der] };
    expect((await send(text(), ['bob@b.example'], sender, published)).findings).toHaveLength(1);
    expect((await send(text(), ['bob@b.example'], as({ report: () => [] }), published)).findings).toEqual([]);
  });
});

describe('inbound behaviours', () => {
  const from = (...keys: (typeof alice)[]) => ({ ...sender, keys: { 'alice@a.example': keys } });
  const untrusted = leaf({ emails: ['alice@a.example'] }, stranger);
  const verdict = async (out: Awaited<ReturnType<typeof send>>, parts?: Partial<AgentParts>, web = {}) => {
    const inbound = await receive(out.envelopes[0]!, {
      ...receiver,
      web,
      ...(parts && { parts: withParts(parts) }),
    });
    return inbound.perRecipient[0]!.verdict;
  };

  it.each<[string, Partial<AgentParts>]>([
    ['recv.no-trust', { signer: without(p.signer, 'path') }],
    ['recv.no-trust, by stage', { open: without(p.open, 'trust') }],
  ])('%s', async (_, parts) => {
    const out = await send(text(), ['bob@b.example'], from(untrusted));
    expect([await verdict(out), await verdict(out, parts)]).toEqual(['refused', 'accepted']);
  });

  it('recv.no-revocation', async () => {
    const out = await send(text(), ['bob@b.example']);
    const web = { [CRL]: crlOf(root, [alice]) };
    const parts = { signer: without(p.signer, 'revocation') };
    expect([await verdict(out, {}, web), await verdict(out, parts, web)]).toEqual(['refused', 'accepted']);
  });

  it.each([
    ['untrusted first', [untrusted, alice]],
    ['untrusted last', [alice, untrusted]],
  ])('of several signers the first acceptable one counts: %s', async (_, signers) => {
    const out = await send(text(), ['bob@b.example'], from(...signers));
    expect(await verdict(out)).toBe('accepted');
    const allMust: Partial<AgentParts> = {
      anySigner: (judged) => (judged.every(({ state }) => state === 'usable') ? judged : []),
    };
    expect(await verdict(out, allMust)).toBe('refused');
    const firstOnly: Partial<AgentParts> = { anySigner: (judged) => selectUsable(judged.slice(0, 1)) };
    const lastOnly: Partial<AgentParts> = { anySigner: (judged) => selectUsable(judged.slice(-1)) };
    const pair = [await verdict(out, firstOnly), await verdict(out, lastOnly)];
    expect(pair.sort()).toEqual(['accepted', 'refused']);
  });

  it('trust.direction-ignored', async () => {
    const out = await send(text(), ['bob@b.example']);
    const outgoingOnly = { ...receiver, anchors: {}, outgoing: { 'b.example': [root] } };
    const blind = withParts({
      anchors: (source, domain) => [...source(domain, 'incoming'), ...source(domain, 'outgoing')],
    });
    expect((await receive(out.envelopes[0]!, outgoingOnly)).perRecipient[0]!.verdict).toBe('refused');
    expect(
      (await receive(out.envelopes[0]!, { ...outgoingOnly, parts: blind })).perRecipient[0]!.verdict,
    ).toBe('accepted');
  });

  it('recv.no-envelope-check', async () => {
    const out = await send(text(), ['bob@b.example']);
    const envelope = { ...out.envelopes[0]!, mailFrom: 'eve@a.example' };
    const parts = withParts({ open: without(p.open, 'envelope') });
    expect((await receive(envelope, { ...receiver, parts })).perRecipient[0]!.verdict).toBe('accepted');
  });
});

describe('editing headers', () => {
  it('keeps every other octet', () => {
    const message = Buffer.from(
      'X-A:  1\r\nBcc: x@y.example\r\nSubject: folded\r\n  over lines\r\n\r\nbody\r\n',
    );
    expect(
      editHeader(message, new Set(['bcc']), [{ name: 'To', addresses: ['a@b.example'] }]).toString(),
    ).toBe('To: a@b.example\r\nX-A:  1\r\nSubject: folded\r\n  over lines\r\n\r\nbody\r\n');
  });

  it('content is what describes it, and the body', () => {
    const message = Buffer.from('From: a@b.example\r\nContent-Type: text/plain\r\n\r\nbody\r\n');
    expect(contentOf(message).toString()).toBe('Content-Type: text/plain\r\n\r\nbody\r\n');
  });
});

it('certificates of the other recipients do not stand in a blind copy', async () => {
  const out = await send(text(), ['bob@b.example', 'carol@c.example']);
  expect(encryptedTo(out.envelopes[1]!.bytes, [bob.certificate, carol.certificate])).toEqual([
    carol.certificate,
  ]);
});
