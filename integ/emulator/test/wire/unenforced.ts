/** What the committed models have and the emulator does not hold to, by service: `{ reason: 'name name …' }`. A member's name stands for all operations that have it. */
interface Unenforced {
  /** Input members that are taken and not looked at. */
  readonly members?: Readonly<Record<string, string>>;
  /** Errors that the service gives only when a fault asks for them. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Why the model's bounds are not what inputs are held to. */
  readonly bounds?: string;
}

const BY_FAULT = 'a failure inside AWS: nothing here fails by itself, --fault asks for it';
const BY_VALIDATION = 'what it would say is said by the common refusal of inputs that break the model';
const NO_KMS = 'the service does not use keys of KMS here';
const NO_CONCURRENCY = 'calls are made one at a time, so none meets another';
const NOT_COUNTED = 'this limit is far from what a stack of CloudHSM reaches, and is not counted';

export const UNENFORCED: Readonly<Record<string, Unenforced>> = {
  'acm-pca': {
    members: {
      'authorities of other accounts are not shown: nothing is shared': 'ResourceOwner',
      'there are no lists of revoked certificates that would tell it': 'RevocationReason',
    },
    errors: {
      [BY_FAULT]: 'RequestFailedException',
      [BY_VALIDATION]: 'InvalidArnException InvalidTagException TooManyTagsException',
      [NO_CONCURRENCY]: 'ConcurrentModificationException',
      [NOT_COUNTED]: 'LimitExceededException',
      'buckets for revocation lists are not written to, so their policies do not matter': 'InvalidPolicyException',
    },
  },
  'autoscaling': {
    members: {
      'instances are made in the subnets that are named, on demand, and nothing else decides about them': `
        AvailabilityZoneIds PlacementGroup DeletionProtection DesiredCapacityType AvailabilityZoneDistribution AvailabilityZoneImpairmentPolicy
        SkipZonalShiftValidation CapacityReservationSpecification InstanceLifecyclePolicy Operator HonorCooldown ShouldRespectGracePeriod
        DesiredConfiguration WaitForTransitioningInstances`,
      'all of what is found is always told': 'IncludeInstances IncludeManagedResources',
      'launch configurations cannot be made any more: both calls say so, whatever their input': `
        KeyName SecurityGroups ClassicLinkVPCId ClassicLinkVPCSecurityGroups UserData KernelId RamdiskId BlockDeviceMappings InstanceMonitoring SpotPrice
        IamInstanceProfile EbsOptimized AssociatePublicIpAddress PlacementTenancy MetadataOptions LaunchConfigurationNames`,
    },
    errors: {
      [NO_CONCURRENCY]: 'ResourceContentionFault',
      'the service-linked role is taken for there': 'ServiceLinkedRoleFailure',
    },
  },
  'cloudformation': {
    members: {
      'change sets are not validated early': 'DisableValidation',
      'stack sets and hooks are not emulated': 'StackSetName CallAs TemplateSummaryConfig TypeArn',
      'a rollback goes on as if it were not forced': 'ForceRollback',
    },
    errors: {
      [NO_CONCURRENCY]: 'TokenAlreadyExistsException',
      'stack sets and hooks are not emulated': 'StackSetNotFoundException HookResultNotFoundException',
    },
  },
  'cloudhsmv2': { errors: { [BY_FAULT]: 'CloudHsmInternalFailureException CloudHsmServiceException' } },
  'cloudtrail': {
    members: { 'the call answers with an empty list, whatever is asked': 'LookupAttributes StartTime EndTime EventCategory MaxResults NextToken' },
    errors: {
      'the call answers with an empty list, whatever is asked': `
        InvalidLookupAttributesException InvalidTimeRangeException InvalidMaxResultsException InvalidNextTokenException InvalidEventCategoryException
        UnsupportedOperationException OperationNotPermittedException`,
    },
  },
  'cloudwatch': {
    members: {
      'contributors, composite alarms and their suppressors are kept, not evaluated': `
        AlarmContributorId ChildrenOfAlarmName ParentsOfAlarmName AlarmRule ActionsSuppressor ActionsSuppressorWaitPeriod ActionsSuppressorExtensionPeriod`,
      'answers are small enough for one page, in the words that were asked for': 'MaxDatapoints LabelOptions ExtendedStatistics',
      'metrics of this account, of any age': 'RecentlyActive IncludeLinkedAccounts OwningAccount EntityMetricData StrictEntityValidation',
      'newer kinds of evaluation are not emulated': `
        ActionConfiguration EvaluateLowSampleCountPercentile ThresholdMetricId EvaluationWindow WarmUpConfiguration EvaluationCriteria EvaluationInterval`,
    },
    errors: {
      [BY_VALIDATION]: 'InvalidParameterValueException MissingRequiredParameterException InvalidFormatFault',
      [NO_CONCURRENCY]: 'ResourceConflict ConflictException ConcurrentModificationException',
      [BY_FAULT]: 'InternalServiceFault',
      [NOT_COUNTED]: 'LimitExceededFault',
    },
  },
  'ec2': {
    members: {
      'addresses come from the pools of AWS, one at a time': `
        CustomerOwnedIpv4Pool IpamPoolId Ipv6PrefixCount Ipv6Prefixes Ipv4Prefixes Ipv4PrefixCount AllowReassignment Ipv6IpamPoolId Ipv6NetmaskLength
        Ipv6CidrBlockNetworkBorderGroup Ipv4IpamPoolId Ipv4NetmaskLength EnablePrimaryIpv6 IpamPrefixListResolverSyncEnabled`,
      'hardware of instances and interfaces is not emulated': `
        EnaSrdSpecification EnaQueueCount EbsCardIndex ConnectionTrackingSpecification VolumeInitializationRate EnclaveOptions Ramdisk RebootMigration
        EnableLniAtDeviceIndex DisableLniAtDeviceIndex KernelId RamdiskId ElasticGpuSpecification ElasticInferenceAccelerators InstanceMarketOptions CpuOptions
        CapacityReservationSpecification HibernationOptions LicenseSpecifications PrivateDnsNameOptions NetworkPerformanceOptions SecondaryInterfaces
        AdditionalInfo Hibernate SkipOsShutdown Force MetricCategoryIds`,
      'groups are those of this account': 'SourceSecurityGroupOwnerId',
      'flow logs are kept, nothing is written to them': 'DeliverCrossAccountRole DestinationOptions TagFieldSpecifications',
      'nothing is managed by another service': 'Operator IncludeManagedResources',
      'gateways of these kinds are not emulated': `
        TransitGatewayId LocalGatewayId CarrierGatewayId CoreNetworkArn OdbNetworkArn OutpostArn VpcEncryptionControl SubnetConfigurations ServiceNetworkArn
        ResourceConfigurationArn VpnGatewayIds AvailabilityMode AvailabilityZoneAddresses SecondaryAllocationIds SecondaryPrivateIpAddresses AssociatedSubnetIds`,
      'all of what is found is always told': `
        ResolveAlias AllAvailabilityZones IncludeDeprecated IncludeDisabled IncludeUnsupportedInRegion ServiceRegions TargetVersion`,
    },
  },
  'ecr': {
    members: {
      'images are kept as they are': 'acceptedMediaTypes imageTagMutabilityExclusionFilters force registryIds',
    },
    errors: {
      [BY_FAULT]: 'ServerException',
      [BY_VALIDATION]: 'InvalidParameterException InvalidTagParameterException ValidationException',
      [NOT_COUNTED]: 'LimitExceededException TooManyTagsException',
      [NO_KMS]: 'KmsException',
      'nothing is pulled through, and a repository goes with its images': 'UnableToGetUpstreamImageException RepositoryNotEmptyException',
    },
  },
  'events': {
    members: {
      'partner buses, archives and endpoints are not emulated': 'EventSourceName KmsKeyIdentifier DeadLetterConfig LogConfig EndpointId',
      'no rule is managed by a service, and organizations are not emulated': 'Force Condition',
    },
    errors: {
      [BY_FAULT]: 'InternalException',
      [NO_CONCURRENCY]: 'ConcurrentModificationException InvalidStateException OperationDisabledException',
      'no rule is managed by a service': 'ManagedRuleException',
      [NOT_COUNTED]: 'PolicyLengthExceededException',
    },
  },
  'iam': {
    errors: {
      [BY_FAULT]: 'ServiceFailureException',
      [NO_CONCURRENCY]: 'ConcurrentModificationException',
      'no managed policy is for a service alone': 'PolicyNotAttachableException',
    },
  },
  'kms': {
    members: {
      'external key stores are not emulated: their type is refused by name, and their members with it': `
        XksProxyUriEndpoint XksProxyUriPath XksProxyVpcEndpointServiceName XksProxyVpcEndpointServiceOwner XksProxyAuthenticationCredential XksProxyConnectivity`,
      'grants work at once, so that no token is needed': 'GrantTokens',
      'enclaves are not emulated': 'Recipient',
      'keys of this account only': 'ResourceOwners DryRunModifiers',
    },
    errors: {
      'external key stores are not emulated: their type is refused by name': `
        XksProxyUriInUseException XksProxyUriEndpointInUseException XksProxyUriUnreachableException XksProxyIncorrectAuthenticationCredentialException
        XksProxyVpcEndpointServiceInUseException XksProxyVpcEndpointServiceNotFoundException XksProxyVpcEndpointServiceInvalidConfigurationException
        XksProxyInvalidResponseException XksProxyInvalidConfigurationException XksKeyInvalidConfigurationException XksKeyAlreadyInUseException
        XksKeyNotFoundException`,
      [BY_FAULT]: 'DependencyTimeoutException KeyUnavailableException',
      [BY_VALIDATION]: 'InvalidArnException InvalidAliasNameException InvalidGrantIdException',
      [NO_CONCURRENCY]: 'ConflictException',
    },
  },
  'lambda': {
    members: {
      'functions are zip files that run on Node at once, in one version at a time': `
        PublishTo CodeSigningConfigArn ImageConfig TenancyConfig CapacityProviderConfig DurableConfig RuntimeConfig AcceleratorConfig S3ObjectStorageMode
        SourceKMSKeyArn DurableExecutionName TenantId InvokedViaFunctionUrl`,
      'there is one region to a list': 'MasterRegion',
    },
    errors: {
      'signing, file systems, images, capacity providers, snapshots and durable executions are not emulated': `
        InvalidCodeSignatureException CodeVerificationFailedException CodeSigningConfigNotFoundException
        FunctionVersionsPerCapacityProviderLimitExceededException RuntimeAliasDeletedException CodeArtifactUserDeletedException SnapStartTimeoutException
        EFSMountConnectivityException S3FilesMountConnectivityException NoPublishedVersionException EFSIOException RuntimeVersionDeletedException
        SnapStartNotReadyException CodeArtifactUserPendingException SnapStartException S3FilesMountFailureException EFSMountTimeoutException
        S3FilesMountTimeoutException CodeArtifactUserFailedException ModeNotSupportedException SnapStartRegenerationFailureException
        DurableExecutionAlreadyStartedException EFSMountFailureException`,
      'whether a function can be run is told when it is made, not when it is called': `
        ResourceNotReadyException InvalidSecurityGroupIDException SubnetIPAddressLimitReachedException InvalidRuntimeException InvalidSubnetIDException
        EC2AccessDeniedException ENILimitReachedException ENINotReadyException InvalidZipFileException UnsupportedMediaTypeException
        SerializedRequestEntityTooLargeException`,
      [BY_FAULT]: 'EC2ThrottledException EC2UnexpectedException',
      [NO_KMS]: 'KMSAccessDeniedException KMSDisabledException KMSNotFoundException KMSInvalidStateException',
      [NOT_COUNTED]: 'CodeStorageExceededException ServiceQuotaExceededException AliasLimitExceededException PolicyLengthExceededException',
      'public access is not judged': 'PublicPolicyException',
    },
  },
  'logs': {
    members: {
      'log groups of this account, in full': `
        accountIdentifiers includeLinkedAccounts dataSources fieldIndexNames logGroupTags interleaved unmask expectedRevisionId`,
      'sequence tokens are not needed any more, and entities are not kept': 'sequenceToken entity',
      'transformers, and subscriptions beyond their names, are not emulated': `
        applyOnTransformedLogs fieldSelectionCriteria emitSystemFieldDimensions clientToken destinationArn roleArn emitSystemFields`,
    },
    errors: {
      [BY_FAULT]: 'ServiceUnavailableException',
      [BY_VALIDATION]: 'ValidationException',
      'sequence tokens are not needed any more': 'InvalidSequenceTokenException DataAlreadyAcceptedException',
      'who calls is judged before the service is asked': 'UnrecognizedClientException',
      [NO_CONCURRENCY]: 'InvalidOperationException',
    },
  },
  's3': {
    bounds: 'what S3 says to a wrong enumeration differs from header to header and is the operations own business; the model has next to no other bounds',
    members: {
      'access control lists are kept as the owner alone': 'GrantFullControl GrantRead GrantReadACP GrantWrite GrantWriteACP',
      'whose bucket it is decides the name alone, and requests cost nothing': 'ExpectedBucketOwner ExpectedSourceBucketOwner RequestPayer BucketNamespace',
      'checksums are verified where they are given; the newer algorithms are not known': `
        ChecksumAlgorithm ChecksumSHA512 ChecksumMD5 ChecksumXXHASH64 ChecksumXXHASH3 ChecksumXXHASH128 ChecksumType MpuObjectSize`,
      'locks, retention and second factors are not emulated': `
        MFA ObjectLockMode ObjectLockRetainUntilDate ObjectLockLegalHoldStatus ObjectLockEventHold ObjectLockEventHoldDurationDays
        ObjectLockEventHoldDurationYears BypassGovernanceRetention ConfirmRemoveSelfBucketAccess`,
      'encryption with keys of the customer is not emulated': `
        SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5 SSEKMSEncryptionContext CopySourceSSECustomerAlgorithm CopySourceSSECustomerKey
        CopySourceSSECustomerKeyMD5`,
      'conditions on copies, and on times and sizes, are not looked at': `
        CopySourceIfMatch CopySourceIfModifiedSince CopySourceIfNoneMatch CopySourceIfUnmodifiedSince IfMatchLastModifiedTime IfMatchSize
        IfMatchInitiatedTime`,
      'taken, and left out of what is told afterwards': 'Expires ResponseExpires AnnotationDirective OptionalObjectAttributes FetchOwner',
      'these lists are always told in full': 'MaxBuckets MaxUploads UploadIdMarker',
      'buckets of directories, life cycles and destinations of notices are not emulated': `
        WriteOffsetBytes TransitionDefaultMinimumObjectSize SkipDestinationValidation`,
    },
    errors: {
      'archives and buckets of directories are not emulated': `
        ObjectNotInActiveTierError InvalidObjectState InvalidRequest InvalidWriteOffset TooManyParts EncryptionTypeMismatch`,
    },
  },
  'secretsmanager': {
    members: {
      'secrets are not replicated, and none is kept elsewhere': `
        AddReplicaRegions ForceOverwriteReplicaSecret CrossAccountPrimaryARN RotationToken ExternalSecretRotationMetadata ExternalSecretRotationRoleArn`,
      'a secret has one policy, which needs no name': 'PolicyName',
    },
    errors: { [BY_FAULT]: 'InternalServiceError', [NO_CONCURRENCY]: 'PreconditionNotMetException' },
  },
  'servicequotas': {
    members: { 'quotas are few, and of the account': 'ContextId NextToken MaxResults QuotaAppliedAtLevel' },
    errors: {
      [BY_FAULT]: 'ServiceException TooManyRequestsException',
      [BY_VALIDATION]: 'IllegalArgumentException InvalidPaginationTokenException',
      'who calls is judged before the service is asked': 'AccessDeniedException',
    },
  },
  'sns': {
    members: { 'whoever may call may unsubscribe, and data is not inspected': 'AuthenticateOnUnsubscribe DataProtectionPolicy' },
    errors: {
      [BY_FAULT]: 'InternalErrorException',
      [BY_VALIDATION]: 'InvalidParameterValueException ValidationException InvalidBatchEntryIdException BatchRequestTooLongException',
      [NO_KMS]: 'KMSDisabledException KMSInvalidStateException KMSNotFoundException KMSOptInRequired KMSThrottlingException KMSAccessDeniedException',
      [NOT_COUNTED]: `
        SubscriptionLimitExceededException FilterPolicyLimitExceededException ReplayLimitExceededException TopicLimitExceededException
        TagLimitExceededException`,
      [NO_CONCURRENCY]: 'ConcurrentAccessException StaleTagException InvalidStateException',
      'who calls is judged before the service is asked': 'AuthorizationErrorException InvalidSecurityException TagPolicyException',
      'nothing is pushed to phones': 'EndpointDisabledException PlatformApplicationDisabledException',
      'tags of a topic that is not there are refused with the name of what is missing': 'ResourceNotFoundException',
    },
  },
  'sqs': {
    members: { 'a receive that is repeated receives what is there then': 'ReceiveRequestAttemptId' },
    errors: {
      [BY_FAULT]: 'RequestThrottled',
      [BY_VALIDATION]: 'InvalidAddress InvalidSecurity InvalidBatchEntryId InvalidAttributeName InvalidIdFormat InvalidMessageContents',
      [NO_KMS]: 'KmsOptInRequired',
      [NOT_COUNTED]: 'OverLimit BatchRequestTooLong',
      'names can be used again at once, and purges follow each other at will': 'QueueDeletedRecently PurgeQueueInProgress UnsupportedOperation',
    },
  },
  'ssm': {
    members: {
      'documents stand alone, and alarms stop no command': 'Requires Force PermissionType Shared DocumentHashType AlarmConfiguration',
    },
    errors: {
      [BY_FAULT]: 'InternalServerError',
      [NO_CONCURRENCY]: 'TooManyUpdates AssociatedInstances',
      [BY_VALIDATION]: 'InvalidPermissionType InvalidFilterValue',
      [NOT_COUNTED]: 'DocumentLimitExceeded DocumentPermissionLimit ParameterLimitExceeded PoliciesLimitExceededException',
      'parameter policies, outputs elsewhere and notices are not emulated': `
        UnsupportedParameterType InvalidPolicyTypeException InvalidPolicyAttributeException IncompatiblePolicyException InvalidOutputFolder
        UnsupportedPlatformType InvalidRole InvalidNotificationConfig NoLongerSupportedException`,
    },
  },
  'stepfunctions': {
    members: {
      'versions, map runs and redrives are not emulated, and data is always told': 'versionDescription includedData mapRunArn redriveFilter',
    },
    errors: {
      'logging, tracing and encryption are kept, not used': `
        InvalidLoggingConfiguration InvalidTracingConfiguration InvalidEncryptionConfiguration KmsAccessDeniedException KmsThrottlingException
        KmsInvalidStateException`,
      [NOT_COUNTED]: 'StateMachineLimitExceeded TooManyTags ServiceQuotaExceededException ExecutionLimitExceeded',
      [NO_CONCURRENCY]: 'ConflictException TaskDoesNotExist',
    },
  },
  'sts': {
    members: {
      'sessions carry what their role has: policies, tags, identities and second factors of a session are not looked at': `
        TransitiveTagKeys ExternalId SerialNumber TokenCode SourceIdentity ProvidedContexts MinimumSessionTokenSize`,
    },
    errors: {
      'sessions carry what their role has, in every region, and tokens do not end':
        'MalformedPolicyDocumentException PackedPolicyTooLargeException RegionDisabledException ExpiredTokenException',
    },
  },
};
