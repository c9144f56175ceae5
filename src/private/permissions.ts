/**
 * IAM actions, by what they are for. Each list says where AWS documents it.
 */

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudhsm.html */
export const CLOUDHSM_CLUSTER_ACTIONS = ['cloudhsm:CreateHsm', 'cloudhsm:InitializeCluster'];

/** These take no resource: `*` is the narrowest that AWS offers. */
export const CLOUDHSM_UNSCOPED_ACTIONS = ['cloudhsm:DescribeClusters', 'cloudhsm:DescribeBackups', 'cloudhsm:DeleteHsm'];

/** Making a cluster from a backup; the backup may be another account's, and the cluster has no name yet. */
export const RESTORE_ACTIONS = ['cloudhsm:CreateCluster', 'ec2:DeleteSecurityGroup'];

/** The service's role; the first cluster of an account makes it, which may be one that is made from another account's backup. */
export const CLUSTER_SERVICE = 'cloudhsm.amazonaws.com';

/** What CloudFormation would do for a cluster of the native type. */
export const RESTORED_CLUSTER_ACTIONS = ['cloudhsm:TagResource', 'cloudhsm:ModifyCluster', 'cloudhsm:DeleteCluster'];

/** When the versions of a secret were made; never what is in them. */
export const SECRET_VERSION_ACTIONS = ['secretsmanager:ListSecretVersionIds'];

/**
 * EC2 calls that CloudHSM makes with its caller's permissions when HSMs come and go.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/identity-access-management.html
 */
export const HSM_NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeNetworkInterfaceAttribute',
  'ec2:DetachNetworkInterface', 'ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupEgress', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ec2:CreateTags',
];

/** What the pre-flight looks at; none of these takes a resource. */
export const PREFLIGHT_ACTIONS = ['ec2:DescribeSubnets', 'ec2:DescribeVpcEndpointServices', 'servicequotas:GetServiceQuota'];

/** Asked before any HSM is removed; takes no resource. */
export const KEY_STORE_LOOKUP_ACTIONS = ['kms:DescribeCustomKeyStores'];

/** Key stores have no ARN: none of these takes a resource. */
export const KEY_STORE_ACTIONS = [
  'kms:CreateCustomKeyStore', 'kms:ConnectCustomKeyStore', 'kms:DisconnectCustomKeyStore', 'kms:UpdateCustomKeyStore', 'kms:DeleteCustomKeyStore',
];

/** Looking for keys: in a store that is to go, or one whose answer was lost. A new key's tags do not count for permissions yet. */
export const KEY_LIST_ACTIONS = ['kms:ListKeys'];
export const KEY_SEARCH_ACTIONS = ['kms:DescribeKey', 'kms:ListResourceTags'];

