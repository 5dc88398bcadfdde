/**
 * SMTP client: brings one message to one server, for as many of its recipients as the server takes.
 *
 * @module
 */
import { isAscii } from 'node:buffer';
import { type Addr, formatAddr, type Host } from '../net/host.ts';
import { type ClientConnection, connectSmtp } from './client-connection.ts';
import { checkLineEnds, stuffedPieces } from './dot-stuffing.ts';
import { SmtpError } from './error.ts';
import type { KeptConnection, KeptConnections, Offer } from './kept-connections.ts';
import { enhancedStatus, isPositive, replyText, type SmtpReply, smtpReply } from './reply.ts';

export interface SmtpMessage {
  /** What we call ourselves in EHLO. */
  readonly helo: string;
  /** '' for the null reverse-path. */
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  /** With CRLF line ends. */
  readonly bytes: Uint8Array;
  /** For everything together. Default 300,000. */
  readonly deadlineMs?: number;
  /** `opportunistic` (default): STARTTLS when offered, in clear when the handshake fails. */
  readonly tls?: 'opportunistic' | 'never' | 'required';
  /** Sends what is larger than the offered SIZE all the same, to see what the server does. */
  readonly ignoresSize?: boolean;
}

export interface SmtpOutcome {
  /** The last word on each recipient. One that is missing got no answer: `error` says why. */
  readonly perRecipient: ReadonlyMap<string, SmtpReply>;
  readonly error?: SmtpError;
  /** The content was sent and the peer's answer did not come: it may have the message or not. */
  readonly unconfirmed: boolean;
  /** The server refused the conversation, not the message: another server of the domain may take it. */
  readonly turnedAway: boolean;
  /** What the server offered as SIZE. */
  readonly sizeLimit?: number;
  readonly tls: boolean;
}

/**
 * Delivers. EHLO, else HELO; a recipient that got 452 while others were taken goes into a new transaction (RFC 5321
 * §4.5.3.1.10, and peers that take one recipient at a time), on a new connection when the old one ends.
 *
 * Never throws for what the network or the peer does: see `error`. A connection that ends after the last dot and
 * before its reply leaves the recipients unanswered, and the message may then be with the peer or not.
 *
 * Leaves one `smtp` event.
 *
 * @param connections where one that is open already is taken from, and left for the next message
 * @throws {SmtpError} `syntax` when the line ends of the message are not all CRLF
 */
export async function deliver(
  host: Host,
  server: Addr,
  message: SmtpMessage,
  connections?: KeptConnections,
): Promise<SmtpOutcome> {
  checkLineEnds(message.bytes);
  const run: Run = {
    message,
    answers: new Map(),
    endsAt: host.mono() + (message.deadlineMs ?? 300_000),
    unconfirmed: false,
    taken: false,
    turnedAway: false,
    tls: false,
  };
  let clear = message.tls === 'never';
  let pending = speakable(run, [...new Set(message.rcptTo)]);
  let error: SmtpError | undefined;
  const kept = pending.length > 0 ? connections?.take(server, message) : undefined;
  if (kept) {
    try {
      pending = await again(kept, run, pending, connections);
    } catch (thrown) {
      // that it was gone by now says nothing about a new one
      if (!(thrown instanceof SmtpError)) throw thrown;
      if (run.unconfirmed) error = thrown;
      pending = pending.filter((rcpt) => !run.answers.has(rcpt));
    }
  }
  while (pending.length > 0 && !run.unconfirmed) {
    const before = pending.length;
    error = undefined;
    try {
      pending = await connection(host, server, run, pending, clear, connections);
    } catch (thrown) {
      if (!(thrown instanceof SmtpError)) throw thrown;
      error = thrown;
      pending = pending.filter((rcpt) => !run.answers.has(rcpt));
      if (run.unconfirmed) break;
      if (thrown.code === 'tls' && !clear && message.tls !== 'required') {
        clear = true;
        continue;
      }
    }
    // a peer that ends the connection after each message is asked again, one that does nothing is not
    if (pending.length === before) break;
  }
  const replies = Object.fromEntries([...run.answers].map(([rcpt, reply]) => [rcpt, replyText(reply)]));
  host.events.emit({
    kind: 'smtp',
    dir: 'out',
    peer: server,
    blob: message.bytes,
    summary: {
      op: 'deliver',
      server: formatAddr(server),
      mailFrom: message.mailFrom,
      rcptTo: message.rcptTo,
      replies,
      tls: run.tls,
      ...(error ? { error: `${error.code}: ${error.message}` } : {}),
    },
  });
  return {
    perRecipient: run.answers,
    unconfirmed: run.unconfirmed,
    turnedAway: run.turnedAway,
    tls: run.tls,
    ...(error ? { error } : {}),
    ...(run.sizeLimit === undefined ? {} : { sizeLimit: run.sizeLimit }),
  };
}

