import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetCommandInvocationCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Offline } from './offline';

export interface ScriptResult {
  readonly status: string;
  readonly output: string;
  readonly errorOutput: string;
}

/** Runs a script on the first instance of the account's Auto Scaling groups, as an operator would by Run Command. */
export async function onAdminClient(offline: Offline, script: string): Promise<ScriptResult> {
  const { AutoScalingGroups = [] } = await new AutoScalingClient(offline.client).send(new DescribeAutoScalingGroupsCommand({}));
  return onInstance(offline, AutoScalingGroups[0].Instances![0].InstanceId!, script);
}

/** The id of the instance that has this name. */
export async function instanceNamed(offline: Offline, name: string): Promise<string> {
  const { Reservations = [] } = await new EC2Client(offline.client).send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Name', Values: [name] }] }));
  return Reservations[0].Instances![0].InstanceId!;
}

export async function onInstance(offline: Offline, instanceId: string, script: string): Promise<ScriptResult> {
  const ssm = new SSMClient(offline.client);
  const { Command } = await ssm.send(new SendCommandCommand({
    InstanceIds: [instanceId], DocumentName: 'AWS-RunShellScript', Parameters: { commands: script.split('\n') },
  }));
  await offline.emulator.idle();
  const done = await ssm.send(new GetCommandInvocationCommand({ CommandId: Command!.CommandId!, InstanceId: instanceId }));
  return { status: done.Status!, output: done.StandardOutputContent ?? '', errorOutput: done.StandardErrorContent ?? '' };
}

type Role = 'crypto-user' | 'admin';

/** Output of a client command as a user whose secret the admin client may read. */
export async function asUser(offline: Offline, secretArn: string, command: string, role: Role = 'crypto-user'): Promise<string> {
  return mustSucceed(command, await onAdminClient(offline, userScript(secretArn, command, role)));
}

/** The same on the admin client whose group is named: there are several. */
export async function asUserOf(offline: Offline, groupName: string, secretArn: string, command: string): Promise<string> {
  const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] });
  const { AutoScalingGroups = [] } = await new AutoScalingClient(offline.client).send(asked);
  return mustSucceed(command, await onInstance(offline, AutoScalingGroups[0].Instances![0].InstanceId!, userScript(secretArn, command, 'crypto-user')));
}

function userScript(secretArn: string, command: string, role: Role): string {
  return `
secret=$(aws secretsmanager get-secret-value --secret-id '${secretArn}' --query SecretString --output text)
name=$(printf '%s' "$secret" | sed -n 's/.*"username" *: *"\\([^"]*\\)".*/\\1/p')
password=$(printf '%s' "$secret" | sed -n 's/.*"password" *: *"\\([^"]*\\)".*/\\1/p')
export CLOUDHSM_ROLE=${role} CLOUDHSM_PIN="$name:$password"
/opt/cloudhsm/bin/cloudhsm-cli ${command}`;
}

function mustSucceed(command: string, result: ScriptResult): string {
  if (result.status !== 'Success') throw new Error(`${command} ended as ${result.status}: ${result.output}${result.errorOutput}`);
  return result.output;
}
