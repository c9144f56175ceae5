import { refusal } from './text';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

export interface RepositoryRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly mutability: string;
  readonly scanning: { readonly scanOnPush?: boolean };
  readonly encryption: { readonly encryptionType: string; readonly kmsKey?: string };
  readonly policy?: string;
  readonly lifecycle?: string;
  readonly tags: readonly Tag[];
}

export function repositories(context: Context): Table<RepositoryRecord> {
  return context.table('ecr/repositories');
}

export function findRepository(context: Context, name: string): RepositoryRecord {
  const repository = repositories(context).get(name);
  if (!repository) throw refusal(context, 'RepositoryNotFoundException', 'text-no-repository', { name, account: context.account });
  return repository;
}
