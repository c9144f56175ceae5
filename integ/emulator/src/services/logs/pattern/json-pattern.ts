import { expressionOf } from './expression';
import type { Matches } from './matches';
import { ServiceError } from '../../../wire/operation';

type Test = (document: unknown) => boolean;

/** `{ ($.a = "x*") && ($.b.c > 3 || $.d IS NULL) }`. A message that is no JSON never matches. */
export function jsonPattern(text: string): Matches {
  const reader = new Reader(text);
  reader.take('{');
  const test = either(reader);
  reader.take('}');
  reader.end();
  return (message) => {
    try {
      return test(JSON.parse(message));
    } catch {
      // Not a JSON message.
      return false;
    }
  };
}

class Reader {
  private readonly tokens: string[];
  private at = 0;

  public constructor(private readonly text: string) {
    this.tokens = text.match(/"(?:[^"\\]|\\.)*"|%[^%]*%|&&|\|\||!=|<=|>=|[{}()=<>]|[^\s{}()=<>!&|"]+/g) ?? [];
  }

  public next(): string | undefined {
    return this.tokens[this.at];
  }

  public read(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw invalid(this.text);
    this.at += 1;
    return token;
  }

  public take(expected: string): void {
    if (this.read().toUpperCase() !== expected) throw invalid(this.text);
  }

  public end(): void {
    if (this.next() !== undefined) throw invalid(this.text);
  }

  public fail(): never {
    throw invalid(this.text);
  }
}

function either(reader: Reader): Test {
  const tests = [both(reader)];
  while (reader.next() === '||') {
    reader.read();
    tests.push(both(reader));
  }
  return (document) => tests.some((test) => test(document));
}

function both(reader: Reader): Test {
  const tests = [single(reader)];
  while (reader.next() === '&&') {
    reader.read();
    tests.push(single(reader));
  }
  return (document) => tests.every((test) => test(document));
}

function single(reader: Reader): Test {
  if (reader.next() === '(') {
    reader.read();
    const test = either(reader);
    reader.take(')');
    return test;
  }
  const selector = reader.read();
  if (!selector.startsWith('$')) reader.fail();
  const path = [...selector.matchAll(/\.([^.[\]]+)|\[(\d+|'[^']*')\]/g)].map(([, name, index]) => name ?? index.replace(/'/g, ''));
  return compare(reader, (document) => path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document));
}

function compare(reader: Reader, select: (document: unknown) => unknown): Test {
  const operator = reader.read().toUpperCase();
  switch (operator) {
    case 'IS': {
      const word = reader.read().toUpperCase();
      if (word === 'NULL') return (document) => select(document) === null;
      if (word === 'TRUE' || word === 'FALSE') return (document) => select(document) === (word === 'TRUE');
      return reader.fail();
    }
    case 'NOT':
      reader.take('EXISTS');
      return (document) => select(document) === undefined;
    case 'EXISTS': return (document) => select(document) !== undefined;
    case '=': {
      const equals = equalTo(reader.read());
      return (document) => equals(select(document));
    }
    case '!=': {
      const equals = equalTo(reader.read());
      return (document) => select(document) !== undefined && !equals(select(document));
    }
    case '<': case '>': case '<=': case '>=': {
      const limit = Number(reader.read());
      const holds = ORDER[operator];
      return (document) => { const value = select(document); return typeof value === 'number' && holds(value, limit); };
    }
    default: return reader.fail();
  }
}

const ORDER: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '>': (value, limit) => value > limit,
  '<=': (value, limit) => value <= limit,
  '>=': (value, limit) => value >= limit,
};

/** Numbers by value, text as `expressionOf` says. */
function equalTo(token: string): (value: unknown) => boolean {
  const expression = expressionOf(token);
  return (value) => {
    if (typeof value === 'number') return !token.startsWith('"') && value === Number(token);
    return typeof value === 'string' && expression.test(value);
  };
}

function invalid(text: string): ServiceError {
  return new ServiceError('InvalidParameterException', `Invalid filter pattern: ${text}`);
}
