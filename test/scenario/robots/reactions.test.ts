import { describe, expect, it } from 'vitest';
import type { ReplyContext } from '../../../src/hisp/notice-parts.ts';
import { readDsn } from '../../../src/mail/dsn.ts';
import { readMdn } from '../../../src/mail/mdn.ts';
import { ROBOT_NAMES, reactionOf, robotAddresses, robotOf } from '../../../src/scenario/robots/reactions.ts';

const context = (local: string): ReplyContext => ({
  occasion: 'accepted',
  about: {
    id: '1',
    receivedAt: 0,
    messageId: 'm-1@a.example',
    subject: 'Referral',
    content: 'c',
    sender: 'alice@a.example',
    recipient: `${local}@b.example`,
    requested: true,
  },
  now: 0,
  hostname: 'mx.b.example',
  postmaster: 'postmaster@b.example',
});

const said = (local: string): string[] =>
  reactionOf(robotOf(`${local}@b.example`)!, context(local)).map(({ bytes, afterMs = 0, from }) => {
    const mdn = readMdn(bytes);
    const dsn = readDsn(bytes);
    const word = mdn ? (mdn.disposition?.type ?? 'none') : `dsn ${dsn?.recipients[0]?.status} ${from}`;
    return afterMs > 0 ? `${word} after ${afterMs / 60_000} min` : word;
  });

describe('robots', () => {
  it.each([
    ['processedonly', ['processed']],
    ['processeddispatched', ['processed', 'dispatched']],
    ['delaydispatched65', ['processed', 'dispatched after 65 min']],
    ['nomdn', []],
    ['failed', ['failed']],
    ['processedfailed', ['processed', 'failed after 5 min']],
    ['processedtimeoutfailed', ['processed', 'failed after 75 min']],
    ['dsn', ['dsn 5.1.1 postmaster@b.example']],
    ['dispatchedonly', ['dispatched']],
    ['badaddress', ['processed', 'dsn 5.1.1 postmaster@b.example']],
    ['mdn-nodisposition', ['none']],
  ] as const)('%s answers %j', (local, expected) => {
    expect(said(local)).toEqual(expected);
  });

  it('know their address in any case and with a tag, and nobody else', () => {
    expect(['NoMDN@b', 'nomdn+1@b', 'bob@b', 'delaydispatchedx@b', 'constructor@b'].map(robotOf)).toEqual([
      'nomdn',
      'nomdn',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('have mailboxes in every domain of the testbed', () => {
    const all = robotAddresses('b.example');
    expect(all).toEqual(expect.arrayContaining(['nomdn@b.example', 'delaydispatched65@b.example']));
    expect(all.filter((address) => robotOf(address) === undefined)).toEqual([]);
  });

  it.each(
    ROBOT_NAMES.filter(
      (name) => name.startsWith('mdn-') || name.startsWith('final-') || name.startsWith('id-'),
    ),
  )('%s changes the octets of the notice, or how it travels', (name) => {
    const [odd] = reactionOf(name, context(name));
    const [plain] = reactionOf('processedonly', context(name));
    const travels = ['mdn-nofrom', 'mdn-sender', 'mdn-outerid'].includes(name);
    expect(Buffer.compare(odd!.bytes, plain!.bytes) === 0).toBe(travels);
  });
});
