/**
 * What the page of the expiry calendar shows.
 *
 * @module
 */
import type { ExpiryView } from '../../../web/trust-views.ts';
import { toldNotices } from '../../store/calendar.ts';
import { scopeOf } from '../../store/scope.ts';
import { endsText, thresholdsOf } from '../../trust/expiry/due.ts';
import { writeCalendar } from '../../trust/expiry/icalendar.ts';
import { type DatedThing, THING_KINDS } from '../../trust/expiry/thing.ts';
import { toneOfEnd } from './bundles-room.ts';
import { moment } from './mail.ts';
import type { RunningNetwork } from './network.ts';

const DAY = 86_400_000;
/** Told notices that the page lists. */
const TOLD = 50;

export async function expiryView({ things, hisps, host, network }: RunningNetwork): Promise<ExpiryView> {
  const now = host.now();
  const all = things();
  const told = await Promise.all(
    hisps.map(async ({ id, title, store }) =>
      (await toldNotices(scopeOf(store.db, id), TOLD)).map((one) => ({ ...one, hisp: title })),
    ),
  );
  return {
    groups: groupsOf(all).map((group) => {
      const { kind, holder, ends, effect, todo } = group[0]!;
      return {
        kind: THING_KINDS[kind],
        holder: network.hisps[holder]?.title ?? holder,
        ends: new Date(ends).toISOString().slice(0, 10),
        left: endsText(ends, now).replace(/ \(.*$/, ''),
        tone: thresholdsOf(group[0]!).length === 0 && now < ends ? 'muted' : toneOfEnd(ends, now),
        titles: group.map(({ title }) => title),
        effect:
          group.length === 1 ? effect : 'Nobody encrypts to these any more, and their signatures are refused',
        todo,
      };
    }),
    counts: {
      things: all.length,
      soon: all.filter((one) => now < one.ends && one.ends - now <= 90 * DAY && thresholdsOf(one).length > 0)
        .length,
      ended: all.filter(({ ends }) => now >= ends).length,
    },
    told: told
      .flat()
      .toSorted((a, b) => Number(b.at) - Number(a.at))
      .slice(0, TOLD)
      .map(({ at, hisp, text, days }) => ({ at: moment(Number(at)), hisp, text, days: Number(days) })),
  };
}

/** Leaves of one HISP that end on one day are one row. */
function groupsOf(things: readonly DatedThing[]): DatedThing[][] {
  const key = ({ kind, holder, ends, key: own }: DatedThing): string =>
    kind === 'leaf' ? `${kind} ${holder} ${Math.floor(ends / DAY)}` : own;
  return [...Map.groupBy(things, key).values()];
}

/** As `anchorage expiry --format json` prints them. */
export const datedJson = (things: readonly DatedThing[], now: number) =>
  things.map(({ begins, ends, ...thing }) => ({
    ...thing,
    kindText: THING_KINDS[thing.kind],
    ...(begins === undefined ? {} : { begins: new Date(begins).toISOString() }),
    ends: new Date(ends).toISOString(),
    left: endsText(ends, now),
  }));

export const calendarOf = (title: string, things: readonly DatedThing[], now: number): string =>
  writeCalendar(`${title}: what ends`, things, now);
