import { type Behaviour, inCert } from '../behaviour.ts';

/** Rejects the object identifier that RFC 4398 puts before the certificate. */
export const strictDer: Behaviour = {
  id: 'disc.strict-der',
  title: 'rejects the object identifier that RFC 4398 puts before the certificate',
  legal: false,
  apply: inCert((parts) => ({
    read: (record) =>
      record.data.type === 'CERT' && record.data.payload[0] !== 0x30
        ? { kind: 'certificate', bytes: record.data.payload, unreadable: 'not DER', notes: [] }
        : parts.read(record),
  })),
};
