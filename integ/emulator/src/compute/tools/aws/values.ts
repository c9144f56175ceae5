import type { ListShape, MapShape, Shape, StructureShape } from '../../../wire/model';
import { parseTimestamp } from '../../../wire/timestamp';

/** The arguments do not say what the operation takes. */
export class UsageError extends Error {}

/** Turns what stands behind an option into a value of its shape. `texts` are the words up to the next option. */
export function parseOption(name: string, shape: Shape, texts: readonly string[], isBase64: boolean): unknown {
  const joined = texts.join(' ').trim();
  if (shape.type === 'list' && !/^[[{]/.test(joined)) {
    const { shape: item } = shape.member;
    return texts.flatMap((text) => (isScalar(item) ? [parseScalarText(name, item, text, isBase64)] : [shorthand(name, item, text, isBase64)]));
  }
  if (isScalar(shape)) {
    if (texts.length !== 1) throw new UsageError(texts.length === 0 ? `argument --${name}: expected one argument` : `Unknown options: ${texts.slice(1).join(', ')}`);
    return parseScalarText(name, shape, texts[0], isBase64);
  }
  if (/^[[{]/.test(joined)) return fromJson(name, shape, parseJson(name, joined));
  return shorthand(name, shape, texts.join(','), isBase64);
}

function isScalar({ type }: Shape): boolean {
  return type !== 'list' && type !== 'map' && type !== 'structure';
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Error parsing parameter '--${name}': Invalid JSON: ${(error as Error).message}\nJSON received: ${text}`);
  }
}

/** A value given as JSON: blobs are base64, moments text or numbers. */
export function fromJson(name: string, shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.type) {
    case 'structure': {
      const entries = Object.entries(value as object).map(([key, inner]) => {
        const member = shape.members.get(key);
        if (!member && !shape.document) throw new UsageError(`Parameter validation failed:\nUnknown parameter in input: "${key}", must be one of: ${[...shape.members.keys()].join(', ')}`);
        return [key, member ? fromJson(name, member.shape, inner) : inner];
      });
      return Object.fromEntries(entries) as unknown;
    }
    case 'list': return (Array.isArray(value) ? value : [value]).map((item) => fromJson(name, shape.member.shape, item));
    case 'map': return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, fromJson(name, shape.value.shape, inner)]));
    case 'blob': return Buffer.from(String(value), 'base64');
    case 'timestamp': return moment(name, String(value));
    default: return value;
  }
}

function parseScalarText(name: string, { type }: Shape, text: string, isBase64: boolean): unknown {
  switch (type) {
    case 'integer':
    case 'long':
      if (!/^-?\d+$/.test(text)) throw new UsageError(`argument --${name}: invalid int value: '${text}'`);
      return Number(text);
    case 'float':
    case 'double': return Number(text);
    case 'boolean': return text.toLowerCase() === 'true';
    case 'blob': return isBase64 ? decode(text) : Buffer.from(text, 'utf8');
    case 'timestamp': return moment(name, text);
    default: return text;
  }
}

function decode(text: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw new UsageError(`Invalid base64: "${text}"`);
  return Buffer.from(text, 'base64');
}

function moment(name: string, text: string): Date {
  const found = parseTimestamp(text);
  if (!found) throw new UsageError(`Error parsing parameter '--${name}': invalid timestamp "${text}"`);
  return found;
}

/** `Key=Name,Values=a,b` and `name=a,b`: the CLI's own notation for structures and maps. */
function shorthand(name: string, shape: Shape, text: string, isBase64: boolean): unknown {
  if (/^[[{]/.test(text.trim())) return fromJson(name, shape, parseJson(name, text));
  if (shape.type === 'list') return shape.member.shape.type === 'structure' ? [shorthand(name, shape.member.shape, text, isBase64)] : text.split(',');
  const result: Record<string, unknown> = {};
  for (const [key, texts] of pairs(name, text)) {
    const inner = shape.type === 'structure' ? memberOf(shape, key) : (shape as MapShape).value.shape;
    result[key] = inner.type === 'list'
      ? texts.flatMap((one) => items(inner, one)).map((one) => parseScalarText(name, inner.member.shape, one, isBase64))
      : isScalar(inner) ? parseScalarText(name, inner, texts.join(','), isBase64) : shorthand(name, inner, unwrap(texts.join(',')), isBase64);
  }
  return result;
}

function memberOf(shape: StructureShape, key: string): Shape {
  const member = shape.members.get(key);
  if (!member) throw new UsageError(`Parameter validation failed:\nUnknown parameter in input: "${key}", must be one of: ${[...shape.members.keys()].join(', ')}`);
  return member.shape;
}

/** `a=1,2,b=3` is `a` with two values and `b` with one. Commas inside quotes and brackets do not part. */
function pairs(name: string, text: string): Array<[string, string[]]> {
  const found: Array<[string, string[]]> = [];
  for (const part of split(text)) {
    const equals = /^([\w.:/-]+)=([^]*)$/.exec(part);
    if (equals) found.push([equals[1], [unquote(equals[2])]]);
    else if (found.length > 0) found[found.length - 1][1].push(unquote(part));
    else throw new UsageError(`Error parsing parameter '--${name}': Expected: '=', received: 'EOF' for input:\n${text}`);
  }
  return found;
}

function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quote !== '' || letter === '"' || letter === '\'') {
      quote = quote === '' ? letter : letter === quote ? '' : quote;
      continue;
    }
    if (letter === '[' || letter === '{') depth += 1;
    if (letter === ']' || letter === '}') depth -= 1;
    if (letter !== ',' || depth > 0) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

function items(_: ListShape, text: string): string[] {
  return /^\[.*\]$/s.test(text) ? split(text.slice(1, -1)).map(unquote) : [text];
}

function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function unwrap(text: string): string {
  return /^\{.*\}$/s.test(text) ? text.slice(1, -1) : text;
}
