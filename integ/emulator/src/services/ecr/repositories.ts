import { findRepository, repositories } from './state';
import type { RepositoryRecord, Tag } from './state';
import { refusal } from './text';
import type { Context, Output } from '../../wire/operation';

interface RepositoryInput {
  readonly repositoryName: string;
}

interface CreateInput extends RepositoryInput {
  readonly tags?: readonly Tag[];
  readonly imageTagMutability?: string;
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly encryptionConfiguration?: { readonly encryptionType: string; readonly kmsKey?: string };
}

export function createRepository(context: Context, input: CreateInput): Output {
  const { repositoryName: name } = input;
  if (repositories(context).has(name)) throw refusal(context, 'RepositoryAlreadyExistsException', 'text-exists', { name, account: context.account });
  const repository = repositories(context).put(name, {
    name,
    arn: context.arn('ecr', `repository/${name}`),
    createdAt: context.now,
    mutability: input.imageTagMutability ?? 'MUTABLE',
    scanning: input.imageScanningConfiguration ?? { scanOnPush: false },
    encryption: input.encryptionConfiguration ?? { encryptionType: 'AES256' },
    tags: input.tags ?? [],
  });
  return { repository: shown(context, repository) };
}

export function deleteRepository(context: Context, { repositoryName }: RepositoryInput): Output {
  const repository = findRepository(context, repositoryName);
  repositories(context).delete(repositoryName);
  return { repository: shown(context, repository) };
}

export function describeRepositories(
  context: Context,
  input: { readonly repositoryNames?: readonly string[]; readonly nextToken?: string; readonly maxResults?: number },
): Output {
  const all = input.repositoryNames?.map((name) => findRepository(context, name)) ?? repositories(context).values();
  const from = Number(input.nextToken ?? 0);
  const end = from + (input.maxResults ?? 100);
  const nextToken = end < all.length ? String(end) : undefined;
  return { repositories: all.slice(from, end).map((repository) => shown(context, repository)), nextToken };
}

export function putImageTagMutability(
  context: Context,
  { repositoryName, imageTagMutability }: RepositoryInput & { readonly imageTagMutability: string },
): Output {
  change(context, repositoryName, { mutability: imageTagMutability });
  return { registryId: context.account, repositoryName, imageTagMutability };
}

export function putImageScanningConfiguration(
  context: Context, { repositoryName, imageScanningConfiguration }: RepositoryInput & { readonly imageScanningConfiguration: RepositoryRecord['scanning'] },
): Output {
  change(context, repositoryName, { scanning: imageScanningConfiguration });
  return { registryId: context.account, repositoryName, imageScanningConfiguration };
}

export function setRepositoryPolicy(context: Context, { repositoryName, policyText }: RepositoryInput & { readonly policyText: string }): Output {
  change(context, repositoryName, { policy: policyText });
  return { registryId: context.account, repositoryName, policyText };
}

export function getRepositoryPolicy(context: Context, { repositoryName }: RepositoryInput): Output {
  const { policy } = findRepository(context, repositoryName);
  if (policy === undefined) throw refusal(context, 'RepositoryPolicyNotFoundException', 'text-no-policy', { name: repositoryName, account: context.account });
  return { registryId: context.account, repositoryName, policyText: policy };
}

export function deleteRepositoryPolicy(context: Context, input: RepositoryInput): Output {
  const deleted = getRepositoryPolicy(context, input);
  change(context, input.repositoryName, { policy: undefined });
  return deleted;
}

export function putLifecyclePolicy(
  context: Context,
  { repositoryName, lifecyclePolicyText }: RepositoryInput & { readonly lifecyclePolicyText: string },
): Output {
  change(context, repositoryName, { lifecycle: lifecyclePolicyText });
  return { registryId: context.account, repositoryName, lifecyclePolicyText };
}

export function getLifecyclePolicy(context: Context, { repositoryName }: RepositoryInput): Output {
  const { lifecycle } = findRepository(context, repositoryName);
  if (lifecycle === undefined) throw refusal(context, 'LifecyclePolicyNotFoundException', 'text-no-lifecycle', { name: repositoryName, account: context.account });
  return { registryId: context.account, repositoryName, lifecyclePolicyText: lifecycle };
}

export function deleteLifecyclePolicy(context: Context, input: RepositoryInput): Output {
  const deleted = getLifecyclePolicy(context, input);
  change(context, input.repositoryName, { lifecycle: undefined });
  return deleted;
}

function change(context: Context, name: string, changed: Partial<RepositoryRecord>): void {
  repositories(context).put(name, { ...findRepository(context, name), ...changed });
}

function shown(context: Context, repository: RepositoryRecord): Output {
  return {
    repositoryArn: repository.arn,
    registryId: context.account,
    repositoryName: repository.name,
    repositoryUri: `${context.account}.dkr.ecr.${context.region}.amazonaws.com/${repository.name}`,
    createdAt: new Date(context.kernel.hostTime(repository.createdAt)),
    imageTagMutability: repository.mutability,
    imageScanningConfiguration: repository.scanning,
    encryptionConfiguration: repository.encryption,
  };
}
