import { X509Certificate } from 'node:crypto';
import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { newKey, signingWith } from '../keys';
import { authorities, changeAuthority, findAuthority, rememberedUse, statusOf, tokens } from '../state';
import type { AuthorityRecord, Configuration, Status, Tag } from '../state';
import { refusal } from '../text';

interface ArnInput {
  readonly CertificateAuthorityArn: string;
}

interface CreateInput {
  readonly CertificateAuthorityConfiguration: Configuration;
  readonly CertificateAuthorityType: string;
  readonly RevocationConfiguration?: object;
  readonly IdempotencyToken?: string;
  readonly KeyStorageSecurityStandard?: string;
  readonly Tags?: readonly Tag[];
  readonly UsageMode?: string;
}

export function createCertificateAuthority(context: Context, input: CreateInput): Output {
  const token = input.IdempotencyToken && `authority/${input.IdempotencyToken}`;
  const used = token && rememberedUse(context, token);
  if (used) return { CertificateAuthorityArn: used.arn };
  const { KeyAlgorithm, SigningAlgorithm } = input.CertificateAuthorityConfiguration;
  signingWith(context, SigningAlgorithm, KeyAlgorithm);
  const arn = context.arn('acm-pca', `certificate-authority/${idFormat.uuid(context.id('certificate-authority'))}`);
  authorities(context).put(arn, {
    arn,
    type: input.CertificateAuthorityType,
    status: 'CREATING',
    configuration: input.CertificateAuthorityConfiguration,
    usageMode: input.UsageMode ?? 'GENERAL_PURPOSE',
    storage: input.KeyStorageSecurityStandard ?? 'FIPS_140_2_LEVEL_3_OR_HIGHER',
    revocation: input.RevocationConfiguration,
    createdAt: context.now,
    changedAt: context.now,
    key: newKey(context, KeyAlgorithm),
    permissions: [],
    tags: input.Tags ?? [],
  });
  context.emit('CREATING', arn);
  if (token) tokens(context).put(token, { arn, at: context.now });
  context.after(context.delay('create-authority', arn), { kind: 'authority-created', args: { arn } });
  return { CertificateAuthorityArn: arn };
}

export function describeCertificateAuthority(context: Context, { CertificateAuthorityArn }: ArnInput): Output {
  return { CertificateAuthority: shown(context, findAuthority(context, CertificateAuthorityArn)) };
}

export function listCertificateAuthorities(context: Context, input: { readonly MaxResults?: number; readonly NextToken?: string }): Output {
  const from = Number(input.NextToken ?? 0);
  if (Number.isNaN(from)) throw refusal(context, 'InvalidNextTokenException', 'text-token');
  const all = authorities(context).values();
  const end = from + (input.MaxResults ?? all.length);
  return {
    CertificateAuthorities: all.slice(from, end).map((authority) => shown(context, authority)),
    NextToken: end < all.length ? String(end) : undefined,
  };
}

interface UpdateInput extends ArnInput {
  readonly Status?: Status;
  readonly RevocationConfiguration?: object;
}

export function updateCertificateAuthority(context: Context, input: UpdateInput): void {
  const { CertificateAuthorityArn, Status: wanted, RevocationConfiguration } = input;
  const authority = findAuthority(context, CertificateAuthorityArn);
  const status = statusOf(context, authority);
  if (status === 'DELETED' || (wanted && !['ACTIVE', 'DISABLED'].includes(status))) throw wrongState(context, authority);
  if (wanted && !['ACTIVE', 'DISABLED'].includes(wanted)) throw refusal(context, 'InvalidArgsException', 'text-status', { status: wanted });
  changeAuthority(context, authority, { ...wanted && { status: wanted }, ...RevocationConfiguration && { revocation: RevocationConfiguration } });
}

/** An ACTIVE one has to be disabled first. */
export function deleteCertificateAuthority(
  context: Context, { CertificateAuthorityArn, PermanentDeletionTimeInDays: days = 30 }: ArnInput & { readonly PermanentDeletionTimeInDays?: number },
): void {
  const authority = findAuthority(context, CertificateAuthorityArn);
  if (['ACTIVE', 'DELETED'].includes(statusOf(context, authority))) throw wrongState(context, authority);
  const window = days * 24 * 3_600_000;
  changeAuthority(context, authority, { status: 'DELETED', restorableUntil: context.now + window });
  context.after(window, { kind: 'authority-forgotten', args: { arn: authority.arn }, daemon: true });
}

export function restoreCertificateAuthority(context: Context, { CertificateAuthorityArn }: ArnInput): void {
  const authority = findAuthority(context, CertificateAuthorityArn);
  if (authority.status !== 'DELETED') throw wrongState(context, authority);
  changeAuthority(context, authority, { status: authority.certificate ? 'DISABLED' : 'PENDING_CERTIFICATE', restorableUntil: undefined });
}

export function wrongState(context: Context, authority: AuthorityRecord, row = 'text-state') {
  return refusal(context, 'InvalidStateException', row, { arn: authority.arn, status: statusOf(context, authority) });
}

function shown(context: Context, authority: AuthorityRecord): Output {
  const at = (time: number) => new Date(context.kernel.hostTime(time));
  const certificate = authority.certificate === undefined ? undefined : new X509Certificate(authority.certificate);
  return {
    Arn: authority.arn,
    OwnerAccount: context.account,
    CreatedAt: at(authority.createdAt),
    LastStateChangeAt: at(authority.changedAt),
    Type: authority.type,
    Status: statusOf(context, authority),
    CertificateAuthorityConfiguration: authority.configuration,
    RevocationConfiguration: authority.revocation,
    KeyStorageSecurityStandard: authority.storage,
    UsageMode: authority.usageMode,
    ...authority.restorableUntil !== undefined && { RestorableUntil: at(authority.restorableUntil) },
    ...certificate && { Serial: certificate.serialNumber, NotBefore: new Date(certificate.validFrom), NotAfter: new Date(certificate.validTo) },
  };
}
