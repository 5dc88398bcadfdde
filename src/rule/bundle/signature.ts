import { refusalRule } from './subject.ts';

export const signature = refusalRule({
  id: 'bundle/signature',
  title: 'A signature verifies, and is by the signer that is pinned',
  cites: ['REQ-TB-03', 'REQ-TB-16'],
  refusals: ['signature', 'signer-missing', 'signer-mismatch'],
  applies: ({ form }, { pinned }) => pinned || form === 'signed',
});
