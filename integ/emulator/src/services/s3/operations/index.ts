import type { Operation } from '../../../wire/operation';
import { createBucket, deleteBucket, getBucketLocation, getBucketVersioning, headBucket, listBuckets, putBucketVersioning } from './buckets';
import { configurationOperations } from './configurations';
import { listObjectsV2, listObjectVersions } from './listing';
import { copyObject, deleteObject, deleteObjects, getObject, headObject, putObject } from './objects';

export const operations: Record<string, Operation> = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  HeadBucket: headBucket,
  ListBuckets: listBuckets,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  ...configurationOperations,
  CopyObject: copyObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetObject: getObject,
  HeadObject: headObject,
  PutObject: putObject,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
};
