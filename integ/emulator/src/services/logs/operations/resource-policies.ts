import { idFormat } from '../../../kernel';
import type { Table } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { page } from '../paging';
import { refusal } from '../text';
import { toWire } from '../wire-time';

/** A policy of the account, by name, or of one log group, by its ARN. */
interface PolicyRecord {
  readonly name?: string;
  readonly resourceArn?: string;
  readonly document: string;
  readonly updatedAt: number;
  readonly revision: string;
}

interface PolicyInput {
  readonly policyName?: string;
  readonly resourceArn?: string;
  readonly policyDocument?: string;
}

export function putResourcePolicy(context: Context, input: PolicyInput): Output {
  const key = keyOf(context, input);
  if (!policies(context).has(key) && policies(context).size() >= context.row<number>('logs/resource-policies')) {
    throw refusal(context, 'LimitExceededException', 'text-limit');
  }
  const policy = policies(context).put(key, {
    name: input.policyName, resourceArn: input.resourceArn, document: input.policyDocument ?? '', updatedAt: context.now, revision: idFormat.uuid(context.id('policy')),
  });
  return { resourcePolicy: describe(context, policy), revisionId: policy.revision };
}

export function deleteResourcePolicy(context: Context, input: PolicyInput): void {
  const key = keyOf(context, input);
  if (!policies(context).has(key)) throw refusal(context, 'ResourceNotFoundException', 'text-no-policy', { name: key });
  policies(context).delete(key);
}

export function describeResourcePolicies(
  context: Context,
  input: { readonly resourceArn?: string; readonly nextToken?: string; readonly limit?: number },
): Output {
  const all = policies(context).values().filter(({ resourceArn }) => resourceArn === input.resourceArn);
  const { items, nextToken } = page(context, all, input.nextToken, input.limit ?? 50);
  return { resourcePolicies: items.map((policy) => describe(context, policy)), nextToken };
}

function policies(context: Context): Table<PolicyRecord> {
  return context.table('logs/resource-policies');
}

function keyOf(context: Context, { policyName, resourceArn }: PolicyInput): string {
  const key = policyName ?? resourceArn;
  if (key === undefined) throw refusal(context, 'InvalidParameterException', 'text-which-policy');
  return key;
}

function describe(context: Context, policy: PolicyRecord): Record<string, unknown> {
  return {
    policyName: policy.name,
    policyDocument: policy.document,
    lastUpdatedTime: toWire(context, policy.updatedAt),
    policyScope: policy.resourceArn === undefined ? 'ACCOUNT' : 'RESOURCE',
    resourceArn: policy.resourceArn,
    revisionId: policy.revision,
  };
}
