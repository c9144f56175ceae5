import type { OperationDocument, ShapeDocument } from './model-document';

/** A place where the published model is wrong about the service, and what is so instead. */
export interface ModelOverride {
  readonly reason: string;
  /** By shape: what replaces the shape's own words; `undefined` takes a word away. */
  readonly shapes?: Readonly<Record<string, Partial<ShapeDocument>>>;
  /** By operation. */
  readonly operations?: Readonly<Record<string, Partial<OperationDocument>>>;
}

/** Query codes of SQS, as the Smithy model has them (awsQueryError) and botocore's no longer does. */
const SQS_QUERY_CODES: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  KmsAccessDenied: 'KMS.AccessDeniedException',
  KmsDisabled: 'KMS.DisabledException',
  KmsInvalidKeyUsage: 'KMS.InvalidKeyUsageException',
  KmsInvalidState: 'KMS.InvalidStateException',
  KmsNotFound: 'KMS.NotFoundException',
  KmsOptInRequired: 'KMS.OptInRequired',
  KmsThrottled: 'KMS.ThrottlingException',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

export const OVERRIDES: Readonly<Record<string, readonly ModelOverride[]>> = {
  cloudhsmv2: [
    {
      reason: 'The pattern allows one hex digit after vpc-; the service answers with whole VPC ids (examples of API_Cluster).',
      shapes: { VpcId: { pattern: undefined } },
    },
  ],
  sqs: [
    {
      reason: 'Clients from before SQS spoke JSON look for its old codes, which travel in x-amzn-query-error.',
      shapes: Object.fromEntries(Object.entries(SQS_QUERY_CODES).map(([shape, code]) => [shape, { error: { code, httpStatusCode: 400 } }])),
    },
  ],
};
