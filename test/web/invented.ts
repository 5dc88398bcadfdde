/** An invented network for page tests: nothing runs behind it. */
import { EventEmitter } from 'node:events';
import type { Rooms, RunProgress } from '../../web/rooms.ts';
import type {
  AddressView,
  CertificateView,
  PersonView,
  ResultView,
  RunHeadView,
  ScenarioRowView,
  StoryView,
} from '../../web/views.ts';

const maria: PersonView = {
  address: 'maria.alvarez@direct.lakeside-clinic.example',
  name: 'Maria Alvarez, MD',
  role: 'Family medicine',
  organization: 'Lakeside Family Clinic',
  hisp: 'Lakeshore Direct',
};
const results: PersonView = {
  address: 'results@direct.meadowlark-dx.example',
  name: 'Result delivery',
  role: 'Laboratory results',
  organization: 'Meadowlark Diagnostics',
  hisp: 'Prairie Connect',
};

const story: StoryView = {
  from: maria,
  to: results,
  verdict: 'refused',
  headline:
    'issuer CN=Prairie Connect Root CA, O=Prairie Connect, C=US does not lead to an anchor of direct.lakeside-clinic.example (anchors from Great Lakes Direct Exchange)',
  code: 'trust.no-path',
  stages: [
    {
      tone: 'good',
      title: 'The address is published',
      detail: 'CERT results.direct.meadowlark-dx.example: 1 certificate, from 203.0.113.53',
    },
    {
      tone: 'good',
      title: 'The certificate fits',
      detail: 'bound to the address, in force until 2028-11-22, may be used for encryption',
    },
    {
      tone: 'bad',
      title: 'No path to an anchor',
      detail:
        'Its issuer is Prairie Connect Root CA; Lakeshore Direct trusts Lakeshore Direct Root CA and Harborline Health Exchange Root CA',
    },
  ],
  cure: 'Let Lakeshore Direct subscribe to the bundle of the Prairie Trust Community, or Prairie Connect join the Great Lakes Direct Exchange',
  lesson:
    'The address exists, its certificate is published, found and valid. Finding a certificate is not trusting it.',
};

const certificate = (tone: 'good' | 'bad'): CertificateView => ({
  title: 'results@direct.meadowlark-dx.example',
  sha256: '9f'.repeat(32),
  tone,
  fate: tone === 'good' ? 'usable' : story.headline,
  ...(tone === 'good' ? {} : { code: 'trust.no-path' }),
  where: 'CERT record at results.direct.meadowlark-dx.example',
  facts: [
    { name: 'Subject', value: 'CN=results@direct.meadowlark-dx.example, O=Meadowlark Diagnostics' },
    { name: 'SHA-256', value: '9f'.repeat(32), mono: true },
    { name: 'Key', value: 'RSA 2048 bits' },
  ],
  notes: ['key tag 30351 in the record is not the tag of this certificate'],
  chain: [
    { title: 'results@direct.meadowlark-dx.example', detail: 'until 2028-11-22', tone: 'good' },
    { title: 'Prairie Connect Root CA', detail: 'not an anchor of Lakeshore Direct', tone },
  ],
  revocation: { tone: 'good', text: 'not in the list at http://pki.prairie-hisp.example/root.crl' },
});

const address: AddressView = {
  address: results.address,
  person: results,
  from: maria.address,
  fromChoices: [{ address: maria.address, label: 'Maria Alvarez, Lakeside Family Clinic' }],
  verdict: { tone: 'bad', headline: 'refused', detail: story.headline },
  code: 'trust.no-path',
  cure: story.cure!,
  ms: 4,
  steps: [
    {
      level: 'address in DNS',
      question: 'results.direct.meadowlark-dx.example CERT',
      server: '203.0.113.53:53',
      tone: 'good',
      outcome: 'found',
      detail: '1 certificate',
      exchanges: [
        'udp 203.0.113.53:53 edns 1232 → NOERROR, truncated',
        'tcp 203.0.113.53:53 → NOERROR, 1 answer',
      ],
      ms: 4,
    },
  ],
  certificates: [certificate('bad')],
  commands: ['dig @127.0.0.1 -p 5300 +tcp results.direct.meadowlark-dx.example CERT'],
};

