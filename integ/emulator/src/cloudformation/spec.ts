import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { own } from './template/template';
import { PACKAGE_FOLDER } from '../kernel/package-folder';

/** What the published resource specification says of a type, as `models/cfn-types.json` keeps it. */
export interface TypeSpec {
  /** Properties or attributes that identify a resource. */
  readonly id?: readonly string[];
  /** What `Ref` gives, where that is not the identifier. */
  readonly ref?: readonly string[];
  /** Name to kind: `string`, `integer`, `boolean`, `json`, `object`, `[string]`, `{string}`, with allowed values in parentheses. */
  readonly properties: { readonly [name: string]: string };
  readonly required?: readonly string[];
  /** Properties whose change means replacement. */
  readonly replace?: readonly string[];
  readonly mayReplace?: readonly string[];
  readonly attributes?: { readonly [name: string]: string };
  /** The property that holds tags, and their form. */
  readonly tags?: readonly [property: string, form: string];
  readonly stateful?: boolean;
}

export type Specs = (type: string) => TypeSpec | undefined;

let types: { readonly [type: string]: TypeSpec } | undefined;

/** Reads the specification the first time it is asked for: it is large. */
export function specOf(type: string): TypeSpec | undefined {
  types ??= (JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'models', 'cfn-types.json'), 'utf8')) as { types: typeof types }).types;
  return own(types, type);
}

export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Types that CloudFormation knows and the specification does not list. */
const UNLISTED = new Set(['AWS::CDK::Metadata', 'AWS::CloudFormation::WaitCondition', 'AWS::CloudFormation::WaitConditionHandle', 'AWS::CloudFormation::Stack']);

export function isKnownType(type: string): boolean {
  return isCustomResource(type) || UNLISTED.has(type) || specOf(type) !== undefined;
}

export type Replacement = 'Always' | 'Conditionally' | 'Never';

/** Whether a change of this property from one value to the other means a new physical resource. */
export function replacementOf(type: string, property: string, before: unknown, after: unknown, specs: Specs = specOf): Replacement {
  if (isCustomResource(type)) return property === 'ServiceToken' ? 'Always' : 'Never';
  const spec = specs(type);
  const touches = (path: string): boolean => differsAt(path.split('.'), { [property]: before }, { [property]: after });
  const below = (paths: readonly string[] | undefined): boolean =>
    paths?.some((path) => path === property || (path.startsWith(`${property}.`) && touches(path))) ?? false;
  if (below(spec?.replace)) return 'Always';
  return below(spec?.mayReplace) ? 'Conditionally' : 'Never';
}

function differsAt(path: readonly string[], before: unknown, after: unknown): boolean {
  if (path.length === 0) return JSON.stringify(before) !== JSON.stringify(after);
  const [step, ...rest] = path;
  const keys = step === '*' ? [...new Set([...Object.keys(Object(before)), ...Object.keys(Object(after))])] : [step];
  return keys.some((key) => differsAt(rest, member(before, key), member(after, key)));
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as { [key: string]: unknown })[key] : undefined;
}
