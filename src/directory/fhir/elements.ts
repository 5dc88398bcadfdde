/**
 * Parts of resources: `_elements` and `_summary=true`. What the standard requires of a resource stays.
 *
 * @module
 */
import type { FhirResource, ResourceType } from '../write/fhir-resources.ts';
import type { Query } from './query.ts';

const REQUIRED: Readonly<Record<ResourceType, readonly string[]>> = {
  // org-1: an identifier or a name
  Organization: ['identifier', 'name'],
  Location: [],
  Practitioner: [],
  PractitionerRole: [],
  Endpoint: ['status', 'connectionType', 'payloadType', 'address'],
};

/** Elements that the standard marks with a sigma. */
const SUMMARY: Readonly<Record<ResourceType, readonly string[]>> = {
  Organization: ['identifier', 'active', 'type', 'name'],
  Location: ['identifier', 'status', 'name', 'managingOrganization'],
  Practitioner: ['identifier', 'active', 'name'],
  PractitionerRole: ['active', 'practitioner', 'organization', 'code', 'specialty', 'location'],
  Endpoint: [
    'identifier',
    'status',
    'connectionType',
    'name',
    'managingOrganization',
    'payloadType',
    'address',
  ],
};

const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
} as const;

/** The resource with what was asked for, marked as a part. */
export function withElements(
  resource: FhirResource,
  { elements, summary }: Pick<Query, 'elements' | 'summary'>,
): FhirResource {
  const { resourceType } = resource;
  const wanted = summary === 'true' ? SUMMARY[resourceType] : elements;
  if (wanted === undefined) return resource;
  const kept = new Set(['resourceType', 'id', ...REQUIRED[resourceType], ...wanted]);
  const { meta, ...rest } = resource;
  const part = Object.fromEntries(Object.entries(rest).filter(([name]) => kept.has(name)));
  return {
    resourceType,
    id: resource.id,
    meta: { ...(meta as object), tag: [SUBSETTED] },
    ...part,
  };
}
