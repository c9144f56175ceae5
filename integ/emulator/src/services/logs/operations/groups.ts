import { ForeignPattern } from '../../../kernel/foreign-pattern';
import type { Context, Output } from '../../../wire/operation';
import { mustEncrypt } from '../encryption';
import { metricFilters, subscriptionFilters } from '../filters';
import { findGroup, groupArn } from '../find';
import type { GroupReference } from '../find';
import { page } from '../paging';
import { dropStream, groups, streamsOf } from '../state';
import type { GroupRecord } from '../state';
import { refusal } from '../text';
import { toWire } from '../wire-time';

interface CreateInput {
  readonly logGroupName: string;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly logGroupClass?: string;
  readonly deletionProtectionEnabled?: boolean;
}

interface DescribeInput {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly logGroupIdentifiers?: readonly string[];
  readonly logGroupClass?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

export function createLogGroup(context: Context, input: CreateInput): void {
  if (groups(context).has(input.logGroupName)) throw refusal(context, 'ResourceAlreadyExistsException', 'text-group-exists');
  if (input.kmsKeyId !== undefined) mustEncrypt(context, input.logGroupName, input.kmsKeyId);
  groups(context).put(input.logGroupName, {
    name: input.logGroupName,
    createdAt: context.now,
    kmsKeyId: input.kmsKeyId,
    logClass: input.logGroupClass ?? 'STANDARD',
    protected: input.deletionProtectionEnabled ?? false,
    tags: input.tags ?? {},
  });
  context.emit('Created', input.logGroupName);
}

/** Streams, events and filters go with it. */
export function deleteLogGroup(context: Context, input: GroupReference): void {
  const group = findGroup(context, input);
  if (group.protected) throw refusal(context, 'OperationAbortedException', 'text-protected');
  streamsOf(context, group.name).forEach((stream) => dropStream(context, stream));
  for (const table of [metricFilters(context), subscriptionFilters(context)]) {
    for (const [key, filter] of table.entries()) if (filter.logGroupName === group.name) table.delete(key);
  }
  groups(context).delete(group.name);
  context.emit('Deleted', group.name);
}

export function describeLogGroups(context: Context, input: DescribeInput): Output {
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
    throw refusal(context, 'InvalidParameterException', 'text-prefix-and-pattern');
  }
  const named = input.logGroupIdentifiers?.map((logGroupIdentifier) => findGroup(context, { logGroupIdentifier }));
  const all = named ?? sorted(context).filter(({ name, logClass }) => name.startsWith(input.logGroupNamePrefix ?? '')
    && name.toLowerCase().includes((input.logGroupNamePattern ?? '').toLowerCase())
    && (input.logGroupClass ?? logClass) === logClass);
  const { items, nextToken } = page(context, all, input.nextToken, input.limit ?? 50);
  return { logGroups: items.map((group) => describe(context, group)), nextToken };
}

export function listLogGroups(
  context: Context,
  input: { readonly logGroupNamePattern?: string; readonly logGroupClass?: string; readonly nextToken?: string; readonly limit?: number },
): Output {
  const expression = new ForeignPattern(input.logGroupNamePattern ?? '');
  const all = sorted(context).filter(({ name, logClass }) => expression.test(name) && (input.logGroupClass ?? logClass) === logClass);
  const { items, nextToken } = page(context, all, input.nextToken, input.limit ?? 50);
  const logGroups = items.map(({ name, logClass }) => ({ logGroupName: name, logGroupArn: groupArn(context, name), logGroupClass: logClass }));
  return { logGroups, nextToken };
}

export function putRetentionPolicy(context: Context, input: GroupReference & { readonly retentionInDays: number }): void {
  const group = findGroup(context, input);
  const allowed = context.row<number[]>('logs/retention-days');
  if (!allowed.includes(input.retentionInDays)) {
    throw refusal(context, 'InvalidParameterException', 'text-bad-retention', { days: input.retentionInDays, allowed: allowed.join(', ') });
  }
  groups(context).put(group.name, { ...group, retentionDays: input.retentionInDays });
}

export function deleteRetentionPolicy(context: Context, input: GroupReference): void {
  const group = findGroup(context, input);
  groups(context).put(group.name, { ...group, retentionDays: undefined });
}

export function associateKmsKey(context: Context, input: GroupReference & { readonly kmsKeyId: string }): void {
  const group = findGroup(context, input);
  mustEncrypt(context, group.name, input.kmsKeyId);
  groups(context).put(group.name, { ...group, kmsKeyId: input.kmsKeyId });
}

export function disassociateKmsKey(context: Context, input: GroupReference): void {
  const group = findGroup(context, input);
  groups(context).put(group.name, { ...group, kmsKeyId: undefined });
}

export function putLogGroupDeletionProtection(context: Context, input: GroupReference & { readonly deletionProtectionEnabled: boolean }): void {
  const group = findGroup(context, input);
  groups(context).put(group.name, { ...group, protected: input.deletionProtectionEnabled });
}

function sorted(context: Context): GroupRecord[] {
  return groups(context).values().sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(context: Context, group: GroupRecord): Record<string, unknown> {
  return {
    logGroupName: group.name,
    creationTime: toWire(context, group.createdAt),
    retentionInDays: group.retentionDays,
    metricFilterCount: metricFilters(context).values().filter(({ logGroupName }) => logGroupName === group.name).length,
    arn: `${groupArn(context, group.name)}:*`,
    storedBytes: streamsOf(context, group.name).reduce((sum, { bytes }) => sum + bytes, 0),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logClass,
    logGroupArn: groupArn(context, group.name),
    deletionProtectionEnabled: group.protected,
  };
}
