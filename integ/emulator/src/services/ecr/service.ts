import { batchDeleteImage, batchGetImage, describeImages, getAuthorizationToken, listImages } from './images';
import {
  createRepository, deleteLifecyclePolicy, deleteRepository, deleteRepositoryPolicy, describeRepositories, getLifecyclePolicy, getRepositoryPolicy,
  putImageScanningConfiguration, putImageTagMutability, putLifecyclePolicy, setRepositoryPolicy,
} from './repositories';
import { listTagsForResource, tagResource, untagResource } from './tags';
import type { Service } from '../../wire/operation';

/** Elastic Container Registry: repositories, without images. */
export const ecr: Service = {
  name: 'ecr',
  operations: {
    BatchDeleteImage: batchDeleteImage,
    BatchGetImage: batchGetImage,
    CreateRepository: createRepository,
    DeleteLifecyclePolicy: deleteLifecyclePolicy,
    DeleteRepository: deleteRepository,
    DeleteRepositoryPolicy: deleteRepositoryPolicy,
    DescribeImages: describeImages,
    DescribeRepositories: describeRepositories,
    GetAuthorizationToken: getAuthorizationToken,
    GetLifecyclePolicy: getLifecyclePolicy,
    GetRepositoryPolicy: getRepositoryPolicy,
    ListImages: listImages,
    ListTagsForResource: listTagsForResource,
    PutImageScanningConfiguration: putImageScanningConfiguration,
    PutImageTagMutability: putImageTagMutability,
    PutLifecyclePolicy: putLifecyclePolicy,
    SetRepositoryPolicy: setRepositoryPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};
