import type { Json } from '../../../kernel';

/** What is wrong with a path itself. */
/** A path that cannot be read from a place on. */
export class PathSyntaxError extends Error {
  public constructor(public readonly path: string, public readonly at: number) {
    super(path);
  }
}

type Step =
  | { readonly kind: 'names'; readonly names: ReadonlyArray<string | number> }
  | { readonly kind: 'all' }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly by: number }
  | { readonly kind: 'filter'; readonly test: (item: Json, root: Json) => boolean }
  | { readonly kind: 'deep' };

/** A path, read once: steps, and whether it can only ever mean one place. */
export interface Path {
  readonly steps: readonly Step[];
  readonly definite: boolean;
}

const read = new Map<string, Path>();

export function parsePath(text: string): Path {
  let path = read.get(text);
  if (!path) {
    path = new Reader(text).path();
    read.set(text, path);
  }
  return path;
}

/** What a path selects: a definite one its value, or undefined when there is none; another the list of what it finds. */
export function select(text: string, root: Json): Json | undefined {
  const path = parsePath(text);
  const found = walk(path.steps, root, root);
  return path.definite ? found[0] : found;
}

function walk(steps: readonly Step[], value: Json, root: Json): Json[] {
  const [step, ...rest] = steps;
  if (!step) return [value];
  return next(step, value, root).flatMap((child) => walk(rest, child, root));
}

function next(step: Step, value: Json, root: Json): Json[] {
  switch (step.kind) {
    case 'names':
      return step.names.flatMap((name) => {
        const child = member(value, name);
        return child === undefined ? [] : [child];
      });
    case 'all':
      return children(value);
    case 'slice':
      return Array.isArray(value) ? sliced(value as readonly Json[], step) : [];
    case 'filter':
      return children(value).filter((child) => step.test(child, root));
    case 'deep':
      return [value, ...children(value).flatMap((child) => next(step, child, root))];
  }
}

function member(value: Json, name: string | number): Json | undefined {
  if (Array.isArray(value)) {
    if (typeof name !== 'number') return undefined;
    return (value as readonly Json[]).at(name);
  }
  if (value === null || typeof value !== 'object' || typeof name !== 'string' || !Object.hasOwn(value, name)) return undefined;
  return (value as { readonly [name: string]: Json })[name];
}

function children(value: Json): Json[] {
  return value !== null && typeof value === 'object' ? Object.values(value) as Json[] : [];
}

function sliced(list: readonly Json[], { from = 0, to = list.length, by }: { from?: number; to?: number; by: number }): Json[] {
  const start = from < 0 ? Math.max(0, list.length + from) : from;
  const end = to < 0 ? list.length + to : Math.min(to, list.length);
  const found: Json[] = [];
  for (let at = start; at < end; at += by) found.push(list[at]);
  return found;
}

/** Places that a ResultPath may name. */
export function isReference(text: string): boolean {
  try {
    return parsePath(text).steps.every((step) => step.kind === 'names' && step.names.length === 1);
  } catch {
    return false;
  }
}

/** A copy of `root` with a value at a reference path; undefined where the path runs through what is neither object nor list. */
export function replaced(text: string, root: Json, value: Json): Json | undefined {
  const names = parsePath(text).steps.map((step) => (step as { names: ReadonlyArray<string | number> }).names[0]);
  return put(names, root, value);
}

function put([name, ...rest]: ReadonlyArray<string | number>, target: Json, value: Json): Json | undefined {
  if (name === undefined) return value;
  if (typeof name === 'number') {
    if (!Array.isArray(target) || name >= target.length) return undefined;
    const inner = put(rest, (target as readonly Json[])[name], value);
    return inner === undefined ? undefined : (target as readonly Json[]).map((item, at) => (at === name ? inner : item));
  }
  if (target === null || typeof target !== 'object' || Array.isArray(target)) return undefined;
  const inner = put(rest, member(target, name) ?? {}, value);
  return inner === undefined ? undefined : { ...target as { readonly [name: string]: Json }, [name]: inner };
}

/** Reads the text of a path. */
class Reader {
  private at = 0;

  public constructor(private readonly text: string) {}

