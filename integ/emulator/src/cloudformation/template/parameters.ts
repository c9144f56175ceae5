import { validationError } from '../errors';
import type { ParameterDefinition, Template, Value } from './template';

/** A parameter as given in a request. */
export interface GivenParameter {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
}

/** A parameter in force. */
export interface ParameterValue {
  /** As given or by default: for SSM types the name of the stored parameter. */
  readonly value: string;
  /** What `Ref` gives. */
  readonly resolved: string | readonly string[];
  readonly isSsm: boolean;
  readonly noEcho: boolean;
}

export type ParameterValues = { readonly [name: string]: ParameterValue };

export interface ParameterSources {
  /** Values of the stack as it is; `undefined` for a new stack. */
  readonly previous?: { readonly [name: string]: { readonly value: string } };
  /** The stored parameter's value, `undefined` when there is none. */
  ssm(name: string): string | undefined;
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;
const SCALARS = new Set(['String', 'Number', 'CommaDelimitedList', 'List<Number>', 'List<String>', 'AWS::SSM::Parameter::Name']);

/** @throws in CloudFormation's words when a value is missing, unknown or not allowed */
export function resolveParameters(template: Template, given: readonly GivenParameter[], sources: ParameterSources): ParameterValues {
  const definitions = template.Parameters ?? {};
  const unknown = given.map(({ ParameterKey }) => ParameterKey!).filter((key) => !(key in definitions));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const byKey = new Map(given.map((each) => [each.ParameterKey!, each]));
  const raw = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const value = rawValue(name, definition, byKey.get(name), sources);
    if (value === undefined) missing.push(name);
    else raw.set(name, value);
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  const unfetched: string[] = [];
  const values: { [name: string]: ParameterValue } = {};
  for (const [name, value] of raw) {
    const definition = definitions[name];
    checkType(definition);
    checkConstraints(name, definition, value);
    const noEcho = String(definition.NoEcho) === 'true';
    const stored = SSM_VALUE.exec(definition.Type);
    if (!stored) {
      values[name] = { value, resolved: isList(definition.Type) ? split(value) : value, isSsm: false, noEcho };
      continue;
    }
    const found = sources.ssm(value);
    if (found === undefined) unfetched.push(value);
    else values[name] = { value, resolved: isList(stored[1]) ? split(found) : found, isSsm: true, noEcho };
  }
  if (unfetched.length > 0) throw validationError(`Unable to fetch parameters [${unfetched.join(',')}] from parameter store for this account.`);
  return values;
}

function rawValue(name: string, definition: ParameterDefinition, given: GivenParameter | undefined, sources: ParameterSources): string | undefined {
  if (given?.UsePreviousValue) {
    const previous = sources.previous?.[name];
    if (!previous) {
      throw validationError(`Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`);
    }
    return previous.value;
  }
  if (given?.ParameterValue !== undefined) return given.ParameterValue;
  return definition.Default === undefined ? undefined : text(definition.Default);
}

function text(value: Value): string {
  return Array.isArray(value) ? value.map(String).join(',') : String(value);
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

/** Commas part a list; blanks around items do not count. */
function split(value: string): string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

function checkType({ Type: type }: ParameterDefinition): void {
  const inner = SSM_VALUE.exec(type)?.[1] ?? type;
  const single = /^List<(.+)>$/.exec(inner)?.[1] ?? inner;
  if (SCALARS.has(inner) || SCALARS.has(single) || /^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$/.test(single)) return;
  throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
}

function checkConstraints(name: string, definition: ParameterDefinition, value: string): void {
  const problem = constraintProblem(name, definition, value);
  if (!problem) return;
  const { ConstraintDescription: description } = definition;
  throw validationError(description ? `Parameter ${name} failed to satisfy constraint: ${description}` : problem);
}

function constraintProblem(name: string, definition: ParameterDefinition, value: string): string | undefined {
  const { Type: type, AllowedValues: allowed, AllowedPattern: pattern, MinLength, MaxLength, MinValue, MaxValue } = definition;
  const items = isList(type) ? split(value) : [value];
  if (/Number/.test(type) && !SSM_VALUE.test(type)) {
    for (const item of items) if (item === '' || Number.isNaN(Number(item))) return `Parameter '${name}' must be a number.`;
    for (const item of items.map(Number)) {
      if (MinValue !== undefined && item < Number(MinValue)) return `Parameter '${name}' must be a number not less than ${MinValue}`;
      if (MaxValue !== undefined && item > Number(MaxValue)) return `Parameter '${name}' must be a number not greater than ${MaxValue}`;
    }
  }
  if (allowed && items.some((item) => !allowed.map(String).includes(item))) return `Parameter '${name}' must be one of AllowedValues`;
  if (pattern !== undefined && items.some((item) => !new RegExp(`^(?:${pattern})$`).test(item))) return `Parameter '${name}' must match pattern ${pattern}`;
  if (MinLength !== undefined && value.length < Number(MinLength)) return `Parameter '${name}' must contain at least ${MinLength} characters`;
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return `Parameter '${name}' must contain at most ${MaxLength} characters`;
  return undefined;
}
