import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ClientInstance, Cluster, LifecycleProvider, PasswordRotator } from 'cdk-cloudhsm';

/** Findings that are accepted, each with its reason and on the construct that it is about. */
export function acknowledgeFindings(
  { packageBucket, network, boundary, lifecycleProvider, rotator, cluster, client }: {
    packageBucket: string; network: IConstruct; boundary: IConstruct; lifecycleProvider: LifecycleProvider; rotator: PasswordRotator;
    cluster: Cluster; client: ClientInstance;
  },
): void {
  const stack = Stack.of(cluster);
  const known = (value: string, name: string) => Token.isUnresolved(value) ? `<AWS::${name}>` : value;
  const here = `${known(stack.region, 'Region')}:${known(stack.account, 'AccountId')}`;
  const open = (resource: string) => `AwsSolutions-IAM5[Resource::${resource}]`;
  const parameters = open(`arn:<AWS::Partition>:ssm:${here}:parameter/cdk-cloudhsm/*`);
  const machine = stack.getLogicalId(lifecycleProvider.node.findChild('Machine').node.defaultChild as Parameters<Stack['getLogicalId']>[0]);

  accept(lifecycleProvider, {
    [open('*')]: 'Only in the policies Unscoped and MachinePolicy: actions for which the service authorization reference names no narrower resource',
    [open(`arn:<AWS::Partition>:cloudhsm:${here}:cluster/*`)]: 'A cluster\'s id is known only after it is made, and it is made after this policy',
    [open(`arn:<AWS::Partition>:logs:${here}:log-group:/aws/cloudhsm/*`)]: 'CloudHSM names the audit log group after the cluster\'s id',
    [open(`arn:<AWS::Partition>:states:${here}:execution:<${machine}.Name>:*`)]: 'Executions of its own machine, which older ones of a request are stopped by',
    [open(`arn:<AWS::Partition>:ec2:${here}:instance/*`)]: 'Instances come and go; the condition admits those that carry the admin client\'s tag only',
    [parameters]: 'Records of a cluster lie under its id, which is known only after it is made',
  });
  accept(cluster.adminClient, {
    [open('*')]: 'The Systems Manager agent\'s actions and cloudhsm:DescribeClusters take no resource',
    [open(`arn:<AWS::Partition>:s3:::${packageBucket}/*`)]: 'Every package in the bucket of packages',
    [parameters]: 'The trust anchor lies under the cluster\'s id, which is known only after it is made',
  });
  accept(client, {
    [open('*')]: 'The Systems Manager agent\'s actions and cloudhsm:DescribeClusters take no resource',
    [open(`arn:<AWS::Partition>:s3:::${packageBucket}/*`)]: 'Every package in the bucket of packages',
  });
  const atMost = 'A boundary allows nothing by itself: it is what policies may allow at most';
  accept(boundary, { 'AwsSolutions-IAM5': atMost, 'CloudFormation-Validate::W2512': atMost });
  accept(rotator, {
    [open('*')]: 'Only in the policy Unscoped: actions for which the service authorization reference names no narrower resource',
    [open(`arn:<AWS::Partition>:ec2:${here}:instance/*`)]: 'Instances come and go; the condition admits those that carry the admin client\'s tag only',
    [parameters]: 'Records of a cluster lie under its id, which is known only after it is made',
  });
  const rotation = 'Nobody can read the password of admin after activation, nor log in with it';
  accept(cluster.sealedAdminSecret, {
    'AwsSolutions-SMG4': rotation, 'HIPAA.Security-SecretsManagerRotationEnabled': rotation, 'NIST.800.53.R5-SecretsManagerRotationEnabled': rotation,
  });
  const defaultGroup = 'Nothing uses the default group; closing it would take a function with rights on every group';
  accept(network, Object.fromEntries(
    ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => [`${pack}-VPCDefaultSecurityGroupClosed`, defaultGroup]),
  ));
}

function accept(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) {
    // acknowledge() takes one '::' in an id; ids of findings on ARNs have more, so they are written down as it would.
    if (id.split('::').length > 2) construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
    else Validations.of(construct).acknowledge({ id, reason });
  }
}
