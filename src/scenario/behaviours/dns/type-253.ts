import { inRecords, type PublisherBehaviour } from '../behaviour.ts';

const URI = 253;

/** A bare URL, without the NUL that RFC 4398 §2.1 wants behind it: as the Java reference implementation has it. */
export const type253: PublisherBehaviour = {
  id: 'dns.type-253',
  title: 'publishes the URL of each certificate (CERT type 253) instead of the certificate',
  legal: false,
  publish: inRecords((records) =>
    records.map((record) =>
      record.data.type === 'CERT'
        ? {
            ...record,
            data: {
              type: 'CERT',
              certType: URI,
              keyTag: 0,
              algorithm: 0,
              payload: Buffer.from(`http://${record.name}/certificate.cer`),
            },
          }
        : record,
    ),
  ),
};
