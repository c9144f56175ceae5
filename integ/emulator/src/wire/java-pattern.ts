/**
 * AWS checks patterns with Java's regular expressions, against the whole value. What the models use of Java and
 * JavaScript lacks is little: inline flags, POSIX classes, possessive quantifiers, \A and \z.
 */
const compiled = new Map<string, RegExp | undefined>();

/** Patterns no value is held against, because JavaScript cannot read them. */
export const UNREADABLE_PATTERNS = new Set<string>();

/** @returns undefined, and notes the pattern, when it cannot be put into JavaScript */
export function javaPattern(pattern: string): RegExp | undefined {
  if (!compiled.has(pattern)) {
    const regExp = compile(pattern);
    if (!regExp) UNREADABLE_PATTERNS.add(pattern);
    compiled.set(pattern, regExp);
  }
  return compiled.get(pattern);
}

const POSIX: Readonly<Record<string, string>> = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Blank: ' \\t',
  Space: '\\s',
  XDigit: '0-9a-fA-F',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Cntrl: '\\x00-\\x1f\\x7f',
};

function compile(pattern: string): RegExp | undefined {
  const inline = /^(\^?)\(\?([is]+)\)/.exec(pattern);
  const flags = inline?.[2] ?? '';
  const source = translate(inline ? inline[1] + pattern.slice(inline[0].length) : pattern);
  // The modes differ: without u stray escapes are allowed, with u there are \p{…} and characters beyond 16 bits.
  const modes = /\\[pP]\{/.test(source) ? ['u'] : ['', 'u'];
  // A possessive quantifier refuses no value that matters here: the greedy one takes its place.
  const sources = [source, source.replace(/([*+?}])\+/g, '$1')];
  for (const candidate of sources) {
    for (const mode of modes) {
      try {
        return new RegExp(`^(?:${candidate})$`, flags + mode);
      } catch {
        // The next form may do.
      }
    }
  }
  return undefined;
}

function translate(pattern: string): string {
  let inClass = false;
  return pattern.replace(/\\p\{(\w+)\}|\\.|[[\]]/gs, (token, name: string | undefined) => {
    if (name !== undefined) {
      const posix = POSIX[name];
      if (posix === undefined) return token;
      return inClass ? posix : `[${posix}]`;
    }
    if (token === '\\A') return '^';
    if (token === '\\z' || token === '\\Z') return '$';
    if (token === '[') inClass = true;
    if (token === ']') inClass = false;
    return token;
  });
}
