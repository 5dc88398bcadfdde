import { createFetcher } from '../../../http/fetch.ts';
import { type Behaviour, inCert } from '../behaviour.ts';

/** Fetches the certificate that a CERT record points at from anywhere, its own machine among them. */
export const fetchAny: Behaviour = {
  id: 'disc.fetch-any',
  title: 'fetches certificates from any address that a record names, its own machine among them',
  legal: false,
  apply: inCert(() => ({
    fetcher: (guarded, host) => {
      const anywhere = createFetcher(host, { allowPrivate: () => true });
      return {
        get: async (url, options) => {
          const answer = await guarded.get(url, options);
          return answer.ok ? answer : anywhere.get(url, options);
        },
      };
    },
  })),
};
