import { type Command, Option } from 'commander';
import { out, style } from '../terminal.ts';
import { drawnPasswords } from '../up/seed.ts';
import { atDesk, done, gather, given, type HispOptions, listed, oneHisp, print, sub } from './command.ts';

const part = encodeURIComponent;
const onOff = () => new Option('--status <status>', 'whether it is in use').choices(['enabled', 'disabled']);

/** `none` takes a value away. */
const orNone = (text: string | undefined): string | null | undefined => (text === 'none' ? null : text);

export function organizationCommands(parent: Command): void {
  const noun = parent.command('organization').description('organizations of a HISP');
  listed(noun, {
    path: '/organizations',
    heads: ['hisp', 'id', 'name', 'status', 'connectedHisp'],
    summary: 'list organizations',
  });
  sub(noun, 'add <id>', 'add an organization')
    .requiredOption('--name <name>', 'its name')
    .option('--connected-hisp <name>', 'the connected HISP that it is with, when it is no member of our own')
    .action((id: string, options: HispOptions & { name: string; connectedHisp?: string }) =>
      atDesk(options, async (desk) => {
        const { name, connectedHisp } = options;
        const made = await desk.call(
          oneHisp(desk, options),
          'POST',
          '/organizations',
          given({ id, name, connectedHisp }),
        );
        done(`${id} was added. Next: anchorage hisp domain add`, made, options);
      }),
    );
  sub(noun, 'change <id>', 'change an organization; disabled, none of its mail moves')
    .option('--name <name>', 'its name')
    .addOption(onOff())
    .option('--connected-hisp <name>', 'the connected HISP that it is with; none: a member of our own')
    .action((id: string, options: HispOptions & { name?: string; status?: string; connectedHisp?: string }) =>
      atDesk(options, async (desk) => {
        const { name, status, connectedHisp } = options;
        const body = given({ name, status, connectedHisp: orNone(connectedHisp) });
        const made = await desk.call(oneHisp(desk, options), 'PATCH', `/organizations/${part(id)}`, body);
        done(`${id} was changed.`, made, options);
      }),
    );
}

interface DomainOptions extends HispOptions {
  readonly organization?: string;
  readonly status?: string;
  readonly profile?: string;
  readonly postmaster?: string;
  readonly revocation?: string;
  readonly unwrapped?: string;
  readonly processed?: string;
  readonly dispatched?: string;
  readonly certificates?: string;
  readonly keys?: string;
}

const domainOptions = (command: Command): Command =>
  command
    .addOption(new Option('--status <status>', 'its state').choices(['NEW', 'ENABLED', 'DISABLED']))
    .addOption(new Option('--profile <profile>', 'its profile').choices(['1.2', '1.3']))
    .addOption(
      new Option('--certificates <level>', 'one for each address or for the domain, and where').choices([
        'address-dns',
        'domain-dns',
        'address-ldap',
        'domain-ldap',
      ]),
    )
    .addOption(
      new Option('--keys <kind>', 'one certificate for both uses, or a single-use pair').choices([
        'dual',
        'pair',
      ]),
    )
    .option('--postmaster <address>', 'its postmaster; none: postmaster@ the domain')
    .addOption(
      new Option('--revocation <policy>', 'unknown revocation status; none: as the settings').choices([
        'require',
        'soft',
        'none',
      ]),
    )
    .addOption(
      new Option('--unwrapped <policy>', 'messages that are not wrapped; none: as the settings').choices([
        'refuse',
        'accept',
        'none',
      ]),
    )
    .option('--processed <minutes>', 'until a processed notice is missed; none: as the settings')
    .option('--dispatched <minutes>', 'until a dispatched notice is missed; none: as the settings');

const minutes = (text: string | undefined): number | string | null | undefined => {
  const value = orNone(text);
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
};

const domainBody = (options: DomainOptions) =>
  given({
    status: options.status,
    certificates: options.certificates,
    keys: options.keys,
    profile: options.profile,
    postmaster: orNone(options.postmaster),
    revocation: orNone(options.revocation),
    unwrapped: orNone(options.unwrapped),
    processedMinutes: minutes(options.processed),
    dispatchedMinutes: minutes(options.dispatched),
  });

export function domainCommands(parent: Command): void {
  const noun = parent.command('domain').description('Health Domain Names of a HISP');
  listed(noun, {
    path: '/domains',
    heads: ['hisp', 'name', 'organization', 'status', 'certificates', 'profile', 'revocation', 'unwrapped'],
    summary: 'list domains',
  });
  domainOptions(sub(noun, 'add <name>', 'add a domain'))
    .requiredOption('--organization <id>', 'whose it is')
    .action((name: string, options: DomainOptions) =>
      atDesk(options, async (desk) => {
        const body = { name, organization: options.organization, ...domainBody(options) };
        const made = await desk.call(oneHisp(desk, options), 'POST', '/domains', body);
        done(
          `${name} was added. It takes mail once it is ENABLED; a running HISP issues its certificates then.`,
          made,
          options,
        );
      }),
    );
  domainOptions(sub(noun, 'change <name>', 'change a domain; it counts for the next decision')).action(
    (name: string, options: DomainOptions) =>
      atDesk(options, async (desk) => {
        const made = await desk.call(
          oneHisp(desk, options),
          'PATCH',
          `/domains/${part(name)}`,
          domainBody(options),
        );
        done(`${name} was changed.`, made, options);
      }),
  );
}

