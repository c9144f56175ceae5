import type { Context } from '../../../wire/operation';
import { partMatch, wholeMatch } from '../pattern';
import type { DocumentContent, ParameterDeclaration } from './types';

/** What a command's parameters are after defaults and types: strings, lists, maps, booleans, numbers. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * The values a command runs with: SendCommand sends lists of strings, the declaration says what they are.
 *
 * @returns a sentence instead when a value may not be
 */
export function resolveValues(context: Context, content: DocumentContent, sent: Readonly<Record<string, readonly string[]>>): Values | string {
  const declarations = content.parameters ?? {};
  const unknown = Object.keys(sent).find((name) => !Object.hasOwn(declarations, name));
  if (unknown !== undefined) return `Parameter ${unknown} is not declared in the document.`;
  const values: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    const given = sent[name];
    if (given === undefined && declaration.default === undefined) return `Parameter ${name} is required.`;
    const value = given === undefined ? declaration.default : fromStrings(declaration, given);
    if (value === undefined) return `Parameter ${name} must be of type ${declaration.type}.`;
    const problem = valueProblem(context, name, declaration, value);
    if (problem) return problem;
    values[name] = value;
  }
  return values;
}

/** Why a value is not one of a declared parameter. */
export function valueProblem(context: Context, name: string, declaration: ParameterDeclaration, value: unknown): string | undefined {
  if (!isOfType(declaration.type, value)) return `Parameter ${name} must be of type ${declaration.type}.`;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const { allowedValues, allowedPattern, minItems, maxItems, minChars, maxChars } = declaration;
  if (minItems !== undefined && items.length < minItems) return `Parameter ${name} must have at least ${minItems} items.`;
  if (maxItems !== undefined && items.length > maxItems) return `Parameter ${name} must have at most ${maxItems} items.`;
  for (const item of items) {
    const text = typeof item === 'string' ? item : JSON.stringify(item);
    if (minChars !== undefined && text.length < minChars) return `Parameter ${name} must have at least ${minChars} characters.`;
    if (maxChars !== undefined && text.length > maxChars) return `Parameter ${name} must have at most ${maxChars} characters.`;
    if (allowedValues && !allowedValues.some((allowed) => String(allowed) === text)) {
      return `Parameter ${name} has a value that is not among the allowed values [${allowedValues.join(', ')}].`;
    }
    if (allowedPattern !== undefined && !matches(context, allowedPattern, text)) {
      return `Parameter ${name} has a value that does not match the allowed pattern ${allowedPattern}.`;
    }
  }
  return undefined;
}

function matches(context: Context, pattern: string, value: string): boolean {
  const expression = context.row<string>('allowed-pattern-match') === 'whole' ? wholeMatch(pattern) : partMatch(pattern);
  return expression?.test(value) ?? false;
}

function fromStrings({ type }: ParameterDeclaration, given: readonly string[]): unknown {
  switch (type) {
    case 'StringList': return given;
    case 'Boolean': return /^(true|false)$/i.test(given[0] ?? '') ? given[0].toLowerCase() === 'true' : undefined;
    case 'Integer': return /^-?\d+$/.test(given[0] ?? '') ? Number(given[0]) : undefined;
    case 'StringMap': return parse(given[0]);
    case 'MapList': return given.map(parse);
    default: return given.length === 1 ? given[0] : undefined;
  }
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'String': return typeof value === 'string';
    case 'StringList': return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'Boolean': return typeof value === 'boolean';
    case 'Integer': return Number.isInteger(value);
    case 'StringMap': return typeof value === 'object' && value !== null && !Array.isArray(value);
    default: return Array.isArray(value);
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
