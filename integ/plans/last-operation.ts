import { CloudFormationClient, paginateDescribeStackEvents, RollbackStackCommand } from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { Offline } from '../cases/_harness/offline';

/** What failed in a stack's last operation and why, the first failure first. */
export async function whyFailed({ client }: Offline, StackName: string): Promise<string[]> {
  const events: StackEvent[] = [];
  const pages = paginateDescribeStackEvents({ client: new CloudFormationClient(client) }, { StackName });
  for await (const { StackEvents = [] } of pages) events.push(...StackEvents);
  return events.slice(0, events.findIndex(beginsOperation) + 1).reverse()
    .filter(({ ResourceStatus, ResourceType }) => ResourceStatus!.endsWith('_FAILED') && ResourceType !== 'AWS::CloudFormation::Stack')
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`);
}

function beginsOperation({ StackId, PhysicalResourceId, ResourceStatus }: StackEvent): boolean {
  return PhysicalResourceId === StackId && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(ResourceStatus!);
}

/** Goes on with a rollback that failed. */
export async function rollBackAgain({ client, emulator }: Offline, StackName: string): Promise<void> {
  await new CloudFormationClient(client).send(new RollbackStackCommand({ StackName }));
  await emulator.idle();
}