/** Refuses what cannot stand in a command: whoever writes an address must not write commands with it. */
function speakable(run: Run, recipients: readonly string[]): readonly string[] {
  const plain = /^[\x20-\x3b\x3d\x3f-\x7e]*$/;
  const mayFrom = plain.test(run.message.mailFrom);
  return recipients.filter((rcpt) => {
    if (mayFrom && rcpt !== '' && plain.test(rcpt)) return true;
    const reply = mayFrom ? '5.1.3 Not a recipient address' : '5.1.7 Not a sender address';
    run.answers.set(rcpt, smtpReply(553, reply));
    return false;
  });
}

interface Run {
  readonly message: SmtpMessage;
  readonly answers: Map<string, SmtpReply>;
  readonly endsAt: number;
  /** The last dot was sent and has no reply yet. */
  unconfirmed: boolean;
  /** The last transaction ended with the server's yes: another one may begin. */
  taken: boolean;
  turnedAway: boolean;
  tls: boolean;
  sizeLimit?: number;
}

/** One connection with as many transactions as it takes; returns who is left for another one. */
async function connection(
  host: Host,
  server: Addr,
  run: Run,
  recipients: readonly string[],
  clear: boolean,
  connections: KeptConnections | undefined,
): Promise<readonly string[]> {
  const smtp = await connectSmtp(host, server, run.endsAt);
  let pending = recipients;
  let kept = false;
  try {
    const offer = await hello(smtp, server, run, clear);
    run.turnedAway = 'code' in offer;
    if ('code' in offer) {
      for (const rcpt of pending) run.answers.set(rcpt, offer);
      return [];
    }
    while (pending.length > 0) {
      const later = await transaction(smtp, run, offer, pending, pending.length < recipients.length);
      if (later.length === pending.length) break;
      pending = later;
    }
    // not the message itself: it would stay in memory as long as the connection
    const { helo, tls } = run.message;
    const manner = { helo, ...(tls ? { tls } : {}) };
    if (!run.taken || !connections?.keep({ server, manner, smtp, offer, messages: 1 })) await smtp.quit();
    else kept = true;
    return pending;
  } finally {
    if (!kept) smtp.destroy();
  }
}

/** More transactions on a connection that was kept; returns who is left for a new one. */
async function again(
  kept: KeptConnection,
  run: Run,
  recipients: readonly string[],
  connections: KeptConnections | undefined,
): Promise<readonly string[]> {
  const { smtp, offer } = kept;
  let pending = recipients;
  let stays = false;
  try {
    smtp.until(run.endsAt);
    run.tls = smtp.tls;
    if (offer.sizeLimit !== undefined) run.sizeLimit = offer.sizeLimit;
    while (pending.length > 0) {
      const later = await transaction(smtp, run, offer, pending, true);
      if (later.length === pending.length) break;
      pending = later;
    }
    const next = { ...kept, messages: kept.messages + 1 };
    stays = run.taken && connections?.keep(next) === true;
    if (!stays) await smtp.quit();
    return pending;
  } finally {
    if (!stays) smtp.destroy();
  }
}

/** Greeting, EHLO or HELO, STARTTLS. Gives what the server offers, or the reply that ends the matter. */
async function hello(
  smtp: ClientConnection,
  server: Addr,
  run: Run,
  clear: boolean,
): Promise<Offer | SmtpReply> {
  const greeting = await smtp.reply();
  if (!isPositive(greeting)) return greeting;
  let offer = await introduce(smtp, run);
  if ('code' in offer) return offer;
  if (!clear && offer.keywords.has('STARTTLS')) {
    if ((await smtp.command('STARTTLS')).code === 220) {
      await smtp.startTls(server.host);
      offer = await introduce(smtp, run);
      if ('code' in offer) return offer;
    }
  }
  if (run.message.tls === 'required' && !smtp.tls) {
    throw new SmtpError('tls', `${formatAddr(server)} does not offer STARTTLS`);
  }
  run.tls = smtp.tls;
  if (offer.sizeLimit !== undefined) run.sizeLimit = offer.sizeLimit;
  return offer;
}

