import { globMatches, globOf } from '../../kernel/glob';

type Json = unknown;
type Fields = { readonly [name: string]: Json };

/**
 * Whether an event fits a pattern: every field named in it has one of the values listed.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function fits(pattern: Fields, event: Json): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or' && Array.isArray(wanted)) return wanted.some((each) => fits(each as Fields, event));
    const value = (event as Fields | undefined)?.[name];
    if (!Array.isArray(wanted)) return isFields(wanted) && isFields(value) && fits(wanted, value);
    return wanted.some((condition) => holds(condition, value));
  });
}

function holds(condition: Json, value: Json): boolean {
  if (isFields(condition) && 'exists' in condition) return condition.exists === (value !== undefined);
  if (Array.isArray(value)) return value.some((each) => holds(condition, each));
  if (!isFields(condition)) return condition === value;
  const [[operator, operand]] = Object.entries(condition);
  switch (operator) {
    case 'prefix': return isText(value) && compare(operand, value, (text, part) => text.startsWith(part));
    case 'suffix': return isText(value) && compare(operand, value, (text, part) => text.endsWith(part));
    case 'equals-ignore-case': return isText(value) && value.toLowerCase() === String(operand).toLowerCase();
    case 'wildcard': return isText(value) && globMatches(globOf(String(operand)), value);
    case 'anything-but': return value !== undefined && ![operand].flat().some((each) => holds(each, value));
    case 'numeric': return typeof value === 'number' && inRange(operand as ReadonlyArray<string | number>, value);
    default: return false;
  }
}

function compare(operand: Json, text: string, test: (text: string, part: string) => boolean): boolean {
  if (isFields(operand)) return test(text.toLowerCase(), String(operand['equals-ignore-case']).toLowerCase());
  return test(text, String(operand));
}

/** `['>', 0, '<=', 5]` */
function inRange(pairs: ReadonlyArray<string | number>, value: number): boolean {
  for (let at = 0; at < pairs.length; at += 2) {
    const limit = Number(pairs[at + 1]);
    const within = { '=': value === limit, '<': value < limit, '<=': value <= limit, '>': value > limit, '>=': value >= limit }[String(pairs[at])];
    if (!within) return false;
  }
  return true;
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}

function isFields(value: Json): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
