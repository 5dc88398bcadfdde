/**
 * Everything of a network that ends on a date.
 *
 * @module
 */
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { parseCrl } from '../../pki/crl.ts';
import { PkiError } from '../../pki/error.ts';
import { formatName } from '../../pki/name.ts';
import { recordsOf } from '../../trust/bundle/participation.ts';
import type { Taken } from '../../trust/bundle/subscriber.ts';
import {
  bySoonest,
  type Concern,
  type DatedThing,
  datedAccreditation,
  datedBundle,
  datedCertificate,
  datedCrl,
} from '../../trust/expiry/thing.ts';
import { readSubscriptions } from '../bundle/kept.ts';
import type { OpenNetwork } from '../demo/open.ts';
import type { Publication } from '../demo/publish.ts';
import type { State } from '../demo/state.ts';
import type { RunningHisp } from './network.ts';
import type { Publishing } from './publishing.ts';

/** What is known only while the network runs. */
export interface RunningParts {
  readonly hisps?: readonly Pick<RunningHisp, 'id' | 'taken' | 'members'>[];
  readonly publishing?: Publishing;
  readonly publications?: readonly Publication[];
}

/** Soonest first. */
export function datedThings(open: OpenNetwork, parts: RunningParts = {}): DatedThing[] {
  const { network, material, state } = open;
  const concern = (holder: string): Concern => ({ holder, domain: network.hisps[holder]!.domain });
  const [first] = Object.keys(network.hisps);
  const all = [
    ...[...material].flatMap(([id, { root, issuer, leaves }]) => [
      datedCertificate('anchor', root.certificate, concern(id), short(root.certificate)),
      ...(issuer === root
        ? []
        : [datedCertificate('ca', issuer.certificate, concern(id), short(issuer.certificate))]),
      ...[...leaves].map(([owner, { certificate }]) =>
        datedCertificate(
          'leaf',
          certificate,
          { holder: id, domain: owner.slice(owner.lastIndexOf('@') + 1) },
          owner,
        ),
      ),
    ]),
    ...Object.entries(network.hisps).flatMap(([id, { title, accreditation }]) =>
      accreditation.map((record) => datedAccreditation(title, record, concern(id))),
    ),
    ...(parts.publications ?? []).flatMap((one) => listOf(one, concern)),
    ...(parts.publishing ? published(parts.publishing, concern, first!) : []),
    ...(parts.hisps ?? []).flatMap(({ id, taken: all, members }) => [
      ...all().flatMap((one) => taken(one, concern(id))),
      ...memberKeys(members, id),
    ]),
    ...(first === undefined
      ? []
      : readSubscriptions(state).flatMap(({ pins }) =>
          pins.map(({ certificate }) =>
            datedCertificate('bundle-signer', certificate, concern(first), short(certificate)),
          ),
        )),
    ...Object.keys(network.hisps).flatMap((id) => tlsOf(state, id, concern(id))),
  ];
  // the first that names a thing, names it best: its own HISP before those that take it from a bundle
  return [...Map.groupBy(all, ({ key }) => key).values()].map(([thing]) => thing!).toSorted(bySoonest);
}

/** The common name where there is one. */
const short = ({ subject }: Certificate): string => {
  const name = formatName(subject);
  return /^CN=((?:\\.|[^,\\])+)/.exec(name)?.[1] ?? name;
};

function listOf({ path, type, what, body }: Publication, concern: (holder: string) => Concern): DatedThing[] {
  if (type !== 'application/pkix-crl') return [];
  const list = body();
  if (typeof list === 'string') return [];
  const { thisUpdate, nextUpdate } = parseCrl(list);
  const holder = path.split('/')[1]!;
  if (nextUpdate === undefined) return [];
  return [datedCrl(what.replace(/^revocation list of /, ''), { thisUpdate, nextUpdate }, concern(holder))];
}

/** Bundles of ours that say until when they are valid, and records that a definition states. */
function published(
  { communities }: Publishing,
  concern: (holder: string) => Concern,
  first: string,
): DatedThing[] {
  return communities().flatMap(({ definition, participants }) => {
    const { title, validFrom, validTo } = definition;
    const from = validFrom === undefined ? undefined : Date.parse(validFrom);
    return [
      ...(validTo === undefined
        ? []
        : [datedBundle(title, { validFrom: from, validTo: Date.parse(validTo) }, concern(first))]),
      ...participants.flatMap((one) =>
        recordsOf(one).map((record) =>
          datedAccreditation(one.member.name, record, concern(one.member.hisp ?? first)),
        ),
      ),
    ];
  });
}

/** The TLS certificate of a HISP's own servers, where it has one; what cannot be read is made anew at the next start. */
function tlsOf(state: State, id: string, concern: Concern): DatedThing[] {
  const text = state.read(`tls/${id}.pem`);
  if (text === undefined) return [];
  try {
    const certificate = parseCertificateText(text);
    return [datedCertificate('tls', certificate, concern, `the mail servers of ${short(certificate)}`)];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

/** Certificates in use that administrators added, or that the authority issued since. */
const memberKeys = ({ keys }: RunningHisp['members'], holder: string): DatedThing[] =>
  keys()
    .filter(({ state = 'active' }) => state === 'active')
    .map(({ owner, certificate }) =>
      datedCertificate(
        'leaf',
        certificate,
        { holder, domain: owner.slice(owner.lastIndexOf('@') + 1) },
        owner,
      ),
    );

/**
 * Anchors that a HISP takes from a bundle, and the signer that it is pinned to: others renew them, but who trusts them has
 * to look.
 */
const taken = ({ subscription: { id, title, pins }, subscriber }: Taken, concern: Concern): DatedThing[] => [
  ...(subscriber.state(id).current?.certificates ?? []).map((one) =>
    datedCertificate('anchor', one, concern, `${short(one)}, from ${title}`),
  ),
  ...pins.map(({ certificate }) =>
    datedCertificate('bundle-signer', certificate, concern, short(certificate)),
  ),
];
