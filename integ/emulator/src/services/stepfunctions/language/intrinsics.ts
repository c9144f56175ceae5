import { createHash } from 'node:crypto';
import { Failure, failure } from './failure';
import type { Json } from '../../../kernel';

/** Where the values of an intrinsic function's arguments come from. */
export interface Sources {
  /** The value of a path, `$.…` or `$$.…`. */
  path(text: string): Json;
  /** In [0, 1), the same in every run. */
  random(): number;
  uuid(): string;
}

type Function = (args: readonly Json[], sources: Sources) => Json;

/** The value of `States.Name(…)`. */
export function callIntrinsic(text: string, sources: Sources): Json {
  const reader = new Reader(text, sources);
  const value = reader.call();
  if (!reader.done) throw failed(text, 'unexpected text after the function');
  return value;
}

/** Whether a text calls a function that there is. Its arguments are read when it runs. */
export function isIntrinsic(text: string): boolean {
  const [, name] = /^States\.([A-Za-z0-9]+)\(.*\)$/s.exec(text.trim()) ?? [];
  return name !== undefined && Object.hasOwn(FUNCTIONS, name);
}

function failed(text: string, why: string): Failure {
  return failure('States.IntrinsicFailure', 'text-intrinsic', { call: text, problem: why });
}

class Reader {
  private at = 0;

  public constructor(private readonly text: string, private readonly sources: Sources) {}

  public get done(): boolean {
    return this.text.slice(this.at).trim() === '';
  }

  public call(): Json {
    const [head, name] = /^\s*States\.([A-Za-z0-9]+)\s*\(/.exec(this.text.slice(this.at)) ?? [];
    if (head === undefined) throw failed(this.text, 'not a function');
    this.at += head.length;
    const args: Json[] = [];
    while (!this.take(')')) {
      if (args.length > 0 && !this.take(',')) throw failed(this.text, 'an argument must be followed by a comma or a parenthesis');
      args.push(this.argument());
    }
    const body = FUNCTIONS[name];
    if (!body) throw failed(this.text, `there is no function States.${name}`);
    try {
      return body(args, this.sources);
    } catch (error) {
      throw error instanceof Failure ? error : failed(this.text, (error as Error).message);
    }
  }

  private argument(): Json {
    this.space();
    const rest = this.text.slice(this.at);
    if (rest.startsWith('States.')) return this.call();
    if (rest.startsWith('$')) return this.path();
    const quoted = /^'((?:[^'\\]|\\.)*)'/.exec(rest);
    if (quoted) {
      this.at += quoted[0].length;
      // Braces stay escaped: Format needs to tell them from its places.
      return quoted[1].replace(/\\(['\\])/g, '$1');
    }
    const [word] = /^(-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false|null)/.exec(rest) ?? [];
    if (word === undefined) throw failed(this.text, `not an argument: ${rest}`);
    this.at += word.length;
    return JSON.parse(word) as Json;
  }

  private path(): Json {
    const from = this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at];
      if (depth === 0 && (character === ',' || character === ')')) break;
      if (character === '[' || character === '(') depth += 1;
      if (character === ']' || character === ')') depth -= 1;
    }
    return this.sources.path(this.text.slice(from, this.at).trim());
  }

  private take(token: string): boolean {
    this.space();
    if (this.text[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}

function string(value: Json): string {
  if (typeof value !== 'string') throw new Error(`a string is expected, not ${JSON.stringify(value)}`);
  return value;
}

function number(value: Json): number {
  if (typeof value !== 'number') throw new Error(`a number is expected, not ${JSON.stringify(value)}`);
  return value;
}

function list(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw new Error(`an array is expected, not ${JSON.stringify(value)}`);
  return value as readonly Json[];
}

const same = (left: Json, right: Json): boolean => JSON.stringify(left) === JSON.stringify(right);

const HASHES: { readonly [name: string]: string } = { 'MD5': 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

const FUNCTIONS: { readonly [name: string]: Function } = {
  Format: ([template, ...args]) => {
    let used = 0;
    const result = string(template).replace(/\\([{}])|\{\}/g, (_match, brace: string | undefined) => {
      if (brace) return brace;
      const value = args[used++];
      if (value === undefined) throw new Error('number of arguments does not match the occurrences of {}');
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
    if (used !== args.length) throw new Error('number of arguments does not match the occurrences of {}');
    return result;
  },
  StringToJson: ([value]) => JSON.parse(string(value)) as Json,
  JsonToString: ([value]) => JSON.stringify(value),
  Array: (values) => [...values],
  ArrayPartition: ([values, size]) => {
    const all = list(values);
    const length = number(size);
    if (!(length > 0)) throw new Error('the size of a part must be positive');
    return Array.from({ length: Math.ceil(all.length / length) }, (_, part) => all.slice(part * length, (part + 1) * length));
  },
  ArrayContains: ([values, wanted]) => list(values).some((value) => same(value, wanted)),
  ArrayRange: ([first, last, step]) => {
    const by = number(step);
    if (by === 0) throw new Error('the step must not be 0');
    const result: number[] = [];
    for (let value = number(first); by > 0 ? value <= number(last) : value >= number(last); value += by) {
      if (result.length >= 1000) throw new Error('an array of more than 1000 items');
      result.push(value);
    }
    return result;
  },
  ArrayGetItem: ([values, index]) => {
    const value = list(values)[number(index)];
    if (value === undefined) throw new Error(`index ${number(index)} is out of bounds`);
    return value;
  },
  ArrayLength: ([values]) => list(values).length,
  ArrayUnique: ([values]) => list(values).filter((value, at, all) => all.findIndex((other) => same(value, other)) === at),
  Base64Encode: ([value]) => Buffer.from(string(value)).toString('base64'),
  Base64Decode: ([value]) => Buffer.from(string(value), 'base64').toString('utf8'),
  Hash: ([value, algorithm]) => {
    const name = HASHES[string(algorithm)];
    if (!name) throw new Error(`there is no algorithm ${string(algorithm)}`);
    return createHash(name).update(typeof value === 'string' ? value : JSON.stringify(value)).digest('hex');
  },
  JsonMerge: ([left, right, deep]) => {
    if (deep !== false) throw new Error('only shallow merging is supported');
    return { ...left as { readonly [name: string]: Json }, ...right as { readonly [name: string]: Json } };
  },
  MathRandom: ([from, to], { random }) => Math.floor(number(from) + random() * (number(to) - number(from))),
  MathAdd: ([left, right]) => Math.trunc(number(left)) + Math.trunc(number(right)),
  StringSplit: ([value, splitters]) => {
    const characters = [...string(splitters)].map((character) => `\\u{${character.codePointAt(0)!.toString(16)}}`).join('');
    return string(value).split(new RegExp(`[${characters}]+`, 'u')).filter((part) => part !== '');
  },
  UUID: (_args, { uuid }) => uuid(),
};
