import { idFormat } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { agents, isReachable } from '../agents';
import { timeoutEvent } from '../commands/deliver';
import { describeCommand } from '../commands/describe';
import { stepsOf } from '../commands/run';
import { commands, invocationKey, invocations } from '../commands/state';
import type { CommandRecord } from '../commands/state';
import { parseContent } from '../documents/content';
import { hashOf, requireDocument, requireDocumentVersion } from '../documents/state';
import { resolveValues } from '../documents/values';
import { describeInstances } from '../instance-facts';
import { text } from '../text';

interface Input {
  readonly InstanceIds?: readonly string[];
  readonly Targets?: ReadonlyArray<{ readonly Key?: string; readonly Values?: readonly string[] }>;
  readonly DocumentName: string;
  readonly DocumentVersion?: string;
  readonly DocumentHash?: string;
  readonly TimeoutSeconds?: number;
  readonly Comment?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  readonly OutputS3BucketName?: string;
  readonly OutputS3KeyPrefix?: string;
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly ServiceRoleArn?: string;
  readonly CloudWatchOutputConfig?: { readonly CloudWatchLogGroupName?: string; readonly CloudWatchOutputEnabled?: boolean };
}

export function sendCommand(context: Context, input: Input): Record<string, unknown> {
  const document = requireDocument(context, input.DocumentName);
  if (document.type !== 'Command') throw new ServiceError('InvalidDocument', `Document ${document.name} is not of type Command.`);
  const version = requireDocumentVersion(context, document, input.DocumentVersion);
  if (input.DocumentHash !== undefined && input.DocumentHash !== hashOf(version)) {
    throw new ServiceError('InvalidDocument', 'The document hash and the hash type don\'t match the document.');
  }
  const content = parseContent(version.content, version.format);
  const parameters = input.Parameters ?? {};
  const values = resolveValues(context, content, parameters);
  if (typeof values === 'string') throw new ServiceError('InvalidParameters', text(context, 'text-invalid-parameters', { problem: values }));
  const sentTo = recipients(context, input);

  const commandId = idFormat.uuid(context.id('command'));
  const command: CommandRecord = commands(context).put(commandId, {
    commandId,
    documentName: document.name,
    documentVersion: version.version,
    comment: input.Comment ?? '',
    parameters,
    instanceIds: input.InstanceIds ?? [],
    targets: input.Targets ?? [],
    sentTo,
    requestedAt: context.now,
    timeoutSeconds: input.TimeoutSeconds ?? context.row<number>('default-delivery-timeout'),
    maxConcurrency: input.MaxConcurrency ?? '50',
    maxErrors: input.MaxErrors ?? '0',
    bucket: input.OutputS3BucketName,
    prefix: input.OutputS3KeyPrefix,
    serviceRole: input.ServiceRoleArn,
    logGroup: input.CloudWatchOutputConfig?.CloudWatchLogGroupName,
    logs: input.CloudWatchOutputConfig?.CloudWatchOutputEnabled ?? false,
  });
  const steps = stepsOf(content).map(({ name }) => ({ name, status: 'Pending' as const, details: 'Pending', code: -1, stdout: '', stderr: '' }));
  for (const instanceId of sentTo) {
    invocations(context).put(invocationKey(commandId, instanceId), { commandId, instanceId, status: 'Pending', details: 'Pending', steps, at: 0 });
    context.emit('Pending', `${commandId}/${instanceId}`);
    context.after(context.delay('delivery', `${commandId}/${instanceId}`), { kind: 'command-sent', args: { commandId, instanceId } });
    context.after(context.delay('invocation-visible', `${commandId}/${instanceId}`), { kind: 'invocation-visible', args: { commandId, instanceId } });
    context.after(command.timeoutSeconds * 1000, {
      kind: 'delivery-timed-out', args: { commandId, instanceId }, id: timeoutEvent(commandId, instanceId),
    });
  }
  return { Command: describeCommand(context, command) };
}

/** Instances named must be managed and connected; targets are those among the managed ones that fit. */
function recipients(context: Context, { InstanceIds = [], Targets = [] }: Input): string[] {
  if (InstanceIds.length === 0 && Targets.length === 0) {
    throw new ServiceError('ValidationException', 'You must specify either instanceIds or targets.');
  }
  if (InstanceIds.length > 0 && Targets.length > 0) {
    throw new ServiceError('ValidationException', 'You can\'t specify both instanceIds and targets.');
  }
  const twice = InstanceIds.find((id, at) => InstanceIds.indexOf(id) !== at);
  if (twice !== undefined) throw new ServiceError('DuplicateInstanceId', 'You can\'t specify a managed node ID in more than one association.');
  const lost = InstanceIds.filter((id) => !isReachable(context, id));
  if (lost.length > 0) {
    throw new ServiceError('InvalidInstanceId', text(context, 'text-invalid-instance', { instances: lost.join(', '), account: context.account }));
  }
  if (InstanceIds.length > 0) return [...InstanceIds];
  let found = agents(context).values().map(({ instanceId }) => instanceId);
  for (const { Key = '', Values = [] } of Targets) {
    const fitting = Key === 'InstanceIds' ? Values : tagged(context, Key, Values);
    found = found.filter((id) => fitting.includes(id));
  }
  return found;
}

function tagged(context: Context, key: string, values: readonly string[]): string[] {
  if (!key.startsWith('tag:') && key !== 'tag-key') {
    throw new ServiceError('ValidationException', `[emulator] targets by ${key} are not built; InstanceIds, tag:<key> and tag-key are`);
  }
  return describeInstances(context, { Filters: [{ Name: key, Values: values }] }).map(({ InstanceId }) => InstanceId);
}
