/**
 * Keys, anchors and bundle subscriptions: seen and changed by those who administer them.
 *
 * @module
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { type Certificate, parseCertificate, parseCertificateText } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { sha256Hex } from '../../store/blobs.ts';
import {
  dropAnchor,
  putAnchor,
  putIdentity,
  readAnchors,
  readCertificates,
  type StoredAnchor,
  type StoredCertificate,
} from '../../store/identities.ts';
import { listDomains } from '../../store/organizations.ts';
import { putRevocation } from '../../store/publication.ts';
import {
  dropSubscription,
  listSubscriptions,
  putSubscription,
  type StoredSubscription,
} from '../../store/subscriptions.ts';
import { BundleError } from '../../trust/bundle/error.ts';
import type { Pin } from '../../trust/bundle/signature.ts';
import { subscription } from '../../trust/bundle/subscription.ts';
import { domainOf } from '../members.ts';
import { type Actor, mustAdminister, mustOperate, TenancyError } from './actor.ts';
import { change, type TenancyWorld } from './change.ts';
import type { anchorInput, keyChange, keyInput, subscriptionInput } from './input.ts';
import { address, domain, domains } from './organizations.ts';

/** A certificate of ours, without its key. */
export interface HeldKey extends Omit<StoredCertificate, 'der'> {
  readonly certificate: Certificate;
}

/** Those of the domains that the actor administers, and of their addresses. @throws {TenancyError} */
export async function keys(world: TenancyWorld, actor: Actor): Promise<HeldKey[]> {
  const names = new Set((await domains(world, actor)).map(({ name }) => name));
  return (await readCertificates(world.scope))
    .filter(({ owner }) => names.has(domainOf(owner)))
    .map(({ der, ...row }) => ({ ...row, certificate: parseCertificate(der) }));
}

/** @throws {TenancyError} */
export async function addKey(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof keyInput>,
): Promise<HeldKey> {
  const of = await domain(world, actor, domainOf(input.owner));
  if (input.owner.includes('@')) await address(world, actor, input.owner);
  const certificate = readCertificate(input.certificate);
  const privateKey = input.privateKey === undefined ? undefined : readKey(input.privateKey);
  if (privateKey && !fits(certificate, privateKey)) {
    throw new TenancyError('invalid', 'The private key does not belong to the certificate.');
  }
  const names = [...certificate.emails, ...certificate.dnsNames].map((name) => name.toLowerCase());
  if (!names.includes(input.owner)) {
    throw new TenancyError(
      'invalid',
      `The certificate is for ${names.join(', ') || 'no name'}; expected ${input.owner} among its subject alternative names.`,
    );
  }
  const row = {
    owner: input.owner,
    purpose: input.purpose,
    state: 'active' as const,
    der: certificate.der,
    ...(privateKey ? { privateKey } : {}),
  };
  await change(
    world,
    actor,
    {
      action: 'key.add',
      subject: input.owner,
      organization: of.organization,
      after: { sha256: certificate.sha256, purpose: input.purpose, withKey: privateKey !== undefined },
    },
    (inside) => putIdentity(inside, world.seal, row),
  );
  const { owner, purpose, state } = row;
  return { owner, purpose, state, sha256: certificate.sha256, hasKey: privateKey !== undefined, certificate };
}

/**
 * Sets a key aside, takes it up again, or revokes its certificate: then it is no longer published, our own authority
 * lists it as revoked where it issued it, and its key only opens what was encrypted to it before.
 *
 * @throws {TenancyError}
 */
export async function changeKey(
  world: TenancyWorld,
  actor: Actor,
  which: { readonly owner: string; readonly sha256: string },
  { state, reason }: z.output<typeof keyChange>,
): Promise<void> {
  const found = (await keys(world, actor)).find(
    (one) => one.sha256 === which.sha256 && one.owner === which.owner.toLowerCase(),
  );
  if (!found) throw new TenancyError('not-found', `${which.owner} has no such certificate.`);
  if (found.state === 'revoked') {
    throw new TenancyError('conflict', 'A certificate that was revoked stays revoked.');
  }
  const { organization } = await domain(world, actor, domainOf(found.owner));
  const { owner, purpose, sha256 } = found;
  await change(
    world,
    actor,
    {
      action: 'key.change',
      subject: owner,
      organization,
      before: { sha256, state: found.state },
      after: { sha256, state, ...(reason === undefined ? {} : { reason }) },
    },
    async (inside) => {
      await putIdentity(inside, world.seal, { owner, purpose, state, der: found.certificate.der });
      if (state !== 'revoked') return;
      const { serial } = found.certificate;
      await putRevocation(inside, { sha256, serial, at: world.host.now(), reason: reason ?? 'unspecified' });
    },
  );
}

/** An anchor that was set by hand. */
export interface HeldAnchor extends Omit<StoredAnchor, 'der'> {
  readonly sha256: string;
  readonly certificate: Certificate;
}

