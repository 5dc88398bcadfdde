/**
 * What this server can do, as a CapabilityStatement: made of the table that searches are read by.
 *
 * @module
 */
import { RESOURCE_TYPES, type ResourceType } from '../write/fhir-resources.ts';
import { PARAMETERS, REFERENCES } from './parameters.ts';

export interface CapabilityOptions {
  readonly base: string;
  readonly version: string;
  /** Since when this is so, ISO 8601. */
  readonly date: string;
}

export const capabilityStatement = ({ base, version, date }: CapabilityOptions) => ({
  resourceType: 'CapabilityStatement' as const,
  status: 'active',
  date,
  kind: 'instance',
  software: { name: 'Anchorage', version },
  implementation: { description: 'Directory of Direct addresses', url: base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json'],
  rest: [
    {
      mode: 'server',
      documentation:
        'Unknown parameters are errors, unless "Prefer: handling=lenient" is sent. At most 1,000 resources a page; without the right "bulk" a search ends after 1,000 results, without a key after 60, and needs a criterion.',
      security: {
        description:
          'A key of a participating HISP as Bearer token, or with the HISP’s id by Basic. Without a key only what is public is seen.',
        service: [
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                code: 'Basic',
              },
            ],
          },
          { text: 'Bearer' },
        ],
      },
      resource: RESOURCE_TYPES.map(resourceOf),
    },
  ],
});

function resourceOf(type: ResourceType) {
  const includes = Object.keys(REFERENCES[type]).map((name) => `${type}:${name}`);
  const reverse = RESOURCE_TYPES.flatMap((source) =>
    Object.entries(REFERENCES[source])
      .filter(([, target]) => target === type)
      .map(([name]) => `${source}:${name}`),
  );
  return {
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'versioned',
    readHistory: false,
    conditionalRead: 'not-match',
    ...(includes.length > 0 ? { searchInclude: includes } : {}),
    ...(reverse.length > 0 ? { searchRevInclude: reverse } : {}),
    searchParam: [...PARAMETERS[type].values()].map((parameter) => ({
      name: parameter.name,
      ...(parameter.definition === undefined ? {} : { definition: parameter.definition }),
      type: parameter.type,
      documentation: `${parameter.documentation}${told('Modifiers', parameter.modifiers)}${
        parameter.chain ? ` Chains: ${parameter.name}.x, with x a parameter of ${parameter.targets[0]}.` : ''
      }`,
    })),
  };
}

const told = (what: string, list: readonly string[]): string =>
  list.length === 0 ? '.' : `. ${what}: ${list.map((one) => `:${one}`).join(', ')}.`;
