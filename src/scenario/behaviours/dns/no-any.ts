import { type PublisherBehaviour, publishing } from '../behaviour.ts';

/** Knows a few types and takes a question for any other for a mistake. */
export const noAny: PublisherBehaviour = {
  id: 'dns.no-any',
  title: 'refuses questions for ANY',
  legal: false,
  publish: publishing(({ answer }) => ({
    answer: (reference, zones) => {
      const right = answer(reference, zones);
      return (query, context) => {
        const given = right(query, context);
        return given?.question?.type === 'ANY'
          ? { ...given, rcode: 'NOTIMP', answers: [], authority: [] }
          : given;
      };
    },
  })),
};
