import type { Context, Output, Principal } from '../../../wire/operation';
import { hostOf } from '../host';
import { refuse } from '../refusals';
import { roleOf } from '../role-lookup';

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
  /** Narrows what the role may do. */
  readonly Policy?: string;
  readonly PolicyArns?: readonly unknown[];
  readonly Tags?: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
}

/** The session keeps the caller's place in the network and its turn: only who is calling changes. */
export function assumeRole(context: Context, input: AssumeRoleInput): Output {
  const { principal, position, activityId } = context.caller;
  const role = roleOf(context, input.RoleArn);
  if (!role) throw refuse(context, 'assume-role', principal.arn, input.RoleArn);
  if (input.PolicyArns !== undefined && input.PolicyArns.length > 0) throw refuse(context, 'session-policy-arns');
  const seconds = input.DurationSeconds ?? 3600;
  if (principal.kind === 'role' && seconds > context.row<number>('sts/chained-session-seconds')) throw refuse(context, 'chained-duration');
  if (seconds > (role.MaxSessionDuration ?? 3600)) throw refuse(context, 'duration');
  const account = role.Arn.split(':')[4];
  const session: Principal = {
    kind: 'role',
    account,
    arn: context.arn('sts', `assumed-role/${role.RoleName}/${input.RoleSessionName}`, { region: '', account }),
    roleArn: role.Arn,
    sessionName: input.RoleSessionName,
    ...(input.Policy === undefined ? {} : { sessionPolicies: [input.Policy] }),
    ...(input.Tags === undefined ? {} : { sessionTags: Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value])) }),
  };
  return {
    Credentials: {
      ...credentialsOf(context, { principal: session, position, activityId }, seconds),
      Expiration: new Date(context.kernel.hostTime(context.now + seconds * 1000)),
    },
    AssumedRoleUser: { AssumedRoleId: `${role.RoleId}:${input.RoleSessionName}`, Arn: session.arn },
  };
}

export function credentialsOf(context: Context, caller: Context['caller'], seconds: number): Output {
  const { accessKeyId, secretAccessKey, sessionToken } = hostOf(context.kernel).credentials(caller, seconds * 1000);
  return { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken };
}
