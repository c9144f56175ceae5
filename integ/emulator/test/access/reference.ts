import type { DocumentText, Question, StatementText } from './generated';

/**
 * A second evaluator, written from AWS's pages on evaluation logic and on policy elements, slow and plain: it takes nothing apart beforehand,
 * matches texts letter by letter, spells out every variable first, and says for each principal the whole table of who is asked.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function referenceAllows(question: Question): boolean {
  const { identity, boundary, session, organization = [], resourcePolicy, principal, resourceAccount, isGate } = question;
  const everything = [...identity, boundary, session, ...organization].filter((document) => document !== undefined);
  if (everything.some((document) => says('Deny', document, question))) return false;
  if (resourcePolicy && WAYS.some((way) => saysTo('Deny', resourcePolicy, question, way))) return false;
  if (!organization.every((document) => says('Allow', document, question))) return false;
  const to = (way: Way) => resourcePolicy !== undefined && saysTo('Allow', resourcePolicy, question, way);
  if (principal.service !== undefined) return to('service') || to('everybody');
  const limits = (!boundary || says('Allow', boundary, question)) && (!session || says('Allow', session, question));
  const own = identity.some((document) => says('Allow', document, question)) && limits;
  if (resourceAccount !== principal.account) return own && WAYS.some(to);
  if (principal.roleArn === undefined) {
    // A user who is named, or everybody, needs nothing else.
    if (to('himself') || to('everybody')) return true;
  } else {
    if (to('himself')) return true;
    if ((to('role') || to('everybody')) && limits) return true;
  }
  if (isGate && !WAYS.some(to)) return false;
  return own && (!isGate || to('account') || to('role') || to('everybody'));
}

type Way = 'himself' | 'role' | 'account' | 'everybody' | 'service';
const WAYS: readonly Way[] = ['himself', 'role', 'account', 'everybody', 'service'];

function says(effect: string, { Version, Statement }: DocumentText, question: Question): boolean {
  return Statement.some((statement) => statement.Effect === effect && fits(statement, question, Version !== '2008-10-17'));
}

function saysTo(effect: string, { Version, Statement }: DocumentText, question: Question, way: Way): boolean {
  return Statement.some((statement) => statement.Effect === effect && names(statement.Principal, question, way) && fits(statement, question, Version !== '2008-10-17'));
}

function names(element: unknown, { principal }: Question, way: Way): boolean {
  if (element === '*') return way === 'everybody';
  const { AWS, Service } = element as { AWS?: string | string[]; Service?: string | string[] };
  const aws = list(AWS);
  switch (way) {
    case 'everybody': return aws.includes('*');
    case 'service': return principal.service !== undefined && list(Service).includes(principal.service);
    case 'himself': return principal.service === undefined && aws.includes(principal.arn);
    case 'role': return principal.roleArn !== undefined && aws.includes(principal.roleArn);
    case 'account': return principal.service === undefined && (aws.includes(principal.account) || aws.includes(`arn:aws:iam::${principal.account}:root`));
  }
}

function fits(statement: StatementText, question: Question, variables: boolean): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const lower = question.action.toLowerCase();
  const action = list(Action ?? NotAction).some((pattern) => like(letters(pattern.toLowerCase()), [...lower]));
  if (action !== (Action !== undefined)) return false;
  const resource = list(Resource ?? NotResource).some((pattern) => arnLike(pattern, question.resource, question, variables));
  if (resource !== (Resource !== undefined)) return false;
  return Object.entries(Condition as Record<string, Record<string, unknown>>).every(([operator, tests]) =>
    Object.entries(tests).every(([key, values]) => holds(operator, key, list(values), question, variables)));
}

function holds(written: string, key: string, wanted: readonly string[], question: Question, variables: boolean): boolean {
  const found = question.keys[key.toLowerCase()];
  if (written === 'Null') return wanted.some((value) => (value === 'true') === (found === undefined || found.length === 0));
  const [head, tail] = written.includes(':') ? written.split(':') : ['', written];
  const optional = tail.endsWith('IfExists');
  const name = optional ? tail.slice(0, -'IfExists'.length) : tail;
  if (found === undefined) {
    if (optional || head === 'ForAllValues') return true;
    return head === '' && name.includes('Not');
  }
  const one = (value: string): boolean => {
    const positive = wanted.some((each) => compare(name.replace('Not', '').replace(/^Ip/, 'Ip'), value, each, question, variables));
    return name.includes('Not') ? !positive : positive;
  };
  const values = list(found);
  if (head === 'ForAllValues') return values.every(one);
  if (head === 'ForAnyValue') return values.some(one);
  return one(values[0]);
}

function compare(name: string, value: string, wanted: string, question: Question, variables: boolean): boolean {
  const plain = () => spelled(wanted, question, variables, false);
  switch (name) {
    case 'StringEquals': return plain()?.map(({ letter }) => letter).join('') === value;
    case 'StringEqualsIgnoreCase': return plain()?.map(({ letter }) => letter).join('').toLowerCase() === value.toLowerCase();
    case 'StringLike': { const pattern = spelled(wanted, question, variables, true); return pattern !== undefined && like(pattern, [...value]); }
    case 'ArnEquals': case 'ArnLike': return wanted === '*' ? !value.includes(':') : arnLike(wanted, value, question, variables, true);
    case 'Bool': return value === wanted;
    case 'IpAddress': return inBlock(value, wanted);
    default: {
      const read = name.startsWith('Numeric') ? Number : (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
      const [a, b] = [read(value), read(wanted)];
      if (Number.isNaN(a) || Number.isNaN(b)) return false;
      const sign = Math.sign(a - b);
      return { Equals: [0], LessThan: [-1], LessThanEquals: [-1, 0], GreaterThan: [1], GreaterThanEquals: [0, 1] }[name.replace(/^(Numeric|Date)/, '')]!.includes(sign);
    }
  }
}

interface Letter {
  readonly letter: string;
  /** A wildcard, and not the letter itself. */
  readonly wild: boolean;
}

