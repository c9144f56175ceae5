import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { identify } from '../documents/describe';
import { builtInDocuments, documents, requireDocumentVersion } from '../documents/state';
import { page } from '../paging';

interface Input {
  readonly DocumentFilterList?: ReadonlyArray<{ readonly key: string; readonly value: string }>;
  readonly Filters?: ReadonlyArray<{ readonly Key?: string; readonly Values?: readonly string[] }>;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function listDocuments(context: Context, input: Input): Record<string, unknown> {
  const filters = [
    ...(input.DocumentFilterList ?? []).map(({ key, value }) => ({ key, values: [value] as readonly string[] })),
    ...(input.Filters ?? []).map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })),
  ];
  const all = [...builtInDocuments(), ...documents(context).values()]
    .map((document) => identify(context, document, requireDocumentVersion(context, document)))
    .filter((document) => filters.every(({ key, values }) => matches(context, document, key, values)));
  const { items, next } = page(all, input.NextToken, input.MaxResults ?? 50);
  return { DocumentIdentifiers: items, NextToken: next };
}

function matches(context: Context, document: Record<string, unknown>, key: string, values: readonly string[]): boolean {
  if (key.startsWith('tag:')) {
    const tags = document.Tags as ReadonlyArray<{ Key: string; Value: string }>;
    return tags.some((tag) => tag.Key === key.slice(4) && values.includes(tag.Value));
  }
  switch (key) {
    case 'Name': return values.some((start) => String(document.Name).startsWith(start));
    case 'Owner': return values.some((owner) => ownerMatches(context, String(document.Owner), owner));
    case 'DocumentType': return values.includes(String(document.DocumentType));
    case 'PlatformTypes': return values.some((platform) => (document.PlatformTypes as string[]).includes(platform));
    case 'TargetType': return values.includes(String(document.TargetType));
    default: throw new ServiceError('InvalidFilterKey', 'The specified key isn\'t valid.');
  }
}

function ownerMatches(context: Context, owner: string, wanted: string): boolean {
  switch (wanted) {
    case 'Self': return owner === context.account;
    case 'Private': return owner === context.account;
    case 'Amazon': return owner === 'Amazon';
    case 'Public': return owner === 'Amazon';
    case 'All': return true;
    default: return owner === wanted;
  }
}
