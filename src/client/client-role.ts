import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ClientPackages } from './client-packages';
import { SSM_AGENT_ACTIONS } from '../private/permissions';

/** A role for a host that is reached by Systems Manager only. Own policy: AWS's managed one reads every parameter of the account. */
export function clientRole(scope: Construct, description: string, roleName?: string): { role: iam.Role; policy: iam.ManagedPolicy } {
  const role = new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), description, roleName });
  const policy = new iam.ManagedPolicy(scope, 'Policy', {
    description,
    roles: [role],
    // The agent's actions take no resource that is known before.
    statements: [new iam.PolicyStatement({ actions: SSM_AGENT_ACTIONS, resources: ['*'] })],
  });
  return { role, policy };
}

/** Reading packages from a bucket of the user's. In the host's own policy: a grant to the role would add an inline one. */
export function grantPackages({ bucket }: ClientPackages, policy: iam.ManagedPolicy): void {
  if (!bucket) return;
  policy.addStatements(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }));
  if (bucket.encryptionKey) policy.addStatements(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey.keyArn] }));
}

/** CDK's template check knows image ids only; EC2 takes a parameter's name in a launch template. */
export function acknowledgeImageParameter(launchTemplate: Construct): void {
  Validations.of(launchTemplate).acknowledge({
    id: 'CloudFormation-Validate::E1152', reason: 'launch templates take resolve:ssm:<parameter> for an image id',
  });
}
