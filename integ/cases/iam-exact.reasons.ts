/**
 * Actions that the library grants and that no decision of `iam-exact.test.ts` needs, each with the reason why it is granted all the same:
 * `<role> | <action>`, by the roles' names in the template.
 */
export const REASONS: Readonly<Record<string, string>> = {
  ...all('CloudHsmLifecycleMachineRole', 'given by the CDK to a machine that is traced; Step Functions does not check them, and traces are not emulated', [
    'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets',
  ]),
  ...all('CloudHsmLifecycleRole', 'AWS lists it for administrators of CloudHSM, though not among the dependent actions of an operation', [
    'ec2:DescribeVpcs', 'ec2:DescribeNetworkInterfaceAttribute', 'ec2:DetachNetworkInterface', 'ec2:CreateTags',
  ]),
  ...all('CloudHsmLifecycleRole', 'for a log group that keeps its entries for a time, has a key, or goes with its cluster: other cases', [
    'logs:PutRetentionPolicy', 'logs:AssociateKmsKey', 'logs:DeleteLogGroup',
  ]),
  ...all('CloudHsmLifecycleRole', 'changes keys of a store in place, and takes them back: key-store.test.ts', [
    'kms:PutKeyPolicy', 'kms:UpdateKeyDescription', 'kms:EnableKey', 'kms:DisableKey', 'kms:TagResource', 'kms:UntagResource', 'kms:ScheduleKeyDeletion',
    'kms:CancelKeyDeletion',
  ]),
  ...all('CloudHsmLifecycleRole', 'changes a store in place: key-store.test.ts', ['kms:UpdateCustomKeyStore', 'kms:DisconnectCustomKeyStore', 'kms:DeleteCustomKeyStore']),
  ...all('CloudHsmLifecycleRole', 'looks for what an answer that was lost has made, or for what is left in a store: broken-creates.test.ts', [
    'kms:ListKeys', 'kms:ListResourceTags', 'kms:DescribeKey', 'ssm:ListCommands', 'cloudformation:DescribeStacks',
  ]),
  ...all('CloudHsmLifecycleRole', 'fences off an execution that is still running: lease.test.ts', ['states:StopExecution']),
  ...all('CloudHsmLifecycleRole', 'the certificate authority\'s key is switched off once, and on again for a repetition', ['kms:EnableKey', 'kms:DisableKey']),
  ...all('ClusterAdminClientRole', 'the agent\'s older way of messages, which it falls back to where the newer one cannot be had', [
    'ec2messages:AcknowledgeMessage', 'ec2messages:DeleteMessage', 'ec2messages:FailMessage', 'ec2messages:GetEndpoint', 'ec2messages:GetMessages',
    'ec2messages:SendReply',
  ]),
  ...all('ClusterAdminClientRole', 'what the agent does beside commands (associations, inventory, compliance) is not emulated; AWS asks for it', [
    'ssm:UpdateInstanceAssociationStatus', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations', 'ssm:DescribeAssociation', 'ssm:GetDocument',
    'ssm:DescribeDocument', 'ssm:GetManifest', 'ssm:PutInventory', 'ssm:PutComplianceItems',
  ]),
  ...all('ClusterAdminClientRole', 'comes with the CDK\'s grant to read a secret', ['secretsmanager:DescribeSecret']),
};

function all(role: string, reason: string, actions: readonly string[]): Record<string, string> {
  return Object.fromEntries(actions.map((action) => [`${role} | ${action}`, reason]));
}
