import type { Context, Output } from '../../../wire/operation';
import { shown } from '../configuration';
import type { Condition } from '../configuration';
import { parseName, resolve } from '../names';
import type { Target } from '../names';
import { qualified, tables } from '../state';

interface GetInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

export function getFunction(context: Context, input: GetInput): Output {
  const target = resolve(context, parseName(context, input.FunctionName, input.Qualifier));
  const { record, configuration } = target;
  return {
    Configuration: shown(context, configuration, target.version, conditionOf(context, target)),
    Code: {
      RepositoryType: 'S3',
      Location: `https://awslambda-${context.region}-tasks.s3.${context.region}.amazonaws.com/snapshots/${context.account}/${configuration.code}`,
    },
    ...(Object.keys(record.tags).length > 0 ? { Tags: record.tags } : {}),
    ...(record.reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: record.reserved } }),
  };
}

export function getFunctionConfiguration(context: Context, input: GetInput): Output {
  const target = resolve(context, parseName(context, input.FunctionName, input.Qualifier));
  return shown(context, target.configuration, target.version, conditionOf(context, target));
}

function conditionOf(context: Context, { record, version }: Target): Condition {
  if (version === '$LATEST') return record;
  return { state: tables.versions(context).get(qualified(record.name, version))!.state, update: 'Successful' };
}
