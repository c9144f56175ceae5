import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { elsewhere, invalid } from './errors';
import type { Configuration } from './state';
import { zipProblem } from './zip-directory';
import type { Context } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

const NOT_UNZIPPED = 'Could not unzip uploaded file. Please check your file, then try to upload again.';

export interface CodeInput {
  readonly ZipFile?: Uint8Array | string;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
  readonly S3ObjectVersion?: string;
  readonly ImageUri?: string;
}

export type Package = Pick<Configuration, 'code' | 'CodeSha256' | 'CodeSize'>;

/** Takes a deployment package from the request or from S3, where it is read as the caller. */
export function takePackage(context: Context, input: CodeInput): Package {
  if (input.ImageUri) throw invalid(`[emulator] container images are not emulated: ${input.ImageUri}`);
  const content = input.ZipFile === undefined ? fromS3(context, input) : bytesOf(input.ZipFile);
  checkZip(context, content);
  return {
    code: context.kernel.blobs.put(content),
    CodeSha256: createHash('sha256').update(content).digest('base64'),
    CodeSize: content.length,
  };
}

function fromS3(context: Context, { S3Bucket, S3Key, S3ObjectVersion }: CodeInput): Buffer {
  if (!S3Bucket || !S3Key) throw invalid('Please provide a source for function code.');
  try {
    const { Body } = context.call<{ Body: Uint8Array | string }>('s3', 'GetObject', {
      Bucket: S3Bucket,
      Key: S3Key,
      ...(S3ObjectVersion ? { VersionId: S3ObjectVersion } : {}),
    });
    return bytesOf(Body);
  } catch (error) {
    throw error instanceof ServiceError ? elsewhere('S3', 'GetObject', error) : error;
  }
}

function bytesOf(content: Uint8Array | string): Buffer {
  return Buffer.isBuffer(content) ? content : Buffer.from(content as Uint8Array);
}

function isBroken(content: Buffer): boolean {
  try {
    return zipProblem(content) !== undefined;
  } catch {
    return true;
  }
}

function checkZip(context: Context, content: Buffer): void {
  const limit = context.row<number>('unzipped-limit');
  let unzipped = 0;
  try {
    // Only the directory is read: nothing is written here.
    unzipSync(content, {
      filter: ({ name, originalSize }) => {
        if (isOutside(name)) throw invalid(`[emulator] the deployment package holds a file outside its folder: ${name}`);
        unzipped += originalSize;
        return false;
      },
    });
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw invalid(NOT_UNZIPPED);
  }
  if (unzipped > limit) throw invalid(`Unzipped size must be smaller than ${limit} bytes`);
  if (isBroken(content)) throw invalid(NOT_UNZIPPED);
}

function isOutside(name: string): boolean {
  return name.startsWith('/') || name.includes('\\') || name.split('/').includes('..');
}
