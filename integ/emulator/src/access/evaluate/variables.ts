import type { ConditionKeys } from './request';

/** What a variable stands for: a key with a single value; undefined for one that is not there or has many. */
export function valueOf(keys: ConditionKeys, name: string): string | undefined {
  const value = keys.get(name.toLowerCase());
  return typeof value === 'string' ? value : undefined;
}
