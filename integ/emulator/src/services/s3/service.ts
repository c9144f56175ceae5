import type { Service } from '../../wire/operation';
import { operations } from './operations';

/** Buckets and objects. Uploads are aside: no event sees them. */
export const s3: Service = { name: 's3', operations, aside: ['PutObject', 'DeleteObject', 'DeleteObjects', 'CopyObject'] };
