import type { Context, Output } from '../../../wire/operation';
import { backupOf, demandBackupState, invalid } from '../refusals';
import { deletePolicy, putPolicy } from '../sharing';
import { policies } from '../state';

interface ResourcePolicyInput {
  readonly ResourceArn?: string;
  readonly Policy?: string;
}

export function putResourcePolicy(context: Context, { ResourceArn, Policy }: ResourcePolicyInput): Output {
  const backupId = backupIdOf(context, ResourceArn);
  demandBackupState(context, backupOf(context, backupId), 'PutResourcePolicy', ['READY']);
  if (!isObject(Policy)) throw invalid(context, 'text-policy');
  putPolicy(context, backupId, Policy!);
  return { ResourceArn, Policy };
}

export function getResourcePolicy(context: Context, { ResourceArn }: ResourcePolicyInput): Output {
  const backupId = backupIdOf(context, ResourceArn);
  backupOf(context, backupId);
  const policy = policies(context).get(backupId);
  return policy ? { Policy: policy } : {};
}

export function deleteResourcePolicy(context: Context, { ResourceArn }: ResourcePolicyInput): Output {
  const backupId = backupIdOf(context, ResourceArn);
  backupOf(context, backupId);
  const policy = policies(context).get(backupId);
  deletePolicy(context, backupId);
  return { ResourceArn, ...(policy ? { Policy: policy } : {}) };
}

/** Of a backup of this account and region; another one's is as good as none. */
function backupIdOf(context: Context, arn: string = ''): string {
  const [, resource = ''] = /^arn:[^:]+:cloudhsm:[^:]+:[^:]+:(.*)$/.exec(arn) ?? [];
  if (!resource.startsWith('backup/')) throw invalid(context, 'text-policy-resource');
  const backupId = resource.slice('backup/'.length);
  return arn === context.arn('cloudhsm', resource) ? backupId : backupOf(context, arn).backupId;
}

function isObject(policy: string | undefined): boolean {
  try {
    const parsed: unknown = JSON.parse(policy ?? '');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
