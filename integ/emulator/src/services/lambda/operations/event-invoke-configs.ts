import type { Context, Output } from '../../../wire/operation';
import { notFound } from '../errors';
import { arnOf, findFunction, parseName, resolve } from '../names';
import type { Named } from '../names';
import { page } from '../paging';
import { qualified, tables } from '../state';
import type { EventInvokeConfig } from '../state';

interface Input {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

type Settings = Input & Pick<EventInvokeConfig, 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | 'DestinationConfig'>;

export function putFunctionEventInvokeConfig(context: Context, input: Settings): Output {
  const named = check(context, input);
  return store(context, named, undefined, input);
}

export function updateFunctionEventInvokeConfig(context: Context, input: Settings): Output {
  const named = check(context, input);
  return store(context, named, find(context, named), input);
}

export function getFunctionEventInvokeConfig(context: Context, input: Input): Output {
  return shown(context, find(context, check(context, input)));
}

export function deleteFunctionEventInvokeConfig(context: Context, input: Input): void {
  const named = check(context, input);
  find(context, named);
  tables.eventInvokeConfigs(context).delete(keyOf(named));
}

export function listFunctionEventInvokeConfigs(context: Context, input: Input & { readonly Marker?: string; readonly MaxItems?: number }): Output {
  const { name } = findFunction(context, parseName(context, input.FunctionName));
  const all = tables.eventInvokeConfigs(context).values().filter(({ functionName }) => functionName === name);
  const { items, next } = page(all, input, 50);
  return { FunctionEventInvokeConfigs: items.map((config) => shown(context, config)), NextMarker: next };
}

function check(context: Context, input: Input): Named {
  const named = parseName(context, input.FunctionName, input.Qualifier);
  resolve(context, named);
  return named;
}

function keyOf({ name, qualifier = '$LATEST' }: Named): string {
  return qualified(name, qualifier);
}

function find(context: Context, named: Named): EventInvokeConfig {
  const config = tables.eventInvokeConfigs(context).get(keyOf(named));
  if (!config) throw notFound(`The function ${arnOf(context, named.name, named.qualifier ?? '$LATEST')} doesn't have an EventInvokeConfig`);
  return config;
}

function store(context: Context, named: Named, before: EventInvokeConfig | undefined, input: Settings): Output {
  const { name, qualifier = '$LATEST' } = named;
  return shown(context, tables.eventInvokeConfigs(context).put(keyOf(named), {
    functionName: name,
    qualifier,
    lastModified: context.now,
    MaximumRetryAttempts: input.MaximumRetryAttempts ?? before?.MaximumRetryAttempts,
    MaximumEventAgeInSeconds: input.MaximumEventAgeInSeconds ?? before?.MaximumEventAgeInSeconds,
    DestinationConfig: input.DestinationConfig ?? before?.DestinationConfig,
  }));
}

function shown(context: Context, { functionName, qualifier, lastModified, DestinationConfig, ...config }: EventInvokeConfig): Output {
  return {
    ...config,
    LastModified: new Date(context.kernel.hostTime(lastModified)),
    FunctionArn: arnOf(context, functionName, qualifier),
    DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...DestinationConfig },
  };
}
