import type { Template } from './template';
import { refused } from '../texts';

/** How much a template may say: counts of members, characters of names, bytes of its description. */
export interface TemplateLimits {
  readonly resources: number;
  readonly parameters: number;
  readonly outputs: number;
  readonly mappings: number;
  readonly nameCharacters: number;
  readonly descriptionBytes: number;
}

/** @throws in CloudFormation's words when a template says more than it may */
export function checkLimits(template: Template, limits: TemplateLimits): void {
  const { Resources: resources, Parameters: parameters = {}, Outputs: outputs = {}, Mappings: mappings = {}, Description: description = '' } = template;
  for (const [section, members] of Object.entries({ resources, parameters, outputs, mappings })) {
    const names = Object.keys(members);
    const limit = limits[section as 'resources' | 'parameters' | 'outputs' | 'mappings'];
    if (names.length > limit) throw refused('text-too-many-members', { section, count: names.length, limit });
    const long = names.find((name) => name.length > limits.nameCharacters);
    if (long !== undefined) throw refused('text-name-too-long', { name: long, limit: limits.nameCharacters });
  }
  if (Buffer.byteLength(description) > limits.descriptionBytes) throw refused('text-description-too-long', { limit: limits.descriptionBytes });
}
