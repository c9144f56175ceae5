import type { ParameterDefinition, Template, Value } from './template';
import { own } from './template';
import { ForeignPattern } from '../../kernel/foreign-pattern';
import type { Refusal } from '../../wire/operation';
import { refused } from '../texts';

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
  const unknown = given.map(({ ParameterKey }) => ParameterKey!).filter((key) => !Object.hasOwn(definitions, key));
  if (unknown.length > 0) throw refused('text-unknown-parameters', { unknown: unknown.join(', ') });
  const byKey = new Map(given.map((each) => [each.ParameterKey!, each]));
  const raw = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const value = rawValue(name, definition, byKey.get(name), sources);
    if (value === undefined) missing.push(name);
    else raw.set(name, value);
  }
  if (missing.length > 0) throw refused('text-missing-parameters', { missing: missing.join(', ') });
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
  if (unfetched.length > 0) throw refused('text-ssm-parameter-missing', { unfetched: unfetched.join(',') });
  return values;
}

function rawValue(name: string, definition: ParameterDefinition, given: GivenParameter | undefined, sources: ParameterSources): string | undefined {
  if (given?.UsePreviousValue) {
    const previous = own(sources.previous, name);
    if (!previous) {
      throw refused('text-no-previous-value', { name });
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
  throw refused('text-parameter-type', { type });
}

function checkConstraints(name: string, definition: ParameterDefinition, value: string): void {
  const problem = constraintProblem(name, definition, value);
  if (!problem) return;
  const { ConstraintDescription: description } = definition;
  throw description ? refused('text-parameter-constraint', { name, description }) : problem;
}

function constraintProblem(name: string, definition: ParameterDefinition, value: string): Refusal | undefined {
  const { Type: type, AllowedValues: allowed, AllowedPattern: pattern, MinLength, MaxLength, MinValue, MaxValue } = definition;
  const items = isList(type) ? split(value) : [value];
  if (/Number/.test(type) && !SSM_VALUE.test(type)) {
    for (const item of items) if (item === '' || Number.isNaN(Number(item))) return refused('text-parameter-not-a-number', { name });
    for (const item of items.map(Number)) {
      if (MinValue !== undefined && item < Number(MinValue)) return refused('text-parameter-too-small', { name, least: String(MinValue) });
      if (MaxValue !== undefined && item > Number(MaxValue)) return refused('text-parameter-too-large', { name, most: String(MaxValue) });
    }
  }
  if (allowed && items.some((item) => !allowed.map(String).includes(item))) return refused('text-parameter-not-allowed', { name });
  if (pattern !== undefined && !allFit(pattern, items)) return refused('text-parameter-pattern', { name, pattern: String(pattern) });
  if (MinLength !== undefined && value.length < Number(MinLength)) return refused('text-parameter-too-short', { name, least: String(MinLength) });
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return refused('text-parameter-too-long', { name, most: String(MaxLength) });
  return undefined;
}

/** What is no expression to Java fits nothing here either. */
function allFit(pattern: string, items: readonly string[]): boolean {
  try {
    const whole = new ForeignPattern(`^(?:${pattern})$`);
    return items.every((item) => whole.test(item));
  } catch {
    return false;
  }
}
