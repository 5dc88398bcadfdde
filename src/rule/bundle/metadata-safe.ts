import { hasMetadata, refusalRule } from './subject.ts';

export const metadataSafe = refusalRule({
  id: 'bundle/metadata-safe',
  title: 'Metadata hold no document type and no entities',
  cites: ['REQ-TB-05', 'REQ-SEC-04'],
  refusals: ['metadata'],
  applies: hasMetadata,
});
