import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** Buckets and objects. Uploads are aside: no event sees them. */
export const s3: Service = {
  name: 's3',
  operations,
  aside: [
    'AbortMultipartUpload', 'CompleteMultipartUpload', 'CopyObject', 'CreateMultipartUpload', 'DeleteObject', 'DeleteObjects', 'DeleteObjectTagging', 'PutObject',
    'PutObjectAcl', 'PutObjectTagging', 'UploadPart', 'UploadPartCopy',
  ],
};
