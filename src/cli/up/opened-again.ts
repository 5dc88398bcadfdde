/**
 * How a message in a mailbox was opened: its ciphertext goes through the agent once more, and every stage is told.
 *
 * @module
 */
import { capital } from '../../../web/present/address.ts';
import type { StageView } from '../../../web/views.ts';
import { open } from '../../agent/inbound.ts';
import type { Inbound, LocalKey } from '../../agent/types.ts';
import { keysOf } from '../../hisp/members.ts';
import { sentence } from '../../outcome/cause.ts';
import { getBlob } from '../../store/blobs.ts';
import type { MailboxItem } from '../../store/mailbox.ts';
import { messageOf } from '../../store/queue.ts';
import { scopeOf } from '../../store/scope.ts';
import type { RunningHisp, RunningNetwork } from './network.ts';

/** Stages of the agent that a reader takes for one, and what they come to. */
const TOLD: readonly (readonly [last: string, title: string, detail: (inbound: Inbound) => string])[] = [
  ['decrypt', 'Decrypted', () => 'with the key of this address or of its domain'],
  ['verify', 'Signature verified', () => 'the signed octets are those that were sent'],
  ['unwrap', 'Unwrapped', () => 'the whole message, with its subject, lay inside'],
  ['envelope', 'Envelope and message agree', ({ sender }) => `both come from ${sender ?? 'the same sender'}`],
];

/** Empty for what did not come over the network, such as the notices of the own HISP. */
export async function openedAgain(
  running: RunningNetwork,
  { id, title, store, members }: RunningHisp,
  item: MailboxItem,
): Promise<StageView[]> {
  const scope = scopeOf(store.db, id);
  const row = await messageOf(scope, item.message_id);
  if (row?.direction !== 'in' || item.kind !== 'message') return [];
  const bytes = await getBlob(scope, row.bytes_sha256);
  const keys = (owner: string, purpose: 'sign' | 'decrypt'): LocalKey[] =>
    keysOf(members.keys, owner, purpose);
  const envelope = { mailFrom: row.envelope_from, rcptTo: [item.address] };
  const inbound = await open(bytes, envelope, { ...running.context, keys });
  const passed = TOLD.filter(([last]) => inbound.stages.includes(last)).map(
    ([, name, detail]): StageView => ({ tone: 'good', title: name, detail: detail(inbound) }),
  );
  const arrived: StageView = {
    tone: 'good',
    title: 'Arrived encrypted',
    detail: `${bytes.length} octets by SMTP, from ${row.envelope_from || 'the null reverse-path'}`,
  };
  return [arrived, ...passed, ...verdict(inbound, title)];
}

function verdict({ perRecipient, refusal }: Inbound, hisp: string): StageView[] {
  const [one] = perRecipient;
  const reason = refusal ?? one?.causes[0];
  if (one?.verdict !== 'accepted') {
    const detail = reason ? capital(sentence(reason)) : '';
    return [{ tone: 'bad', title: `${hisp} would not accept it today`, detail }];
  }
  const candidate = one.decision?.candidates.find((each) => each.state === 'usable');
  const from = candidate?.anchorFrom ? ` to an anchor from ${candidate.anchorFrom}` : '';
  return [
    {
      tone: 'good',
      title: `${hisp} trusts the signer`,
      detail: candidate?.certificate ? `${candidate.certificate.names.join(', ')} leads${from}` : '',
    },
  ];
}
