import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './acls';
import {
  createBucket, deleteBucket, getBucketLocation, getBucketVersioning, getObjectLockConfiguration, headBucket, listBuckets, putBucketVersioning,
} from './buckets';
import { configurationOperations, getBucketPolicyStatus } from './configurations';
import { deleteObject, deleteObjects } from './delete-objects';
import { emulatedGuard } from './emulated-access';
import { listObjects, listObjectsV2, listObjectVersions } from './listing';
import {
  abortMultipartUpload, completeMultipartUpload, createMultipartUpload, listMultipartUploads, listParts, uploadPart, uploadPartCopy,
} from './multipart';
import { getObjectAttributes } from './object-attributes';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tags';
import { copyObject, getObject, headObject, putObject } from './objects';
import type { Operation } from '../../../wire/operation';

export const operations: Record<string, Operation> = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  HeadBucket: headBucket,
  ListBuckets: listBuckets,
  GetBucketAcl: getBucketAcl,
  GetBucketLocation: getBucketLocation,
  GetBucketPolicyStatus: getBucketPolicyStatus,
  GetBucketVersioning: getBucketVersioning,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  PutBucketAcl: putBucketAcl,
  PutBucketVersioning: putBucketVersioning,
  ...configurationOperations,
  CopyObject: copyObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  DeleteObjectTagging: deleteObjectTagging,
  GetObject: getObject,
  GetObjectAcl: getObjectAcl,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: getObjectTagging,
  HeadObject: headObject,
  PutObject: putObject,
  PutObjectAcl: putObjectAcl,
  PutObjectTagging: putObjectTagging,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CreateMultipartUpload: createMultipartUpload,
  ListMultipartUploads: listMultipartUploads,
  ListParts: listParts,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,

  // Not AWS's: what decides about access to a thing.
  EmulatedGuard: emulatedGuard,
};
