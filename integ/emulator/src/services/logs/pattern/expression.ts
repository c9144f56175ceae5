/** A value in a pattern: text, quoted or not, with `*` as a wildcard, or a regular expression between `%`. */
export function expressionOf(token: string): RegExp {
  const regular = /^%(.*)%$/.exec(token)?.[1];
  if (regular !== undefined) return new RegExp(regular);
  const text = token.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  return new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`, 's');
}