/** Those of the domains that the actor administers. @throws {TenancyError} */
export async function anchors(world: TenancyWorld, actor: Actor): Promise<HeldAnchor[]> {
  const names = new Set((await domains(world, actor)).map(({ name }) => name));
  return (await readAnchors(world.scope))
    .filter((one) => names.has(one.domain))
    .map(({ der, ...row }) => ({ ...row, sha256: sha256Hex(der), certificate: parseCertificate(der) }));
}

/** @throws {TenancyError} */
export async function addAnchor(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof anchorInput>,
): Promise<void> {
  mustOperate(actor);
  const of = await domain(world, actor, input.domain);
  const certificate = readCertificate(input.certificate);
  if (!certificate.isCa) {
    throw new TenancyError(
      'invalid',
      'This is no CA certificate; an anchor is the certificate of an authority.',
    );
  }
  const directions = { incoming: input.incoming ? 1 : 0, outgoing: input.outgoing ? 1 : 0 };
  await change(
    world,
    actor,
    {
      action: 'anchor.add',
      subject: of.name,
      organization: of.organization,
      after: { sha256: certificate.sha256, ...directions },
    },
    (inside) => putAnchor(inside, { domain: of.name, der: certificate.der, source: 'manual', ...directions }),
  );
}

/** @throws {TenancyError} */
export async function removeAnchor(
  world: TenancyWorld,
  actor: Actor,
  which: { readonly domain: string; readonly sha256: string },
): Promise<void> {
  mustOperate(actor);
  const of = await domain(world, actor, which.domain);
  const found = (await anchors(world, actor)).find(
    (one) => one.domain === of.name && one.sha256 === which.sha256,
  );
  if (!found) throw new TenancyError('not-found', `${of.name} has no such anchor set by hand.`);
  await change(
    world,
    actor,
    {
      action: 'anchor.remove',
      subject: of.name,
      organization: of.organization,
      before: { sha256: found.sha256, incoming: found.incoming, outgoing: found.outgoing },
    },
    (inside) => dropAnchor(inside, { domain: of.name, sha256: found.sha256, source: found.source }),
  );
}

/** With those of its domains that the actor administers. @throws {TenancyError} */
export async function subscriptions(world: TenancyWorld, actor: Actor): Promise<StoredSubscription[]> {
  mustAdminister(actor);
  const names = new Set((await domains(world, actor)).map(({ name }) => name));
  return (await listSubscriptions(world.scope)).map((one) => ({
    ...one,
    domains: one.domains.filter(({ domain: name }) => names.has(name)),
  }));
}

/** Adds a subscription, or changes the one of the same id. @throws {TenancyError} */
export async function putBundle(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof subscriptionInput>,
): Promise<StoredSubscription> {
  mustOperate(actor);
  const pins = input.pins.map((pin) => ({ ...pin, certificate: readCertificate(pin.certificate) }));
  mayBeFetched(input, pins);
  const known = new Set((await listDomains(world.scope)).map(({ name }) => name));
  const foreign = input.domains.find((one) => !known.has(one.domain));
  if (foreign) throw new TenancyError('invalid', `There is no domain "${foreign.domain}".`);
  const before = (await listSubscriptions(world.scope)).find(({ id }) => id === input.id);
  const row: StoredSubscription = {
    id: input.id,
    title: input.title ?? input.id,
    url: input.url,
    interval_ms: input.intervalMinutes * 60_000,
    pins: JSON.stringify(
      pins.map(({ certificate, as }) => ({ der: Buffer.from(certificate.der).toString('base64'), as })),
    ),
    unauthenticated: input.unauthenticated ? 1 : 0,
    replay: 'hold',
    domains: input.domains.map(({ domain: name, incoming, outgoing }) => ({
      domain: name,
      incoming: incoming ? 1 : 0,
      outgoing: outgoing ? 1 : 0,
    })),
  };
  const action = before ? 'subscription.change' : 'subscription.add';
  await change(
    world,
    actor,
    { action, subject: row.id, organization: null, ...(before ? { before } : {}), after: row },
    (inside) => putSubscription(inside, row),
  );
  return row;
}

/** @throws {TenancyError} */
export async function removeBundle(world: TenancyWorld, actor: Actor, id: string): Promise<void> {
  mustOperate(actor);
  const before = (await listSubscriptions(world.scope)).find((one) => one.id === id);
  if (!before) throw new TenancyError('not-found', `There is no subscription "${id}".`);
  await change(
    world,
    actor,
    { action: 'subscription.remove', subject: id, organization: null, before },
    (inside) => dropSubscription(inside, id),
  );
}

function mayBeFetched(
  { id, url, unauthenticated }: z.output<typeof subscriptionInput>,
  pins: readonly Pin[],
): void {
  try {
    subscription({ id, url, unauthenticated, pins });
  } catch (error) {
    if (error instanceof BundleError) throw new TenancyError('invalid', `${error.message}.`);
    throw error;
  }
}

function readCertificate(text: string): Certificate {
  try {
    return parseCertificateText(text);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new TenancyError('invalid', `This is not a certificate in PEM: ${error.message}.`);
  }
}

function readKey(text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new TenancyError('invalid', 'This is not a private key in PEM without a password.');
  }
}

const fits = (certificate: Certificate, key: KeyObject): boolean =>
  createPublicKey(key).equals(certificate.publicKey);
