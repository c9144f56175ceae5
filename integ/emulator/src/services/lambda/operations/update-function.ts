import type { Context, Output } from '../../../wire/operation';
import { applied, checkUpdatable, shown } from '../configuration';
import type { ConfigurationInput } from '../configuration';
import { takePackage } from '../deployment-package';
import type { CodeInput } from '../deployment-package';
import { findFunction, parseName } from '../names';
import { publish } from '../publish';
import { tables } from '../state';
import type { Configuration, FunctionRecord } from '../state';

interface UpdateInput {
  readonly FunctionName: string;
  readonly RevisionId?: string;
}

interface UpdateCodeInput extends UpdateInput, CodeInput {
  readonly Architectures?: readonly string[];
  readonly Publish?: boolean;
  readonly DryRun?: boolean;
}

export function updateFunctionCode(context: Context, input: UpdateCodeInput): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  checkUpdatable(context, record, input.RevisionId);
  const code = takePackage(context, input);
  const latest = {
    ...applied(context, record.name, record.latest, {}, code),
    ...(input.Architectures ? { Architectures: input.Architectures } : {}),
  };
  if (input.DryRun) return shown(context, latest, '$LATEST', record);
  const updated = begin(context, record, latest);
  return input.Publish ? publish(context, updated, latest.Description) : shown(context, latest, '$LATEST', updated);
}

export function updateFunctionConfiguration(context: Context, input: UpdateInput & ConfigurationInput): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  checkUpdatable(context, record, input.RevisionId);
  const { code, CodeSha256, CodeSize } = record.latest;
  const latest = applied(context, record.name, record.latest, input, { code, CodeSha256, CodeSize });
  return shown(context, latest, '$LATEST', begin(context, record, latest));
}

/** Invocations run what was deployed before until the update is through. */
function begin(context: Context, record: FunctionRecord, latest: Configuration): FunctionRecord {
  const { name } = record;
  const delay = context.delay('update-function', latest.RevisionId);
  context.busy('function being updated', name, delay);
  context.after(delay, { kind: 'updated', args: { name, revision: latest.RevisionId } });
  context.emit('update begins', name);
  return tables.functions(context).put(name, { ...record, latest, update: 'InProgress' });
}
