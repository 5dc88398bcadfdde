/**
 * `anchorage enrollment`: who asks to join a HISP, and who leaves it.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { atDesk, done, type HispOptions, listed, oneHisp, sub } from './hisp/command.ts';
import type { HispDesk } from './hisp/desk.ts';
import { out, style } from './terminal.ts';

interface Step {
  readonly step: string;
  readonly title: string;
  readonly state: 'done' | 'waits' | 'failed' | 'ahead';
  readonly at: string | null;
  readonly said: string | null;
}
interface Shown {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly steps: readonly Step[];
}
interface Request extends Shown {
  readonly npi: string | null;
  readonly address: string;
  readonly duplicates: readonly { readonly what: string; readonly text: string }[];
  readonly checklist: readonly {
    readonly item: string;
    readonly title: string;
    readonly checkedBy: string | null;
  }[];
  readonly evidence: readonly { readonly name: string; readonly type: string }[];
  readonly events: readonly {
    readonly at: string;
    readonly by: string;
    readonly event: string;
    readonly why: string | null;
  }[];
}

const part = encodeURIComponent;

export function define(command: Command): void {
  listed(command, {
    path: '/enrollments',
    heads: ['hisp', 'id', 'state', 'name', 'npi', 'domain', 'changed'],
    summary: 'list requests to join',
  });
  sub(command, 'show <id>', 'show a request: checklist, duplicates, evidence, events, steps')
    .option('--level <level>', 'level of assurance whose checklist is shown')
    .action((id: string, options: HispOptions & { level?: string }) =>
      atDesk(options, async (desk) => {
        const query = options.level === undefined ? '' : `?level=${part(options.level)}`;
        printRequest(await call<Request>(desk, options, 'GET', `/enrollments/${part(id)}${query}`), options);
      }),
    );
  sub(command, 'check <id> <item...>', 'note that items of the checklist were checked')
    .option('--document <kind>', 'kind of document that was looked at', 'none')
    .option('--note <text>', 'a note; never the number of a document', '')
    .action((id: string, items: string[], options: HispOptions & { document: string; note: string }) =>
      atDesk(options, async (desk) => {
        const { document, note } = options;
        for (const item of items) {
          await call(desk, options, 'POST', `/enrollments/${part(id)}/check`, { item, document, note });
        }
        done(`${items.join(', ')}: checked.`, undefined, options);
      }),
    );
  sub(command, 'ask <id> <question>', 'ask the applicant for more').action(
    (id: string, why: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        const made = await call(desk, options, 'POST', `/enrollments/${part(id)}/ask`, { why });
        done('The applicant sees the question.', made, options);
      }),
  );
  sub(command, 'accept <id>', 'accept a request, and set everything up')
    .requiredOption('--why <text>', 'what the decision stands on')
    .option('--level <level>', 'level of assurance', 'loa-3')
    .addOption(
      new Option('--certificates <level>', 'one for each address or for the domain, and where')
        .choices(['domain-dns', 'address-dns', 'domain-ldap', 'address-ldap'])
        .default('domain-dns'),
    )
    .action((id: string, options: HispOptions & { why: string; level: string; certificates: string }) =>
      atDesk(options, async (desk) => {
        const { why, level, certificates } = options;
        const body = { why, level, certificates };
        printSteps(
          await call<Request>(desk, options, 'POST', `/enrollments/${part(id)}/accept`, body),
          options,
        );
      }),
    );
  sub(command, 'decline <id>', 'decline a request')
    .requiredOption('--why <text>', 'the reason, which the applicant reads')
    .action((id: string, options: HispOptions & { why: string }) =>
      atDesk(options, async (desk) => {
        const { why } = options;
        const made = await call(desk, options, 'POST', `/enrollments/${part(id)}/decline`, { why });
        done(`${id} was declined.`, made, options);
      }),
    );
  sub(command, 'depart <organization>', 'begin the departure of an organization, or see how far it is')
    .option('--why <text>', 'the reason; without it, nothing is begun')
    .option('--on <day>', 'first day, YYYY-MM-DD; without it, at once')
    .option('--stop <text>', 'stop the departure, for this reason')
    .action((organization: string, options: HispOptions & { why?: string; on?: string; stop?: string }) =>
      atDesk(options, async (desk) => {
        printSteps(await departed(desk, organization, options), options);
      }),
    );
  command.addHelpText(
    'after',
    '\nWorks with the Anchorage that runs on the state folder. When none runs, what is to be shown outside waits for it.',
  );
}

async function departed(
  desk: HispDesk,
  organization: string,
  options: HispOptions & { why?: string; on?: string; stop?: string },
): Promise<Shown> {
  const { why: reason, on: startsOn, stop } = options;
  if (reason !== undefined) {
    const body = { organization, reason, ...(startsOn === undefined ? {} : { startsOn }) };
    return call<Shown>(desk, options, 'POST', '/departures', body);
  }
  const all = await call<(Shown & { organization: string })[]>(desk, options, 'GET', '/departures');
  const id = part(all.find((one) => one.organization === organization)?.id ?? organization);
  if (stop !== undefined) return call<Shown>(desk, options, 'POST', `/departures/${id}/stop`, { why: stop });
  return call<Shown>(desk, options, 'POST', `/departures/${id}/continue`);
}

const call = async <T>(
  desk: HispDesk,
  options: HispOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<T> => (await desk.call(oneHisp(desk, options), method, path, body)) as T;

const SIGNS: Readonly<Record<Step['state'], string>> = {
  done: style.good('✓'),
  waits: '…',
  failed: style.bad('✗'),
  ahead: ' ',
};

function printSteps(shown: Shown, options: HispOptions): void {
  if (options.format === 'json') {
    out(JSON.stringify(shown, null, 2));
    return;
  }
  out(`${style.bold(shown.name)}  ${shown.state}`);
  for (const { title, state, said, at } of shown.steps) {
    const when = at === null ? '' : style.dim(` ${at.slice(0, 16).replace('T', ' ')}`);
    out(
      `${SIGNS[state]} ${title}${when}${said === null ? '' : `  ${state === 'waits' ? 'waits for: ' : ''}${said}`}`,
    );
  }
}

function printRequest(request: Request, options: HispOptions): void {
  printSteps(request, options);
  if (options.format === 'json') return;
  out(`${request.address}, NPI ${request.npi ?? 'none'}`);
  for (const { what, text } of request.duplicates) out(`${style.bad(what)}  ${text}`);
  for (const { item, title, checkedBy } of request.checklist) {
    out(`${checkedBy === null ? ' ' : style.good('✓')} ${item}  ${style.dim(title)}`);
  }
  for (const { name, type } of request.evidence) out(`evidence  ${name}  ${style.dim(type)}`);
  for (const { at, by, event, why } of request.events) {
    out(`${style.dim(at.slice(0, 16).replace('T', ' '))}  ${event}  ${by}${why === null ? '' : `  ${why}`}`);
  }
}
