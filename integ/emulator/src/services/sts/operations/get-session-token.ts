import { credentialsOf } from './assume-role';
import type { Context, Output } from '../../../wire/operation';
import { refuse } from '../refusals';

/** For users only: a role session has no long-term keys to make a session of. */
export function getSessionToken(context: Context, { DurationSeconds = 43_200 }: { DurationSeconds?: number }): Output {
  if (context.caller.principal.kind !== 'user') throw refuse(context, 'session-token');
  return {
    Credentials: {
      ...credentialsOf(context, context.caller, DurationSeconds),
      Expiration: new Date(context.kernel.hostTime(context.now + DurationSeconds * 1000)),
    },
  };
}
