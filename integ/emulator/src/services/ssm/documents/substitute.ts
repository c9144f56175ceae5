import { isObject } from './types';
import type { Values } from './values';

/** Looks up `{{ssm:name}}`; the value stands in the text as it is. */
export type ParameterLookup = (name: string) => string;

/**
 * Puts values in the place of `{{ name }}`, as the agent does: textually, without any quoting.
 *
 * A string that is nothing but one reference becomes the value itself, list or number; inside a longer string a
 * value that is no string stands as JSON.
 */
export function substitute(input: unknown, values: Values): unknown {
  if (Array.isArray(input)) return input.map((item) => substitute(item, values));
  if (isObject(input)) return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, substitute(value, values)]));
  if (typeof input !== 'string') return input;
  const single = /^\{\{\s*([a-zA-Z0-9]+)\s*\}\}$/.exec(input);
  if (single && Object.hasOwn(values, single[1])) return values[single[1]];
  return input.replace(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g, (whole, name: string) => {
    if (!Object.hasOwn(values, name)) return whole;
    const value = values[name];
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** Resolves references to Parameter Store and to the command's surroundings, before parameters are put in. */
export function resolveReferences(input: unknown, lookup: ParameterLookup, surroundings: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(input)) return input.map((item) => resolveReferences(item, lookup, surroundings));
  if (isObject(input)) {
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, resolveReferences(value, lookup, surroundings)]));
  }
  if (typeof input !== 'string') return input;
  return input
    .replace(/\{\{\s*ssm:([\w./-]+(?::\d+)?)\s*\}\}/g, (_, name: string) => lookup(name))
    .replace(/\{\{\s*(global:[A-Z_]+)\s*\}\}/g, (whole, name: string) => surroundings[name] ?? whole);
}

/** The lines of a step: strings and lists of strings, nested as they come. */
export function commandLines(runCommand: unknown): string[] {
  if (Array.isArray(runCommand)) return runCommand.flatMap(commandLines);
  return typeof runCommand === 'string' ? [runCommand] : [];
}
