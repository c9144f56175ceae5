import { ForeignPattern } from '../../../kernel/foreign-pattern';
import { globMatches, globOf } from '../../../kernel/glob';

/** A value in a pattern: text, quoted or not, with `*` as a wildcard, or a regular expression between `%`. */
export function expressionOf(token: string): { test(text: string): boolean } {
  const regular = /^%(.*)%$/.exec(token)?.[1];
  if (regular !== undefined) return new ForeignPattern(regular);
  const parts = globOf(token.replace(/^"|"$/g, ''), { backslash: true });
  return { test: (text) => globMatches(parts, text) };
}
