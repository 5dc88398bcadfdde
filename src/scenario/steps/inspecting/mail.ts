/**
 * The mail servers of a domain: where MX leads, and whether somebody greets there.
 *
 * @module
 */
import { queryAnyName, type Resolver } from '../../../dns/client.ts';
import { mailExchangers } from '../../../hisp/mail-exchangers.ts';
import type { Addr, Host } from '../../../net/host.ts';
import { connectSmtp } from '../../../smtp/client-connection.ts';
import { SmtpError } from '../../../smtp/error.ts';
import { isPositive, replyText } from '../../../smtp/reply.ts';
import type { InspectedMail } from '../../inspected.ts';
import type { StepContext } from '../step.ts';
import { domainIn } from './addresses.ts';

const SMTP_PORT = 25;
const WAIT_MS = 15_000;

type MailHost = InspectedMail['hosts'][number];

/** What is needed to look. */
export interface MailInspector extends Pick<StepContext, 'host' | 'random'> {
  /** `address`: as whom to say EHLO. */
  readonly looker: { readonly address: string; readonly context: { readonly resolver: Resolver } };
}

/** Addresses that are greeted: a domain may publish any number of them. */
const MOST_HOSTS = 32;

export async function inspectMail(
  name: string,
  { host, random, looker }: MailInspector,
): Promise<Omit<InspectedMail, 'step' | 'id' | 'part' | 'name' | 'of'>> {
  const { resolver } = looker.context;
  const domain = domainIn(name);
  const mx = await queryAnyName(resolver, domain, 'MX');
  const routing = await mailExchangers(resolver, random, domain, WAIT_MS);
  const byMx = mx.records.length > 0;
  if (routing.outcome !== 'found') {
    const why = routing.outcome === 'unknown' ? { why: routing.why } : {};
    return { domain, outcome: routing.outcome, byMx, hosts: [], ...why };
  }
  const hosts: MailHost[] = [];
  const all = routing.exchangers.flatMap(({ name: exchanger, addresses }) =>
    addresses.map((address) => ({ exchanger, address })),
  );
  for (const { exchanger, address } of all.slice(0, MOST_HOSTS))
    hosts.push(await greet(host, exchanger, { host: address, port: SMTP_PORT }, looker.address));
  return { domain, outcome: 'found', byMx, hosts };
}

/** Greeting and EHLO, then QUIT: no mail. */
async function greet(host: Host, name: string, server: Addr, as: string): Promise<MailHost> {
  const said: Pick<MailHost, 'greeting' | 'hello' | 'error'> = {};
  try {
    const smtp = await connectSmtp(host, server, host.mono() + WAIT_MS);
    try {
      const greeting = await smtp.reply();
      said.greeting = replyText(greeting);
      if (isPositive(greeting)) said.hello = replyText(await smtp.command(`EHLO ${domainIn(as)}`));
      await smtp.quit();
    } finally {
      smtp.destroy();
    }
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    said.error = error.message;
  }
  const summary = { op: 'hello', server: name, ...said };
  const event = host.events.emit({ kind: 'smtp', dir: 'out', peer: server, summary });
  return { host: name, address: server.host, ...said, event };
}
