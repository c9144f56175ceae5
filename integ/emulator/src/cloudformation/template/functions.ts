import { notBuilt } from '../errors';
import { isCustomResource, specOf } from '../spec';
import { functionOf, isObject, own } from './template';
import type { Template, Value } from './template';
import { refused } from '../texts';

const SUPPORTED = 'Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, '
  + 'Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr';

const KNOWN = new Set([...SUPPORTED.split(', '), 'Fn::Length', 'Fn::ToJsonString']);

const NOT_BUILT = new Set(['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll', 'Fn::Transform', 'Fn::GetStackOutput']);

interface Arguments {
  readonly least: number;
  readonly most: number;
  readonly problem: string;
}

/** How many arguments a function takes, and what is said of any other number. */
const ARGUMENTS: { readonly [name: string]: Arguments } = {
  'Fn::If': { least: 2, most: 3, problem: 'Fn::If requires a list argument with two or three parameters' },
  'Fn::Equals': { least: 2, most: 2, problem: 'Fn::Equals requires a list argument with two parameters.' },
  'Fn::Not': { least: 1, most: 1, problem: 'Fn::Not requires a list argument with one parameter.' },
  'Fn::And': { least: 2, most: 10, problem: 'every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.' },
  'Fn::Or': { least: 2, most: 10, problem: 'every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.' },
  'Fn::Contains': { least: 2, most: 2, problem: 'Fn::Contains requires a list argument with two parameters.' },
  'Fn::EachMemberEquals': { least: 2, most: 2, problem: 'Fn::EachMemberEquals requires a list argument with two parameters.' },
  'Fn::EachMemberIn': { least: 2, most: 2, problem: 'Fn::EachMemberIn requires a list argument with two parameters.' },
  'Fn::Join': {
    least: 2,
    most: 2,
    problem: 'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that '
      + 'returns a list of strings (such as Fn::GetAZs) to be joined.',
  },
  'Fn::Split': {
    least: 2,
    most: 2,
    problem: 'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
  },
  'Fn::Select': { least: 2, most: 2, problem: 'Fn::Select requires a list argument with two elements: an integer index and a list' },
};

/** The list of a function's arguments; how many there must be depends on the function. */
export function argumentsOf(name: string, argument: Value): readonly Value[] {
  const { least, most, problem } = ARGUMENTS[name];
  const list = Array.isArray(argument) ? argument as readonly Value[] : undefined;
  if (!list || list.length < least || list.length > most) throw refused('text-condition-function', { problem });
  return list;
}

/** What is said of a function that nobody evaluates. */
export function unsupported(name: string): Error {
  if (NOT_BUILT.has(name) || name.startsWith('Fn::ForEach')) return notBuilt(name);
  return refused('text-unsupported-function', { name, supported: SUPPORTED });
}

/** @throws when a function does not exist or cannot be called so, as far as that is known without any value */
export function checkFunctions(template: Template): void {
  const visit = (value: Value | undefined): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isObject(value)) return;
    const called = functionOf(value);
    if (called) checkCall(template, called.name, called.argument);
    Object.values(value).forEach(visit);
  };
  for (const { Properties: properties, UpdatePolicy: updatePolicy } of Object.values(template.Resources)) [properties, updatePolicy].forEach(visit);
  for (const { Value: value, Export: exported } of Object.values(template.Outputs ?? {})) [value, exported?.Name].forEach(visit);
  for (const condition of Object.values(template.Conditions ?? {})) visit(condition);
}

function checkCall(template: Template, name: string, argument: Value): void {
  if (!KNOWN.has(name) || NOT_BUILT.has(name)) throw unsupported(name);
  if (name === 'Fn::GetAtt') {
    const [logicalId, attribute] = getAttArguments(argument);
    if (typeof logicalId === 'string' && typeof attribute === 'string') checkAttribute(template, logicalId, attribute);
  }
  if (!Object.hasOwn(ARGUMENTS, name)) return;
  const [delimiter, items] = argumentsOf(name, argument);
  if (name === 'Fn::Join' && (typeof delimiter !== 'string' || (!Array.isArray(items) && !functionOf(items)))) throw refused('text-join-parameters');
}

/** Resource and attribute of `Fn::GetAtt`; the attribute may be a function. */
export function getAttArguments(argument: Value): readonly [logicalId: Value, attribute: Value] {
  const dot = typeof argument === 'string' ? argument.indexOf('.') : -1;
  const parts = typeof argument === 'string' && dot > 0 ? [argument.slice(0, dot), argument.slice(dot + 1)] : argument as Value;
  if (!Array.isArray(parts) || parts.length < 2 || parts.includes('')) throw refused('text-get-att-parameters');
  const [logicalId, ...rest] = parts as readonly Value[];
  return [logicalId, rest.length === 1 ? rest[0] : rest.every((part) => typeof part === 'string') ? rest.join('.') : rest];
}

/** Custom resources and stacks tell their attributes when they are made; of all others the specification knows them. */
function checkAttribute(template: Template, logicalId: string, name: string): void {
  const type = own(template.Resources, logicalId)?.Type;
  if (type === undefined || isCustomResource(type) || type.startsWith('AWS::CloudFormation::')) return;
  const spec = specOf(type);
  const [first] = name.split('.');
  if (!spec || [spec.attributes, spec.properties].some((known) => known?.[first] !== undefined || known?.[name] !== undefined)) return;
  throw refused('text-no-such-attribute', { logicalId, name });
}
