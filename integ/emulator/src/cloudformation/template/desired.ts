import type { Evaluator } from './evaluate';
import { defaultDeletionPolicy } from './policies';
import { isObject } from './template';
import type { ResourceDefinition, Template, Value, ValueMap } from './template';
import type { Desired } from '../plan/decide';
import { takesTags } from '../plan/decide';
import { isCustomResource } from '../spec';

/** Evaluates one resource's definition. */
export function desiredOf(definition: ResourceDefinition, evaluator: Evaluator, stackTags: ValueMap): Desired {
  const properties = valueMap(evaluator.plain(evaluator.value(definition.Properties ?? {}) ?? {}));
  const { Type: type } = definition;
  return {
    type,
    properties,
    metadata: evaluator.value(definition.Metadata),
    creationPolicy: evaluator.value(definition.CreationPolicy),
    updatePolicy: evaluator.value(definition.UpdatePolicy),
    deletionPolicy: String(evaluator.value(definition.DeletionPolicy) ?? defaultDeletionPolicy(type, properties)),
    updateReplacePolicy: String(evaluator.value(definition.UpdateReplacePolicy) ?? 'Delete'),
    stackTags: takesTags(type) && !isCustomResource(type) ? stackTags : undefined,
  };
}

function valueMap(value: Value | undefined): ValueMap {
  return isObject(value) ? value : {};
}

/** The resources that are there under the conditions in force. */
export function activeResources(template: Template, evaluator: Evaluator): string[] {
  return Object.entries(template.Resources)
    .filter(([, { Condition: condition }]) => condition === undefined || evaluator.condition(condition))
    .map(([id]) => id);
}

export interface EvaluatedOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export function outputsOf(template: Template, evaluator: Evaluator): EvaluatedOutput[] {
  return Object.entries(template.Outputs ?? {})
    .filter(([, { Condition: condition }]) => condition === undefined || evaluator.condition(condition))
    .map(([key, output]) => {
      const value = evaluator.value(output.Value);
      return {
        key,
        value: Array.isArray(value) ? value.map(String).join(',') : String(value ?? ''),
        description: output.Description,
        exportName: output.Export === undefined ? undefined : String(evaluator.value(output.Export.Name)),
      };
    });
}
