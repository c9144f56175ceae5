/** A template as parsed: short forms are spelled out, nothing is evaluated. */

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value | undefined };

export type ValueMap = { readonly [key: string]: Value | undefined };

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: Value;
  readonly NoEcho?: boolean | string;
  readonly AllowedValues?: readonly Value[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly Description?: string;
  readonly ConstraintDescription?: string;
}

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: ValueMap;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Value;
  readonly CreationPolicy?: Value;
  readonly UpdatePolicy?: Value;
  readonly DeletionPolicy?: Value;
  readonly UpdateReplacePolicy?: Value;
}

export interface OutputDefinition {
  readonly Value: Value;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Value };
}

export interface RuleDefinition {
  readonly RuleCondition?: Value;
  readonly Assertions: ReadonlyArray<{ readonly Assert: Value; readonly AssertDescription?: string }>;
}

export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Metadata?: ValueMap;
  readonly Parameters?: { readonly [name: string]: ParameterDefinition };
  readonly Mappings?: { readonly [name: string]: { readonly [key: string]: ValueMap } };
  readonly Conditions?: ValueMap;
  readonly Rules?: { readonly [name: string]: RuleDefinition };
  readonly Transform?: Value;
  readonly Resources: { readonly [logicalId: string]: ResourceDefinition };
  readonly Outputs?: { readonly [name: string]: OutputDefinition };
}

export function isObject(value: unknown): value is { readonly [key: string]: Value | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one function of `{ "Fn::X": … }`, `{ "Ref": … }` or `{ "Condition": … }`. */
export function functionOf(value: Value | undefined): { readonly name: string; readonly argument: Value } | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length !== 1) return undefined;
  const [name] = keys;
  if (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::')) return { name, argument: value[name] ?? null };
  return undefined;
}

export function dependsOn(resource: ResourceDefinition): readonly string[] {
  if (resource.DependsOn === undefined) return [];
  return typeof resource.DependsOn === 'string' ? [resource.DependsOn] : resource.DependsOn;
}

/** A member of a section by a name out of the template: `constructor` is one only if the template says so. */
export function own<T>(section: { readonly [name: string]: T | undefined } | undefined, name: string): T | undefined {
  return section !== undefined && Object.hasOwn(section, name) ? section[name] : undefined;
}
