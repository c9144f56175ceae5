import type { Context } from '../../../wire/operation';
import { describeInvocation } from '../commands/describe';
import { invocationsOf } from '../commands/state';
import { page } from '../paging';
import { selectCommands } from './list-commands';

interface Input {
  readonly CommandId?: string;
  readonly InstanceId?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Filters?: ReadonlyArray<{ readonly key: string; readonly value: string }>;
  readonly Details?: boolean;
}

export function listCommandInvocations(context: Context, input: Input): Record<string, unknown> {
  const all = selectCommands(context, input).flatMap((command) => invocationsOf(context, command)
    .filter(({ instanceId }) => input.InstanceId === undefined || instanceId === input.InstanceId)
    .map((invocation) => ({ command, invocation })));
  const { items, next } = page(all, input.NextToken, input.MaxResults ?? 50);
  return {
    CommandInvocations: items.map(({ command, invocation }) => describeInvocation(context, command, invocation, input.Details ?? false)),
    NextToken: next,
  };
}
