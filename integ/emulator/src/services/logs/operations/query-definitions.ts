import { idFormat } from '../../../kernel';
import type { Table } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { page } from '../paging';
import { refusal } from '../text';
import { toWire } from '../wire-time';

interface QueryRecord {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly language?: string;
  readonly groups?: readonly string[];
  readonly changedAt: number;
}

interface PutInput {
  readonly queryDefinitionId?: string;
  readonly name: string;
  readonly queryString: string;
  readonly queryLanguage?: string;
  readonly logGroupNames?: readonly string[];
}

/** Queries are kept; none is run. */
export function putQueryDefinition(context: Context, input: PutInput): Output {
  const id = input.queryDefinitionId ?? idFormat.uuid(context.id('query-definition'));
  if (input.queryDefinitionId !== undefined && !queries(context).has(id)) throw refusal(context, 'ResourceNotFoundException', 'text-no-query');
  queries(context).put(id, {
    id, name: input.name, text: input.queryString, language: input.queryLanguage, groups: input.logGroupNames, changedAt: context.now,
  });
  return { queryDefinitionId: id };
}

export function deleteQueryDefinition(context: Context, { queryDefinitionId }: { readonly queryDefinitionId: string }): Output {
  if (!queries(context).has(queryDefinitionId)) throw refusal(context, 'ResourceNotFoundException', 'text-no-query');
  queries(context).delete(queryDefinitionId);
  return { success: true };
}

export function describeQueryDefinitions(
  context: Context, input: { readonly queryDefinitionNamePrefix?: string; readonly nextToken?: string; readonly maxResults?: number },
): Output {
  const all = queries(context).values().filter(({ name }) => name.startsWith(input.queryDefinitionNamePrefix ?? ''));
  const { items, nextToken } = page(context, all, input.nextToken, input.maxResults ?? 1_000);
  return {
    queryDefinitions: items.map((query) => ({
      queryLanguage: query.language ?? 'CWLI',
      queryDefinitionId: query.id,
      name: query.name,
      queryString: query.text,
      lastModified: toWire(context, query.changedAt),
      logGroupNames: query.groups ?? [],
    })),
    nextToken,
  };
}

function queries(context: Context): Table<QueryRecord> {
  return context.table('logs/query-definitions');
}
