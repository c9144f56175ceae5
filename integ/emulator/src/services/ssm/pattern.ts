import { ForeignPattern } from '../../kernel/foreign-pattern';

/** An expression that must match a whole value, as Java's `matches` does; undefined when it is none. */
export function wholeMatch(pattern: string): ForeignPattern | undefined {
  return expression(`^(?:${pattern})$`);
}

/** An expression that may match anywhere in a value. */
export function partMatch(pattern: string): ForeignPattern | undefined {
  return expression(pattern);
}

function expression(source: string): ForeignPattern | undefined {
  try {
    // `\A` and `\Z` are Java's; the rest of what documents use is the same in both languages.
    return new ForeignPattern(source.replace(/\\A/g, '^').replace(/\\[zZ]/g, '$'), 's');
  } catch {
    return undefined;
  }
}