function letters(pattern: string): Letter[] {
  return [...pattern].map((letter) => ({ letter, wild: letter === '*' || letter === '?' }));
}

/** The pattern with every variable replaced by its value; undefined when one has none. */
function spelled(pattern: string, { keys }: Question, variables: boolean, wild: boolean): Letter[] | undefined {
  const result: Letter[] = [];
  let rest = pattern;
  while (rest !== '') {
    const end = rest.indexOf('}');
    if (!variables || !rest.startsWith('${') || end < 0) {
      result.push({ letter: rest[0], wild: wild && (rest[0] === '*' || rest[0] === '?') });
      rest = rest.slice(1);
      continue;
    }
    const [name, fallback] = rest.slice(2, end).split(',').map((part) => part.trim());
    const value = keys[name.toLowerCase()];
    const text = typeof value === 'string' ? value : fallback?.replace(/'/g, '');
    if (text === undefined) return undefined;
    result.push(...[...text].map((letter) => ({ letter, wild: false })));
    rest = rest.slice(end + 1);
  }
  return result;
}

function like(pattern: readonly Letter[], text: readonly string[]): boolean {
  if (pattern.length === 0) return text.length === 0;
  const [{ letter, wild }, ...rest] = pattern;
  if (wild && letter === '*') return like(rest, text) || (text.length > 0 && like(pattern, text.slice(1)));
  return text.length > 0 && ((wild && letter === '?') || letter === text[0]) && like(rest, text.slice(1));
}

/** Colon by colon up to the fifth; a star that stands alone is everything, as a resource. */
function arnLike(pattern: string, text: string, question: Question, variables: boolean, strict: boolean = false): boolean {
  if (pattern === '*' && !strict) return true;
  const variable = (part: string): string => part.replace(/\u0001/g, ':');
  const guarded = pattern.replace(/\$\{[^}]*\}/g, (whole) => whole.replace(/:/g, '\u0001'));
  const split = (whole: string) => { const parts = whole.split(':'); return parts.length <= 5 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]; };
  const [patterns, texts] = [split(guarded).map(variable), split(text)];
  if (!strict && patterns.length < 6 && pattern.endsWith('*')) {
    const whole = spelled(pattern, question, variables, true);
    return whole !== undefined && like(whole, [...text]);
  }
  return patterns.length === texts.length && patterns.every((part, at) => {
    const whole = spelled(part, question, variables, true);
    return whole !== undefined && like(whole, [...texts[at]]);
  });
}

function inBlock(address: string, block: string): boolean {
  const [network, length] = block.split('/');
  if (address.includes(':') !== network.includes(':')) return false;
  // The only block of version 6 that is generated.
  if (address.includes(':')) return address.startsWith('2001:db8:');
  const bits = (text: string) => text.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
  const wanted = Number(length ?? 32);
  return bits(address).slice(0, wanted) === bits(network).slice(0, wanted);
}

function list(value: unknown): string[] {
  return value === undefined ? [] : [value].flat() as string[];
}
