import type { BundleParts, HispParts } from '../../../hisp/parts.ts';
import type { ConsumeParts } from '../../../trust/bundle/consume-parts.ts';
import type { ChangeRules } from '../../../trust/bundle/rules.ts';

type Apply = (parts: HispParts) => HispParts;

/** One element of how bundles become anchors, done in another way. */
export const inBundles =
  (change: (parts: BundleParts) => Partial<BundleParts>): Apply =>
  (parts) => ({ ...parts, bundles: { ...parts.bundles, ...change(parts.bundles) } });

/** One element of the consumer. */
export const inConsumer = (change: (parts: ConsumeParts) => Partial<ConsumeParts>): Apply =>
  inBundles(({ consume }) => ({ consume: { ...consume, ...change(consume) } }));

/** One rule by which changes are made. */
export const inRules = (change: (rules: ChangeRules) => Partial<ChangeRules>): Apply =>
  inConsumer(({ rules }) => ({ rules: { ...rules, ...change(rules) } }));
