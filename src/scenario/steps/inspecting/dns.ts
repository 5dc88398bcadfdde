/**
 * The name servers of a published name: every one of them, over UDP and TCP, with EDNS and without.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { serviceName } from '../../../discovery/srv.ts';
import { queryAnyName, type Resolver } from '../../../dns/client.ts';
import { exchange } from '../../../dns/client-exchange.ts';
import { summaryOf } from '../../../dns/evidence.ts';
import { CLASS_IN, type DnsMessage, encodeMessage, makeQuery } from '../../../dns/message.ts';
import { addressToName, isBelow, parentName } from '../../../dns/names.ts';
import { dataTypeName, formatRdata, type ResourceRecord, type TypeName } from '../../../dns/records.ts';
import type { DnsFact, InspectedDns } from '../../inspected.ts';
import type { StepContext } from '../step.ts';
import { addressesOf, domainIn } from './addresses.ts';

const DNS_PORT = 53;
const WAIT_MS = 3000;
const PLAIN = 1232;
/** Sizes that askers offer: none, the least, what is usual, what was usual. */
const SIZES = [null, 512, PLAIN, 4096] as const;

type Seen = Omit<InspectedDns, 'step' | 'id' | 'part' | 'name' | 'of'>;

export interface Question {
  readonly about: DnsFact['about'];
  readonly name: string;
  readonly type: TypeName;
  readonly transport?: 'udp' | 'tcp';
  readonly edns?: number | null;
}

/** What is needed to look. */
export interface DnsInspector extends Pick<StepContext, 'host' | 'random'> {
  readonly looker: { readonly context: { readonly resolver: Resolver } };
}

/** Addresses of name servers that are asked: a zone may name any number of them. */
const MOST_SERVERS = 32;

/** @param wanted which of the questions are asked; default: all */
export async function inspectDns(
  name: string,
  context: DnsInspector,
  wanted: (question: Question) => boolean = () => true,
): Promise<Seen> {
  const { resolver } = context.looker.context;
  const domain = domainIn(name);
  const found = await serversOf(resolver, domain);
  if (!found) return { servers: [], exchanges: [] };
  const questions = (await questionsAbout(name, domain, found.zone, context)).filter(wanted);
  const exchanges: DnsFact[] = [];
  for (const address of found.servers.flatMap(({ addresses }) => addresses).slice(0, MOST_SERVERS))
    for (const question of questions) exchanges.push(await put(question, address, context));
  return { ...found, exchanges };
}

/** The zone that the domain lies in, and its name servers. */
async function serversOf(
  resolver: Resolver,
  domain: string,
): Promise<{ zone: string; servers: InspectedDns['servers'] } | undefined> {
  for (let zone: string | undefined = domain; zone; zone = parentName(zone)) {
    const { records } = await queryAnyName(resolver, zone, 'NS');
    const names = records.flatMap(({ data }) => (data.type === 'NS' ? data.target : []));
    if (names.length === 0) continue;
    const servers: InspectedDns['servers'] = [];
    for (const name of names)
      servers.push({ name, addresses: (await addressesOf(resolver, name)).addresses });
    return { zone, servers };
  }
  return undefined;
}

async function questionsAbout(
  name: string,
  domain: string,
  zone: string,
  { looker, random }: DnsInspector,
): Promise<Question[]> {
  const owner = (name.includes('@') ? addressToName(name) : undefined) ?? domain;
  const service = await queryAnyName(looker.context.resolver, serviceName(domain), 'SRV');
  const between = [...parentsBelow(owner, domain), ...(service.records.length > 0 ? [`_tcp.${domain}`] : [])];
  return [
    { about: 'soa', name: zone, type: 'SOA' },
    ...SIZES.map((edns): Question => ({ about: 'cert', name: owner, type: 'CERT', edns })),
    { about: 'cert', name: owner, type: 'CERT', transport: 'tcp' },
    { about: 'case', name: mixedCase(owner), type: 'CERT', transport: 'tcp' },
    { about: 'aaaa', name: owner, type: 'AAAA' },
    { about: 'unknown-type', name: owner, type: 'TYPE65280' },
    { about: 'any', name: owner, type: 'ANY' },
    ...between.map((empty): Question => ({ about: 'empty', name: empty, type: 'CERT' })),
    { about: 'missing', name: `none-${random.int(0x1000000).toString(16)}.${domain}`, type: 'CERT' },
  ];
}

/** Names between the owner and its domain: they exist, with or without records of their own (RFC 8020). */
function parentsBelow(owner: string, domain: string): string[] {
  const parents: string[] = [];
  for (let up = parentName(owner); up && up !== domain && isBelow(up, domain); up = parentName(up))
    parents.push(up);
  return parents;
}

const mixedCase = (name: string): string =>
  [...name].map((letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)).join('');

async function put(
  question: Question,
  address: string,
  { host }: Pick<DnsInspector, 'host'>,
): Promise<DnsFact> {
  const { about, name, type, transport = 'udp', edns = PLAIN } = question;
  const server = { host: address, port: DNS_PORT };
  const started = host.mono();
  const received = await exchange(host, { server, transport, edns, timeoutMs: WAIT_MS }, name, type);
  const answer = 'message' in received ? received.message : undefined;
  const error = 'error' in received ? received.error : undefined;
  const query = makeQuery(
    received.id,
    { name, type, class: CLASS_IN },
    edns === null ? {} : { edns: { udpSize: edns, version: 0, dnssecOk: false, options: [] } },
  );
  const ms = Math.round(host.mono() - started);
  const more = { ms, ...(error === undefined ? {} : { error }) };
  const summary = summaryOf(transport, query, answer, more);
  const event = host.events.emit({ kind: 'dns', dir: 'out', peer: server, summary });
  const head = { about, server: address, name, type, transport, edns, event };
  return { ...head, ...(answer ? factsOf(answer, name, type) : NOTHING), ...(error ? { error } : {}) };
}

const NOTHING = {
  rcode: '',
  truncated: false,
  authoritative: false,
  records: 0,
  digest: '',
  octets: 0,
  sameCase: true,
  opt: false,
  soa: false,
};

function factsOf(answer: DnsMessage, name: string, type: TypeName) {
  const own = answer.answers.filter(({ data }) => type === 'ANY' || dataTypeName(data) === type);
  const [first] = own;
  return {
    rcode: answer.rcode,
    truncated: answer.truncated,
    authoritative: answer.authoritative,
    records: own.length,
    digest: digestOf(own),
    octets: encodeMessage(answer).length,
    sameCase: answer.question === undefined || answer.question.name === name,
    opt: answer.edns !== undefined,
    soa: answer.authority.some(({ data }) => data.type === 'SOA'),
    ...(first && { ttl: first.ttl }),
    ...(first?.data.type === 'SOA' && { serial: first.data.serial }),
  };
}

function digestOf(records: readonly ResourceRecord[]): string {
  const text = records
    .map(({ data }) => formatRdata(data))
    .sort()
    .join('\n');
  return text && createHash('sha256').update(text).digest('hex').slice(0, 16);
}
