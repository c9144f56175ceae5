import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceInformationCommand, GetCommandInvocationCommand, ListCommandsCommand, SendCommandCommand, SSMClient,
} from '@aws-sdk/client-ssm';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';
import { ONCE } from './once';

/** A command on the admin client, as far as it has come. */
export interface CommandResult {
  readonly commandId: string;
  /** As Run Command spells it: `Pending`, `InProgress`, `Success`, `Failed`, … */
  readonly status: string;
  readonly exitCode?: number;
  readonly output: string;
  readonly errorOutput: string;
}

/** Where the admin client stands. */
export interface AdminClientState {
  /** The instance in service, if there is one. */
  readonly instanceId?: string;
  /** `Online`, `ConnectionLost`, or nothing when the agent has never been heard of. */
  readonly agentStatus?: string;
}

/** Run Command on the one instance of the admin client's group. */
export interface CommandApi {
  adminClient(groupName: string): Promise<AdminClientState>;
  send(command: { instanceId: string; documentName: string; parameters: Readonly<Record<string, string>>; token: string; timeoutSeconds: number }):
  Promise<string>;
  /** Finds a command whose answer was lost, by the token in its comment. */
  find(instanceId: string, token: string): Promise<string | undefined>;
  result(commandId: string, instanceId: string): Promise<CommandResult | undefined>;
}

export function commandApi(): CommandApi {
  const ssm = new SSMClient(SETTINGS);
  const once = () => new SSMClient(ONCE);
  const groups = new AutoScalingClient(SETTINGS);
  return {
    adminClient: async (groupName) => {
      const { AutoScalingGroups = [] } = await groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] }));
      const instanceId = AutoScalingGroups[0]?.Instances?.find(({ LifecycleState }) => LifecycleState === 'InService')?.InstanceId;
      if (!instanceId) return {};
      const { InstanceInformationList = [] } = await ssm.send(new DescribeInstanceInformationCommand({
        Filters: [{ Key: 'InstanceIds', Values: [instanceId] }],
      }));
      return { instanceId, agentStatus: InstanceInformationList[0]?.PingStatus };
    },
    send: async ({ instanceId, documentName, parameters, token, timeoutSeconds }) => {
      const { Command } = await once().send(new SendCommandCommand({
        InstanceIds: [instanceId],
        DocumentName: documentName,
        DocumentVersion: '$LATEST',
        Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
        Comment: token,
        TimeoutSeconds: timeoutSeconds,
      }));
      return Command!.CommandId!;
    },
    find: async (instanceId, token) => {
      const { Commands = [] } = await ssm.send(new ListCommandsCommand({ InstanceId: instanceId, MaxResults: 50 }));
      return Commands.find(({ Comment }) => Comment === token)?.CommandId;
    },
    result: async (commandId, instanceId) => {
      try {
        const found = await ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
        return {
          commandId,
          status: found.Status!,
          exitCode: found.ResponseCode,
          output: found.StandardOutputContent ?? '',
          errorOutput: found.StandardErrorContent ?? '',
        };
      } catch (error) {
        if (isNamed(error, 'InvocationDoesNotExist')) return undefined;
        throw error;
      }
    },
  };
}