interface AddressOptions extends HispOptions {
  readonly name?: string;
  readonly alias?: string;
  readonly status?: string;
  readonly plusTags?: string;
}

const addressOptions = (command: Command): Command =>
  command
    .option('--name <name>', 'display name')
    .option('--alias <address>', 'mail goes to the mailbox of this address instead; none: to its own')
    .addOption(onOff())
    .addOption(
      new Option('--plus-tags <policy>', 'whether name+tag is this address').choices(['accept', 'refuse']),
    );

const addressBody = ({ name, alias, status, plusTags }: AddressOptions) =>
  given({ displayName: name, aliasOf: orNone(alias), status, plusTags });

export function addressCommands(parent: Command): void {
  const noun = parent.command('address').description('Direct addresses of a HISP');
  listed(noun, {
    path: '/direct-addresses',
    heads: ['hisp', 'address', 'status', 'aliasOf', 'displayName'],
    summary: 'list addresses',
  });
  addressOptions(sub(noun, 'add <address>', 'add an address')).action(
    (address: string, options: AddressOptions) =>
      atDesk(options, async (desk) => {
        const body = { address, ...addressBody(options) };
        const made = await desk.call(oneHisp(desk, options), 'POST', '/direct-addresses', body);
        done(
          `${address} was added. Let somebody read it: anchorage hisp account change NAME --addresses …`,
          made,
          options,
        );
      }),
  );
  addressOptions(
    sub(noun, 'change <address>', 'change an address; disabled, it answers like one that does not exist'),
  ).action((address: string, options: AddressOptions) =>
    atDesk(options, async (desk) => {
      const path = `/direct-addresses/${part(address)}`;
      done(
        `${address} was changed.`,
        await desk.call(oneHisp(desk, options), 'PATCH', path, addressBody(options)),
        options,
      );
    }),
  );
}

interface AccountOptions extends HispOptions {
  readonly name?: string;
  readonly role?: string;
  readonly organization?: string;
  readonly addresses?: string[];
  readonly status?: string;
}

const role = () =>
  new Option('--role <role>', 'what it may do').choices(['operator', 'organization-administrator', 'user']);

export function accountCommands(parent: Command): void {
  const noun = parent.command('account').description('who may sign in');
  listed(noun, {
    path: '/accounts',
    heads: ['hisp', 'name', 'role', 'organization', 'status', 'addresses'],
    summary: 'list accounts',
  })
    .option(
      '--demo-passwords',
      'only the accounts made from the network’s file, with the passwords drawn for them',
    )
    .action((options: HispOptions & { demoPasswords?: boolean }) =>
      atDesk(options, async (desk) => {
        const rows = await gather(desk, options, '/accounts');
        if (!options.demoPasswords) {
          print(rows, ['hisp', 'name', 'role', 'organization', 'status', 'addresses'], options);
          return;
        }
        const passwords = drawnPasswords(desk.state);
        const known = rows
          .filter(({ name }) => Object.hasOwn(passwords, String(name)))
          .map((row) => ({ ...row, password: passwords[String(row['name'])] }));
        print(known, ['hisp', 'role', 'name', 'password'], options);
        if (options.format === 'console') {
          out();
          out(style.dim('Drawn when the accounts were made; one that was changed since is no longer right.'));
        }
      }),
    );
  sub(noun, 'add <name>', 'add an account; its password is drawn and told this once')
    .addOption(role().default('user'))
    .option('--organization <id>', 'whose it is; operators have none')
    .option('--addresses <address...>', 'what it sends from and reads')
    .option('--name <name>', 'name of the person')
    .action((name: string, options: AccountOptions) =>
      atDesk(options, async (desk) => {
        const body = given({
          name,
          role: options.role,
          organization: options.organization,
          addresses: options.addresses,
          displayName: options.name,
        });
        const made = await desk.call(oneHisp(desk, options), 'POST', '/accounts', body);
        tellPassword(`${name} was added.`, made, options);
      }),
    );
  sub(noun, 'change <name>', 'change an account; its sessions end')
    .addOption(role())
    .addOption(onOff())
    .option('--addresses <address...>', 'all that it sends from and reads')
    .option('--name <name>', 'name of the person')
    .action((name: string, options: AccountOptions) =>
      atDesk(options, async (desk) => {
        const { role: wanted, status, addresses, name: displayName } = options;
        const body = given({ role: wanted, status, addresses, displayName });
        const made = await desk.call(oneHisp(desk, options), 'PATCH', `/accounts/${part(name)}`, body);
        done(`${name} was changed.`, made, options);
      }),
    );
  const password = parent.command('password').description('passwords of accounts');
  sub(password, 'reset <account>', 'give an account a new password; it is told this once').action(
    (name: string, options: HispOptions) =>
      atDesk(options, async (desk) => {
        const made = await desk.call(oneHisp(desk, options), 'PUT', `/accounts/${part(name)}/password`, {});
        tellPassword(`${name} has a new password; its sessions ended.`, made, options);
      }),
  );
}

function tellPassword(text: string, made: unknown, options: HispOptions): void {
  done(text, made, options);
  const { password } = made as { password?: string };
  if (options.format === 'console' && password !== undefined) out(`  password: ${style.bold(password)}`);
}
