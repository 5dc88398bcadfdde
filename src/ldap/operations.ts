/**
 * What ldapjs answers: bind, unbind, compare, writes, extended operations. It decodes checked requests, finds the
 * handler and encodes the result. (Searches are answered beside it: it compares requested attributes without
 * lowering them, values with regard to case, and knows no limits.)
 *
 * @module
 */
import ldapjs from 'ldapjs';
import type { Socket } from '../net/host.ts';
import { describeAttribute } from './attributes.ts';
import { normalDn } from './dn.ts';
import type { LdapTree } from './entries.ts';
import { compileFilter } from './filter.ts';
import { RESULT, START_TLS } from './result.ts';

/** As ldapjs 3 has them; its published types are of an older version. */
interface LdapjsRequest {
  readonly entry?: { toString(): string };
  readonly attribute?: string;
  readonly value?: string;
}
interface LdapjsResponse {
  end(status: number): void;
}
type Handler = (request: LdapjsRequest, response: LdapjsResponse, next: () => void) => void;
interface LdapjsServer {
  newConnection(socket: Socket): void;
  on(event: 'error', listener: (error: Error) => void): void;
  bind(dn: string, handler: Handler): void;
  compare(dn: string, handler: Handler): void;
  add(dn: string, handler: Handler): void;
  modify(dn: string, handler: Handler): void;
  modifyDN(dn: string, handler: Handler): void;
  del(dn: string, handler: Handler): void;
  exop(oid: string, handler: Handler): void;
}
interface Parser {
  write(message: Buffer): boolean;
  removeAllListeners(event: 'error'): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

/** ldapjs's side of one connection. */
export interface Attached {
  /**
   * Lets ldapjs answer exactly one checked message.
   *
   * @param proposed the result that its handler shall give
   * @returns the result it gave, or undefined when it could not read the message: then nothing was sent
   */
  handle(message: Buffer, proposed: number): number | undefined;
}

export interface Operations {
  /** @param tree as it stands when a request comes */
  attach(socket: Socket, tree: () => LdapTree): Attached;
}

export function createOperations(): Operations {
  const server = (ldapjs as unknown as { createServer(options: object): LdapjsServer }).createServer({});
  // Set for the duration of one `handle`, in which everything happens at once.
  let proposed: number = RESULT.success;
  let current: (() => LdapTree) | undefined;
  const end: Handler = (_request, response, next) => {
    response.end(proposed);
    next();
  };
  server.bind('', end);
  server.exop(START_TLS, end);
  server.add('', end);
  server.modify('', end);
  server.modifyDN('', end);
  server.del('', end);
  server.compare('', (request, response, next) => {
    proposed = compare(current!(), request);
    response.end(proposed);
    next();
  });
  return {
    attach(socket, tree) {
      const parser = attachParser(server, socket);
      let failed = false;
      parser.removeAllListeners('error');
      parser.on('error', () => {
        failed = true;
      });
      return {
        handle(message, result) {
          proposed = result;
          current = tree;
          failed = false;
          parser.write(message);
          return failed ? undefined : proposed;
        },
      };
    },
  };
}

/** ldapjs reads sockets unguarded: its listener for data is taken off again. */
function attachParser(server: LdapjsServer, socket: Socket): Parser {
  const before = new Set(socket.listeners('data'));
  server.newConnection(socket);
  for (const listener of socket.listeners('data')) {
    if (!before.has(listener)) socket.off('data', listener as (chunk: Buffer) => void);
  }
  return (socket as Socket & { readonly parser: Parser }).parser;
}

/** RFC 4511 §4.10. */
function compare(tree: LdapTree, request: LdapjsRequest): number {
  if (tree.closed) return tree.closed.result;
  const node = tree.find(normalDn(String(request.entry ?? '')));
  if (!node) return RESULT.noSuchObject;
  const attribute = request.attribute ?? '';
  const { type } = describeAttribute(attribute);
  if (!tree.knows(type)) return RESULT.undefinedAttributeType;
  if (!node.byType.has(type)) return RESULT.noSuchAttribute;
  const value = Buffer.from(request.value ?? '', 'utf8');
  const truth = compileFilter({ kind: 'equal', attribute, value }, tree.knows).test(node);
  return truth === 1 ? RESULT.compareTrue : RESULT.compareFalse;
}
