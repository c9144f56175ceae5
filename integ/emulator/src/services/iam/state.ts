import { spreading } from './spread';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** Records of the account; IAM has no regions. Times are emulated milliseconds. */

interface Named {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What policies may be given to. */
export interface Entity extends Named {
  /** Documents by name, as they were given. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly boundary?: string;
}

export interface Role extends Entity {
  readonly trust: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
  /** For a service-linked role: whose it is. */
  readonly linkedTo?: string;
}

export type User = Entity;

export interface PolicyVersion {
  readonly number: number;
  readonly document: string;
  readonly createdAt: number;
}

export interface Policy extends Named {
  readonly arn: string;
  readonly description?: string;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersion: number;
  /** Numbers are not used again. */
  readonly lastVersion: number;
  readonly updatedAt: number;
}

export interface InstanceProfile extends Named {
  readonly roles: readonly string[];
}

export interface DeletionTask {
  readonly id: string;
  readonly roleName: string;
  readonly status: 'NOT_STARTED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  readonly reason?: string;
  readonly usage?: readonly string[];
}

export const roles = (context: Context): Table<Role> => spreading(context, 'role', context.globalTable('iam/roles'));
export const users = (context: Context): Table<User> => spreading(context, 'user', context.globalTable('iam/users'));
/** By ARN. */
export const policies = (context: Context): Table<Policy> => spreading(context, 'policy', context.globalTable('iam/policies'));
export const instanceProfiles = (context: Context): Table<InstanceProfile> => context.globalTable('iam/instance-profiles');
export const deletionTasks = (context: Context): Table<DeletionTask> => context.globalTable('iam/deletion-tasks');

/** `arn:aws:iam::<account>:role<path><name>`. */
export function arnOf(context: Context, kind: 'role' | 'user' | 'policy' | 'instance-profile', { path, name }: { path: string; name: string }): string {
  return context.arn('iam', `${kind}${path}${name}`, { region: '' });
}
