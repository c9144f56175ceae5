import { findRepository } from './state';
import { refusal } from './text';
import type { Context, Output } from '../../wire/operation';

interface ImagesInput {
  readonly repositoryName: string;
  readonly imageIds?: ReadonlyArray<{ readonly imageTag?: string; readonly imageDigest?: string }>;
}

const HOURS_OF_TOKEN = 12;

/** Nothing can be pushed here, so there are no images. */
export function listImages(context: Context, { repositoryName }: ImagesInput): Output {
  findRepository(context, repositoryName);
  return { imageIds: [] };
}

export function describeImages(context: Context, { repositoryName, imageIds }: ImagesInput): Output {
  findRepository(context, repositoryName);
  const [first] = imageIds ?? [];
  if (!first) return { imageDetails: [] };
  const id = `{imageDigest:'${first.imageDigest ?? 'null'}', imageTag:'${first.imageTag ?? 'null'}'}`;
  throw refusal(context, 'ImageNotFoundException', 'text-no-image', { id, name: repositoryName, account: context.account });
}

export function batchGetImage(context: Context, input: ImagesInput): Output {
  return { images: [], ...failures(context, input) };
}

export function batchDeleteImage(context: Context, input: ImagesInput): Output {
  return { imageIds: [], ...failures(context, input) };
}

export function getAuthorizationToken(context: Context): Output {
  return {
    authorizationData: [{
      authorizationToken: Buffer.from(`AWS:emulator-${context.account}`).toString('base64'),
      expiresAt: new Date(context.kernel.hostTime(context.now + HOURS_OF_TOKEN * 3_600_000)),
      proxyEndpoint: `https://${context.account}.dkr.ecr.${context.region}.amazonaws.com`,
    }],
  };
}

function failures(context: Context, { repositoryName, imageIds = [] }: ImagesInput): Output {
  findRepository(context, repositoryName);
  return { failures: imageIds.map((imageId) => ({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' })) };
}
