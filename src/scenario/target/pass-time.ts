/**
 * How time passes in a scenario against a system outside: no longer than it takes to see all that is expected.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import type { Plan } from '../cases.ts';
import { judge } from '../judge/judge.ts';
import type { Transcript } from '../transcript.ts';
import { spanMs, type TargetProfile } from './profile.ts';
import { realWait } from './target.ts';

const LOOK_EVERY_MS = 500;

/**
 * Silence can only be listened to, so a scenario that expects some waits for the whole time; so does one about timers.
 * Any other goes on when what was seen passes every check, and has done so for a while.
 */
export function passTime(
  host: Host,
  transcript: Transcript,
  plan: Plan,
  profile: TargetProfile,
): (ms: number) => Promise<void> {
  const { scenario } = plan;
  const patient = scenario.control !== undefined || scenario.suite === 'notification';
  const settle = spanMs(profile.waits.settle);
  const rest = (ms: number) => new Promise<void>((resolve) => void host.timer(ms, resolve));
  return async (written) => {
    const whole = realWait(scenario.suite, written, profile);
    if (patient) return rest(whole);
    const ends = host.mono() + whole;
    let seen = -1;
    let goodSince: number | undefined;
    while (host.mono() < ends) {
      await rest(Math.min(LOOK_EVERY_MS, Math.max(0, ends - host.mono())));
      if (transcript.events.length !== seen) {
        seen = transcript.events.length;
        goodSince = passes(transcript, host) ? (goodSince ?? host.mono()) : undefined;
      }
      if (goodSince !== undefined && host.mono() - goodSince >= settle) return;
    }
  };
}

function passes({ events, blob }: Transcript, host: Host): boolean {
  const t = new Date(host.now()).toISOString();
  const end = {
    n: events.length + 1,
    t,
    host: 'testbed',
    kind: 'end',
    summary: { outcome: 'completed' },
  } as const;
  return judge([...events, end], blob).status === 'pass';
}
