/**
 * JMESPath, as `--query` takes it: all of the grammar but expression types outside the `*_by` functions and `map`, and of the
 * functions those in `FUNCTIONS` and `BY`. Written here because the only package of that name would be one more dependency.
 */
export class JmesPathError extends Error {}

export function search(expression: string, data: unknown): unknown {
  const parser = new Parser(tokenize(expression));
  const node = parser.expression(0);
  parser.end();
  return node(data, data);
}

/** Evaluates to a value, at a place in the data. */
type Node = (current: unknown, root: unknown) => unknown;

interface Token {
  readonly type: string;
  readonly value: unknown;
  readonly at: number;
}

const SYMBOLS = ['[?', '[]', '||', '&&', '==', '!=', '<=', '>=', '.', '*', '[', ']', '{', '}', '(', ')', ',', ':', '|', '<', '>', '!', '@', '&'];

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^\s+/.exec(rest)?.[0];
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    const number = /^-?\d+/.exec(rest)?.[0];
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0];
    const raw = /^'(?:[^'\\]|\\.)*'/.exec(rest)?.[0];
    const literal = /^`(?:[^`\\]|\\.)*`/.exec(rest)?.[0];
    const symbol = SYMBOLS.find((candidate) => rest.startsWith(candidate));
    if (blank) at += blank.length;
    else if (name) at += push('name', name, name.length);
    else if (number) at += push('number', Number(number), number.length);
    else if (quoted) at += push('quoted', JSON.parse(quoted), quoted.length);
    else if (raw) at += push('literal', raw.slice(1, -1).replace(/\\'/g, '\''), raw.length);
    else if (literal) at += push('literal', parseLiteral(literal.slice(1, -1).replace(/\\`/g, '`')), literal.length);
    else if (symbol) at += push(symbol, symbol, symbol.length);
    else throw new JmesPathError(`Bad jmespath expression: Unknown token ${rest[0]}: ${text}`);
  }
  tokens.push({ type: 'end', value: undefined, at });
  return tokens;

  function push(type: string, value: unknown, length: number): number {
    tokens.push({ type, value, at });
    return length;
  }
}

