/** Two HISPs with their own stores; the first with two organizations, each with an administrator and a user. */

import { hashDrawn } from '../../src/hisp/tenancy/password.ts';
import { createTenancy, type Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { realHost } from '../../src/net/real.ts';
import { putAccount } from '../../src/store/accounts.ts';
import { putMailboxItem, putQuarantine } from '../../src/store/mailbox.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { putAddress, putDomain, putOrganization } from '../../src/store/organizations.ts';
import { enqueue } from '../../src/store/queue.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { createApp } from '../../web/app.ts';
import { inventedRooms } from './invented.ts';

export const COST = { cost: 16, blockSize: 1, parallelization: 1 };
export const TOKEN = 'token-of-the-state-folder';
export const passwordOf = (name: string): string => `password-of-${name}`;

const LETTER = (to: string) =>
  Buffer.from(
    `From: far@away.example\r\nTo: ${to}\r\nSubject: For ${to} alone\r\nMessage-ID: <1@away.example>\r\n\r\nSecret of ${to}\r\n`,
  );

export interface World {
  readonly app: ReturnType<typeof createApp>;
  readonly tenancies: readonly [Tenancy, Tenancy];
  /** What was submitted and reprocessed, by tenant. */
  readonly done: string[];
  /** How often the members were read anew. */
  readonly changes: { count: number };
  as(name: string): { readonly authorization: string };
  close(): Promise<void>;
}

const MINE = { one: ['clinic', 'lab'], two: ['clinic'] } as const;

export async function openWorld(): Promise<World> {
  const host = realHost();
  const done: string[] = [];
  const changes = { count: 0 };
  const stores: Store[] = [];
  const open = async (id: keyof typeof MINE): Promise<Tenancy> => {
    const store = await openStore(host, { file: ':memory:' });
    stores.push(store);
    const scope = scopeOf(store.db, id);
    for (const organization of MINE[id]) {
      const domain = `${organization}.${id}.example`;
      await putOrganization(scope, {
        id: organization,
        name: `The ${organization} of ${id}`,
        status: 'enabled',
        connected_hisp: organization === 'lab' ? 'Far HISP' : null,
        created_at: 1,
      });
      await putDomain(scope, {
        name: domain,
        organization,
        status: 'ENABLED',
        profile: '1.3',
        postmaster: null,
        unwrapped: null,
        revocation: null,
        processed_ms: null,
        dispatched_ms: null,
        created_at: 1,
      });
      const address = `ann@${domain}`;
      await putAddress(scope, {
        address,
        domain,
        status: 'enabled',
        alias_of: null,
        display_name: 'Ann',
        plus_tags: 'accept',
        created_at: 1,
      });
      await account(`admin@${domain}`, 'organization-administrator', organization, []);
      await account(address, 'user', organization, [address]);
      await putMailboxItem(scope, {
        address,
        kind: 'message',
        message_id: `in-${organization}`,
        internet_id: '1@away.example',
        sender: 'far@away.example',
        subject: `For ${address} alone`,
        received_at: 1,
        bytes: LETTER(address),
      });
      await putQuarantine(scope, {
        message_id: `refused-${organization}`,
        address,
        bytes_sha256: 'x',
        causes: JSON.stringify([{ code: 'crypto.not-encrypted', params: { found: 'text' } }]),
        at: 1,
      });
      await enqueue(
        scope,
        {
          id: `out-${organization}`,
          direction: 'out',
          kind: 'message',
          envelope_from: address,
          received_at: 1,
          internet_id: `out@${domain}`,
          delivery_requested: 0,
          follows: null,
          bytes: LETTER('far@away.example'),
        },
        [
          {
            address: 'far@away.example',
            written: 'far@away.example',
            domain: 'away.example',
            stage: 'prepare',
            state: 'open',
            next_at: 1,
            deadline: 2,
            timer_at: 2,
          },
        ],
      );
    }
    await account(`operator@${id}.example`, 'operator', null, []);
    return createTenancy(host, {
      title: `HISP ${id}`,
      scope,
      seal: new Uint8Array(32),
      cost: COST,
      changed: async () => void changes.count++,
      hisp: {
        submit: async ({ from }) => {
          done.push(`${id} sends from ${from}`);
          return { id: `sent-${id}`, messageId: 'm@x' };
        },
        reprocess: async ({ messageId } = {}) => {
          done.push(`${id} reprocesses ${messageId}`);
          return 1;
        },
      },
    });

    async function account(
      name: string,
      role: 'operator' | 'organization-administrator' | 'user',
      organization: string | null,
      addresses: string[],
    ): Promise<void> {
      await putAccount(scope, {
        id: `id-${name}`,
        name,
        display_name: null,
        role,
        organization,
        status: 'enabled',
        password: hashDrawn(passwordOf(name)),
        created_at: 1,
        addresses,
      });
    }
  };
  const tenancies = [await open('one'), await open('two')] as const;
  return {
    app: createApp(inventedRooms(), { tenancies, apiToken: TOKEN, version: '1' }),
    tenancies,
    done,
    changes,
    as: (name) => ({
      authorization: `Basic ${Buffer.from(`${name}:${passwordOf(name)}`).toString('base64')}`,
    }),
    close: async () => void (await Promise.all(stores.map((store) => store.close()))),
  };
}
