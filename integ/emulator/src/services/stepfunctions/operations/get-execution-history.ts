import type { Context, Output } from '../../../wire/operation';
import { findExecution, wireTime } from '../find';
import { page } from '../paging';
import { tables } from '../state';
import type { HistoryRecord } from '../state';

interface Input {
  readonly executionArn: string;
  readonly reverseOrder?: boolean;
  readonly includeExecutionData?: boolean;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export function getExecutionHistory(context: Context, input: Input): Output {
  const { arn } = findExecution(context, input.executionArn);
  const all = tables.history(context, arn).values();
  const { items, nextToken } = page(input.reverseOrder ? all.reverse() : all, input);
  return { events: items.map((event) => shown(context, event, input.includeExecutionData ?? true)), nextToken };
}

const DATA = ['input', 'output', 'inputDetails', 'outputDetails', 'parameters'];

function shown(context: Context, { id, previousEventId, type, at, details }: HistoryRecord, withData: boolean): Output {
  const kept = Object.entries(details ?? {}).filter(([member]) => withData || !DATA.includes(member));
  return {
    id,
    previousEventId,
    type,
    timestamp: wireTime(context, at),
    ...(details ? { [detailsMember(type)]: Object.fromEntries(kept) } : {}),
  };
}

/** `TaskStateEntered` has its details in `stateEnteredEventDetails`, `MapIterationStarted` in `mapIterationStartedEventDetails`. */
function detailsMember(type: string): string {
  const [, transition] = /State(Entered|Exited)$/.exec(type) ?? [];
  const name = transition ? `state${transition}` : type[0].toLowerCase() + type.slice(1);
  return `${name}EventDetails`;
}
