import { shown } from './configuration';
import { qualified, tables } from './state';
import type { Configuration, FunctionRecord } from './state';
import type { Context, Output } from '../../wire/operation';

/** Makes a version of the latest code and configuration; unchanged since the last one, it is the last one. */
export function publish(context: Context, record: FunctionRecord, description: string): Output {
  const { name, latest, lastVersion } = record;
  const last = tables.versions(context).get(qualified(name, String(lastVersion)));
  if (last && same(last.configuration, latest)) return shown(context, last.configuration, last.version, { state: last.state, update: 'Successful' });

  const version = String(lastVersion + 1);
  const configuration = { ...latest, Description: description };
  tables.functions(context).put(name, { ...record, lastVersion: lastVersion + 1 });
  tables.versions(context).put(qualified(name, version), { functionName: name, version, configuration, state: 'Pending' });
  context.after(context.delay('create-function', `${name}:${version}`), { kind: 'active', args: { name, version } });
  context.emit('version published', `${name}:${version}`);
  return shown(context, configuration, version, { state: 'Pending', update: 'Successful' });
}

function same(published: Configuration, latest: Configuration): boolean {
  const essence = ({ lastModified: _, RevisionId: __, Description: ___, ...rest }: Configuration): string =>
    JSON.stringify(Object.entries(rest).sort());
  return essence(published) === essence(latest);
}