const row = (n: number, status?: ScenarioRowView['status']): ScenarioRowView => ({
  key: `d${n}`,
  id: `d${n}`,
  title: ['A certificate at the address', 'A certificate at the domain', 'The address in LDAP'][n % 3]!,
  group: 'Accreditation d1-d18',
  suite: 'discovery',
  twins: 2,
  virtualMs: 4_000,
  ...(status ? { status, href: `/runs/r1/d${n}` } : {}),
  ...(status === 'fail' ? { firstCause: 'Bd was used (CERT at the domain): the address has its own' } : {}),
});

const head = (state: RunHeadView['state'], done: number): RunHeadView => ({
  id: 'r1',
  selection: 'd',
  seed: 7,
  twins: false,
  at: '2026-11-23 04:00:00',
  state,
  done,
  total: 3,
  tally: { pass: done, fail: 0, warn: 0, skip: 0, na: 0, error: 0, cancelled: 0 },
  ...(state === 'done' ? { ms: 3400 } : {}),
});

const result: ResultView = {
  run: head('done', 3),
  row: row(1, 'fail'),
  why: 'A certificate at the address is used, and nothing else is looked up.',
  cites: ['REQ-DNS-02', 'wire-facts §3'],
  cure: 'Ask for the address first and stop at the first name that has a certificate.',
  checks: [
    {
      id: 'used',
      title: 'Encrypted to exactly the right certificate',
      status: 'fail',
      required: true,
      sees: 'outside',
      findings: [
        { tone: 'bad', text: 'Bd was used (CERT at the domain): the address has its own', evidence: [2] },
      ],
    },
    {
      id: 'stops',
      title: 'No lookup after the hit',
      status: 'pass',
      required: true,
      sees: 'outside',
      findings: [],
    },
  ],
  control: { status: 'pass', checks: [] },
  twins: [{ behaviour: 'disc.domain-first', expected: 'used, stops', failed: 'used, stops', ok: true }],
  certificates: [
    {
      role: 'Ad',
      names: 'd1@d01.test.example',
      places: 'CERT d1.d01.test.example',
      faults: '',
      sha256: 'ab'.repeat(32),
    },
  ],
  timeline: [
    {
      n: 1,
      t: '+0.000 s',
      lane: 'step',
      host: 'testbed',
      peer: '',
      dir: '',
      echo: false,
      what: 'send d1@d01.test.example',
      result: '',
      tone: 'muted',
      detail: '{}',
    },
    {
      n: 2,
      t: '+0.004 s',
      lane: 'dns',
      host: 'sut',
      peer: '10.0.0.1:53',
      dir: 'out',
      echo: false,
      what: 'd1.d01.test.example CERT',
      result: 'NOERROR, 1 answer',
      tone: 'good',
      detail: '{}',
    },
    {
      n: 3,
      t: '+0.010 s',
      lane: 'smtp',
      host: 'sut',
      peer: '10.0.0.2:25',
      dir: 'out',
      echo: false,
      what: 'MAIL FROM sut@sut.example',
      result: '250 2.0.0 queued',
      tone: 'good',
      detail: '{}',
    },
  ],
};

const hisp = (id: string, title: string, place: string, member: string[], subscribes: string[]) => ({
  id,
  title,
  place,
  member,
  subscribes,
  organizations: 10,
  addresses: 32,
});

export const progress = new EventEmitter();

