import type { Context } from '../../../wire/operation';
import { date } from '../text';
import { invocationsOf, isOver, statusOf } from './state';
import type { CommandRecord, InvocationRecord, StepResult } from './state';

/** The modelled `Command`. */
export function describeCommand(context: Context, command: CommandRecord): Record<string, unknown> {
  const all = invocationsOf(context, command);
  const { status, details } = statusOf(context, command);
  return {
    CommandId: command.commandId,
    DocumentName: command.documentName,
    DocumentVersion: String(command.documentVersion),
    Comment: command.comment,
    ExpiresAfter: date(context, command.requestedAt + command.timeoutSeconds * 1000),
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: date(context, command.requestedAt),
    Status: status,
    StatusDetails: details,
    OutputS3Region: context.region,
    OutputS3BucketName: command.bucket ?? '',
    OutputS3KeyPrefix: command.prefix ?? '',
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: command.sentTo.length,
    CompletedCount: all.filter(isOver).length,
    ErrorCount: all.filter((one) => one.status === 'Failed' || isExecutionTimeout(context, one)).length,
    DeliveryTimedOutCount: all.filter((one) => one.details === context.row<string>('details-delivery-timed-out')).length,
    ServiceRole: command.serviceRole ?? '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: logsOf(command),
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** The modelled `CommandInvocation`. */
export function describeInvocation(
  context: Context, command: CommandRecord, invocation: InvocationRecord, details: boolean,
): Record<string, unknown> {
  return {
    CommandId: command.commandId,
    InstanceId: invocation.instanceId,
    InstanceName: '',
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: String(command.documentVersion),
    RequestedDateTime: date(context, command.requestedAt),
    Status: invocation.status,
    StatusDetails: invocation.details,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: details ? invocation.steps.map((step) => describePlugin(context, command, step)) : [],
    ServiceRole: command.serviceRole ?? '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: logsOf(command),
  };
}

function describePlugin(context: Context, command: CommandRecord, step: StepResult): Record<string, unknown> {
  const output = step.stderr === '' ? step.stdout : `${step.stdout}\n----------ERROR-------\n${step.stderr}`;
  return {
    Name: step.name,
    Status: step.status,
    StatusDetails: step.details,
    ResponseCode: step.code,
    ResponseStartDateTime: step.startedAt === undefined ? undefined : date(context, step.startedAt),
    ResponseFinishDateTime: step.endedAt === undefined ? undefined : date(context, step.endedAt),
    Output: truncate(context, output, 'max-plugin-output'),
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    OutputS3Region: context.region,
    OutputS3BucketName: command.bucket ?? '',
    OutputS3KeyPrefix: command.prefix ?? '',
  };
}

/** The first so many characters, the last of them a note when something was cut. */
export function truncate(context: Context, output: string, row: string): string {
  const limit = context.row<number>(row);
  if (output.length <= limit) return output;
  const suffix = context.row<string>('truncated-suffix');
  return output.slice(0, limit - suffix.length) + suffix;
}

export function logsOf(command: CommandRecord): Record<string, unknown> {
  return { CloudWatchLogGroupName: command.logGroup ?? '', CloudWatchOutputEnabled: command.logs };
}

function isExecutionTimeout(context: Context, { details }: InvocationRecord): boolean {
  return details === context.row<string>('details-execution-timed-out');
}
