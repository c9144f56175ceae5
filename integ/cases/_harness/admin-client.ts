import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
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

export async function onInstance(offline: Offline, instanceId: string, script: string): Promise<ScriptResult> {
  const ssm = new SSMClient(offline.client);
  const { Command } = await ssm.send(new SendCommandCommand({
    InstanceIds: [instanceId], DocumentName: 'AWS-RunShellScript', Parameters: { commands: script.split('\n') },
  }));
  await offline.emulator.idle();
  const done = await ssm.send(new GetCommandInvocationCommand({ CommandId: Command!.CommandId!, InstanceId: instanceId }));
  return { status: done.Status!, output: done.StandardOutputContent ?? '', errorOutput: done.StandardErrorContent ?? '' };
}

/** Output of a client command as a user whose secret the admin client may read. */
export async function asUser(offline: Offline, secretArn: string, command: string, role: 'crypto-user' | 'admin' = 'crypto-user'): Promise<string> {
  const result = await onAdminClient(offline, `
secret=$(aws secretsmanager get-secret-value --secret-id '${secretArn}' --query SecretString --output text)
name=$(printf '%s' "$secret" | sed -n 's/.*"username" *: *"\\([^"]*\\)".*/\\1/p')
password=$(printf '%s' "$secret" | sed -n 's/.*"password" *: *"\\([^"]*\\)".*/\\1/p')
export CLOUDHSM_ROLE=${role} CLOUDHSM_PIN="$name:$password"
/opt/cloudhsm/bin/cloudhsm-cli ${command}`);
  if (result.status !== 'Success') throw new Error(`${command} ended as ${result.status}: ${result.output}${result.errorOutput}`);
  return result.output;
}
