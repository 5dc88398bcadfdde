import { hasMetadata, noteRule } from './subject.ts';

export const metadataFault = noteRule({
  id: 'bundle/metadata-fault',
  title: 'Metadata follow their schema',
  applies: hasMetadata,
});
