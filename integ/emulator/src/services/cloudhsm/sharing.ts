import { backups, policies } from './state';
import type { BackupRecord } from './state';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** Where a backup is that a resource policy shares with others. */
interface Shared {
  readonly account: string;
  readonly region: string;
  readonly backupId: string;
}

type SharedAction = 'CreateCluster' | 'DescribeBackups';

/** Of all accounts and regions, by account, region and backup: whoever lists has no other way to find them. */
const shares = (context: Context): Table<Shared> => context.kernel.store.table('cloudhsmv2/shares');

export function putPolicy(context: Context, backupId: string, policy: string): void {
  const { account, region } = context;
  policies(context).put(backupId, policy);
  shares(context).put(`${account}/${region}/${backupId}`, { account, region, backupId });
}

export function deletePolicy(context: Context, backupId: string): void {
  policies(context).delete(backupId);
  shares(context).delete(`${context.account}/${context.region}/${backupId}`);
}

/** Backups of other accounts that this one may see, each with the context of its owner. */
export function sharedBackups(context: Context): Array<{ owner: Context; backup: BackupRecord }> {
  // What is shared by a policy alone is listed only once it is promoted in Resource Access Manager.
  if (context.row<boolean>('shared-needs-promotion')) return [];
  return shares(context).values()
    .filter(({ account, region }) => account !== context.account && region === context.region)
    .flatMap(({ account, backupId }) => {
      const owner = context.at({ account });
      const backup = backups(owner).get(backupId);
      return backup && isShared(owner, backupId, context.account, 'DescribeBackups') ? [{ owner, backup }] : [];
    });
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly AWS?: string | readonly string[] };
  readonly Action?: string | readonly string[];
}

/** A resource policy grants actions to whole accounts, so it can be read without the general evaluator. A denial wins. */
export function isShared(owner: Context, backupId: string, account: string, action: SharedAction): boolean {
  const policy = policies(owner).get(backupId);
  if (!policy) return false;
  const { Statement: statements = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  const effects = list(statements)
    .filter(({ Principal, Action }) => list(typeof Principal === 'object' ? Principal.AWS : Principal).some((who) => names(who, account))
      && list(Action).some((name) => covers(name, action)))
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function names(principal: string, account: string): boolean {
  return principal === '*' || principal === account || principal.includes(`:${account}:`);
}

function covers(pattern: string, action: SharedAction): boolean {
  const wanted = `cloudhsm:${action}`.toLowerCase();
  const expression = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(wanted);
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}
