import { isCustomResource, replacementOf, specOf } from '../spec';
import type { Replacement, Specs } from '../spec';
import { equal } from './equal';
import type { Value, ValueMap } from '../template/template';

/** A resource as the template makes it out, evaluated; secrets stay references. */
export interface Desired {
  readonly type: string;
  readonly properties: ValueMap;
  readonly metadata?: Value;
  readonly creationPolicy?: Value;
  readonly updatePolicy?: Value;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Tags of the stack, where the type takes tags. */
  readonly stackTags?: ValueMap;
}

export interface ChangedProperty {
  readonly name: string;
  readonly before?: Value;
  readonly after?: Value;
  readonly requiresRecreation: Replacement;
}

/** How a resource as deployed comes to be as desired. */
export interface Decision {
  readonly properties: readonly ChangedProperty[];
  readonly replacement: Replacement;
  readonly metadata: boolean;
  readonly stackTags: boolean;
  /** Attributes of the definition that are taken over without touching the resource. */
  readonly policies: ReadonlyArray<'CreationPolicy' | 'UpdatePolicy' | 'DeletionPolicy' | 'UpdateReplacePolicy'>;
  /** Whether anything is done to the resource itself. */
  readonly touches: boolean;
}

export function decide(before: Desired, after: Desired, specs: Specs = specOf): Decision {
  const names = [...new Set([...Object.keys(before.properties), ...Object.keys(after.properties)])];
  const properties = names.filter((name) => !equal(before.properties[name], after.properties[name])).map((name) => ({
    name,
    before: before.properties[name],
    after: after.properties[name],
    requiresRecreation: replacementOf(after.type, name, before.properties[name], after.properties[name], specs),
  }));
  const metadata = !equal(before.metadata, after.metadata);
  const stackTags = !equal(before.stackTags ?? {}, after.stackTags ?? {});
  const policies = [
    ['CreationPolicy', before.creationPolicy, after.creationPolicy],
    ['UpdatePolicy', before.updatePolicy, after.updatePolicy],
    ['DeletionPolicy', before.deletionPolicy, after.deletionPolicy],
    ['UpdateReplacePolicy', before.updateReplacePolicy, after.updateReplacePolicy],
  ] as const;
  return {
    properties,
    replacement: strongest(properties.map(({ requiresRecreation }) => requiresRecreation)),
    metadata,
    stackTags,
    policies: policies.filter(([, old, now]) => !equal(old, now)).map(([name]) => name),
    touches: properties.length > 0 || metadata || stackTags,
  };
}

export function strongest(all: readonly Replacement[]): Replacement {
  return all.includes('Always') ? 'Always' : all.includes('Conditionally') ? 'Conditionally' : 'Never';
}

/** Tags of the stack reach the types that take tags, custom resources and pseudo types excepted. */
export function takesTags(type: string, specs: Specs = specOf): boolean {
  return !isCustomResource(type) && specs(type)?.tags !== undefined;
}
