import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { tables } from '../state';
import type { ExecutionRecord, Thread } from '../state';

type Details = { readonly [member: string]: Json };

/** Events of a thread, each one following the thread's last. Returns the event's id. */
export function record(context: Context, execution: string, previousEventId: number, type: string, details?: Details): number {
  const history = tables.history(context, execution);
  const id = history.size() + 1;
  history.put(String(id), { id, previousEventId, type, at: context.now, details });
  return id;
}

/** As `record`; the thread goes on from the new event. */
export function note(context: Context, execution: ExecutionRecord, thread: Thread, type: string, details?: Details): Thread {
  return { ...thread, previousEvent: record(context, execution.arn, thread.previousEvent, type, details) };
}

/** Data as the history holds it. */
export function data(value: Json, member: 'input' | 'output' = 'input'): Details {
  return { [member]: JSON.stringify(value), [`${member}Details`]: { truncated: false } };
}

export function failureDetails(error: string, cause: string | undefined): Details {
  return { error, ...(cause === undefined ? {} : { cause }) };
}
