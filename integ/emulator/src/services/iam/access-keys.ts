import type { Kernel, Table } from '../../kernel';

/** A user's key; those of all accounts are in one place, because a key's id is all that a request shows of its account. */
export interface AccessKey {
  readonly id: string;
  readonly account: string;
  readonly user: string;
  readonly arn: string;
  readonly status: 'Active' | 'Inactive' | 'Deleted';
  readonly createdAt: number;
}

export const accessKeys = ({ store }: Kernel): Table<AccessKey> => store.table('iam/access-keys');
