/**
 * Messages and notifications, held against their rules. What a message carries inside, as far as it can be seen, is
 * held against the rules of notifications as well.
 *
 * @module
 */
import { basename } from 'node:path';
import type { Entity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { messageIdKey } from '../../mail/message-id.ts';
import {
  DSN_RULES,
  dsnSubject,
  lint,
  MDN_RULES,
  MESSAGE_RULES,
  mdnSubject,
  messageSubject,
  type RuleContext,
} from '../../rule/index.ts';
import { type Linted, sha256Of, unreadable } from './linted.ts';

interface Seen {
  readonly opened: Uint8Array | undefined;
  readonly travelled: boolean | undefined;
}

export function lintMessage(
  file: string,
  bytes: Uint8Array,
  context: RuleContext,
  { opened, travelled }: Seen,
): Linted[] {
  try {
    const subject = messageSubject(bytes, { ...(opened && { opened }), ...(travelled && { travelled }) });
    const message: Linted = {
      file,
      kind: 'message',
      title: titleOf(subject.entity, file),
      sha256: sha256Of(bytes),
      results: lint(MESSAGE_RULES, subject, context),
    };
    return [message, ...('value' in subject.inner ? noticesIn(subject.inner.value, file, context) : [])];
  } catch (error) {
    if (error instanceof MailError) return [unreadable(file, 'message', error.message, bytes)];
    throw error;
  }
}

/** A notification by itself, without what protects it on its way. */
export function lintNotice(
  file: string,
  bytes: Uint8Array,
  context: RuleContext,
  kind: 'mdn' | 'dsn',
): Linted[] {
  try {
    const { inner } = messageSubject(bytes);
    const found = 'value' in inner ? noticesIn(inner.value, file, context) : [];
    const fitting = found.filter((one) => one.kind === kind);
    if (fitting.length > 0) return fitting;
    const part = kind === 'mdn' ? 'message/disposition-notification' : 'message/delivery-status';
    return [unreadable(file, kind, `there is no multipart/report with a part ${part}`, bytes)];
  } catch (error) {
    if (error instanceof MailError) return [unreadable(file, kind, error.message, bytes)];
    throw error;
  }
}

function noticesIn(entity: Entity, file: string, context: RuleContext): Linted[] {
  const [mdn, dsn] = [mdnSubject(entity), dsnSubject(entity)];
  const common = { file, title: titleOf(entity, file), sha256: sha256Of(entity.raw) };
  return [
    ...(mdn ? [{ ...common, kind: 'mdn' as const, results: lint(MDN_RULES, mdn, context) }] : []),
    ...(dsn ? [{ ...common, kind: 'dsn' as const, results: lint(DSN_RULES, dsn, context) }] : []),
  ];
}

const titleOf = (entity: Entity, file: string): string =>
  messageIdKey(entity.header('message-id'))?.slice(0, 200) ?? basename(file);
