import { many } from './one-or-many';
import { OPERATORS } from './operators';
import type { ValueTest } from './operators';
import type { ConditionKeys } from './request';

/** One operator on one key. All of a statement have to hold. */
export interface Condition {
  /** `StringEquals aws:RequestedRegion` */
  readonly written: string;
  readonly holds: (keys: ConditionKeys) => boolean;
}

type Holds = Condition['holds'];

type Quantifier = 'forallvalues' | 'foranyvalue' | undefined;

/** An operator that IAM does not know holds for nothing. */
const NEVER: Holds = () => false;

export function compileConditions(block: { readonly [operator: string]: { readonly [key: string]: unknown } }, variables: boolean): Condition[] {
  return Object.entries(block).flatMap(([operator, tests]) => Object.entries(tests).map(([key, values]) => {
    const texts = many(values as string | readonly string[]).map(String);
    return { written: `${operator} ${key}`, holds: compileCondition(operator, key.toLowerCase(), texts, variables) };
  }));
}

function compileCondition(written: string, key: string, values: readonly string[], variables: boolean): Holds {
  const [, quantifier, name, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(written.toLowerCase())!;
  if (name === 'null') return nullCondition(key, values);
  const operator = OPERATORS.get(name);
  if (!operator) return NEVER;
  const tests = values.map((value) => operator.compile(value, variables));
  const fits = operator.negated ? noneOf(tests) : someOf(tests);
  return (keys) => {
    const found = keys.get(key);
    if (found === undefined && ifExists) return true;
    return quantified(quantifier as Quantifier, found, operator.negated, (value) => fits(value, keys));
  };
}

function quantified(
  quantifier: Quantifier, found: string | readonly string[] | undefined, negated: boolean, fits: (value: string) => boolean,
): boolean {
  const values = many(found);
  switch (quantifier) {
    // True of nothing at all, too.
    case 'forallvalues': return values.every(fits);
    case 'foranyvalue': return values.some(fits);
    default:
      // A key that is not there is not equal to anything. Of many values an operator for one takes none; a negated one wants all to differ.
      if (values.length === 0) return negated;
      return negated ? values.every(fits) : values.length === 1 && fits(values[0]);
  }
}

/** `true`: the key must not be there. */
function nullCondition(key: string, values: readonly string[]): Holds {
  return (keys) => {
    const found = keys.get(key);
    const absent = found === undefined || found.length === 0;
    return values.some((value) => value.toLowerCase() === String(absent));
  };
}

function someOf(tests: readonly ValueTest[]): ValueTest {
  return (value, keys) => tests.some((fits) => fits(value, keys));
}

function noneOf(tests: readonly ValueTest[]): ValueTest {
  return (value, keys) => !tests.some((fits) => fits(value, keys));
}
