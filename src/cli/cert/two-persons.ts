/**
 * Two persons for the keys of an authority: who, and whether two are asked for, stands in the log; each person's key,
 * sealed with their own passphrase, in `persons/NAME.key`; what is asked for in `requests/ID.json`.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type ApprovalRequest,
  approvalFor,
  approve,
  askApproval,
  describe,
  type Operation,
  type Person,
  requestSchema,
  type Signer,
} from '../../custody/approval.ts';
import { openKey, SealError, sealKey } from '../../custody/sealed-key.ts';
import { readIfThere, writeWhole } from '../../custody/whole-file.ts';
import { generateKey } from '../../pki/keys.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { type Access, Requested } from './access.ts';
import { type Journal, logChanged } from './journal.ts';

const settingsSchema = z.strictObject({
  schema: z.literal(1),
  /** Two persons are asked for, for every use of a CA key. */
  required: z.boolean(),
  hours: z.int().min(1).max(720),
  persons: z.array(z.strictObject({ name: z.string().min(1).max(100), spki: z.base64() })),
});

type Settings = z.infer<typeof settingsSchema>;
const NOBODY: Settings = { schema: 1, required: false, hours: 24, persons: [] };
/** The settings stand in the log and nowhere else: there nobody changes them unseen. */
const CHANGED = 'settings of the two persons: ';

/** What an entry of the log says, for people. */
export function readable(use: string): string {
  if (!use.startsWith(CHANGED)) return use;
  const parsed = settingsSchema.safeParse(JSON.parse(use.slice(CHANGED.length)));
  if (!parsed.success) return use;
  const { required, hours, persons } = parsed.data;
  const names = persons.map(({ name }) => name).join(', ');
  return `settings: ${required ? `two persons are asked for, within ${hours} hours` : 'one person is enough'}; persons ${names}`;
}

export interface TwoPersons {
  readonly settings: () => Settings;
  /** Lets the use of a key pass, or asks for it. @returns what the log says of it @throws {Failure} @throws {CustodyError} @throws {Requested} */
  readonly pass: (operation: Operation, access: Access) => { approval?: string; approvedBy?: string };
  readonly addPerson: (name: string, passphrase: string, access: Access) => void;
  readonly change: (change: Partial<Pick<Settings, 'required' | 'hours'>>, access: Access) => void;
  readonly open: () => readonly ApprovalRequest[];
  readonly read: (id: string) => ApprovalRequest;
  readonly approve: (id: string, name: string, passphrase: string) => ApprovalRequest;
}

