/**
 * The kinds of content that messages of the testbed carry.
 *
 * @module
 */
export const SAMPLES = [
  'text',
  'continuity-of-care',
  'referral',
  'discharge',
  'pdf',
  'jpeg',
  'mixed',
  '2kB',
  '100kB',
  '1MB',
  '10MB',
] as const;

export type SampleKind = (typeof SAMPLES)[number];
