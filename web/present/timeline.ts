/**
 * Events of a transcript as lines of a timeline.
 *
 * @module
 */
import type { Event } from '../../src/scenario/index.ts';
import type { TimelineRowView, Tone } from '../views.ts';

type Summary = Readonly<Record<string, unknown>>;
type Line = Pick<TimelineRowView, 'lane' | 'what' | 'result' | 'tone'>;

const text = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
const list = (value: unknown): string => (Array.isArray(value) ? value.map(text).join(', ') : text(value));
const count = (value: unknown, one: string, many: string): string =>
  `${text(value)} ${value === 1 ? one : many}`;

const dns = (s: Summary): Line => {
  const answers = Array.isArray(s['answers']) ? s['answers'].length : 0;
  const rcode = text(s['rcode']);
  const parts = [
    rcode || text(s['error']),
    ...(s['tc'] ? ['truncated'] : []),
    count(answers, 'answer', 'answers'),
  ];
  const absent = rcode === 'NXDOMAIN' || (rcode === 'NOERROR' && answers === 0);
  return {
    lane: 'dns',
    what: `${text(s['name'])} ${text(s['type'])}`,
    result: `${s['error'] ? text(s['error']) : parts.join(', ')} (${text(s['transport'])})`,
    tone: s['error'] ? 'warn' : absent ? 'muted' : rcode === 'NOERROR' ? 'good' : 'warn',
  };
};

const ldap = (s: Summary): Line => {
  const result = text(s['result']);
  const found =
    s['op'] === 'search'
      ? `, ${count(s['entries'] ?? 0, 'entry', 'entries')}, ${count(s['certificates'] ?? 0, 'certificate', 'certificates')}`
      : '';
  const about = s['op'] === 'search' ? ` ${text(s['base']) || 'root DSE'} ${text(s['filter'])}` : '';
  return {
    lane: 'ldap',
    what: `${text(s['op'])}${about}`,
    result: `${result}${found}`,
    tone: result !== 'success' ? 'warn' : s['op'] === 'search' && !s['certificates'] ? 'muted' : 'good',
  };
};

const http = (s: Summary): Line => {
  const status = typeof s['status'] === 'number' ? s['status'] : undefined;
  return {
    lane: 'http',
    what: `${text(s['method'])} ${text(s['url'])}`,
    result:
      status === undefined
        ? text(s['error'])
        : `${status}${s['bytes'] === undefined ? '' : `, ${text(s['bytes'])} octets`}`,
    tone: status !== undefined && status < 400 ? 'good' : 'warn',
  };
};

const smtp = (s: Summary): Line => {
  const replies =
    s['replies'] && typeof s['replies'] === 'object' ? Object.values(s['replies']).map(text) : [];
  const reply = text(s['error']) || text(s['reply']) || [...new Set(replies)].join('; ');
  const to = list(s['rcptTo'] ?? s['rcpt']);
  const good = reply.startsWith('2') || reply === '';
  return {
    lane: 'smtp',
    what: `${text(s['op'])} ${text(s['mailFrom']) || '<>'}${to ? ` → ${to}` : ''}`,
    result: reply,
    tone: good ? 'good' : 'bad',
  };
};

const VERDICT_TONE: Readonly<Record<string, Tone>> = {
  trusted: 'good',
  refused: 'bad',
  undetermined: 'warn',
};

const decision = (s: Summary): Line => {
  const first = s['firstCause'] as { readonly code?: unknown } | undefined;
  return {
    lane: 'decision',
    what: `${s['direction'] === 'in' ? 'may the signer be trusted: ' : 'may we encrypt: '}${text(s['from'])} → ${text(s['to'])}`,
    result: [text(s['verdict']), text(first?.code)].filter((part) => part !== '').join(': '),
    tone: VERDICT_TONE[text(s['verdict'])] ?? 'muted',
  };
};

const message = (s: Summary): Line => {
  const from = text(s['from'] ?? s['mailFrom']);
  const to = list(s['to'] ?? s['rcptTo'] ?? s['address']);
  const who = from && to ? ` ${from} → ${to}` : ` ${from || to}`;
  const kind = s['kind'] ? ` (${text(s['kind'])})` : '';
  return { lane: 'message', what: `${text(s['stage'])}${kind}${who}`, result: '', tone: 'muted' };
};

const rest = (lane: TimelineRowView['lane'], s: Summary, name: string): Line => {
  const others = Object.entries(s).filter(([key]) => key !== name);
  return {
    lane,
    what: `${text(s[name])} ${others.map(([key, value]) => `${key} ${list(value)}`).join(', ')}`.slice(
      0,
      300,
    ),
    result: '',
    tone: 'muted',
  };
};

function lineOf(event: Event): Line | undefined {
  const s = (event.summary ?? {}) as Summary;
  switch (event.kind) {
    case 'dns':
      return dns(s);
    case 'ldap':
      return ldap(s);
    case 'http':
      return http(s);
    case 'smtp':
      return smtp(s);
    case 'decision':
      return decision(s);
    case 'message':
      return message(s);
    case 'step':
      return rest('step', s, 'step');
    case 'clock':
      return rest('clock', s, 'op');
    default:
      return undefined;
  }
}

/** What was asked, the same at both ends of a conversation. */
const questionOf = (event: Event): string => {
  const s = (event.summary ?? {}) as Summary;
  return event.kind === 'smtp'
    ? `smtp ${text(s['mailFrom'])} ${list(s['rcptTo'] ?? s['rcpt'])}`
    : `${event.kind} ${lineOf(event)?.what}`;
};

/** The lines of a run, in order; what only the judge needs (facts, certificates) is left out. */
export function presentTimeline(events: readonly Event[], start?: number): TimelineRowView[] {
  const zero = start ?? Date.parse(events[0]?.t ?? '');
  const asked = new Set(events.flatMap((event) => (event.dir === 'out' ? questionOf(event) : [])));
  return events.flatMap((event) => {
    const line = lineOf(event);
    if (!line) return [];
    const seconds = (Date.parse(event.t) - zero) / 1000;
    return [
      {
        n: event.n,
        t: `+${seconds.toFixed(3)} s`,
        ...line,
        host: event.host,
        peer: event.peer ? `${event.peer.host}:${event.peer.port}` : '',
        dir: event.dir && event.peer ? event.dir : '',
        echo: event.dir === 'in' && asked.has(questionOf(event)),
        detail: JSON.stringify(event.summary, null, 2),
      },
    ];
  });
}
