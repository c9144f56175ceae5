import { secrets } from './state';
import type { SecretRecord } from './state';
import type { Context } from '../../wire/operation';

export interface Filter {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

/** Secrets for which every filter holds. A filter is about beginnings of words; `!` turns a value round. */
export function filtered(context: Context, filters: readonly Filter[]): SecretRecord[] {
  return secrets(context).values()
    .filter(({ deletion }) => !deletion?.forced)
    .filter((secret) => filters.every(({ Key, Values = [] }) => Values.some((value) => fits(context, secret, Key, value))));
}

function fits(context: Context, secret: SecretRecord, key: string | undefined, value: string): boolean {
  if (value.startsWith('!')) return !fits(context, secret, key, value.slice(1));
  const tagKeys = secret.tags.map(({ Key }) => Key);
  const tagValues = secret.tags.map(({ Value }) => Value);
  const words = [secret.name, ...secret.name.split(/[/_+=.@-]/), ...(secret.description ?? '').split(/\s/), ...tagKeys, ...tagValues];
  switch (key) {
    case 'name': return secret.name.startsWith(value);
    case 'description': return (secret.description ?? '').toLowerCase().startsWith(value.toLowerCase())
      || (secret.description ?? '').toLowerCase().split(/\s/).includes(value.toLowerCase());
    case 'tag-key': return tagKeys.some((tag) => tag.startsWith(value));
    case 'tag-value': return tagValues.some((tag) => tag.startsWith(value));
    case 'primary-region': return context.region.startsWith(value);
    case 'all': return words.some((word) => word.toLowerCase().startsWith(value.toLowerCase()));
    default: return false;
  }
}
