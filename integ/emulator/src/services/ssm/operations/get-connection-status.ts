import type { Context } from '../../../wire/operation';
import { hearsCommands } from '../agents';

/** Whether Session Manager could open a session; sessions themselves are not built. */
export function getConnectionStatus(context: Context, { Target }: { Target: string }): Record<string, unknown> {
  return { Target, Status: hearsCommands(context, Target) ? 'connected' : 'notconnected' };
}
