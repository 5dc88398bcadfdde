/**
 * Mailboxes and what became of sent mail, read from the stores of the HISPs.
 *
 * @module
 */
import { capital } from '../../../web/present/address.ts';
import type { SendAnswer, SendRequest } from '../../../web/rooms.ts';
import type { LetterView, MailboxView, MailView, RefusedView, SentView, Tone } from '../../../web/views.ts';
import { SubmissionError } from '../../hisp/submission.ts';
import { composeMessage } from '../../mail/compose.ts';
import { displayMessage } from '../../mail/display.ts';
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { type Cause, sentence } from '../../outcome/cause.ts';
import { getBlob } from '../../store/blobs.ts';
import type { MailboxItem } from '../../store/mailbox.ts';
import { messageOf } from '../../store/queue.ts';
import type { RecipientState, Stage } from '../../store/schema.ts';
import { scopeOf } from '../../store/scope.ts';
import type { RunningHisp, RunningNetwork } from './network.ts';
import { openedAgain } from './opened-again.ts';
import type { People } from './people.ts';

const SENT_LIMIT = 100;

const STATE: Readonly<Record<RecipientState, readonly [Tone, string]>> = {
  open: ['busy', 'under way'],
  processed: ['good', 'received'],
  dispatched: ['good', 'delivered'],
  failed: ['bad', 'failed'],
  'timed-out': ['bad', 'not confirmed'],
  untracked: ['muted', 'sent'],
  received: ['good', 'received'],
  delivered: ['good', 'delivered'],
  duplicate: ['muted', 'duplicate'],
  quarantined: ['bad', 'refused'],
};

export const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

export interface Mail {
  mailbox(address: string): Promise<MailboxView | undefined>;
  letter(address: string, id: string): Promise<LetterView | undefined>;
  send(request: SendRequest): Promise<SendAnswer>;
  /** Items in each mailbox. */
  waiting(): Promise<ReadonlyMap<string, number>>;
}

export function openMail(running: RunningNetwork, people: People): Mail {
  const hispOf = (address: string) => running.hisps.find((one) => one.id === people.hispOf(address));
  return {
    async mailbox(written) {
      const address = written.toLowerCase();
      const hisp = hispOf(address);
      if (!hisp) return undefined;
      const person = people.person(address);
      const items = await hisp.hisp.mailbox(address);
      return {
        address,
        ...(person ? { person } : {}),
        received: items.map(mailView).reverse(),
        sent: await sentFrom(hisp, address),
        refused: await refusedAt(hisp, address),
      };
    },
    async letter(written, id) {
      const address = written.toLowerCase();
      const hisp = hispOf(address);
      const found = await hisp?.hisp.read(Number(id));
      // an item of another mailbox is none of this one
      if (!hisp || !found || found.item.address !== address) return undefined;
      return letterView(found.item, found.bytes, await openedAgain(running, hisp, found.item));
    },
    async send(request) {
      const hisp = hispOf(request.from);
      if (!hisp) return { ok: false, why: `${request.from} is not an address of this network` };
      try {
        const { host } = running;
        const bytes = composeMessage({
          from: request.from,
          to: request.to,
          subject: request.subject,
          date: host.now(),
          messageId: `${host.random.uuid()}@${request.from.split('@')[1]}`,
          text: request.text,
        });
        const { id } = await hisp.hisp.submit({ from: request.from, to: request.to, bytes });
        return { ok: true, id };
      } catch (error) {
        if (error instanceof SubmissionError || error instanceof MailError) {
          return { ok: false, why: capital(error.message) };
        }
        throw error;
      }
    },
    async waiting() {
      const counts = await Promise.all(
        running.hisps.map(({ id, store }) =>
          store.db
            .selectFrom('mailbox_item')
            .innerJoin('folder', 'folder.id', 'mailbox_item.folder_id')
            .select(['mailbox_item.address', (eb) => eb.fn.countAll<number>().as('count')])
            .where('mailbox_item.tenant', '=', id)
            .where('folder.name', '=', 'INBOX')
            .groupBy('mailbox_item.address')
            .execute(),
        ),
      );
      return new Map(counts.flat().map((row) => [row.address, Number(row.count)]));
    },
  };
}

const mailView = (item: MailboxItem): MailView => ({
  id: String(item.id),
  kind: item.kind,
  from: item.sender,
  to: item.address,
  subject: item.subject,
  at: moment(item.received_at),
  bytes: item.size,
});

function letterView(item: MailboxItem, bytes: Uint8Array, stages: LetterView['stages']): LetterView {
  const entity = readEntity(bytes);
  const shown = displayMessage(entity);
  return {
    ...mailView(item),
    mailbox: item.address,
    subject: shown.subject,
    headers: entity.headers.map((field) => ({ name: field.name, value: field.value })),
    text: shown.text,
    raw: Buffer.from(bytes).toString('utf8'),
    stages,
  };
}

/** What a recipient that has no outcome yet is waiting for. */
function underWay(row: { readonly stage: Stage; readonly attempts: number }): string {
  if (row.stage === 'ended') return 'sent, not confirmed yet';
  return row.attempts > 1 ? `trying again (${row.attempts} so far)` : 'under way';
}

async function refusedAt({ id, hisp, store }: RunningHisp, address: string): Promise<RefusedView[]> {
  const rows = (await hisp.quarantine()).filter((row) => row.address === address);
  const views = rows.map(async (row): Promise<RefusedView> => {
    const message = await messageOf(scopeOf(store.db, id), row.message_id);
    const [first] = JSON.parse(row.causes) as Cause[];
    return {
      from: message?.envelope_from || 'nobody',
      at: moment(row.at),
      code: first?.code ?? '',
      why: first ? capital(sentence(first)) : '',
    };
  });
  return (await Promise.all(views)).reverse();
}

async function sentFrom({ id: tenant, store }: RunningHisp, address: string): Promise<SentView[]> {
  const rows = await store.db
    .selectFrom('message')
    .innerJoin('recipient', (join) =>
      join.onRef('recipient.message_id', '=', 'message.id').onRef('recipient.tenant', '=', 'message.tenant'),
    )
    .select(['message.id', 'message.bytes_sha256', 'message.received_at', 'recipient.written'])
    .select(['recipient.state', 'recipient.stage', 'recipient.causes', 'recipient.attempts'])
    .where('message.tenant', '=', tenant)
    .where('message.direction', '=', 'out')
    .where('message.kind', '=', 'message')
    .where('message.envelope_from', '=', address)
    .orderBy('message.received_at', 'desc')
    .limit(SENT_LIMIT)
    .execute();
  const subjects = new Map<string, string>();
  for (const sha256 of new Set(rows.map((row) => row.bytes_sha256))) {
    const bytes = await getBlob(scopeOf(store.db, tenant), sha256);
    subjects.set(sha256, displayMessage(bytes).subject);
  }
  return rows.map((row) => {
    const causes = row.causes === null ? [] : (JSON.parse(row.causes) as Cause[]);
    const [tone, state] = STATE[row.state];
    return {
      id: row.id,
      to: row.written,
      subject: subjects.get(row.bytes_sha256) ?? '',
      at: moment(row.received_at),
      state: row.state === 'open' ? underWay(row) : state,
      tone,
      detail: causes[0] ? capital(sentence(causes[0])) : '',
    };
  });
}
