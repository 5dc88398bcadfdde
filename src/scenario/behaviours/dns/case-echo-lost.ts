import { type PublisherBehaviour, publishing } from '../behaviour.ts';

/** Repeats questions in small letters: whoever mixes letters to know the answer as its own drops it. */
export const caseEchoLost: PublisherBehaviour = {
  id: 'dns.case-echo-lost',
  title: 'repeats the question in small letters, however it was asked',
  legal: false,
  publish: publishing(({ answer }) => ({
    answer: (reference, zones) => {
      const right = answer(reference, zones);
      return (query, context) => {
        const given = right(query, context);
        if (!given?.question) return given;
        const { question } = given;
        return { ...given, question: { ...question, name: question.name.toLowerCase() } };
      };
    },
  })),
};
