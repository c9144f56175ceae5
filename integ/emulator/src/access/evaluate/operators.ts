import { isInRange } from './addresses';
import { arnPattern, likePattern, plainPattern } from './patterns';
import type { ConditionKeys } from './request';

/** Whether a value of the request fits a value of the policy. */
export type ValueTest = (value: string, keys: ConditionKeys) => boolean;

/** Takes apart one value of a policy. */
export type Compile = (written: string, variables: boolean) => ValueTest;

export interface Operator {
  readonly compile: Compile;
  /** Holds when no value fits. */
  readonly negated: boolean;
}

const text = (anyCase: boolean): Compile => (written, variables) => plainPattern(written, variables, anyCase);

/** What is no number, date or address fits nothing. */
function ordered(read: (text: string) => number, fits: (value: number, bound: number) => boolean): Compile {
  return (written) => {
    const bound = read(written);
    return (value) => !Number.isNaN(bound) && !Number.isNaN(read(value)) && fits(read(value), bound);
  };
}

const numberOf = (value: string): number => (/^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : Number.NaN);

/** ISO 8601, or seconds since 1970. */
const instantOf = (value: string): number => (/^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value));

const equal = (value: number, bound: number): boolean => value === bound;
const below = (value: number, bound: number): boolean => value < bound;
const atMost = (value: number, bound: number): boolean => value <= bound;
const above = (value: number, bound: number): boolean => value > bound;
const atLeast = (value: number, bound: number): boolean => value >= bound;

const positive = (compile: Compile): Operator => ({ compile, negated: false });
const negative = (compile: Compile): Operator => ({ compile, negated: true });

/**
 * By lower-cased name. `Null` is no test of a value and stands elsewhere.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(Object.entries<Operator>({
  stringequals: positive(text(false)),
  stringnotequals: negative(text(false)),
  stringequalsignorecase: positive(text(true)),
  stringnotequalsignorecase: negative(text(true)),
  stringlike: positive(likePattern),
  stringnotlike: negative(likePattern),
  // Equals and Like are one to AWS where ARNs are compared.
  arnequals: positive(arnPattern),
  arnnotequals: negative(arnPattern),
  arnlike: positive(arnPattern),
  arnnotlike: negative(arnPattern),
  numericequals: positive(ordered(numberOf, equal)),
  numericnotequals: negative(ordered(numberOf, equal)),
  numericlessthan: positive(ordered(numberOf, below)),
  numericlessthanequals: positive(ordered(numberOf, atMost)),
  numericgreaterthan: positive(ordered(numberOf, above)),
  numericgreaterthanequals: positive(ordered(numberOf, atLeast)),
  dateequals: positive(ordered(instantOf, equal)),
  datenotequals: negative(ordered(instantOf, equal)),
  datelessthan: positive(ordered(instantOf, below)),
  datelessthanequals: positive(ordered(instantOf, atMost)),
  dategreaterthan: positive(ordered(instantOf, above)),
  dategreaterthanequals: positive(ordered(instantOf, atLeast)),
  bool: positive((written) => (value) => value.toLowerCase() === written.toLowerCase()),
  binaryequals: positive((written) => (value) => value === written),
  ipaddress: positive((written) => (value) => isInRange(value, written)),
  notipaddress: negative((written) => (value) => isInRange(value, written)),
}));