  public path(): Path {
    this.expect('$');
    const steps = this.steps();
    if (this.at < this.text.length) throw this.error();
    return { steps, definite: steps.every((step) => step.kind === 'names' && step.names.length === 1) };
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.take('..')) {
        steps.push({ kind: 'deep' }, this.peek('[') ? this.bracket() : this.named());
      } else if (this.take('.')) {
        steps.push(this.named());
      } else if (this.peek('[')) {
        steps.push(this.bracket());
      } else {
        return steps;
      }
    }
  }

  private named(): Step {
    if (this.take('*')) return { kind: 'all' };
    const [name] = /^[^\s.[\]()'",*?@&|=!<>]+/.exec(this.text.slice(this.at)) ?? [];
    if (!name) throw this.error();
    this.at += name.length;
    return { kind: 'names', names: [name] };
  }

  private bracket(): Step {
    this.expect('[');
    this.space();
    let step: Step;
    if (this.take('*')) {
      step = { kind: 'all' };
    } else if (this.take('?')) {
      this.space();
      this.expect('(');
      step = { kind: 'filter', test: this.either() };
      this.space();
      this.expect(')');
    } else {
      step = this.places();
    }
    this.space();
    this.expect(']');
    return step;
  }

  private places(): Step {
    const slice = /^(-?\d+)?\s*:\s*(-?\d+)?(?:\s*:\s*(\d+))?/.exec(this.text.slice(this.at));
    if (slice) {
      this.at += slice[0].length;
      const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
      return { kind: 'slice', from: number(slice[1]), to: number(slice[2]), by: number(slice[3]) ?? 1 };
    }
    const names: Array<string | number> = [];
    do {
      this.space();
      const place = this.literal();
      if (typeof place !== 'string' && typeof place !== 'number') throw this.error();
      names.push(place);
      this.space();
    } while (this.take(','));
    return { kind: 'names', names };
  }

  private either(): (item: Json, root: Json) => boolean {
    const tests = [this.all()];
    for (this.space(); this.take('||'); this.space()) tests.push(this.all());
    return (item, root) => tests.some((test) => test(item, root));
  }

  private all(): (item: Json, root: Json) => boolean {
    const tests = [this.test()];
    for (this.space(); this.take('&&'); this.space()) tests.push(this.test());
    return (item, root) => tests.every((test) => test(item, root));
  }

  private test(): (item: Json, root: Json) => boolean {
    this.space();
    if (this.take('!')) {
      const inner = this.test();
      return (item, root) => !inner(item, root);
    }
    if (this.take('(')) {
      const inner = this.either();
      this.space();
      this.expect(')');
      return inner;
    }
    const left = this.operand();
    this.space();
    const operator = ['==', '!=', '<=', '>=', '<', '>'].find((one) => this.take(one));
    if (!operator) return (item, root) => left(item, root) !== undefined;
    this.space();
    const right = this.operand();
    return (item, root) => compare(operator, left(item, root), right(item, root));
  }

  private operand(): (item: Json, root: Json) => Json | undefined {
    const from = this.take('@') ? 'item' : this.take('$') ? 'root' : undefined;
    if (from) {
      const steps = this.steps();
      return (item, root) => walk(steps, from === 'item' ? item : root, root)[0];
    }
    const literal = this.literal();
    return () => literal;
  }

  private literal(): Json {
    const quoted = /^'((?:[^'\\]|\\.)*)'|^"((?:[^"\\]|\\.)*)"/.exec(this.text.slice(this.at));
    if (quoted) {
      this.at += quoted[0].length;
      return (quoted[1] ?? quoted[2]).replace(/\\(.)/g, '$1');
    }
    const [word] = /^(-?\d+(\.\d+)?|true|false|null)/.exec(this.text.slice(this.at)) ?? [];
    if (word === undefined) throw this.error();
    this.at += word.length;
    return JSON.parse(word) as Json;
  }

  private peek(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  private take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw this.error();
  }

  private space(): void {
    while (this.text[this.at] === ' ') this.at += 1;
  }

  private error(): PathSyntaxError {
    return new PathSyntaxError(this.text, this.at);
  }
}

function compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  switch (operator) {
    case '<': return left < right!;
    case '<=': return left <= right!;
    case '>': return left > right!;
    default: return left >= right!;
  }
}