/**
 * Making a key with tags; takes no resource.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const KEY_CREATION_ACTIONS = ['kms:CreateKey'];
export const KEY_TAGGING_ACTIONS = ['kms:TagResource'];

/** Changing keys that are there. */
export const KEY_UPKEEP_ACTIONS = [
  'kms:PutKeyPolicy', 'kms:UpdateKeyDescription', 'kms:EnableKey', 'kms:DisableKey', 'kms:TagResource', 'kms:UntagResource', 'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];

/** The temporary password of `kmsuser`: made, handed to KMS, destroyed. */
export const TEMPORARY_SECRET_ACTIONS = [
  'secretsmanager:CreateSecret', 'secretsmanager:PutResourcePolicy', 'secretsmanager:PutSecretValue', 'secretsmanager:GetSecretValue', 'secretsmanager:DeleteSecret',
];

/** Takes no resource. */
export const PASSWORD_ACTIONS = ['secretsmanager:GetRandomPassword'];

/** Whether a stack takes back what it made. */
export const STACK_ACTIONS = ['cloudformation:DescribeStacks'];

/** The role by which KMS reaches the HSMs; the first key store of an account makes it. */
export const KEY_STORE_SERVICE = 'cks.kms.amazonaws.com';

/** How functions read a parameter. */
export const READ_PARAMETER_ACTIONS = ['ssm:GetParameters'];

/** What is written down of a cluster. */
export const PARAMETER_ACTIONS = [...READ_PARAMETER_ACTIONS, 'ssm:GetParametersByPath', 'ssm:PutParameter', 'ssm:DeleteParameters'];

/** Looking for the admin client and at the commands on it; none of these takes a resource. */
export const COMMAND_LOOKUP_ACTIONS = [
  'autoscaling:DescribeAutoScalingGroups', 'ssm:DescribeInstanceInformation', 'ssm:ListCommands', 'ssm:GetCommandInvocation',
];

/** The audit log group. */
export const AUDIT_LOG_ACTIONS = [
  'logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy', 'logs:AssociateKmsKey',
  'logs:DisassociateKmsKey',
];

/** The key of the certificate authority: signs once, is disabled after. */
export const AUTHORITY_KEY_ACTIONS = ['kms:GetPublicKey', 'kms:Sign', 'kms:EnableKey', 'kms:DisableKey'];

/** An authority of AWS Private CA: what is asked of it, and for what it is asked by one template only. */
export const PRIVATE_CA_ACTIONS = ['acm-pca:DescribeCertificateAuthority', 'acm-pca:GetCertificate'];
export const PRIVATE_CA_ISSUE_ACTIONS = ['acm-pca:IssueCertificate'];

/** Starting, and for the fence stopping, executions of the lifecycle machine. */
export const MACHINE_ACTIONS = ['states:StartExecution', 'states:ListExecutions'];
export const EXECUTION_ACTIONS = ['states:StopExecution'];

/** How a client finds its HSMs; takes no resource. */
export const CLUSTER_LOOKUP_ACTIONS = ['cloudhsm:DescribeClusters'];

/** Reading the certificate that clients trust. */
export const TRUST_ANCHOR_ACTIONS = ['ssm:GetParameter'];

/**
 * What the Systems Manager agent needs; as `AmazonSSMManagedInstanceCore`, without its access to all parameters.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 */
export const SSM_AGENT_ACTIONS = [
  'ssm:UpdateInstanceInformation', 'ssm:UpdateInstanceAssociationStatus', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations',
  'ssm:DescribeAssociation', 'ssm:GetDocument', 'ssm:DescribeDocument', 'ssm:GetManifest', 'ssm:PutInventory', 'ssm:PutComplianceItems',
  'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
  'ec2messages:AcknowledgeMessage', 'ec2messages:DeleteMessage', 'ec2messages:FailMessage', 'ec2messages:GetEndpoint', 'ec2messages:GetMessages',
  'ec2messages:SendReply',
];

/** Writing traces; takes no resource. */
export const TRACING_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** Reading a secret's value. */
export const READ_SECRET_ACTIONS = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/**
 * New passwords of a secret and the labels of its versions; not reading it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export const ROTATION_ACTIONS = [
  'secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
];

/** Which passwords of an admin are still needed by backups. */
export const KEPT_PASSWORD_ACTIONS = ['secretsmanager:ListSecretVersionIds'];

/** Takes no resource. */
export const BACKUP_LOOKUP_ACTIONS = ['cloudhsm:DescribeBackups'];

/**
 * What a caller needs on the key of a secret that it puts a value into.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export const SECRET_KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What the probe of a cluster looks at; neither takes a resource. */
export const CLUSTER_PROBE_ACTIONS = ['cloudhsm:DescribeClusters', 'cloudhsm:DescribeBackups'];

/** What copying the backups of a cluster looks at; neither takes a resource. */
export const BACKUP_COPY_LOOK_ACTIONS = ['cloudhsm:DescribeClusters', 'cloudhsm:DescribeBackups'];

/** On the backups at home, and on the copies over there. */
export const BACKUP_COPY_ACTIONS = ['cloudhsm:CopyBackupToRegion'];
export const BACKUP_COPY_TAG_ACTIONS = ['cloudhsm:TagResource'];
export const BACKUP_COPY_DELETE_ACTIONS = ['cloudhsm:DeleteBackup'];

/** On the parameters over there that a restore needs. */
export const BACKUP_COPY_PARAMETER_ACTIONS = ['ssm:PutParameter'];

/** What the probe of a key store does: a data key whose plaintext it does not get. */
export const KEY_STORE_PROBE_ACTIONS = ['kms:GenerateDataKeyWithoutPlaintext'];

/**
 * What those who publish to an encrypted topic need on its key.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const TOPIC_KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/** What Lambda needs to attach a function to a VPC; none of these takes a resource. */
export const VPC_FUNCTION_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];
