/**
 * What anybody can read of a message on the wire: whether it is encrypted, and to which certificates.
 *
 * @module
 */

import { readEnveloped } from '../../cms/enveloped.ts';
import { CmsError } from '../../cms/error.ts';
import { addressKey, parseAddressList } from '../../mail/address.ts';
import { type Entity, readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { cmsOf, smimeKind } from '../../mail/signed.ts';

/** How a message names one certificate that can open it; hex, lower case. */
export interface NamedRecipient {
  readonly issuer?: string;
  readonly serial?: string;
  readonly ski?: string;
}

export interface Dissected {
  readonly encrypted: boolean;
  /** The media type, or why it could not be read. */
  readonly found: string;
  readonly recipients: readonly NamedRecipient[];
  /** Addresses of the outer To and Cc, lower case. */
  readonly to: readonly string[];
}

/** Never throws for what a message may hold. */
export function dissect(bytes: Uint8Array): Dissected {
  try {
    const entity = readEntity(bytes);
    const to = [...entity.headerAll('to'), ...entity.headerAll('cc')]
      .flatMap(parseAddressList)
      .map(addressKey);
    return { to, ...opened(entity) };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return { encrypted: false, found: error.message, recipients: [], to: [] };
  }
}

function opened(entity: Entity): Pick<Dissected, 'encrypted' | 'found' | 'recipients'> {
  const kind = smimeKind(entity);
  if (kind !== 'enveloped' && kind !== 'pkcs7') {
    return { encrypted: false, found: entity.contentType.type, recipients: [] };
  }
  try {
    const { recipients } = readEnveloped(cmsOf(entity));
    return { encrypted: true, found: entity.contentType.type, recipients: recipients.flatMap(nameOf) };
  } catch (error) {
    if (!(error instanceof CmsError || error instanceof MailError)) throw error;
    return { encrypted: false, found: error.message, recipients: [] };
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function nameOf(recipient: ReturnType<typeof readEnveloped>['recipients'][number]): NamedRecipient[] {
  if (recipient.kind !== 'key-transport') return [];
  const { identity } = recipient;
  return identity.by === 'ski'
    ? [{ ski: identity.ski }]
    : [{ issuer: hex(identity.issuerDer), serial: identity.serial }];
}
