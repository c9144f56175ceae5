/** A pattern as its parts: text, any one character, anything at all. */
export type GlobPart = string | typeof ANY_CHARACTER | typeof ANYTHING;

export const ANY_CHARACTER = Symbol('any character');
export const ANYTHING = Symbol('anything');

/** Reads `*` and, where the language has it, `?`; a backslash takes away their meaning where it says so. */
export function globOf(pattern: string, language: { readonly question?: boolean; readonly backslash?: boolean } = {}): GlobPart[] {
  const parts: GlobPart[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '*') parts.push(ANYTHING);
    else if (character === '?' && language.question) parts.push(ANY_CHARACTER);
    else if (character === '\\' && language.backslash && at + 1 < pattern.length) parts.push(pattern[++at]);
    else parts.push(character);
  }
  return parts;
}

/**
 * Whether the whole text fits. Only the last `*` is ever taken back, so that no pattern takes longer than its length times the text's:
 * a regular expression made from it may take for ever.
 */
export function globMatches(parts: readonly GlobPart[], text: string): boolean {
  let [part, at] = [0, 0];
  let star: { readonly part: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted === ANYTHING) {
      star = { part: ++part, at };
    } else if (wanted !== undefined && (wanted === ANY_CHARACTER || wanted === text[at])) {
      part += 1;
      at += 1;
    } else if (star) {
      [part, at] = [star.part, ++star.at];
    } else {
      return false;
    }
  }
  while (parts[part] === ANYTHING) part += 1;
  return part === parts.length;
}
