import { columnPattern } from './column-pattern';
import { jsonPattern } from './json-pattern';
import type { Matches } from './matches';
import { ForeignPattern } from '../../../kernel/foreign-pattern';

/**
 * What a filter pattern finds: all plain terms, none of the `-` ones, and one of the `?` ones if there are no others; or a selector for JSON, in braces,
 * or for columns, in brackets.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterPattern(pattern: string = ''): Matches {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('[')) return columnPattern(text);
  return terms(text);
}

function terms(text: string): Matches {
  const required: Matches[] = [];
  const optional: Matches[] = [];
  for (const [, sign, quoted, expression, word] of text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|(\S+))/g)) {
    const matches = expression === undefined ? contains(quoted?.replace(/\\(.)/g, '$1') ?? word) : fits(expression);
    if (sign === '?') optional.push(matches);
    else required.push(sign === '-' ? (message) => !matches(message) : matches);
  }
  // AWS ignores the optional terms where there are others.
  return (message) => required.every((matches) => matches(message))
    && (required.length > 0 || optional.some((matches) => matches(message)));
}

function contains(term: string): Matches {
  return (message) => message.includes(term);
}

function fits(expression: string): Matches {
  const regular = new ForeignPattern(expression);
  return (message) => regular.test(message);
}
