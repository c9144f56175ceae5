import type { Permissions } from './_harness/without';

/** Permissions that the library grants and that no decision of `iam-exact.test.ts` needs, with the reason why they are granted all the same. */
export interface Reason extends Permissions {
  readonly because: string;
}

const FUNCTION = 'CloudHsmLifecycleRole';
const CLIENT = 'ClusterAdminClientRole';

export const REASONS: readonly Reason[] = [
  {
    role: 'CloudHsmLifecycleMachineRole',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    because: 'given by the CDK to a machine that is traced; Step Functions does not check them, and traces are not emulated',
  },
  {
    role: FUNCTION,
    actions: ['ec2:DescribeVpcs', 'ec2:DescribeNetworkInterfaceAttribute', 'ec2:DetachNetworkInterface', 'ec2:CreateTags'],
    because: 'AWS lists it for administrators of CloudHSM, though not among the dependent actions of an operation',
  },
  {
    role: FUNCTION,
    actions: ['logs:PutRetentionPolicy', 'logs:AssociateKmsKey', 'logs:DisassociateKmsKey'],
    because: 'for a log group that keeps its entries for a time or has a key',
  },
  {
    role: FUNCTION,
    actions: [
      'kms:PutKeyPolicy', 'kms:UpdateKeyDescription', 'kms:EnableKey', 'kms:DisableKey', 'kms:TagResource', 'kms:UntagResource', 'kms:CancelKeyDeletion',
    ],
    beside: 'kms:PutKeyPolicy',
    because: 'changes keys of a store in place, and takes their deletion back',
  },
  { role: FUNCTION, actions: ['kms:UpdateCustomKeyStore'], because: 'changes a store in place' },
  { role: FUNCTION, actions: ['kms:ListResourceTags', 'ssm:ListCommands'], because: 'looks for what an answer that was lost has made' },
  { role: FUNCTION, actions: ['states:StopExecution'], because: 'fences off an execution that is still running' },
  {
    role: CLIENT,
    actions: [
      'ec2messages:AcknowledgeMessage', 'ec2messages:DeleteMessage', 'ec2messages:FailMessage', 'ec2messages:GetEndpoint', 'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
    because: 'the agent\'s older way of messages, which it falls back to where the newer one cannot be had',
  },
  {
    role: CLIENT,
    actions: [
      'ssm:UpdateInstanceAssociationStatus', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations', 'ssm:DescribeAssociation', 'ssm:GetDocument',
      'ssm:DescribeDocument', 'ssm:GetManifest', 'ssm:PutInventory', 'ssm:PutComplianceItems',
    ],
    because: 'what the agent does beside commands (associations, inventory, compliance) is not emulated; AWS asks for it',
  },
  { role: CLIENT, actions: ['secretsmanager:DescribeSecret'], because: 'comes with the CDK\'s grant to read a secret' },
];
