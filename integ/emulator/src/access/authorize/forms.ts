import type { ResourceType } from './action-facts';
import type { Asked, Desk } from './asked';

/** By the forms of its resource types: what the input names, and for a type that is always asked for and not named, all of it. */
export function typedResources(prefix: string, types: readonly ResourceType[], asked: Asked, desk: Desk): string[] {
  const members = desk.row<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>('members')[prefix] ?? {};
  const named = types.map((type) => ({ type, arns: arnsOf(type, members, asked) }));
  const found = named.flatMap(({ arns }) => arns ?? []);
  if (found.length > 0) return found;
  return named.filter(({ type }) => type.required).map(({ type }) => filled(type.arn, asked, () => '*'));
}

/** ARNs of one type that the input names; undefined when it names none. */
function arnsOf({ arn }: ResourceType, members: Readonly<Record<string, readonly string[]>>, asked: Asked): string[] | undefined {
  const places = placeholdersOf(arn);
  const values = places.map((placeholder) => (members[placeholder] ?? [placeholder]).flatMap((member) => valuesOf(asked.input, member)));
  const whole = values.flat().filter((value) => isOfForm(value, arn));
  if (whole.length > 0) return whole;
  const plain = values.map((list) => list.filter((value) => !value.startsWith('arn:')));
  // A stack may be named without its id: then any of that name is meant.
  if (plain.some((list) => list.length === 0)) return undefined;
  const value = (last: string) => (placeholder: string): string => (placeholder === places.at(-1) ? last : plain[places.indexOf(placeholder)][0]);
  return plain.at(-1)!.map((last) => filled(arn, asked, value(last)));
}

function valuesOf(input: Readonly<Record<string, unknown>>, member: string): string[] {
  if (member === '*') return ['*'];
  return [input[member] ?? []].flat().filter((value): value is string => typeof value === 'string' && value !== '');
}

function placeholdersOf(form: string): string[] {
  return [...form.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !['Partition', 'Region', 'Account'].includes(name));
}

const forms = new Map<string, RegExp>();

/** Whether a value is an ARN of this form already. */
function isOfForm(value: string, form: string): boolean {
  if (!value.startsWith('arn:')) return false;
  let expression = forms.get(form);
  if (!expression) {
    expression = new RegExp(`^${form.replace(/[.*+?^()|[\]\\]/g, '\\$&').replace(/\$\{(\w+)\}/g, (_, name: string) => (FIXED.has(name) ? '[^:]*' : '.+'))}$`);
    forms.set(form, expression);
  }
  return expression.test(value);
}

const FIXED = new Set(['Partition', 'Region', 'Account']);

export function filled(form: string, { place }: Asked, value: (placeholder: string) => string): string {
  return form.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    if (name === 'Partition') return place.partition;
    if (name === 'Region') return place.region;
    return name === 'Account' ? place.account : value(name);
  });
}
