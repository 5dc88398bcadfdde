import { Asn1Error } from '../../asn1/error.ts';
import { children, content, is, type Node, readAsn1, TAG } from '../../asn1/read.ts';
import { certificateRule } from './subject.ts';

export const derEncoding = certificateRule({
  id: 'certificate/der-encoding',
  title: 'The certificate is encoded in DER',
  level: 'must',
  cites: ['REQ-CERT-01'],
  check: ({ der, extensions }) => {
    const why =
      fault(der) ?? extensions.map(({ value }) => fault(value)).find((found) => found !== undefined);
    return why === undefined ? undefined : { why };
  },
  text: ({ why }) => `found BER that is not DER: ${why}`,
});

/** The first thing that only BER allows. */
function fault(bytes: Uint8Array): string | undefined {
  try {
    const pending: Node[] = [readAsn1(bytes, { rules: 'der' })];
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (is(node, TAG.boolean) && ![0, 0xff].includes(content(node)[0] ?? 1))
        return `a BOOLEAN of ${content(node)[0]} where TRUE is 255`;
      if (node.constructed) pending.push(...children(node));
    }
    return undefined;
  } catch (error) {
    if (error instanceof Asn1Error) return error.message;
    throw error;
  }
}
