import { isObject } from '../template/template';
import type { Value } from '../template/template';

/** Whether two values say the same to a service: numbers and booleans are what they are written as. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  return canonical(a) === canonical(b);
}

export function canonical(value: Value | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(canonical).join(',')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined).sort(([x], [y]) => (x < y ? -1 : 1));
    return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
  }
  return JSON.stringify(String(value));
}

/** One place where two values differ. */
export interface Difference {
  /** `/Properties/Tags/0/Value` */
  readonly path: string;
  readonly type: 'Add' | 'Remove' | 'Modify';
  readonly before?: Value;
  readonly after?: Value;
}

/** Every lowest place where two values differ. */
export function differences(before: Value | undefined, after: Value | undefined, path: string): Difference[] {
  if (equal(before, after)) return [];
  if (before === undefined) return [{ path, type: 'Add', after }];
  if (after === undefined) return [{ path, type: 'Remove', before }];
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => differences(before[key], after[key], `${path}/${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) => differences(before[at] as Value, after[at] as Value, `${path}/${at}`)).flat();
  }
  return [{ path, type: 'Modify', before, after }];
}