export function inventedRooms(overrides: Partial<Rooms> = {}): Rooms {
  const services = [
    { name: 'DNS', what: 'UDP and TCP, 34 zones', at: '127.0.0.1:5300', up: true },
    { name: 'LDAP', what: '40 entries', at: '127.0.0.1:3890', up: true },
    { name: 'SMTP', what: 'Lakeshore Direct', at: '127.0.0.1:2525', up: true },
  ];
  return {
    home: async () => ({
      network: 'Great Lakes and Prairie demo network',
      services,
      counts: { organizations: 31, addresses: 97, messages: 0 },
      map: {
        communities: [
          { id: 'gl', title: 'Great Lakes Direct Exchange' },
          { id: 'pt', title: 'Prairie Trust Community' },
        ],
        hisps: [
          hisp('lakeshore', 'Lakeshore Direct', 'Duluth, MN', ['gl'], ['gl']),
          hisp('harborline', 'Harborline Health Exchange', 'Milwaukee, WI', ['gl', 'pt'], ['gl', 'pt']),
          hisp('prairie', 'Prairie Connect', 'Fargo, ND', ['pt'], ['gl', 'pt']),
        ],
        reach: [
          { from: 'lakeshore', to: 'harborline', ok: true },
          { from: 'harborline', to: 'lakeshore', ok: true },
          { from: 'harborline', to: 'prairie', ok: true },
          { from: 'prairie', to: 'harborline', ok: true },
          {
            from: 'lakeshore',
            to: 'prairie',
            ok: false,
            why: 'Lakeshore Direct takes no anchors from Prairie Trust Community',
          },
          {
            from: 'prairie',
            to: 'lakeshore',
            ok: false,
            why: 'Lakeshore Direct would not accept its signature',
          },
        ],
      },
      story,
      examples: [maria.address, results.address],
      commands: [
        { what: 'A certificate in DNS', text: 'dig @127.0.0.1 -p 5300 direct.st-brannoc.example CERT' },
      ],
      rehearsal: { scenarios: 18, select: ['d1', 'd2'], last: head('done', 3) },
    }),
    addresses: async (query) =>
      query === 'nobody'
        ? []
        : [
            {
              name: 'Lakeside Family Clinic',
              kind: 'clinic',
              place: 'Duluth, MN',
              domain: 'direct.lakeside-clinic.example',
              hisp: 'Lakeshore Direct',
              level: 'one for each address, in DNS',
              people: [{ address: maria.address, name: maria.name, role: maria.role, waiting: 2 }],
            },
          ],
    address: async (asked) =>
      asked === results.address ? address : { refused: `"${asked}" is not a Direct address` },
    mailbox: async (asked) =>
      asked === maria.address
        ? {
            address: asked,
            person: maria,
            received: [
              {
                id: '1',
                kind: 'message',
                from: results.address,
                to: asked,
                subject: '<b>Lab results</b>',
                at: '2026-11-23 04:01',
                bytes: 900,
              },
            ],
            refused: [
              {
                from: 'x@direct.prairie.example',
                at: '2026-11-23 04:03',
                code: 'trust.no-path',
                why: 'no anchor',
              },
            ],
            sent: [
              {
                id: '2',
                to: results.address,
                subject: 'Referral',
                at: '2026-11-23 04:02',
                state: 'failed',
                tone: 'bad',
                detail: story.headline,
              },
            ],
          }
        : undefined,
    letter: async (asked, id) =>
      asked === maria.address && id === '1'
        ? {
            id,
            mailbox: asked,
            kind: 'message',
            from: results.address,
            to: asked,
            subject: 'Lab results',
            at: '2026-11-23 04:01',
            bytes: 900,
            headers: [{ name: 'Subject', value: 'Lab results' }],
            text: 'Potassium 4.1 mmol/L',
            raw: 'Subject: Lab results\r\n\r\nPotassium 4.1 mmol/L',
            stages: [{ tone: 'good', title: 'Decrypted', detail: 'with the key of the address' }],
          }
        : undefined,
    send: async (request) =>
      request.to.length > 0 ? { ok: true, id: 'm1' } : { ok: false, why: 'no recipient' },
    about: async () => ({
      version: '0.1.0',
      state: '.anchorage',
      services,
      health: [{ name: 'Queue', tone: 'good', text: 'empty' }],
    }),
    ready: async () => [],
    scenarios: {
      list: () => ({
        suites: [
          {
            id: 'discovery',
            title: 'Certificate discovery',
            groups: [{ title: 'Accreditation d1-d18', rows: [row(1, 'pass'), row(2, 'fail'), row(3)] }],
          },
        ],
        runs: [head('done', 3)],
      }),
      start: (selectors) =>
        selectors.includes('none') ? { refused: 'nothing is selected by "none"' } : { id: 'r1' },
      stopRun: () => undefined,
      run: (id) =>
        id === 'r1' || id === 'live'
          ? {
              head: { ...head(id === 'live' ? 'running' : 'done', id === 'live' ? 1 : 3), id },
              rows: [
                row(1, 'pass'),
                row(2, id === 'live' ? 'running' : 'pass'),
                row(3, id === 'live' ? 'waiting' : 'pass'),
              ],
            }
          : undefined,
      follow: (_id, on) => {
        const listen = (change: RunProgress) => on(change);
        progress.on('change', listen);
        return () => progress.off('change', listen);
      },
      result: (run, key) => (run === 'r1' && key === 'd1' ? result : undefined),
    },
    ...overrides,
  };
}

export const change = (n: number, status: ScenarioRowView['status'], done: number): RunProgress => ({
  kind: 'row',
  row: row(n, status),
  head: { ...head('running', done), id: 'live' },
});
export const end = (): RunProgress => ({ kind: 'end', head: { ...head('done', 3), id: 'live' } });
