import { createTree, type LdapEntry, type MemoryTree } from '../../src/ldap/entries.ts';

/** Octets that look like DER to nobody but are unlike text. */
export const certificate = (name: string): Buffer =>
  Buffer.concat([Buffer.from([0x30, 0x82, 0xff, 0xfe]), Buffer.from(name)]);

export const person = (dn: string, mail: string, ...certificates: Uint8Array[]): LdapEntry => ({
  dn,
  attributes: {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    cn: [/=([^,+]*)/.exec(dn)![1]!],
    sn: ['Somebody'],
    mail: [mail],
    ...(certificates.length > 0 ? { userCertificate: certificates } : {}),
  },
});

export const BOB = person(
  'cn=bob,ou=people,o=one',
  'Bob@Direct.Example',
  certificate('bob 1'),
  certificate('bob 2'),
);
export const DOMAIN = person('cn=domain,dc=two,dc=example', 'direct.example', certificate('domain'));
export const EMPTY = person('cn=empty,ou=people,o=one', 'empty@direct.example');

/** Two naming contexts, four entries with mail, `ou=people` left to the tree. */
export const tree = (): MemoryTree =>
  createTree({
    namingContexts: ['o=one', 'dc=two,dc=example'],
    entries: [BOB, EMPTY, DOMAIN, person('cn=star,o=one', 'a*b(c)d@direct.example', certificate('star'))],
  });
