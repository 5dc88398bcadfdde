/**
 * A Direct message as it lies on disk, as rules see it: from outside without keys, and inside as far as what was
 * enveloped is given.
 *
 * @module
 */
import { readDate } from '../../mail/date.ts';
import { type Entity, readEntity } from '../../mail/entity.ts';
import { smimeKind } from '../../mail/signed.ts';
import { defineRule, type Params, type Rule, type RuleContext, type RuleParts } from '../rule.ts';
import { addressesIn, type Difference } from './facts/header.ts';
import {
  type Envelope,
  envelopeOf,
  guarded,
  type Inside,
  insideOf,
  type Layer,
  type Signature,
} from './facts/layers.ts';

/** How much of a message a file holds. */
export type MessageForm =
  /** As it travels. */
  | 'enveloped'
  /** What an envelope held: the signed entity. */
  | 'signed'
  /** Neither: a wrapped message taken out, or one that was never protected. */
  | 'clear';

export interface MessageSubject extends Inside {
  readonly entity: Entity;
  readonly form: MessageForm;
  /** It was on its way between two systems, as a trace field or the person who asks says. */
  readonly travelled: boolean;
  readonly envelope: Layer<Envelope>;
  /** What the envelope held. */
  readonly opened: Layer<Entity>;
}

export interface MessagePlace {
  /** What the envelope held, decrypted elsewhere: the signed entity. */
  readonly opened?: Uint8Array;
  /** The person says that the file is a message as it travels. Default: trace fields tell. */
  readonly travelled?: boolean;
}

/** @throws {MailError} `limit`, when not even the header can be read */
export function messageSubject(bytes: Uint8Array, { opened, travelled }: MessagePlace = {}): MessageSubject {
  const entity = readEntity(bytes);
  const form = formOf(entity);
  const envelope = envelopeOf(entity);
  const inside: Layer<Entity> =
    form === 'enveloped'
      ? opened
        ? guarded<Entity>(() => ({ value: readEntity(opened) }))
        : { missing: 'what the envelope holds is not given' }
      : { value: entity };
  const layers = insideOf(inside);
  return {
    entity,
    form,
    travelled: travelled ?? (form === 'enveloped' || entity.header('received') !== undefined),
    envelope,
    opened: inside,
    ...layers,
    // a message that was taken out of its wrapping is the wrapped message
    inner: form === 'clear' && 'missing' in layers.inner ? { value: entity } : layers.inner,
  };
}

function formOf(entity: Entity): MessageForm {
  switch (smimeKind(entity)) {
    case 'multipart-signed':
    case 'opaque-signed':
      return 'signed';
    case 'enveloped':
      return 'enveloped';
    case 'pkcs7':
      // without a smime-type the object itself tells
      return 'value' in envelopeOf(entity) ? 'enveloped' : 'signed';
    case 'certs-only':
    case undefined:
      return 'clear';
  }
}

/** When the message says that it was written, ms since 1970 UTC. */
const writtenAt = ({ entity, inner }: MessageSubject, { at }: RuleContext): number =>
  readDate(entity.header('date')) ??
  ('value' in inner ? readDate(inner.value.header('date')) : undefined) ??
  at;

type Parts<Item, P extends Params> = Omit<RuleParts<MessageSubject, Item, P>, 'madeAt'>;

export const messageRule = <Item, P extends Params>(parts: Parts<Item, P>): Rule<MessageSubject> =>
  defineRule<MessageSubject, Item, P>({ ...parts, madeAt: writtenAt });

/** A rule about something that should be something else. */
export const differenceRule = <Item>(parts: Omit<Parts<Item, Difference>, 'text'>): Rule<MessageSubject> =>
  messageRule<Item, Difference>({ ...parts, text: differenceText });

export const differenceText = ({ what, expected, found }: Difference): string =>
  `${what}: found ${found}; expected ${expected}`;

/** The layer as what a rule speaks of: nothing when it is not there. */
const there = <T>(layer: Layer<T>): T[] => ('value' in layer ? [layer.value] : []);

export const envelopes = ({ envelope }: MessageSubject): Envelope[] => there(envelope);

export const signatures = ({ signature }: MessageSubject): Signature[] => there(signature);

export const contents = ({ content }: MessageSubject): Entity[] => there(content);

export const inners = ({ inner }: MessageSubject): Entity[] => there(inner);

/** What an envelope held, or a signed entity by itself. */
export const openedEntities = ({ form, opened }: MessageSubject): Entity[] =>
  form === 'clear' ? [] : there(opened);

/** One header with its fields, and where it stands; of a message without an envelope there is only one. */
export interface Header {
  readonly where: 'outside' | 'inside' | undefined;
  readonly entity: Entity;
}

export const whereOf = ({ where }: Header): string | undefined => where;

/** The fields that everybody on the way can read, and those of the wrapped message. */
export const headers = (subject: MessageSubject): Header[] => [
  ...(subject.form === 'enveloped' ? [{ where: 'outside' as const, entity: subject.entity }] : []),
  ...inners(subject).map((entity) => ({
    where: subject.form === 'clear' ? undefined : ('inside' as const),
    entity,
  })),
];

/** A message whose outside and inside can be compared. */
export interface Both {
  readonly outer: Entity;
  readonly inner: Entity;
}

export const both = (subject: MessageSubject): Both[] =>
  subject.form === 'enveloped' ? inners(subject).map((inner) => ({ outer: subject.entity, inner })) : [];

/** The address in From of the wrapped message, else of the message that travels. */
export const sender = ({ inner, entity }: MessageSubject): string | undefined =>
  ('value' in inner ? addressesIn(inner.value, 'from')[0] : undefined) ?? addressesIn(entity, 'from')[0];
