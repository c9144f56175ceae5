import { CloudFormationClient, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import type { Offline } from './offline';

/** Why resources of a stack failed. */
export async function failures({ client }: Offline, stack: string): Promise<string> {
  const { StackEvents = [] } = await new CloudFormationClient(client).send(new DescribeStackEventsCommand({ StackName: stack }));
  return StackEvents.filter(({ ResourceStatus }) => /FAILED/.test(ResourceStatus!)).map(({ ResourceStatusReason }) => ResourceStatusReason).join('\n');
}
