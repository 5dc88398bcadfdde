import { exchange } from '../../http/exchange.ts';
import { BUNDLE_LIMITS } from '../../trust/bundle/packing.ts';
import { PlanError } from '../cases.ts';
import type { StepKind } from './step.ts';

/** Fetches a bundle from where it is published, and writes down what came. */
export const fetchBundle: StepKind<'fetch'> = {
  kind: 'fetch',
  async run({ fetch: { id, bundle, method, known } }, { host, bundles, part }) {
    if (!bundles) throw new PlanError('the network publishes no bundle');
    const { at, path } = bundles.placeOf(bundle);
    const etag = known === undefined ? undefined : bundles.tags.get(known);
    const answer = await exchange(await host.dial(at), {
      method,
      path,
      headers: { host: at.host, ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      maxBytes: BUNDLE_LIMITS.octets,
    });
    const { status, headers, body } = answer;
    if (headers['etag'] !== undefined) bundles.tags.set(id, headers['etag']);
    host.events.emit({
      kind: 'step',
      ...(body.length > 0 ? { blob: body } : {}),
      summary: {
        step: 'fetch',
        id,
        part,
        bundle,
        method,
        status,
        octets: body.length,
        etag: headers['etag'] ?? null,
        length: headers['content-length'] ?? null,
        type: headers['content-type'] ?? null,
      },
    });
  },
};
