import { refusalRule } from './subject.ts';

export const readable = refusalRule({
  id: 'bundle/readable',
  title: 'A bundle is CMS SignedData of a size that can be read',
  cites: ['REQ-TB-01', 'REQ-TB-02'],
  refusals: ['format', 'limit'],
});
