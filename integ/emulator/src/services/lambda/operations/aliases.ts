import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { conflict, functionNotFound, notFound, preconditionFailed } from '../errors';
import { arnOf, findFunction, parseName } from '../names';
import { page } from '../paging';
import { qualified, tables } from '../state';
import type { AliasRecord } from '../state';

interface AliasInput {
  readonly FunctionName: string;
  readonly Name: string;
}

interface AliasSettings extends AliasInput {
  readonly FunctionVersion?: string;
  readonly Description?: string;
  readonly RoutingConfig?: AliasRecord['RoutingConfig'];
  readonly RevisionId?: string;
}

export function createAlias(context: Context, input: AliasSettings & { readonly FunctionVersion: string }): Output {
  const { name } = findFunction(context, parseName(context, input.FunctionName));
  const key = qualified(name, input.Name);
  if (tables.aliases(context).has(key)) throw conflict(`Alias already exists: ${arnOf(context, name, input.Name)}`);
  checkVersion(context, name, input.FunctionVersion);
  return shown(context, tables.aliases(context).put(key, {
    functionName: name,
    Name: input.Name,
    FunctionVersion: input.FunctionVersion,
    Description: input.Description ?? '',
    RoutingConfig: input.RoutingConfig,
    RevisionId: idFormat.uuid(context.id('revision', key)),
  }));
}

export function updateAlias(context: Context, input: AliasSettings): Output {
  const { key, alias } = find(context, input);
  if (input.RevisionId !== undefined && input.RevisionId !== alias.RevisionId) throw preconditionFailed();
  if (input.FunctionVersion) checkVersion(context, alias.functionName, input.FunctionVersion);
  return shown(context, tables.aliases(context).put(key, {
    ...alias,
    FunctionVersion: input.FunctionVersion ?? alias.FunctionVersion,
    Description: input.Description ?? alias.Description,
    RoutingConfig: input.RoutingConfig ?? alias.RoutingConfig,
    RevisionId: idFormat.uuid(context.id('revision', key)),
  }));
}

export function getAlias(context: Context, input: AliasInput): Output {
  return shown(context, find(context, input).alias);
}

export function deleteAlias(context: Context, input: AliasInput): void {
  const { name } = findFunction(context, parseName(context, input.FunctionName));
  tables.aliases(context).delete(qualified(name, input.Name));
}

interface ListAliasesInput {
  readonly FunctionName: string;
  readonly FunctionVersion?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export function listAliases(context: Context, input: ListAliasesInput): Output {
  const { name } = findFunction(context, parseName(context, input.FunctionName));
  const all = tables.aliases(context).values()
    .filter((alias) => alias.functionName === name && (input.FunctionVersion === undefined || alias.FunctionVersion === input.FunctionVersion));
  const { items, next } = page(all, input, 50);
  return { Aliases: items.map((alias) => shown(context, alias)), NextMarker: next };
}

function find(context: Context, input: AliasInput): { key: string; alias: AliasRecord } {
  const { name } = findFunction(context, parseName(context, input.FunctionName));
  const key = qualified(name, input.Name);
  const alias = tables.aliases(context).get(key);
  if (!alias) throw notFound(`Cannot find alias arn: ${arnOf(context, name, input.Name)}`);
  return { key, alias };
}

function checkVersion(context: Context, name: string, version: string): void {
  if (version !== '$LATEST' && !tables.versions(context).has(qualified(name, version))) throw functionNotFound(arnOf(context, name, version));
}

function shown(context: Context, { functionName, ...alias }: AliasRecord): Output {
  return { ...alias, AliasArn: arnOf(context, functionName, alias.Name) };
}
