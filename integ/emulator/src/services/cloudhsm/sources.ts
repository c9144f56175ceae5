import { demandBackupState, notFound } from './refusals';
import { backups, policies } from './state';
import type { BackupRecord } from './state';
import type { Context } from '../../wire/operation';

const ARN = /^arn:[\w-]+:cloudhsm:([\w-]+):(\d{12}):backup\/(.+)$/;

/** The backup that a new cluster is to be made from: one's own by id or ARN, another account's by ARN if its policy lets us. */
export function sourceBackup(context: Context, source: string): BackupRecord {
  const [, region = context.region, account = context.account, backupId = source] = ARN.exec(source) ?? [];
  const owner = context.at({ account });
  const backup = region === context.region ? backups(owner).get(backupId) : undefined;
  const usable = backup && backup.state !== 'DELETED' && (account === context.account || isSharedWith(owner, backupId, context.account));
  if (!usable) throw notFound(context, 'text-backup-not-found', { backup: backupId });
  demandBackupState(context, backup, 'CreateCluster', ['READY']);
  return backup;
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly AWS?: string | readonly string[] };
  readonly Action?: string | readonly string[];
}

/** A resource policy grants actions to whole accounts, so it can be read without the general evaluator. */
function isSharedWith(owner: Context, backupId: string, account: string): boolean {
  const policy = policies(owner).get(backupId);
  if (!policy) return false;
  const { Statement: statements = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  return list(statements).some(({ Effect, Principal, Action }) => Effect === 'Allow'
    && list(typeof Principal === 'object' ? Principal.AWS : Principal).some((who) => who === account || who.includes(`:${account}:`))
    && list(Action).some((action) => /^(\*|cloudhsm:(\*|CreateCluster))$/i.test(action)));
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}
