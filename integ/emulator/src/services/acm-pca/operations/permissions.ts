import { wrongState } from './authorities';
import type { Context, Output } from '../../../wire/operation';
import { changeAuthority, findAuthority, statusOf } from '../state';
import type { AuthorityRecord, Permission } from '../state';
import { refusal } from '../text';

interface PermissionInput {
  readonly CertificateAuthorityArn: string;
  readonly Principal: string;
  readonly SourceAccount?: string;
}

export function createPermission(context: Context, input: PermissionInput & { readonly Actions: readonly string[] }): void {
  const authority = usable(context, input.CertificateAuthorityArn);
  const { Principal, SourceAccount = context.account, Actions } = input;
  if (of(authority, Principal, SourceAccount)) throw refusal(context, 'PermissionAlreadyExistsException', 'text-permission-exists', { principal: Principal });
  const made = { Principal, SourceAccount, Actions, createdAt: context.now };
  changeAuthority(context, authority, { permissions: [...authority.permissions, made] });
}

export function deletePermission(context: Context, { CertificateAuthorityArn, Principal, SourceAccount = context.account }: PermissionInput): void {
  const authority = usable(context, CertificateAuthorityArn);
  const found = of(authority, Principal, SourceAccount);
  if (!found) throw refusal(context, 'ResourceNotFoundException', 'text-no-permission', { principal: Principal });
  changeAuthority(context, authority, { permissions: authority.permissions.filter((permission) => permission !== found) });
}

export function listPermissions(context: Context, { CertificateAuthorityArn }: { readonly CertificateAuthorityArn: string }): Output {
  return {
    Permissions: usable(context, CertificateAuthorityArn).permissions.map(({ createdAt, ...permission }) => ({
      CertificateAuthorityArn, ...permission, CreatedAt: new Date(context.kernel.hostTime(createdAt)),
    })),
  };
}

function of({ permissions }: AuthorityRecord, principal: string, account: string): Permission | undefined {
  return permissions.find(({ Principal, SourceAccount }) => Principal === principal && SourceAccount === account);
}

function usable(context: Context, arn: string): AuthorityRecord {
  const authority = findAuthority(context, arn);
  if (statusOf(context, authority) === 'DELETED') throw wrongState(context, authority);
  return authority;
}
