/**
 * GeneralName (RFC 5280 §4.2.1.6): what subject alternative names, name constraints and distribution points are made of.
 *
 * @module
 */
import { children, content, describe, expect, is, type Node, raw, TAG } from '../asn1/read.ts';
import { readOid } from '../asn1/values.ts';
import { type Der, encode, oid as encodeOid, explicit, ia5String, implicit } from '../asn1/write.ts';
import { PkiError } from './error.ts';
import { type Name, readName } from './name.ts';

export type GeneralName =
  | { readonly type: 'email' | 'dns' | 'uri'; readonly value: string }
  /** 4 or 16 octets; twice as many in name constraints (address and mask). */
  | { readonly type: 'ip'; readonly octets: Uint8Array }
  | { readonly type: 'directory'; readonly name: Name }
  | { readonly type: 'registeredId'; readonly value: string }
  | { readonly type: 'other'; readonly oid: string; readonly der: Uint8Array }
  /** x400Address, ediPartyName, or a tag that the standard does not have. */
  | { readonly type: 'unknown'; readonly tag: number; readonly der: Uint8Array };

/** @throws {Asn1Error | PkiError} */
export function readGeneralName(node: Node): GeneralName {
  if (node.tagClass !== 'context') throw new PkiError('structure', `general name: found ${describe(node)}`);
  switch (node.tag) {
    case 0:
      return { type: 'other', oid: readOid(children(node)[0], 'otherName'), der: raw(node) };
    case 1:
      return { type: 'email', value: text(node) };
    case 2:
      return { type: 'dns', value: text(node) };
    case 4:
      return { type: 'directory', name: readName(children(node)[0]) };
    case 6:
      return { type: 'uri', value: text(node) };
    case 7:
      return { type: 'ip', octets: content(node) };
    case 8:
      // IMPLICIT: the same content octets under the universal tag
      return { type: 'registeredId', value: readOid({ ...node, tagClass: 'universal', tag: TAG.oid }) };
    default:
      return { type: 'unknown', tag: node.tag, der: raw(node) };
  }
}

/** IA5String by the standard; UTF-8 is met and read as such. */
const text = (node: Node): string => new TextDecoder().decode(content(node));

/** A SEQUENCE OF GeneralName, or the IMPLICIT form of it. @throws {Asn1Error | PkiError} */
export function readGeneralNames(node: Node | undefined, what: string): GeneralName[] {
  if (!node) expect(node, TAG.sequence, what);
  if (node!.tagClass === 'universal' && !is(node, TAG.sequence)) expect(node, TAG.sequence, what);
  return children(node!).map(readGeneralName);
}

export function encodeGeneralName(name: GeneralName): Der {
  switch (name.type) {
    case 'email':
      return implicit(1, Buffer.from(name.value, 'utf8'));
    case 'dns':
      return implicit(2, Buffer.from(name.value, 'utf8'));
    case 'uri':
      return implicit(6, Buffer.from(name.value, 'utf8'));
    case 'ip':
      return implicit(7, name.octets);
    case 'directory':
      return explicit(4, name.name.der);
    case 'registeredId':
      return implicit(8, encodeOid(name.value).subarray(2));
    case 'other':
    case 'unknown':
      return name.der;
  }
}

/** An otherName with an IA5String value, for names that no other kind carries. */
export const otherName = (oid: string, value: string): GeneralName => ({
  type: 'other',
  oid,
  der: encode(0xa0, encodeOid(oid), explicit(0, ia5String(value))),
});

/** For findings and pages: `email:bob@d.example`, `dns:d.example`, `directory:CN=…`. */
export function formatGeneralName(name: GeneralName, formatName: (name: Name) => string): string {
  switch (name.type) {
    case 'email':
    case 'dns':
    case 'uri':
    case 'registeredId':
      return `${name.type}:${name.value}`;
    case 'ip':
      return `ip:${name.octets.length === 4 ? name.octets.join('.') : Buffer.from(name.octets).toString('hex')}`;
    case 'directory':
      return `directory:${formatName(name.name)}`;
    case 'other':
      return `other:${name.oid}`;
    case 'unknown':
      return `unknown:[${name.tag}]`;
  }
}
