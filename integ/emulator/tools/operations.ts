/**
 * Which operations of which services the emulator knows the shape of.
 *
 * A listed operation can be decoded, validated and encoded; whether a service answers it is the service's business.
 * Operations AWS has that are not listed stay in the model by name, so that a call to one is refused by its own name.
 */
export interface ServiceSelection {
  /** The folder in botocore/data, where it differs from the emulator's name of the service. */
  readonly folder?: string;
  /** Operation names; `'*'` keeps them all; `X*` keeps all that start with X. */
  readonly keep: readonly string[];
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

export const SELECTION: Readonly<Record<string, ServiceSelection>> = {
  'acm-pca': { keep: ['*'] },
  'autoscaling': {
    keep: words(`
      CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup DescribeAutoScalingGroups DescribeAutoScalingInstances
      SetDesiredCapacity SetInstanceProtection SetInstanceHealth AttachInstances DetachInstances EnterStandby ExitStandby
      TerminateInstanceInAutoScalingGroup DescribeScalingActivities SuspendProcesses ResumeProcesses
      PutLifecycleHook DeleteLifecycleHook DescribeLifecycleHooks DescribeLifecycleHookTypes CompleteLifecycleAction
      RecordLifecycleActionHeartbeat StartInstanceRefresh CancelInstanceRefresh RollbackInstanceRefresh DescribeInstanceRefreshes
      CreateOrUpdateTags DeleteTags DescribeTags DescribeAccountLimits
      CreateLaunchConfiguration DeleteLaunchConfiguration DescribeLaunchConfigurations
      PutScalingPolicy DeletePolicy DescribePolicies ExecutePolicy
      PutScheduledUpdateGroupAction DeleteScheduledAction DescribeScheduledActions
      PutNotificationConfiguration DeleteNotificationConfiguration DescribeNotificationConfigurations
      EnableMetricsCollection DisableMetricsCollection
    `),
  },
  'cloudcontrol': { keep: ['*'] },
  'cloudformation': {
    keep: words(`
      CreateStack UpdateStack DeleteStack DescribeStacks ListStacks DescribeStackEvents DescribeEvents
      DescribeStackResource DescribeStackResources ListStackResources GetTemplate GetTemplateSummary ValidateTemplate EstimateTemplateCost
      CreateChangeSet DescribeChangeSet DescribeChangeSetHooks DeleteChangeSet ExecuteChangeSet ListChangeSets
      DetectStackDrift DetectStackResourceDrift DescribeStackDriftDetectionStatus DescribeStackResourceDrifts
      RollbackStack ContinueUpdateRollback CancelUpdateStack UpdateTerminationProtection SetStackPolicy GetStackPolicy
      ListExports ListImports SignalResource DescribeAccountLimits
      DescribeType ListTypes ListTypeVersions ListHookResults GetHookResult
      CreateStackRefactor DescribeStackRefactor ExecuteStackRefactor ListStackRefactorActions ListStackRefactors
      CreateGeneratedTemplate DescribeGeneratedTemplate GetGeneratedTemplate DeleteGeneratedTemplate ListGeneratedTemplates
      StartResourceScan DescribeResourceScan ListResourceScans ListResourceScanResources ListResourceScanRelatedResources
    `),
  },
  'cloudhsmv2': { keep: ['*'] },
  'cloudtrail': { keep: words('LookupEvents') },
  'cloudwatch': {
    keep: words(`
      PutMetricAlarm PutCompositeAlarm DescribeAlarms DescribeAlarmsForMetric DescribeAlarmHistory DeleteAlarms SetAlarmState
      EnableAlarmActions DisableAlarmActions PutMetricData GetMetricData GetMetricStatistics ListMetrics
      PutDashboard GetDashboard ListDashboards DeleteDashboards TagResource UntagResource ListTagsForResource
    `),
  },
  'ec2': {
    keep: words(`
      CreateVpc DeleteVpc DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute AssociateVpcCidrBlock DisassociateVpcCidrBlock CreateDefaultVpc
      CreateSubnet DeleteSubnet DescribeSubnets ModifySubnetAttribute AssociateSubnetCidrBlock DisassociateSubnetCidrBlock CreateDefaultSubnet
      CreateRouteTable DeleteRouteTable DescribeRouteTables AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation
      CreateRoute DeleteRoute ReplaceRoute EnableVgwRoutePropagation DisableVgwRoutePropagation DescribeVpnGateways
      CreateInternetGateway DeleteInternetGateway DescribeInternetGateways AttachInternetGateway DetachInternetGateway
      CreateEgressOnlyInternetGateway DeleteEgressOnlyInternetGateway DescribeEgressOnlyInternetGateways
      CreateNatGateway DeleteNatGateway DescribeNatGateways
      AllocateAddress ReleaseAddress DescribeAddresses DescribeAddressesAttribute AssociateAddress DisassociateAddress
      CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups DescribeSecurityGroupRules DescribeSecurityGroupReferences
      AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
      ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsIngress UpdateSecurityGroupRuleDescriptionsEgress GetSecurityGroupsForVpc
      CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DescribeNetworkInterfaceAttribute
      ModifyNetworkInterfaceAttribute AttachNetworkInterface DetachNetworkInterface ResetNetworkInterfaceAttribute
      AssignPrivateIpAddresses UnassignPrivateIpAddresses AssignIpv6Addresses UnassignIpv6Addresses
      CreateNetworkInterfacePermission DeleteNetworkInterfacePermission DescribeNetworkInterfacePermissions
      RunInstances DescribeInstances TerminateInstances StartInstances StopInstances RebootInstances DescribeInstanceStatus
      DescribeInstanceAttribute ModifyInstanceAttribute ResetInstanceAttribute ModifyInstanceMetadataOptions
      ModifyInstanceCreditSpecification DescribeInstanceCreditSpecifications ModifyInstancePlacement ModifyInstanceMaintenanceOptions
      MonitorInstances UnmonitorInstances GetConsoleOutput
      AssociateIamInstanceProfile DisassociateIamInstanceProfile ReplaceIamInstanceProfileAssociation
      DescribeIamInstanceProfileAssociations
      DescribeInstanceTypes DescribeInstanceTypeOfferings DescribeInstanceConnectEndpoints
      CreateLaunchTemplate CreateLaunchTemplateVersion DeleteLaunchTemplate DeleteLaunchTemplateVersions DescribeLaunchTemplates
      DescribeLaunchTemplateVersions ModifyLaunchTemplate GetLaunchTemplateData
      CreateVolume DeleteVolume AttachVolume DetachVolume DescribeVolumes DescribeVolumeStatus DescribeVolumeAttribute ModifyVolume
      DescribeVolumesModifications DescribeSnapshots
      DescribeAvailabilityZones DescribeRegions DescribeAccountAttributes DescribeImages DescribeImageAttribute
      CreateVpcEndpoint DeleteVpcEndpoints DescribeVpcEndpoints ModifyVpcEndpoint DescribeVpcEndpointServices
      DescribeVpcEndpointConnections DescribeVpcEndpointAssociations
      CreateTags DeleteTags DescribeTags
      CreateFlowLogs DeleteFlowLogs DescribeFlowLogs
      DescribePrefixLists CreateManagedPrefixList DeleteManagedPrefixList DescribeManagedPrefixLists GetManagedPrefixListEntries
      GetManagedPrefixListAssociations ModifyManagedPrefixList
      CreateKeyPair ImportKeyPair DeleteKeyPair DescribeKeyPairs
      CreateNetworkAcl DeleteNetworkAcl DescribeNetworkAcls CreateNetworkAclEntry DeleteNetworkAclEntry ReplaceNetworkAclEntry
      ReplaceNetworkAclAssociation
      CreateDhcpOptions DeleteDhcpOptions DescribeDhcpOptions AssociateDhcpOptions
      CreateVpcPeeringConnection AcceptVpcPeeringConnection DeleteVpcPeeringConnection DescribeVpcPeeringConnections
      RejectVpcPeeringConnection ModifyVpcPeeringConnectionOptions
      GetEbsEncryptionByDefault GetEbsDefaultKmsKeyId
    `),
  },
  'ecr': {
    keep: words(`
      CreateRepository DeleteRepository DescribeRepositories DescribeImages ListImages BatchGetImage BatchDeleteImage
      GetAuthorizationToken GetRepositoryPolicy SetRepositoryPolicy DeleteRepositoryPolicy
      GetLifecyclePolicy PutLifecyclePolicy DeleteLifecyclePolicy PutImageScanningConfiguration PutImageTagMutability
      TagResource UntagResource ListTagsForResource
    `),
  },
  'events': {
    keep: words(`
      PutRule DeleteRule DescribeRule ListRules EnableRule DisableRule PutTargets RemoveTargets ListTargetsByRule ListRuleNamesByTarget
      PutEvents TestEventPattern CreateEventBus DeleteEventBus DescribeEventBus ListEventBuses PutPermission RemovePermission
      TagResource UntagResource ListTagsForResource
    `),
  },
  'iam': {
    keep: words(`
      CreateRole DeleteRole GetRole ListRoles UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole ListRoleTags
      PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies
      PutRolePermissionsBoundary DeleteRolePermissionsBoundary PutUserPermissionsBoundary DeleteUserPermissionsBoundary
      CreatePolicy DeletePolicy GetPolicy ListPolicies CreatePolicyVersion DeletePolicyVersion GetPolicyVersion ListPolicyVersions
      SetDefaultPolicyVersion ListEntitiesForPolicy TagPolicy UntagPolicy ListPolicyTags
      CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile ListInstanceProfiles ListInstanceProfilesForRole
      AddRoleToInstanceProfile RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile ListInstanceProfileTags
      CreateServiceLinkedRole DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus
      CreateUser DeleteUser GetUser ListUsers UpdateUser TagUser UntagUser ListUserTags
      PutUserPolicy GetUserPolicy DeleteUserPolicy ListUserPolicies AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies
      CreateAccessKey DeleteAccessKey UpdateAccessKey ListAccessKeys GetAccessKeyLastUsed
      CreateGroup DeleteGroup GetGroup ListGroups ListGroupsForUser AddUserToGroup RemoveUserFromGroup
      PutGroupPolicy GetGroupPolicy DeleteGroupPolicy ListGroupPolicies AttachGroupPolicy DetachGroupPolicy ListAttachedGroupPolicies
      SimulatePrincipalPolicy SimulateCustomPolicy GetAccountSummary GetAccountAuthorizationDetails ListAccountAliases
      CreateOpenIDConnectProvider GetOpenIDConnectProvider ListOpenIDConnectProviders DeleteOpenIDConnectProvider
    `),
  },
  'kms': { keep: ['*'] },
  'lambda': {
    keep: words(`
      CreateFunction GetFunction GetFunctionConfiguration ListFunctions DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration
      Invoke InvokeAsync AddPermission RemovePermission GetPolicy
      PutFunctionConcurrency GetFunctionConcurrency DeleteFunctionConcurrency
      PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig ListProvisionedConcurrencyConfigs
      PublishVersion ListVersionsByFunction CreateAlias UpdateAlias GetAlias DeleteAlias ListAliases
      PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig
      ListFunctionEventInvokeConfigs
      TagResource UntagResource ListTags GetAccountSettings
      PublishLayerVersion GetLayerVersion GetLayerVersionByArn GetLayerVersionPolicy ListLayerVersions ListLayers DeleteLayerVersion
      AddLayerVersionPermission RemoveLayerVersionPermission
      CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping ListEventSourceMappings
      CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig ListFunctionUrlConfigs
      PutRuntimeManagementConfig GetRuntimeManagementConfig PutFunctionRecursionConfig GetFunctionRecursionConfig
      GetFunctionCodeSigningConfig
    `),
  },
  'logs': {
    keep: words(`
      CreateLogGroup DeleteLogGroup DescribeLogGroups ListLogGroups CreateLogStream DeleteLogStream DescribeLogStreams
      PutLogEvents GetLogEvents FilterLogEvents StartQuery StopQuery GetQueryResults DescribeQueries
      PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey
      TagResource UntagResource ListTagsForResource TagLogGroup UntagLogGroup ListTagsLogGroup
      PutMetricFilter DeleteMetricFilter DescribeMetricFilters TestMetricFilter
      PutResourcePolicy DeleteResourcePolicy DescribeResourcePolicies
      PutSubscriptionFilter DeleteSubscriptionFilter DescribeSubscriptionFilters
      PutQueryDefinition DeleteQueryDefinition DescribeQueryDefinitions PutLogGroupDeletionProtection
    `),
  },
  'pricing': { keep: words('GetProducts DescribeServices GetAttributeValues') },
  'resourcegroupstaggingapi': { keep: words('GetResources GetTagKeys GetTagValues TagResources UntagResources') },
  's3': {
    keep: words(`
      CreateBucket DeleteBucket HeadBucket ListBuckets GetBucketLocation
      GetObject PutObject DeleteObject DeleteObjects HeadObject CopyObject GetObjectAttributes
      ListObjects ListObjectsV2 ListObjectVersions
      GetObjectTagging PutObjectTagging DeleteObjectTagging GetObjectAcl PutObjectAcl
      GetBucketEncryption PutBucketEncryption DeleteBucketEncryption
      GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus
      GetBucketVersioning PutBucketVersioning
      GetBucketLifecycleConfiguration PutBucketLifecycleConfiguration DeleteBucketLifecycle
      GetPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock
      GetBucketTagging PutBucketTagging DeleteBucketTagging
      GetBucketAcl PutBucketAcl GetBucketOwnershipControls PutBucketOwnershipControls DeleteBucketOwnershipControls
      GetBucketNotificationConfiguration PutBucketNotificationConfiguration
      GetBucketLogging PutBucketLogging GetBucketCors PutBucketCors DeleteBucketCors
      GetBucketRequestPayment GetBucketAccelerateConfiguration GetBucketWebsite GetBucketReplication GetObjectLockConfiguration
      CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload AbortMultipartUpload ListMultipartUploads ListParts
    `),
  },
  'secretsmanager': { keep: ['*'] },
  'servicequotas': {
    folder: 'service-quotas',
    keep: words(`
      GetServiceQuota ListServiceQuotas GetAWSDefaultServiceQuota ListAWSDefaultServiceQuotas ListServices RequestServiceQuotaIncrease
      GetRequestedServiceQuotaChange ListRequestedServiceQuotaChangeHistory
    `),
  },
  'sns': {
    keep: words(`
      CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListTopics Subscribe ConfirmSubscription Unsubscribe
      ListSubscriptions ListSubscriptionsByTopic GetSubscriptionAttributes SetSubscriptionAttributes Publish PublishBatch
      AddPermission RemovePermission TagResource UntagResource ListTagsForResource
    `),
  },
  'sqs': { keep: ['*'] },
  'ssm': {
    keep: words(`
      GetParameter GetParameters GetParametersByPath GetParameterHistory PutParameter DeleteParameter DeleteParameters DescribeParameters
      LabelParameterVersion UnlabelParameterVersion AddTagsToResource RemoveTagsFromResource ListTagsForResource
      CreateDocument UpdateDocument UpdateDocumentDefaultVersion DeleteDocument GetDocument DescribeDocument ListDocuments
      ListDocumentVersions DescribeDocumentPermission ModifyDocumentPermission
      SendCommand GetCommandInvocation ListCommands ListCommandInvocations CancelCommand
      DescribeInstanceInformation DescribeInstanceProperties GetConnectionStatus DescribeSessions StartSession TerminateSession
      CreateAssociation DeleteAssociation DescribeAssociation ListAssociations UpdateAssociation
      GetServiceSetting
    `),
  },
  'stepfunctions': { keep: ['*'] },
  'sts': {
    keep: words('GetCallerIdentity AssumeRole GetSessionToken GetAccessKeyInfo DecodeAuthorizationMessage GetFederationToken'),
  },
};
