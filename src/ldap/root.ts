/**
 * What a server says of itself: the root DSE (RFC 4512 §5.1) and a small subschema.
 *
 * @module
 */
import { createNode, type TreeNode } from './entries.ts';
import { CONTROLS } from './guard.ts';

/** Normal name of the subschema entry. */
export const SUBSCHEMA = 'cn=subschema';

const ALL_OPERATIONAL_ATTRIBUTES = '1.3.6.1.4.1.4203.1.5.1';
const TRUE_FALSE_FILTERS = '1.3.6.1.4.1.4203.1.5.3';

const nodes = new WeakMap<readonly string[], Map<string, TreeNode>>();

/** Made once for each list of contexts and extensions, so that its encoding can be kept. */
export function rootNode(namingContexts: readonly string[], extensions: readonly string[]): TreeNode {
  let known = nodes.get(namingContexts);
  if (!known) nodes.set(namingContexts, (known = new Map()));
  const key = extensions.join(' ');
  let node = known.get(key);
  if (!node) known.set(key, (node = createRoot(namingContexts, extensions)));
  return node;
}

const createRoot = (namingContexts: readonly string[], extensions: readonly string[]): TreeNode =>
  createNode({
    dn: '',
    attributes: {
      objectClass: ['top', 'extensibleObject'],
      namingContexts,
      supportedLDAPVersion: ['3'],
      ...(extensions.length > 0 ? { supportedExtension: extensions } : {}),
      supportedControl: CONTROLS,
      supportedFeatures: [ALL_OPERATIONAL_ATTRIBUTES, TRUE_FALSE_FILTERS],
      subschemaSubentry: [SUBSCHEMA],
      vendorName: ['Anchorage'],
    },
  });

/** Enough for a client that looks up how mail and userCertificate compare (RFC 4524, RFC 4523, RFC 2798). */
export const subschemaNode: TreeNode = createNode({
  dn: SUBSCHEMA,
  attributes: {
    objectClass: ['top', 'subentry', 'subschema'],
    cn: ['subschema'],
    attributeTypes: [
      "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
      "( 2.5.4.3 NAME ( 'cn' 'commonName' ) EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.4 NAME ( 'sn' 'surname' ) EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) EQUALITY caseIgnoreIA5Match SUBSTR caseIgnoreIA5SubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.26{256} )",
      "( 2.5.4.36 NAME 'userCertificate' EQUALITY certificateExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.8 )",
    ],
    objectClasses: [
      "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
      "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) )",
      "( 2.5.6.7 NAME 'organizationalPerson' SUP person STRUCTURAL )",
      "( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP organizationalPerson STRUCTURAL MAY ( mail $ userCertificate ) )",
    ],
  },
});