function parseLiteral(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

/** How tightly a token binds what stands left of it. */
const POWER: Readonly<Record<string, number>> = {
  '|': 1, '||': 2, '&&': 3, '==': 5, '!=': 5, '<': 5, '>': 5, '<=': 5, '>=': 5, '[]': 9, '[?': 21, '.': 40, '[': 55,
};

/** What binds less tightly than this ends a projection. */
const ENDS_PROJECTION = 10;

const identity: Node = (current) => current;

class Parser {
  private at = 0;

  public constructor(private readonly tokens: readonly Token[]) {}

  public end(): void {
    this.expect('end');
  }

  public expression(power: number): Node {
    let left = this.prefix();
    while ((POWER[this.peek().type] ?? 0) > power) left = this.infix(left);
    return left;
  }

  private prefix(): Node {
    const token = this.next();
    switch (token.type) {
      case 'literal': return () => token.value;
      case 'quoted': return field(String(token.value));
      case 'name': return this.peek().type === '(' ? this.call(String(token.value)) : field(String(token.value));
      case '@': return identity;
      case '*': return this.projection(identity, values);
      case '[]': return this.projection(identity, flatten);
      case '[?': return this.filter(identity);
      case '[': return this.bracket(identity, true);
      case '{': return this.hash();
      case '!': {
        const inner = this.expression(45);
        return (current, root) => !isTrue(inner(current, root));
      }
      case '&': {
        const inner = this.expression(0);
        return () => inner;
      }
      case '(': {
        const inner = this.expression(0);
        this.expect(')');
        return inner;
      }
      default: throw this.unexpected(token);
    }
  }

  private infix(left: Node): Node {
    const token = this.next();
    switch (token.type) {
      case '.': return this.dot(left);
      case '[]': return this.projection(left, flatten);
      case '[?': return this.filter(left);
      case '[': return this.bracket(left, false);
      case '|': return chain(left, this.expression(POWER['|']));
      case '||': {
        const right = this.expression(POWER['||']);
        return (current, root) => {
          const value = left(current, root);
          return isTrue(value) ? value : right(current, root);
        };
      }
      case '&&': {
        const right = this.expression(POWER['&&']);
        return (current, root) => {
          const value = left(current, root);
          return isTrue(value) ? right(current, root) : value;
        };
      }
      default: return compare(token.type, left, this.expression(POWER[token.type]));
    }
  }

  private dot(left: Node): Node {
    const { type } = this.peek();
    if (type === '*') {
      this.next();
      return this.projection(left, values);
    }
    if (type === '{') {
      this.next();
      return orNull(left, this.hash());
    }
    if (type === '[') {
      this.next();
      return orNull(left, this.list());
    }
    return chain(left, this.expression(POWER['.']));
  }

  /** After `[`: an index, a slice, `*`, or a list of expressions. */
  private bracket(left: Node, mayBeList: boolean): Node {
    const { type } = this.peek();
    if (type === 'number' || type === ':') return this.indexOrSlice(left);
    if (type === '*' && this.tokens[this.at + 1].type === ']') {
      this.at += 2;
      return this.projection(left, (value) => (Array.isArray(value) ? value : undefined));
    }
    if (!mayBeList) throw this.unexpected(this.peek());
    return this.list();
  }

  private indexOrSlice(left: Node): Node {
    const parts: Array<number | undefined> = [undefined];
    for (let token = this.next(); token.type !== ']'; token = this.next()) {
      if (token.type === ':') parts.push(undefined);
      else if (token.type === 'number') parts[parts.length - 1] = Number(token.value);
      else throw this.unexpected(token);
    }
    if (parts.length === 1) {
      const index = parts[0]!;
      return (current, root) => {
        const value = left(current, root);
        return Array.isArray(value) ? value.at(index) ?? null : null;
      };
    }
    return this.projection(left, (value) => (Array.isArray(value) ? slice(value, parts) : undefined));
  }

  private filter(left: Node): Node {
    const condition = this.expression(0);
    this.expect(']');
    return this.projection(left, (value, root) => (Array.isArray(value) ? value.filter((item) => isTrue(condition(item, root))) : undefined));
  }

  /** What follows applies to every item; nulls fall out. */
  private projection(left: Node, items: (value: unknown, root: unknown) => unknown[] | undefined): Node {
    const right = this.projected();
    return (current, root) => {
      const list = items(left(current, root), root);
      return list === undefined ? null : list.map((item) => right(item, root)).filter((item) => item !== null && item !== undefined);
    };
  }

  private projected(): Node {
    const { type } = this.peek();
    if ((POWER[type] ?? 0) < ENDS_PROJECTION) return identity;
    if (type === '.') {
      this.next();
      let node = this.dot(identity);
      while ((POWER[this.peek().type] ?? 0) >= ENDS_PROJECTION) node = this.infix(node);
      return node;
    }
    let node = identity;
    while ((POWER[this.peek().type] ?? 0) >= ENDS_PROJECTION) node = this.infix(node);
    return node;
  }

  private list(): Node {
    const nodes = this.sequence(']');
    return (current, root) => nodes.map((node) => node(current, root) ?? null);
  }

  private hash(): Node {
    const entries: Array<[string, Node]> = [];
    do {
      const key = this.next();
      if (key.type !== 'name' && key.type !== 'quoted') throw this.unexpected(key);
      this.expect(':');
      entries.push([String(key.value), this.expression(0)]);
    } while (this.more('}'));
    return (current, root) => Object.fromEntries(entries.map(([key, node]) => [key, node(current, root) ?? null]));
  }

  private call(name: string): Node {
    this.expect('(');
    const nodes = this.peek().type === ')' ? (this.next(), []) : this.sequence(')');
    if (!Object.hasOwn(FUNCTIONS, name) && !Object.hasOwn(BY, name)) throw new JmesPathError(`Unknown function: ${name}()`);
    return (current, root) => {
      const given = nodes.map((node) => node(current, root));
      if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name](...given) ?? null;
      const key = given.find((argument) => typeof argument === 'function') as Node | undefined;
      const list = given.find((argument) => typeof argument !== 'function');
      if (!key) throw new JmesPathError(`${name}() takes an expression`);
      return list === null || list === undefined ? null : BY[name](list as unknown[], (item) => key(item, root)) ?? null;
    };
  }

  private sequence(close: string): Node[] {
    const nodes: Node[] = [];
    do nodes.push(this.expression(0));
    while (this.more(close));
    return nodes;
  }

  private more(close: string): boolean {
    const token = this.next();
    if (token.type === close) return false;
    if (token.type !== ',') throw this.unexpected(token);
    return true;
  }

  private peek(): Token {
    return this.tokens[this.at];
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (token.type !== 'end') this.at += 1;
    return token;
  }

  private expect(type: string): void {
    const token = this.next();
    if (token.type !== type) throw this.unexpected(token);
  }

  private unexpected({ type, at }: Token): JmesPathError {
    return new JmesPathError(`Bad value for --query: invalid token: Parse error at column ${at}, token "${type}"`);
  }
}

