import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/directory/connect/decide.ts';
import { HISP_EDGES, type Register } from '../../src/directory/connect/product.ts';
import { createApp } from '../../web/app.ts';
import type { ConnectRoom } from '../../web/connect-room.ts';
import { pathSteps } from '../../web/present/connect.ts';
import { inventedRooms } from './invented.ts';

const register: Register = {
  products: [
    {
      id: 'p',
      version: '1.2 beta',
      name: 'Pine',
      edges: ['smtp', 'imap'],
      relation: 'any',
      hisps: [],
      note: '',
    },
    {
      id: 'q',
      version: '1',
      name: 'Quince',
      edges: ['rest'],
      relation: 'integrated',
      hisps: ['b'],
      note: '',
    },
  ],
  hisps: [
    {
      id: 'a',
      title: 'HISP <A>',
      edges: ['smtp', 'imap', 'webmail'],
      accepts: true,
      note: '',
      communities: ['lakes'],
    },
  ],
  communities: { lakes: 'Lakes' },
};
const place = { starttls: { host: '127.0.0.1', port: 5870 }, tls: { host: '127.0.0.1', port: 4650 } };
const places = { host: 'mail.a.example', smtp: place, imap: place, pop3: place };

describe('the steps of a path', () => {
  const titles = (path: Partial<Path>) =>
    pathSteps(
      { hisp: 'a', send: 'webmail', receive: 'webmail', how: 'pages', ...path },
      register,
      places,
    ).map(({ title }) => title);

  it.each<[Partial<Path>, string[]]>([
    [{}, ['Send and read on the pages']],
    [
      { send: 'smtp', receive: 'imap' },
      ['Make an application password', 'Send by SMTP submission', 'Read by IMAP'],
    ],
    [
      { send: 'smtp', receive: 'pop3' },
      ['Make an application password', 'Send by SMTP submission', 'Read by POP3'],
    ],
    [{ send: 'rest', receive: 'rest' }, ['Make an application password', 'Send and read by the HTTP API']],
    [{ send: 'xdr', receive: 'xdr' }, ['Send and read by XDR']],
    [
      { send: 'smtp', receive: 'webmail' },
      ['Make an application password', 'Send by SMTP submission', 'Read on the pages'],
    ],
    [
      { send: 'webmail', receive: 'imap' },
      ['Make an application password', 'Send on the pages', 'Read by IMAP'],
    ],
  ])('%j', (path, between) => {
    expect(titles(path)).toEqual(['Be a member of HISP <A>', ...between, 'Send a first message']);
  });

  it('name the real ports, and say who knows them where nothing runs here', () => {
    const path: Path = { hisp: 'a', send: 'smtp', receive: 'imap', how: 'direct' };
    const rows = pathSteps(path, register, places).flatMap((step) => step.rows ?? []);
    expect(rows).toContainEqual(['Server', 'mail.a.example']);
    expect(rows).toContainEqual(['Port with TLS', '4650, here at 127.0.0.1:4650']);
    for (const edge of HISP_EDGES) {
      const steps = pathSteps({ ...path, send: edge, receive: edge }, register, undefined);
      expect(steps.every(({ title, text }) => title !== '' && text !== '')).toBe(true);
      expect(steps.flatMap((step) => step.rows ?? [])).toEqual([]);
    }
  });
});

describe('the page', () => {
  const connect: ConnectRoom = {
    register: () => register,
    places: () => places,
    putProduct: () => undefined,
    removeProduct: () => undefined,
    putHisp: () => undefined,
  };
  const app = createApp({ ...inventedRooms(), connect });
  const text = async (path: string) => (await app.request(path)).text();

  it.each([
    ['/connect', 'How do I connect?'],
    ['/connect?ehr=none', 'You send and read on pages.'],
    ['/connect?ehr=p+1.2+beta', 'Your EHR sends and reads by itself.'],
    ['/connect?ehr=q+1', 'Quince 1 is integrated with b only'],
    ['/connect?ehr=q+1', 'Quince 1 is integrated with HISP &lt;A&gt; as well'],
    ['/connect?ehr=nobody', 'is not in the register'],
    ['/connect?ehr=%3Cscript%3E', '&lt;script&gt;'],
    ['/connect?ehr=none&hisp=z', 'There is no such HISP'],
    ['/connect?ehr=none&community=z', 'There is no such community'],
  ])('%s says: %s', async (path, said) => {
    const page = await text(path);
    expect(page).toContain(said);
    expect(page).not.toContain('HISP <A>');
    expect(page).not.toContain('<script>');
  });

  it('the register is edited by operators alone', async () => {
    const answer = await app.request('/connect/products');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/sign-in?to=%2Fconnect%2Fproducts',
    ]);
  });
});
