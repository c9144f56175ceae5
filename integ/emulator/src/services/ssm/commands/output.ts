import { ServiceError } from '../../../wire/operation';
import type { Caller, Context } from '../../../wire/operation';
import { agents } from '../agents';
import type { CommandRecord, InvocationRecord, StepResult } from './state';

/** Puts a step's whole output where the command asked for it: a bucket, a log group. The agent does so with the instance's role. */
export function keepOutput(context: Context, command: CommandRecord, { instanceId }: InvocationRecord, step: StepResult): void {
  const caller = instanceCaller(context, instanceId);
  const folder = `${command.commandId}/${instanceId}`;
  for (const [stream, content] of [['stdout', step.stdout], ['stderr', step.stderr]] as const) {
    if (content === '') continue;
    if (command.bucket) {
      const Key = `${command.prefix ? `${command.prefix}/` : ''}${folder}/awsrunShellScript/${step.name}/${stream}`;
      attempt(() => context.call('s3', 'PutObject', { Bucket: command.bucket, Key, Body: Buffer.from(content, 'utf8') }, caller));
    }
    if (command.logs) {
      const logGroupName = command.logGroup || `/aws/ssm/${command.documentName}`;
      const logStreamName = `${folder}/${step.name.replace(/:/g, '-')}/${stream}`;
      attempt(() => context.call('logs', 'CreateLogGroup', { logGroupName }, caller));
      attempt(() => context.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, caller));
      attempt(() => context.call('logs', 'PutLogEvents', {
        logGroupName, logStreamName, logEvents: [{ timestamp: context.kernel.hostTime(), message: content }],
      }, caller));
    }
  }
}

function instanceCaller(context: Context, instanceId: string): Partial<Caller> {
  const role = agents(context).get(instanceId)?.roleName;
  if (role === undefined) return {};
  return {
    principal: {
      kind: 'role',
      account: context.account,
      arn: `arn:${context.partition}:sts::${context.account}:assumed-role/${role}/${instanceId}`,
      roleArn: `arn:${context.partition}:iam::${context.account}:role/${role}`,
      sessionName: instanceId,
    },
  };
}

/** The agent logs such a failure and goes on. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
}
