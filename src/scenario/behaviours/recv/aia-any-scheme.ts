import { createFetcher } from '../../../http/fetch.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Fetches issuers from wherever the certificate says. */
export const aiaAnyScheme: Behaviour = {
  id: 'recv.aia-any-scheme',
  title: 'fetches issuers by any scheme and from any address, its own machine among them',
  legal: false,
  apply: (parts, random) => {
    const issuers = {
      ...parts.issuers,
      urls: (certificate: { caIssuersUrls: readonly string[] }) => certificate.caIssuersUrls,
    };
    const fetching = inOpening((stages) =>
      staged(stages, 'trust', (opening, run) => {
        const { world } = opening;
        const anywhere = createFetcher(world.host, { allowPrivate: () => true });
        const get: typeof anywhere.get = async (url, options) => {
          const answer = await world.fetcher.get(url, options);
          return answer.ok ? answer : anywhere.get(url, options);
        };
        return run({
          ...opening,
          world: { ...world, fetcher: { get } },
          parts: { ...opening.parts, issuers },
        });
      }),
    );
    return fetching({ ...parts, issuers }, random);
  },
};