function field(name: string): Node {
  return (current) => (isRecord(current) && Object.hasOwn(current, name) ? current[name] ?? null : null);
}

function chain(left: Node, right: Node): Node {
  return (current, root) => right(left(current, root), root);
}

function orNull(left: Node, right: Node): Node {
  return (current, root) => {
    const value = left(current, root);
    return value === null || value === undefined ? null : right(value, root);
  };
}

function compare(operator: string, left: Node, right: Node): Node {
  return (current, root) => {
    const [a, b] = [left(current, root), right(current, root)];
    if (operator === '==') return isEqual(a, b);
    if (operator === '!=') return !isEqual(a, b);
    // Only numbers are ordered by the specification; the CLI's library orders strings as well.
    if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string')) return null;
    const [x, y] = [a as number, b as number];
    switch (operator) {
      case '<': return x < y;
      case '<=': return x <= y;
      case '>': return x > y;
      default: return x >= y;
    }
  };
}

function values(value: unknown): unknown[] | undefined {
  return isRecord(value) ? Object.values(value) : undefined;
}

function flatten(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value.flat(1) : undefined;
}

function slice(list: readonly unknown[], [from, to, step = 1]: ReadonlyArray<number | undefined>): unknown[] {
  if (step === 0) throw new JmesPathError('slice step cannot be 0');
  const [least, most] = step < 0 ? [-1, list.length - 1] : [0, list.length];
  const clamp = (index: number): number => (index < 0 ? Math.max(least, index + list.length) : Math.min(index, most));
  const start = from === undefined ? (step < 0 ? list.length - 1 : 0) : clamp(from);
  const stop = to === undefined ? (step < 0 ? -1 : list.length) : clamp(to);
  const found: unknown[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) found.push(list[index]);
  return found;
}

function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) ? Object.keys(value).length > 0 : true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

function order(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

const FUNCTIONS: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
  abs: (value) => Math.abs(value as number),
  avg: (list) => (list as number[]).reduce((sum, item) => sum + item, 0) / (list as number[]).length,
  ceil: (value) => Math.ceil(value as number),
  contains: (whole, part) => (Array.isArray(whole) ? whole.some((item) => isEqual(item, part)) : String(whole).includes(String(part))),
  ends_with: (text, end) => String(text).endsWith(String(end)),
  floor: (value) => Math.floor(value as number),
  join: (glue, list) => (list as string[]).join(String(glue)),
  keys: (value) => Object.keys(value as object),
  length: (value) => (typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value as object).length),
  max: (list) => [...list as unknown[]].sort(order).at(-1),
  merge: (...given) => Object.assign({}, ...given as object[]) as unknown,
  min: (list) => [...list as unknown[]].sort(order)[0],
  not_null: (...given) => given.find((value) => value !== null && value !== undefined),
  reverse: (value) => (typeof value === 'string' ? [...value].reverse().join('') : [...value as unknown[]].reverse()),
  sort: (list) => [...list as unknown[]].sort(order),
  starts_with: (text, start) => String(text).startsWith(String(start)),
  sum: (list) => (list as number[]).reduce((sum, item) => sum + item, 0),
  to_array: (value) => (Array.isArray(value) ? value : [value]),
  to_number: (value) => (Number.isNaN(Number(value)) ? null : Number(value)),
  to_string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  type: (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
  values: (value) => Object.values(value as object),
};

const BY: Readonly<Record<string, (list: unknown[], key: (item: unknown) => unknown) => unknown>> = {
  map: (list, key) => list.map((item) => key(item) ?? null),
  max_by: (list, key) => [...list].sort((a, b) => order(key(a), key(b))).at(-1),
  min_by: (list, key) => [...list].sort((a, b) => order(key(a), key(b)))[0],
  sort_by: (list, key) => [...list].sort((a, b) => order(key(a), key(b))),
};