async function introduce(smtp: ClientConnection, run: Run): Promise<Offer | SmtpReply> {
  const ehlo = await smtp.command(`EHLO ${run.message.helo}`);
  if (isPositive(ehlo)) return readOffer(ehlo);
  if (ehlo.code === 421) return ehlo;
  const helo = await smtp.command(`HELO ${run.message.helo}`);
  return isPositive(helo) ? { keywords: new Set() } : helo;
}

function readOffer(ehlo: SmtpReply): Offer {
  const lines = ehlo.lines.slice(1).map((line) => line.trim().toUpperCase().split(/\s+/));
  const size = Number(lines.find(([keyword]) => keyword === 'SIZE')?.[1] ?? Number.NaN);
  return {
    keywords: new Set(lines.map(([keyword]) => keyword ?? '')),
    ...(Number.isSafeInteger(size) && size > 0 ? { sizeLimit: size } : {}),
  };
}

/** One MAIL … DATA; returns the recipients that the server wants in another transaction. */
async function transaction(
  smtp: ClientConnection,
  run: Run,
  offer: Offer,
  recipients: readonly string[],
  again: boolean,
): Promise<readonly string[]> {
  const { message } = run;
  run.taken = false;
  const all = (reply: SmtpReply, whom: readonly string[]): [] => {
    for (const rcpt of whom) run.answers.set(rcpt, reply);
    return [];
  };
  const octets = message.bytes.length;
  if (!message.ignoresSize && offer.sizeLimit !== undefined && octets > offer.sizeLimit) {
    return all(smtpReply(552, `5.3.4 Larger than the offered SIZE ${offer.sizeLimit}`), recipients);
  }
  const eightBit = !isAscii(message.bytes);
  if (eightBit && !offer.keywords.has('8BITMIME')) {
    return all(smtpReply(554, '5.6.3 The server takes no 8-bit content'), recipients);
  }
  const size = offer.keywords.has('SIZE') ? ` SIZE=${octets}` : '';
  const commands = [
    `MAIL FROM:<${message.mailFrom}>${size}${eightBit ? ' BODY=8BITMIME' : ''}`,
    ...recipients.map((rcpt) => `RCPT TO:<${rcpt}>`),
  ];
  const replies = await ask(smtp, commands, offer.keywords.has('PIPELINING'));
  const [mail, ...perRecipient] = replies;
  // some peers take one message a connection
  if (again && (!mail || !isPositive(mail))) return recipients;
  if (!mail || !isPositive(mail)) return all(mail ?? smtpReply(451, 'no reply to MAIL'), recipients);
  const accepted: string[] = [];
  const busy: string[] = [];
  recipients.forEach((rcpt, index) => {
    const reply = perRecipient[index] ?? perRecipient.at(-1)!;
    if (isPositive(reply)) accepted.push(rcpt);
    else if (tooMany(reply)) busy.push(rcpt);
    if (!isPositive(reply)) run.answers.set(rcpt, reply);
  });
  if (accepted.length === 0) return [];
  const go = await smtp.command('DATA');
  if (go.code !== 354) return all(go, accepted);
  run.unconfirmed = await smtp.send(stuffedPieces(message.bytes));
  const last = await smtp.reply();
  all(last, accepted);
  run.unconfirmed = false;
  run.taken = isPositive(last);
  for (const rcpt of busy) run.answers.delete(rcpt);
  return busy;
}

/** 452, or the 552 of RFC 821 when it says that recipients are meant (RFC 5321 §4.5.3.1.10). */
const tooMany = (reply: SmtpReply): boolean =>
  reply.code === 452 || (reply.code === 552 && /^[45]\.5\.3$/.test(enhancedStatus(reply) ?? ''));

/** The replies to the commands, in order; ends early when the server refuses the first or hangs up with 421. */
async function ask(
  smtp: ClientConnection,
  commands: readonly string[],
  atOnce: boolean,
): Promise<SmtpReply[]> {
  const replies: SmtpReply[] = [];
  if (atOnce) smtp.write(commands.map((command) => `${command}\r\n`).join(''));
  for (const command of commands) {
    if (!atOnce) smtp.write(`${command}\r\n`);
    const reply = await smtp.reply();
    replies.push(reply);
    if (reply.code === 421 || (!atOnce && replies.length === 1 && !isPositive(reply))) break;
  }
  return replies;
}
