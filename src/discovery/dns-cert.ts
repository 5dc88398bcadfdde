/**
 * CERT at one name (RFC 4398, wire-facts §1, §2).
 *
 * @module
 */
import { unlessFailed, withFetched } from './by-url.ts';
import { ask, countText, keep, type Notebook, note, startStep } from './notebook.ts';
import type { Visit } from './parts.ts';
import type { Level } from './types.ts';

/** Asks for the certificates of a DNS level and writes down what came. */
export async function askCert(book: Notebook, level: Level): Promise<Visit> {
  const { parts, names } = book;
  const name = parts.ownerName(level, names);
  if (name === undefined) {
    const end = startStep(book, { level, question: `CERT for ${names.address}` });
    const outcome = end({ outcome: 'absent', detail: 'this address can have no name in DNS' });
    return { level, outcome, nxdomain: false, candidates: 0 };
  }
  book.asked.push(name);
  const end = startStep(book, { level, question: `CERT ${name}` });
  const answer = await ask(book, name, 'CERT');
  const evidence = { exchanges: answer.exchanges, event: answer.exchanges.at(-1)?.event ?? 0 };
  const nxdomain = answer.outcome === 'nxdomain';
  const before = book.candidates.length;
  switch (answer.outcome) {
    case 'answer': {
      const read = parts.cert.choose(answer.records).map(parts.cert.read);
      const { readings, failed } = await withFetched(book, name, read);
      const gathered = unlessFailed(parts.cert.gather(readings), failed);
      const outcome = end({
        outcome: keep(book, { level, where: name, event: evidence.event }, gathered),
        detail: countText(gathered),
        ...evidence,
      });
      noteDomainCertificate(book, level, name, evidence.event, before);
      return { level, outcome, nxdomain, candidates: book.candidates.length - before };
    }
    case 'unknown':
      end({ outcome: 'unknown', detail: answer.why ?? 'no answer', ...evidence });
      return { level, outcome: 'unknown', nxdomain, candidates: 0 };
    default:
      end({
        outcome: 'absent',
        detail: nxdomain
          ? (answer.why ?? 'the name does not exist (NXDOMAIN)')
          : 'the name has no CERT record (NODATA)',
        ...evidence,
      });
      if (nxdomain && level === 'domain-dns') book.nonexistent = name;
      return { level, outcome: 'absent', nxdomain, candidates: 0 };
  }
}

/** A domain's certificate at the name of an address works, and hides what LDAP has: most likely a wildcard record. */
function noteDomainCertificate(
  book: Notebook,
  level: Level,
  name: string,
  event: number,
  before: number,
): void {
  if (level !== 'address-dns') return;
  const { names } = book;
  const found = book.candidates.slice(before).some(({ certificate }) => {
    const emails = certificate?.emails.map((email) => email.toLowerCase()) ?? [];
    const domains = certificate?.dnsNames.map((domain) => domain.toLowerCase()) ?? [];
    return !emails.includes(names.address) && domains.includes(names.domain);
  });
  if (!found) return;
  note(book, 'noted.domain-at-address', { name, domain: names.domain }, event, 'RFC 4592');
}
