import { valueAt, valueIfAny } from './data';
import type { Surroundings } from './data';
import { failure } from './failure';
import type { Rule } from './types';
import type { Json } from '../../../kernel';
import { globMatches, globOf } from '../../../kernel/glob';

/** Whether a rule of a Choice state holds. */
export function holds(rule: Rule, input: Json, surroundings: Surroundings): boolean {
  if (rule.And) return rule.And.every((inner) => holds(inner, input, surroundings));
  if (rule.Or) return rule.Or.some((inner) => holds(inner, input, surroundings));
  if (rule.Not) return !holds(rule.Not, input, surroundings);

  const [comparison, expected] = Object.entries(rule).find(([name]) => isComparison(name)) ?? [];
  if (comparison === undefined || rule.Variable === undefined) throw failure('States.Runtime', 'text-choice-rule');
  if (comparison === 'IsPresent') return (valueIfAny(rule.Variable, input, surroundings) !== undefined) === expected;
  const value = valueIfAny(rule.Variable, input, surroundings);
  if (value === undefined) {
    throw failure('States.Runtime', 'text-choice-path', { path: rule.Variable });
  }
  const test = TYPE_TESTS[comparison];
  if (test) return test(value) === expected;
  const byPath = comparison.endsWith('Path');
  const right = byPath ? valueAt(String(expected), comparison, input, surroundings) : expected as Json;
  return compared(byPath ? comparison.slice(0, -4) : comparison, value, right);
}

const TYPE_TESTS: { readonly [name: string]: (value: Json) => boolean } = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && instantOf(value) !== undefined,
};

function isComparison(name: string): boolean {
  return name === 'IsPresent' || name in TYPE_TESTS || /^(String|Numeric|Boolean|Timestamp)[A-Z]/.test(name);
}

const ORDER: { readonly [name: string]: (order: number) => boolean } = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

function compared(comparison: string, left: Json, right: Json): boolean {
  const [, type, relation] = /^(String|Numeric|Boolean|Timestamp)(.*)$/.exec(comparison)!;
  if (comparison === 'StringMatches') return typeof left === 'string' && wildcard(String(right)).test(left);
  const [a, b] = [comparable(type, left), comparable(type, right)];
  // A value of another type is no error: the rule does not hold.
  if (a === undefined || b === undefined) return false;
  return ORDER[relation](a < b ? -1 : a > b ? 1 : 0);
}

function comparable(type: string, value: Json): string | number | undefined {
  if (type === 'Numeric') return typeof value === 'number' ? value : undefined;
  if (type === 'Boolean') return typeof value === 'boolean' ? Number(value) : undefined;
  if (typeof value !== 'string') return undefined;
  return type === 'Timestamp' ? instantOf(value) : value;
}

/** RFC 3339 with capital T and Z. */
export function instantOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** `*` stands for anything, `\*` for itself. */
function wildcard(pattern: string): { test(text: string): boolean } {
  const parts = globOf(pattern, { backslash: true });
  return { test: (text) => globMatches(parts, text) };
}
