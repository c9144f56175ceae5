import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { findKeyById } from '../find';
import { page } from '../paging';
import type { PageWish } from '../paging';
import { grants } from '../state';
import type { GrantRecord } from '../state';
import { date, refusal } from '../text';
import { endDryRun, requireNotPendingDeletion } from '../usable';

interface CreateInput {
  readonly KeyId: string;
  readonly GranteePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly Operations: readonly string[];
  readonly Constraints?: GrantRecord['constraints'];
  readonly Name?: string;
  readonly DryRun?: boolean;
}

/** The same grant under the same name is made once: that is how callers repeat safely. */
export function createGrant(context: Context, input: CreateInput): Output {
  const { key, context: place } = findKeyById(context, input.KeyId);
  if (!input.GranteePrincipal && !input.GranteeServicePrincipal) throw refusal(context, 'ValidationException', 'text-no-grantee');
  requireNotPendingDeletion(context, key);
  endDryRun(context, input.DryRun);
  const wish = {
    keyId: key.id,
    keyArn: key.arn,
    name: input.Name,
    issuingAccount: `arn:${context.partition}:iam::${context.caller.principal.account}:root`,
    grantee: input.GranteePrincipal,
    retiring: input.RetiringPrincipal,
    granteeService: input.GranteeServicePrincipal,
    retiringService: input.RetiringServicePrincipal,
    operations: input.Operations,
    constraints: input.Constraints,
  };
  const same = input.Name === undefined ? undefined : grants(place).values().find((grant) => isSame(grant, wish));
  const bytes = same ? undefined : place.id('grant', key.id);
  const grant = same ?? grants(place).put(idFormat.hex(bytes!, 64), {
    ...wish, id: idFormat.hex(bytes!, 64), token: Buffer.from(`${key.arn}/${idFormat.hex(bytes!, 64)}`).toString('base64url'), createdAt: context.now,
  });
  return { GrantToken: grant.token, GrantId: grant.id };
}

export function listGrants(
  context: Context,
  input: PageWish & {
    readonly KeyId: string;
    readonly GrantId?: string;
    readonly GranteePrincipal?: string;
    readonly GranteeServicePrincipal?: string;
  },
): Output {
  const { key, context: place } = findKeyById(context, input.KeyId);
  const shown = grants(place).values().filter((grant) => grant.keyId === key.id
    && (input.GrantId ?? grant.id) === grant.id
    && (input.GranteePrincipal ?? grant.grantee) === grant.grantee
    && (input.GranteeServicePrincipal ?? grant.granteeService) === grant.granteeService);
  return list(context, shown, input);
}

export function listRetirableGrants(
  context: Context, input: PageWish & { readonly RetiringPrincipal?: string; readonly RetiringServicePrincipal?: string },
): Output {
  const shown = grants(context).values().filter(({ retiring, retiringService }) =>
    (input.RetiringPrincipal !== undefined && retiring === input.RetiringPrincipal)
    || (input.RetiringServicePrincipal !== undefined && retiringService === input.RetiringServicePrincipal));
  return list(context, shown, input);
}

export function retireGrant(
  context: Context,
  input: { readonly GrantToken?: string; readonly KeyId?: string; readonly GrantId?: string; readonly DryRun?: boolean },
): void {
  const grant = input.GrantToken === undefined
    ? grantOf(context, input.KeyId, input.GrantId)
    : grants(context).values().find(({ token }) => token === input.GrantToken);
  if (!grant) throw refusal(context, 'InvalidGrantTokenException', 'text-bad-grant-token');
  endDryRun(context, input.DryRun);
  grants(context).delete(grant.id);
}

export function revokeGrant(context: Context, input: { readonly KeyId: string; readonly GrantId: string; readonly DryRun?: boolean }): void {
  const grant = grantOf(context, input.KeyId, input.GrantId);
  endDryRun(context, input.DryRun);
  grants(context).delete(grant.id);
}

function grantOf(context: Context, keyId: string | undefined, grantId: string | undefined): GrantRecord {
  if (keyId === undefined || grantId === undefined) throw refusal(context, 'ValidationException', 'text-which-grant');
  const { key } = findKeyById(context, keyId);
  const grant = grants(context).get(grantId);
  if (grant?.keyId !== key.id) throw refusal(context, 'NotFoundException', 'text-no-grant', { id: grantId, arn: key.arn });
  return grant;
}

function list(context: Context, all: readonly GrantRecord[], input: PageWish): Output {
  const { items, more } = page(context, all, input, 50);
  return {
    Grants: items.map((grant) => ({
      KeyId: grant.keyArn,
      GrantId: grant.id,
      Name: grant.name,
      CreationDate: date(context, grant.createdAt),
      GranteePrincipal: grant.grantee,
      RetiringPrincipal: grant.retiring,
      GranteeServicePrincipal: grant.granteeService,
      RetiringServicePrincipal: grant.retiringService,
      IssuingAccount: grant.issuingAccount,
      Operations: grant.operations,
      Constraints: grant.constraints,
    })),
    ...more,
  };
}

function isSame(grant: GrantRecord, wish: Partial<GrantRecord>): boolean {
  return Object.entries(wish).every(([name, value]) => JSON.stringify(grant[name as keyof GrantRecord]) === JSON.stringify(value));
}
