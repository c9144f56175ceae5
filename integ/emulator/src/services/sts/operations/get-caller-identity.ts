import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { roleOf } from '../role-lookup';

export function getCallerIdentity(context: Context): Output {
  const { principal } = context.caller;
  return { UserId: userId(context), Account: principal.account, Arn: principal.arn };
}

/** Of a session, the role's id and the session's name; of a user from outside, an id that belongs to its name. */
function userId(context: Context): string {
  const { principal } = context.caller;
  if (principal.kind === 'role' && principal.roleArn !== undefined) {
    const id = roleOf(context, principal.roleArn)?.RoleId ?? madeUp(context, 'AROA', principal.roleArn);
    return `${id}:${principal.sessionName ?? ''}`;
  }
  return madeUp(context, 'AIDA', principal.arn);
}

function madeUp(context: Context, prefix: string, arn: string): string {
  return prefix + idFormat.upperAlphanumeric(context.kernel.ids.named('sts-user', arn), 17);
}
