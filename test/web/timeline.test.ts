import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/scenario/index.ts';
import { presentTimeline } from '../../web/present/timeline.ts';

const event = (n: number, part: Partial<Event>): Event => ({
  n,
  t: new Date(Date.UTC(2026, 0, 1) + n * 10).toISOString(),
  host: 'sut',
  kind: 'dns',
  summary: {},
  ...part,
});

const question = { transport: 'udp', name: 'd1.x.example', type: 'CERT', edns: 1232, tc: false };

describe('a line of the timeline', () => {
  it.each<[string, Partial<Event>, object]>([
    [
      'a found name',
      {
        dir: 'out',
        peer: { host: '10.0.0.1', port: 53 },
        summary: { ...question, rcode: 'NOERROR', answers: ['x'] },
      },
      {
        lane: 'dns',
        what: 'd1.x.example CERT',
        result: 'NOERROR, 1 answer (udp)',
        tone: 'good',
        peer: '10.0.0.1:53',
      },
    ],
    [
      'a truncated answer',
      { summary: { ...question, tc: true, rcode: 'NOERROR', answers: [] } },
      { result: 'NOERROR, truncated, 0 answers (udp)' },
    ],
    ['an absent name', { summary: { ...question, rcode: 'NXDOMAIN', answers: [] } }, { tone: 'muted' }],
    ['a failing server', { summary: { ...question, rcode: 'SERVFAIL', answers: [] } }, { tone: 'warn' }],
    [
      'a search',
      {
        kind: 'ldap',
        summary: {
          op: 'search',
          base: 'o=x',
          filter: '(mail=a@b)',
          result: 'success',
          entries: 1,
          certificates: 1,
        },
      },
      {
        lane: 'ldap',
        what: 'search o=x (mail=a@b)',
        result: 'success, 1 entry, 1 certificate',
        tone: 'good',
      },
    ],
    [
      'a connection that was refused',
      { kind: 'ldap', summary: { op: 'connect', result: 'error: refused' } },
      { what: 'connect', result: 'error: refused', tone: 'warn' },
    ],
    [
      'a list fetched',
      { kind: 'http', summary: { method: 'GET', url: 'http://x/r.crl', status: 200, bytes: 448 } },
      { lane: 'http', what: 'GET http://x/r.crl', result: '200, 448 octets', tone: 'good' },
    ],
    [
      'a message refused',
      { kind: 'smtp', summary: { op: 'rcpt-refused', mailFrom: 'a@b', rcpt: 'c@d', reply: '550 5.1.1 no' } },
      { lane: 'smtp', what: 'rcpt-refused a@b → c@d', result: '550 5.1.1 no', tone: 'bad' },
    ],
    [
      'a decision',
      {
        kind: 'decision',
        summary: {
          direction: 'out',
          from: 'a@b',
          to: 'c@d',
          verdict: 'refused',
          firstCause: { code: 'cert.expired' },
        },
      },
      { lane: 'decision', what: 'may we encrypt: a@b → c@d', result: 'refused: cert.expired', tone: 'bad' },
    ],
  ])('%s', (_, part, expected) => {
    expect(presentTimeline([event(1, part)])[0]).toMatchObject(expected);
  });

  it('tells the time since the first event, and leaves out what only the judge reads', () => {
    const rows = presentTimeline([
      event(1, { kind: 'run' }),
      event(2, { summary: question }),
      event(3, { kind: 'cert' }),
    ]);
    expect(rows.map(({ n, t }) => [n, t])).toEqual([[2, '+0.010 s']]);
  });

  it('knows the other end of an exchange that stands there already', () => {
    const summary = { ...question, rcode: 'NOERROR', answers: ['x'] };
    const peer = { host: '10.0.0.1', port: 53 };
    const rows = presentTimeline([
      event(1, { host: 'dns', dir: 'in', peer, summary }),
      event(2, { dir: 'out', peer, summary }),
      event(3, { host: 'dns', dir: 'in', peer, summary: { ...summary, name: 'other.example' } }),
    ]);
    expect(rows.map((row) => row.echo)).toEqual([true, false, false]);
  });
});
