import { functionNotFound, invalid } from './errors';
import { qualified, tables } from './state';
import type { AliasRecord, Configuration, FunctionRecord } from './state';
import type { Context } from '../../wire/operation';

/** A function as a caller names it: by name, partial ARN or ARN, with or without a qualifier. */
export interface Named {
  readonly name: string;
  readonly qualifier?: string;
}

const FORMS = [
  /^arn:[^:]+:lambda:(?<region>[^:]+):(?<account>\d{12}):function:(?<name>[^:]+)(:(?<qualifier>[^:]+))?$/,
  /^(?<account>\d{12}):function:(?<name>[^:]+)(:(?<qualifier>[^:]+))?$/,
  /^function:(?<name>[^:]+)(:(?<qualifier>[^:]+))?$/,
  /^(?<name>[^:]+)(:(?<qualifier>[^:]+))?$/,
];

export function parseName(context: Context, text: string, qualifier?: string): Named {
  const groups = FORMS.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (!groups) throw invalid(`Invalid function name: ${text}`);
  const { name, account = context.account, region = context.region } = groups;
  if (groups.qualifier && qualifier && groups.qualifier !== qualifier) {
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const chosen = groups.qualifier ?? qualifier;
  if (account !== context.account || region !== context.region) {
    throw functionNotFound(context.arn('lambda', `function:${name}${chosen ? `:${chosen}` : ''}`, { account, region }));
  }
  return { name, qualifier: chosen };
}

export function arnOf(context: Context, name: string, qualifier?: string): string {
  return context.arn('lambda', `function:${name}${qualifier ? `:${qualifier}` : ''}`);
}

/** The function itself, whatever the qualifier. */
export function findFunction(context: Context, { name, qualifier }: Named): FunctionRecord {
  const found = tables.functions(context).get(name);
  if (!found) throw functionNotFound(arnOf(context, name, qualifier));
  return found;
}

/** What a qualifier stands for. */
export interface Target {
  readonly record: FunctionRecord;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly configuration: Configuration;
  readonly alias?: AliasRecord;
}

/** @param draw in [0, 1), for aliases that share their calls between two versions */
export function resolve(context: Context, named: Named, draw: number = 1): Target {
  const record = findFunction(context, named);
  const { name, qualifier = '$LATEST' } = named;
  if (qualifier === '$LATEST') return { record, version: '$LATEST', configuration: record.latest };
  const alias = tables.aliases(context).get(qualified(name, qualifier));
  const version = alias ? versionOf(alias, draw) : qualifier;
  if (version === '$LATEST') return { record, version, configuration: record.latest, alias };
  const published = tables.versions(context).get(qualified(name, version));
  if (!published) throw functionNotFound(arnOf(context, name, qualifier));
  return { record, version, configuration: published.configuration, alias };
}

function versionOf(alias: AliasRecord, draw: number): string {
  let from = 0;
  for (const [version, weight] of Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {})) {
    from += weight;
    if (draw < from) return version;
  }
  return alias.FunctionVersion;
}
