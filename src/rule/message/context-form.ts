import { readParameterized } from '../../mail/parameters.ts';
import { contextPart } from './facts/content.ts';
import { differenceRule, inners } from './subject.ts';

export const contextForm = differenceRule({
  id: 'message/context-form',
  title: 'Context is a text/plain attachment named metadata.txt',
  level: 'must',
  cites: ['REQ-CTX-02'],
  items: (subject) => inners(subject).flatMap((inner) => contextPart(inner) ?? []),
  check: ({ contentType, header }) => {
    const { value, parameters } = readParameterized(header('content-disposition') ?? '');
    const found = `${contentType.type}, ${value || 'no disposition'}, ${parameters['filename'] ?? 'no name'}`;
    const expected = 'text/plain, attachment, metadata.txt';
    return found === expected ? undefined : { what: 'the context part', expected, found };
  },
});
