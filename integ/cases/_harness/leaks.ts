import { CloudFormationClient, DescribeStackEventsCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetExecutionHistoryCommand, ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetParametersByPathCommand, ListCommandInvocationsCommand, ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Offline } from './offline';

/** Everything that somebody who may read all of an account could read: secrets, parameters, logs, histories, commands, events, and the emulator's own record of calls. */
export async function everythingReadable(offline: Offline): Promise<string> {
  return JSON.stringify([await secrets(offline.client), await everythingBesideSecrets(offline)]);
}

/** What somebody could read who may not read secrets. */
export async function everythingBesideSecrets(offline: Offline): Promise<string> {
  const { client, emulator } = offline;
  const parts = await Promise.all([parametersAndCommands(client), logs(client), histories(client), events(client)]);
  return JSON.stringify([...parts, offline.report(), emulator.calls.records]);
}

type Settings = Offline['client'];

async function secrets(settings: Settings): Promise<unknown> {
  const client = new SecretsManagerClient(settings);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true, MaxResults: 100 }));
  const values = SecretList.map(async ({ ARN }) => client.send(new GetSecretValueCommand({ SecretId: ARN })).catch((error: Error) => error.name));
  return [SecretList, await Promise.all(values)];
}

async function parametersAndCommands(settings: Settings): Promise<unknown> {
  const client = new SSMClient(settings);
  const found: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetParametersByPathCommand({ Path: '/', Recursive: true, NextToken }));
    found.push(page.Parameters);
    NextToken = page.NextToken;
  } while (NextToken);
  const { Commands } = await client.send(new ListCommandsCommand({ MaxResults: 50 }));
  const { CommandInvocations } = await client.send(new ListCommandInvocationsCommand({ MaxResults: 50, Details: true }));
  return [found, Commands, CommandInvocations];
}

async function logs(settings: Settings): Promise<unknown> {
  const client = new CloudWatchLogsClient(settings);
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ limit: 50 }));
  return Promise.all(logGroups.map(({ logGroupName }) => client.send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }))));
}

async function histories(settings: Settings): Promise<unknown> {
  const client = new SFNClient(settings);
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  const listed = await Promise.all(stateMachines.map(({ stateMachineArn }) => client.send(new ListExecutionsCommand({ stateMachineArn }))));
  const executions = listed.flatMap((page) => page.executions ?? []);
  return Promise.all(executions.map(({ executionArn }) => client.send(new GetExecutionHistoryCommand({
    executionArn, maxResults: 1000, includeExecutionData: true,
  }))));
}

async function events(settings: Settings): Promise<unknown> {
  const client = new CloudFormationClient(settings);
  const { StackSummaries = [] } = await client.send(new ListStacksCommand({}));
  return Promise.all(StackSummaries.map(({ StackId }) => client.send(new DescribeStackEventsCommand({ StackName: StackId }))));
}
