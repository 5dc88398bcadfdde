/**
 * How time passes in a scenario against a system outside: no longer than it takes to see all that is expected.
 *
 * @module
 */
import { messageIdKey } from '../../mail/message-id.ts';
import type { Host } from '../../net/host.ts';
import type { Plan } from '../cases.ts';
import { judge } from '../judge/judge.ts';
import { viewOf } from '../judge/view.ts';
import type { StepContext } from '../steps/step.ts';
import type { Event, Transcript } from '../transcript.ts';
import { spanMs, type TargetProfile } from './profile.ts';
import { realWait } from './target.ts';

const LOOK_EVERY_MS = 250;

/**
 * Silence can only be listened to, so the part of a scenario that a control proves waits for the whole time; so does
 * a scenario about timers. Any other goes on when what was seen passes every check, and has done so for a while. Where
 * steps follow that look into a mailbox, it goes on when the messages that they look for were answered.
 */
export function passTime(
  host: Host,
  transcript: Transcript,
  plan: Plan,
  profile: TargetProfile,
): NonNullable<StepContext['pass']> {
  const { scenario } = plan;
  const settle = spanMs(profile.waits.settle);
  const rest = (ms: number) => new Promise<void>((resolve) => void host.timer(ms, resolve));
  const enough = scenario.suite === 'edges' ? answeredOrPasses : passes;
  return async (written, part) => {
    const whole = realWait(scenario.suite, written, profile);
    const silent = scenario.control !== undefined && part === 'main';
    if (scenario.suite === 'notification' || silent) return rest(whole);
    const ends = host.mono() + whole;
    let seen = -1;
    let goodSince: number | undefined;
    while (host.mono() < ends) {
      await rest(Math.min(LOOK_EVERY_MS, Math.max(0, ends - host.mono())));
      if (transcript.events.length !== seen) {
        seen = transcript.events.length;
        goodSince = enough(transcript, host) ? (goodSince ?? host.mono()) : undefined;
      }
      if (goodSince !== undefined && host.mono() - goodSince >= settle) return;
    }
  };
}

type Seen = Pick<Transcript, 'events' | 'blob'>;

function passes({ events, blob }: Seen, host: Host): boolean {
  const end: Event = {
    n: events.length + 1,
    t: new Date(host.now()).toISOString(),
    host: 'testbed',
    kind: 'end',
    summary: { outcome: 'completed' },
  };
  return judge([...events, end], blob).status === 'pass';
}

/** Whoever answered a message has it, so it can be looked for. */
function answeredOrPasses(seen: Seen, host: Host): boolean {
  const { answered } = viewOf(seen.events, seen.blob);
  const ids = seen.events.flatMap(({ kind, summary }) => {
    const { step, messageId } = summary as { step?: string; messageId?: string };
    return kind === 'step' && step === 'deliver' && messageId ? [messageIdKey(messageId)] : [];
  });
  const told = new Set(answered.map(({ about }) => messageIdKey(about)));
  return (ids.length > 0 && ids.every((id) => told.has(id))) || passes(seen, host);
}
