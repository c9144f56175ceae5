import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { tagsOf } from '../tags';
import type { ParameterVersion } from './state';

export interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: readonly string[];
}

/** Whether a parameter passes every filter. @throws ServiceError on a key or an option that does not exist */
export function passes(context: Context, record: ParameterVersion, filters: readonly ParameterFilter[]): boolean {
  return filters.every((filter) => passesOne(context, record, filter));
}

function passesOne(context: Context, record: ParameterVersion, { Key, Option, Values = [] }: ParameterFilter): boolean {
  if (Key === 'Path') return Values.some((path) => isUnder(record.name, path, Option === 'Recursive'));
  if (Key.startsWith('tag:')) {
    const tag = tagsOf(context, 'Parameter', record.name).find((candidate) => candidate.Key === Key.slice(4));
    return tag !== undefined && (Values.length === 0 || Values.includes(tag.Value));
  }
  if (Key === 'Label') return Values.some((label) => record.labels.includes(label));
  const value = valueOf(record, Key);
  switch (Option ?? 'Equals') {
    case 'Equals': return Values.includes(value);
    case 'BeginsWith': return Values.some((start) => value.startsWith(start) || (Key === 'Name' && value === start.replace(/^\//, '')));
    case 'Contains': return Values.some((part) => value.includes(part));
    default:
      throw new ServiceError('InvalidFilterOption', `The following filter option is not valid: ${Option}. Valid options include: [BeginsWith, Equals].`);
  }
}

function valueOf(record: ParameterVersion, key: string): string {
  switch (key) {
    case 'Name': return record.name;
    case 'Type': return record.type;
    case 'KeyId': return record.keyId ?? '';
    case 'Tier': return record.tier;
    case 'DataType': return record.dataType;
    default: throw new ServiceError('InvalidFilterKey', `The following filter key is not valid: ${key}. Valid filter keys include: [Path, Name, Type, KeyId, Tier].`);
  }
}

/** Whether a name lies under a path, directly or at any depth. */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const full = name.startsWith('/') ? name : `/${name}`;
  const start = path.endsWith('/') ? path : `${path}/`;
  if (!full.startsWith(start)) return false;
  return recursive || !full.slice(start.length).includes('/');
}
