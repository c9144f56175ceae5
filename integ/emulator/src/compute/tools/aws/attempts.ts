import { LostAnswer } from '../../../access/call';
import { ServiceError } from '../../../wire/operation';
import type { Output } from '../../../wire/operation';
import type { ToolContext } from '../tool';

/**
 * A call as the CLI makes it: again, when it was throttled, failed in the service, or nothing came back. Its waits in between, of a second or two, are
 * not counted.
 *
 * @throws what the last attempt came to
 */
export function attempt<O = Output>(context: ToolContext, ...call: Parameters<ToolContext['call']>): ReturnType<typeof context.call<O>> {
  for (let left = context.row<number>('aws-attempts') - 1; ; left--) {
    try {
      return context.call<O>(...call);
    } catch (error) {
      if (left === 0 || !isPassing(context, error)) throw error;
    }
  }
}

function isPassing(context: ToolContext, error: unknown): boolean {
  if (error instanceof LostAnswer) return true;
  if (!(error instanceof ServiceError)) return false;
  const { codes, statuses } = context.row<{ readonly codes: readonly string[]; readonly statuses: readonly number[] }>('aws-retried');
  return codes.includes(error.code) || statuses.includes(error.options.status ?? 400);
}
