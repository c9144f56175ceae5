import type { Context, Output } from '../../../wire/operation';
import { applied, shown } from '../configuration';
import type { ConfigurationInput } from '../configuration';
import { takePackage } from '../deployment-package';
import type { CodeInput } from '../deployment-package';
import { conflict, invalid } from '../errors';
import { parseName } from '../names';
import { publish } from '../publish';
import { tables } from '../state';

interface CreateFunctionInput extends ConfigurationInput {
  readonly FunctionName: string;
  readonly Code: CodeInput;
  readonly PackageType?: string;
  readonly Architectures?: readonly string[];
  readonly Publish?: boolean;
  readonly Tags?: { readonly [key: string]: string };
}

export function createFunction(context: Context, input: CreateFunctionInput): Output {
  const { name } = parseName(context, input.FunctionName);
  if (tables.functions(context).has(name)) throw conflict(`Function already exist: ${name}`);
  if (input.PackageType === 'Image') throw invalid('[emulator] container images are not emulated');

  const code = takePackage(context, input.Code);
  const configuration = { ...applied(context, name, undefined, input, code), ...(input.Architectures ? { Architectures: input.Architectures } : {}) };
  const record = tables.functions(context).put(name, {
    name, latest: configuration, state: 'Pending', update: 'Successful', lastVersion: 0, tags: input.Tags ?? {},
  });
  context.emit('Pending', name);
  const delay = context.delay(configuration.VpcConfig ? 'create-function-vpc' : 'create-function', name);
  context.busy('function being created', name, delay);
  context.after(delay, { kind: 'active', args: { name, version: '$LATEST' } });
  if (input.Publish) return publish(context, record, configuration.Description);
  return shown(context, configuration, '$LATEST', record);
}
