import { expect, it } from 'vitest';
import { scopeOf } from '../../src/store/scope.ts';
import { watchHistory } from '../../src/store/watch.ts';
import type { WatchEvent } from '../../src/watch/event.ts';
import { observationSchema } from '../../src/watch/observation.ts';
import { checksOf } from '../../src/watch/verdict.ts';
import { DAY, leaf, root, stranger } from '../trust/fixtures.ts';
import { CRL, DOMAIN, HOUR, inWorld, NS, START, type WatchWorld } from './world.ts';

type Change = (world: WatchWorld) => void | Promise<void>;

interface Row {
  readonly what: string;
  readonly change: Change;
  /** What is told, in order; kinds, with what they are about. */
  readonly told: readonly string[];
  /** Looks that it takes. */
  readonly looks?: number;
  /** Puts it back; the same is told as over. */
  readonly back?: Change;
  readonly over?: readonly string[];
}

const short = ({ kind, over, subject }: WatchEvent): string =>
  `${over ? 'over ' : ''}${kind}${subject === '' ? '' : ` ${subject}`}`;

const first = leaf();
const second = leaf();
const strange = leaf({}, stranger);
const ending = leaf({ notAfter: START + 20 * DAY });

const ROWS: readonly Row[] = [
  {
    what: 'another certificate is published',
    change: ({ published }) => {
      published.certificates = [second];
    },
    told: [`certificate-changed ${second.certificate.sha256}`],
    back: ({ published }) => {
      published.certificates = [first];
    },
    over: [`certificate-changed ${first.certificate.sha256}`],
  },
  {
    what: 'the certificate is gone',
    change: ({ published }) => {
      published.certificates = [];
    },
    told: ['certificate-gone'],
    back: ({ published }) => {
      published.certificates = [first];
    },
    over: ['over certificate-gone'],
  },
  {
    what: 'the anchor leaves the bundle',
    change: ({ published }) => {
      published.anchors = [stranger];
    },
    told: ['anchor-left CN=Root, O=Test, C=US'],
    back: ({ published }) => {
      published.anchors = [root, stranger];
    },
    over: ['trust-gained'],
  },
  {
    what: 'the certificate is by another authority',
    change: ({ published }) => {
      published.certificates = [strange];
    },
    told: [`certificate-changed ${strange.certificate.sha256}`, 'trust-lost'],
  },
  {
    what: 'the revocation list runs out',
    change: ({ published }) => {
      published.listUntil = START - HOUR / 2;
    },
    told: [`crl-stale ${CRL}`],
    back: ({ published }) => {
      published.listUntil = START + 30 * DAY;
    },
    over: [`over crl-stale ${CRL}`],
  },
  {
    what: 'the revocation list cannot be had',
    change: ({ published }) => {
      published.web = 503;
    },
    told: [`crl-unreachable ${CRL}`],
    looks: 2,
    back: ({ published }) => {
      published.web = 200;
    },
    over: [`over crl-unreachable ${CRL}`],
  },
  {
    what: 'the MX is gone',
    change: ({ published }) => {
      published.mx = [];
    },
    told: ['mx-gone'],
    back: ({ published }) => {
      published.mx = ['mx.b.example'];
    },
    over: ['over mx-gone'],
  },
  {
    what: 'the MX leads elsewhere',
    change: ({ published }) => {
      published.mx = ['mx2.b.example'];
    },
    told: ['mx-changed'],
  },
  {
    what: 'port 25 is closed',
    change: ({ port25 }) => port25(false),
    told: ['port-closed 10.0.0.25'],
    looks: 2,
    back: ({ port25 }) => port25(true),
    over: ['over port-closed 10.0.0.25'],
  },
  {
    what: 'the name servers disagree',
    change: ({ published }) => {
      published.serials = [1, 2];
    },
    told: ['servers-disagree'],
    looks: 2,
    back: ({ published }) => {
      published.serials = [2, 2];
    },
    over: ['over servers-disagree'],
  },
  {
    what: 'a name server is silent',
    change: ({ silence }) => silence(NS[1]),
    told: [`server-silent ${NS[1]}`],
    looks: 2,
  },
];

const looks = async ({ watcher, sleep }: WatchWorld, times: number): Promise<void> => {
  const one = watcher();
  for (let n = 0; n < times; n++) {
    await one.round();
    await sleep(60_000);
  }
  await one.stop();
};

it('tells nothing when nothing changes, by whatever time', () =>
  inWorld(async (world) => {
    world.published.certificates = [first];
    const watcher = world.watcher();
    await watcher.start();
    await world.sleep(12 * HOUR);
    await watcher.stop();
    expect(world.events.map(short)).toEqual([]);
    expect(world.lines).toEqual([]);
    const [row, ...more] = await watchHistory(scopeOf(world.store().db, 'watch'), DOMAIN, 9);
    expect(more).toEqual([]);
    expect(Number(row!.runs)).toBeGreaterThanOrEqual(10);
    expect(checksOf(observationSchema.parse(JSON.parse(row!.body))).map(({ state }) => state)).toEqual(
      Array(6).fill('good'),
    );
  }));

it.each(ROWS)('tells once that $what', ({ change, told, looks: needed = 1, back, over = [] }) =>
  inWorld(async (world) => {
    world.published.certificates = [first];
    await looks(world, 2);
    expect(world.events.map(short)).toEqual([]);
    await change(world);
    await looks(world, needed - 1);
    expect(world.events.map(short)).toEqual([]);
    await looks(world, 1);
    expect(world.events.map(short)).toEqual(told);
    await looks(world, 3);
    expect(world.events.map(short)).toEqual(told);
    if (back) {
      await back(world);
      await looks(world, 3);
      expect(world.events.map(short)).toEqual([...told, ...over]);
    }
    expect(world.lines).toEqual([]);
  }),
);

it('tells at 14, 7 and 1 days that a certificate ends, each once', () =>
  inWorld(async (world) => {
    world.published.certificates = [ending];
    const watcher = world.watcher({ intervalMs: 12 * HOUR });
    await watcher.start();
    await world.sleep(19.6 * DAY);
    await watcher.stop();
    expect(world.events.map(({ kind, text }) => `${kind} ${/ends in \d+ day/.exec(text)?.[0]}`)).toEqual([
      'certificate-ends ends in 14 day',
      'certificate-ends ends in 7 day',
      'certificate-ends ends in 1 day',
    ]);
  }));

it('what passes by itself before it is seen again is not told', () =>
  inWorld(async (world) => {
    await looks(world, 1);
    await world.port25(false);
    await looks(world, 1);
    await world.port25(true);
    await looks(world, 2);
    expect(world.events.map(short)).toEqual([]);
  }));

it('what nobody can tell changes nothing: silence is told as silence', () =>
  inWorld(async (world) => {
    await looks(world, 1);
    for (const address of NS) world.silence(address);
    await looks(world, 3);
    expect(world.events.map(short)).toEqual(['discovery-unanswered', 'mx-unanswered']);
  }));