/** @param now ms since 1970 UTC */
export function openTwoPersons(folder: string, journal: Journal, now: () => number): TwoPersons {
  const fileOf = (id: string): string => join(folder, 'requests', `${id}.json`);

  const settings = (): Settings => {
    const logged = journal.check();
    if (!logged.ok) throw logChanged(folder, logged);
    const last = logged.entries.findLast(({ use }) => use.startsWith(CHANGED));
    if (!last) return NOBODY;
    const parsed = settingsSchema.safeParse(JSON.parse(last.use.slice(CHANGED.length)));
    if (!parsed.success)
      throw new Failure(`entry ${last.seq} of the log in ${folder} holds no settings`, { exitCode: 2 });
    return parsed.data;
  };

  const write = (next: Settings, who: string): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    journal.note({ use: `${CHANGED}${JSON.stringify(next)}`, who });
  };

  const signer = (name: string, passphrase: string, persons: readonly Person[]): Signer => {
    const person = persons.find((one) => one.name === name);
    const sealed = readIfThere(join(folder, 'persons', `${name}.key`));
    if (!person || sealed === undefined)
      throw new Failure(`${name} is not one of the persons of ${folder}`, {
        hint: `They are: ${persons.map((one) => one.name).join(', ') || 'nobody yet'}. Say who you are: --who NAME`,
        exitCode: 2,
      });
    try {
      return { name, key: openKey(sealed, Buffer.from(passphrase), Buffer.from(person.spki, 'base64')) };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new Failure(`the passphrase is not that of ${name}`, { exitCode: 2 });
    }
  };

  const read = (id: string): ApprovalRequest => {
    const text = /^[a-z0-9]+$/.test(id) ? readIfThere(fileOf(id)) : undefined;
    if (text === undefined) throw new Failure(`there is no request ${id} in ${folder}`, { exitCode: 2 });
    const parsed = requestSchema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Failure(`${fileOf(id)} is no request`, { exitCode: 2 });
    return parsed.data;
  };
  const isDone = (id: string): boolean => existsSync(join(folder, 'requests', `${id}.done`));

  const ask = (operation: Operation, access: Access, { persons, hours }: Settings): never => {
    const by = signer(access.who, access.personal(), persons);
    const id = randomBytes(5).toString('hex');
    const expires = now() + hours * 3_600_000;
    const request = askApproval({ id, operation, why: access.why ?? '', expires }, by, now());
    mkdirSync(join(folder, 'requests'), { recursive: true, mode: 0o700 });
    journal.note({ use: `asked: ${operation.use}`, key: operation.key, who: access.who, approval: id });
    writeWhole(fileOf(id), `${JSON.stringify(request, null, 2)}\n`, 0o600);
    out(`${style.warn('●')} Asked, not done: ${describe(operation)}`);
    out(`  Another person approves it until ${new Date(expires).toISOString().slice(0, 16)}Z:`);
    out(`    anchorage cert approve ${id} --dir ${folder} --who NAME`);
    out(`  Then run the same command again with --approval ${id} in place of --request.`);
    throw new Requested();
  };

  const pass: TwoPersons['pass'] = (operation, access) => {
    const known = settings();
    if (!known.required) {
      if (!access.request && access.approval === undefined) return {};
      throw new Failure(`${folder} does not ask for two persons`, {
        hint: 'Leave out --request and --approval, or begin with: anchorage cert persons',
        exitCode: 2,
      });
    }
    if (access.request) return ask(operation, access, known);
    if (access.approval === undefined)
      throw new Failure(`two persons are asked for to ${operation.use}`, {
        hint: 'Ask another person: repeat this with --request.',
        exitCode: 2,
      });
    const request = read(access.approval);
    const approvedBy = approvalFor(request, operation, known.persons, now());
    // once: the mark is made before the key is used, by whoever comes first
    try {
      writeFileSync(join(folder, 'requests', `${request.id}.done`), '', {
        flag: 'wx',
        mode: 0o600,
        flush: true,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new Failure(`request ${request.id} was used already`, {
        hint: 'An approval is for one time. Ask again with --request.',
        exitCode: 2,
      });
    }
    return { approval: request.id, approvedBy };
  };

  return {
    settings,
    pass,
    read,
    addPerson(name, passphrase, access) {
      const known = settings();
      if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,60}$/u.test(name))
        throw new Failure(`"${name}" cannot be the name of a person`, { exitCode: 2 });
      if (known.persons.some((one) => one.name === name))
        throw new Failure(`${name} is one of the persons already`, { exitCode: 2 });
      if (passphrase.length < 8)
        throw new Failure('a passphrase of at least 8 characters is wanted', { exitCode: 2 });
      if (known.required) pass({ key: '(persons)', use: `add the person ${name}`, details: {} }, access);
      const { privateKey, spki } = generateKey({ kind: 'ed25519' });
      mkdirSync(join(folder, 'persons'), { recursive: true, mode: 0o700 });
      writeWhole(
        join(folder, 'persons', `${name}.key`),
        sealKey(privateKey, Buffer.from(passphrase), spki),
        0o600,
      );
      const person = { name, spki: Buffer.from(spki).toString('base64') };
      write({ ...known, persons: [...known.persons, person] }, access.who);
    },
    change(change, access) {
      const known = settings();
      if (known.required)
        pass(
          { key: '(persons)', use: `change the settings to ${JSON.stringify(change)}`, details: {} },
          access,
        );
      const next = { ...known, ...change };
      if (next.required && next.persons.length < 2)
        throw new Failure('two persons are needed first', {
          hint: 'Add them: anchorage cert persons add NAME',
          exitCode: 2,
        });
      write(next, access.who);
    },
    open: () =>
      (existsSync(join(folder, 'requests')) ? readdirSync(join(folder, 'requests')) : [])
        .filter((name) => name.endsWith('.json'))
        .map((name) => read(name.slice(0, -5)))
        .filter(({ id, expires }) => !isDone(id) && expires > now()),
    approve(id, name, passphrase) {
      const { persons } = settings();
      if (isDone(id)) throw new Failure(`request ${id} was used already`, { exitCode: 2 });
      const approved = approve(read(id), signer(name, passphrase, persons), persons, now());
      const { key, use } = approved.operation;
      journal.note({ use: `approved: ${use}`, key, who: name, approval: id });
      writeWhole(fileOf(id), `${JSON.stringify(approved, null, 2)}\n`, 0o600);
      return approved;
    },
  };
}
