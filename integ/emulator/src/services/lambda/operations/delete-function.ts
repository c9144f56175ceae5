import type { Context, Output } from '../../../wire/operation';
import { drop } from '../environments';
import { functionNotFound, invalid } from '../errors';
import { arnOf, findFunction, parseName } from '../names';
import { qualified, tables } from '../state';

export function deleteFunction(context: Context, input: { readonly FunctionName: string; readonly Qualifier?: string }): Output {
  const { name, qualifier } = parseName(context, input.FunctionName, input.Qualifier);
  findFunction(context, { name, qualifier });
  if (qualifier === undefined) {
    deleteAll(context, name);
    return { StatusCode: 204 };
  }
  if (qualifier === '$LATEST') throw invalid('$LATEST version cannot be deleted without deleting the function.');
  const versions = tables.versions(context);
  if (!versions.has(qualified(name, qualifier))) throw functionNotFound(arnOf(context, name, qualifier));
  const alias = tables.aliases(context).values().find((one) => one.functionName === name && one.FunctionVersion === qualifier);
  if (alias) throw invalid(`The following aliases reference this version: [${alias.Name}]`);
  versions.delete(qualified(name, qualifier));
  dropIdle(context, name, qualifier);
  return { StatusCode: 204 };
}

/** With its versions, aliases, policies; what is running runs to its end. */
function deleteAll(context: Context, name: string): void {
  tables.functions(context).delete(name);
  for (const table of [tables.versions(context), tables.aliases(context), tables.policies(context), tables.eventInvokeConfigs(context)]) {
    for (const [key] of table.entries()) {
      if (key.startsWith(`${name}:`)) table.delete(key);
    }
  }
  dropIdle(context, name);
  context.emit('deleted', name);
}

function dropIdle(context: Context, name: string, version?: string): void {
  for (const environment of tables.environments(context).values()) {
    const meant = environment.functionName === name && (version === undefined || environment.version === version);
    if (meant && environment.invocationId === undefined) drop(context, environment.id);
  }
}
