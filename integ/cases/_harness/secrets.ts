import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import type { Offline } from './offline';

/** ARN of the secret of a stack whose logical id fits. */
export async function stackSecret(offline: Offline, logicalId: RegExp): Promise<string> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(offline.client).send(new ListStackResourcesCommand({ StackName: 'Hsm' }));
  return StackResourceSummaries.find(({ LogicalResourceId, ResourceType }) => ResourceType === 'AWS::SecretsManager::Secret'
    && logicalId.test(LogicalResourceId!))!.PhysicalResourceId!;
}
