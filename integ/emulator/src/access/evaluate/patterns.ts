import type { ConditionKeys } from './request';
import { valueOf } from './variables';

/** Whether a text fits, given what the variables of the pattern stand for. */
export type TextPattern = (text: string, keys: ConditionKeys) => boolean;

/** A piece of a pattern: text to be met as it is, a wildcard, or a variable. */
type Piece = { readonly text: string } | { readonly wildcard: '*' | '?' } | { readonly variable: string; readonly otherwise?: string };

/** `${name}`, `${name, 'default'}` and the three that stand for a character. */
const VARIABLE = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g;

/** Actions know no case and no variables. */
export function actionPattern(written: string): (action: string) => boolean {
  const expression = new RegExp(`^${wildcardExpression(written)}$`, 'i');
  const seen = new Map<string, boolean>();
  return (action) => {
    let fits = seen.get(action);
    if (fits === undefined) {
      fits = expression.test(action);
      seen.set(action, fits);
    }
    return fits;
  };
}

/** A text with wildcards: the whole of it, wherever colons are. */
export function likePattern(written: string, variables: boolean): TextPattern {
  return patternOf(piecesOf(written, { wildcards: true, variables }));
}

/** A text without wildcards; variables count all the same. */
export function plainPattern(written: string, variables: boolean, anyCase: boolean = false): TextPattern {
  return patternOf(piecesOf(written, { wildcards: false, variables }), anyCase);
}

/** Part by part: a wildcard does not reach across a colon, except in the last part of an ARN. */
export function arnPattern(written: string, variables: boolean): TextPattern {
  const parts = arnParts(written).map((part) => likePattern(part, variables));
  return (text, keys) => {
    const found = arnParts(text);
    return found.length === parts.length && parts.every((fits, at) => fits(found[at], keys));
  };
}

/** As an ARN's, but a star at the end of fewer parts takes in all that follows. */
export function resourcePattern(written: string, variables: boolean): TextPattern {
  if (written === '*') return () => true;
  const count = arnParts(written).length;
  return count < 6 && written.endsWith('*') ? likePattern(written, variables) : arnPattern(written, variables);
}

/** Six parts; what follows the fifth colon is one. Colons inside a variable separate nothing. */
function arnParts(arn: string): string[] {
  const parts: string[] = [];
  let rest = arn;
  while (parts.length < 5) {
    const [head] = /^(?:\$\{[^}]*\}|[^:])*/.exec(rest)!;
    if (head.length === rest.length) break;
    parts.push(head);
    rest = rest.slice(head.length + 1);
  }
  return [...parts, rest];
}

function piecesOf(written: string, { wildcards, variables }: { readonly wildcards: boolean; readonly variables: boolean }): Piece[] {
  const plain = (text: string): Piece[] => {
    if (!wildcards) return text === '' ? [] : [{ text }];
    return text.split(/([*?])/).filter((part) => part !== '').map((part) => (part === '*' || part === '?' ? { wildcard: part } : { text: part }));
  };
  if (!variables) return plain(written);
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of written.matchAll(VARIABLE)) {
    const [whole, name, otherwise] = found;
    pieces.push(...plain(written.slice(end, found.index)));
    pieces.push(name === '*' || name === '?' || name === '$' ? { text: name } : { variable: name, otherwise });
    end = found.index + whole.length;
  }
  return [...pieces, ...plain(written.slice(end))];
}

/** A variable's value is met as it is, wildcards in it included; one that has none makes the whole fit nothing. */
function patternOf(pieces: readonly Piece[], anyCase: boolean = false): TextPattern {
  const flags = anyCase ? 'is' : 's';
  if (!pieces.some((piece) => 'variable' in piece)) {
    const fixed = new RegExp(`^${pieces.map((piece) => expressionOf(piece, undefined)).join('')}$`, flags);
    return (text) => fixed.test(text);
  }
  return (text, keys) => {
    const expressions = pieces.map((piece) => expressionOf(piece, keys));
    return !expressions.includes(undefined) && new RegExp(`^${expressions.join('')}$`, flags).test(text);
  };
}

function expressionOf(piece: Piece, keys: ConditionKeys | undefined): string | undefined {
  if ('text' in piece) return escaped(piece.text);
  if ('wildcard' in piece) return piece.wildcard === '*' ? '.*' : '.';
  const value = keys && valueOf(keys, piece.variable);
  const text = value ?? piece.otherwise;
  return text === undefined ? undefined : escaped(text);
}

function wildcardExpression(written: string): string {
  return escaped(written).replace(/\\\*/g, '.*').replace(/\\\?/g, '.');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
