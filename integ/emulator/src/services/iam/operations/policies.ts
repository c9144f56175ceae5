import type { Context, Output } from '../../../wire/operation';
import { countedSize, encodeDocument } from '../documents';
import { checkFree, uniqueId } from '../entities';
import { attachmentCount, awsDocument, awsPolicy, boundaryCount } from '../managed-policies';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { checkDocument } from '../policy-checks';
import { refuse } from '../refusals';
import { arnOf, policies, roles, users } from '../state';
import type { Policy, PolicyVersion } from '../state';
import { tagViews, withTags } from '../tags';
import type { Tag } from '../tags';

interface CreatePolicyInput {
  readonly PolicyName: string;
  readonly Path?: string;
  readonly PolicyDocument: string;
  readonly Description?: string;
  readonly Tags?: readonly Tag[];
}

interface OfPolicy {
  readonly PolicyArn: string;
}

interface OfVersion extends OfPolicy {
  readonly VersionId: string;
}

export function createPolicy(context: Context, input: CreatePolicyInput): Output {
  checkFree(context, 'policy-exists', policies(context).values().map(({ name }) => name), input.PolicyName);
  checkContent(context, input.PolicyDocument);
  const limit = context.row<number>('iam/policies-per-account');
  if (policies(context).size() >= limit) throw refuse(context, 'quota', 'PoliciesPerAccount', limit);
  const named = { name: input.PolicyName, path: input.Path ?? '/' };
  const arn = arnOf(context, 'policy', named);
  const policy = policies(context).put(arn, {
    ...named,
    arn,
    id: uniqueId(context, 'ANPA'),
    createdAt: context.now,
    updatedAt: context.now,
    description: input.Description,
    tags: withTags(context, {}, input.Tags),
    versions: [{ number: 1, document: input.PolicyDocument, createdAt: context.now }],
    defaultVersion: 1,
    lastVersion: 1,
  });
  context.emit('policy created', policy.name);
  return { Policy: view(context, policy) };
}

function checkContent(context: Context, document: string): void {
  checkDocument(context, document, 'identity');
  const limit = context.row<number>('iam/managed-policy-size');
  if (countedSize(document) > limit) throw refuse(context, 'quota', 'PolicySize', limit);
}

export function deletePolicy(context: Context, { PolicyArn }: OfPolicy): Output {
  const policy = ownPolicy(context, PolicyArn);
  if (attachmentCount(context, policy.arn) + boundaryCount(context, policy.arn) > 0) throw refuse(context, 'policy-attached');
  if (policy.versions.length > 1) throw refuse(context, 'policy-versions-left');
  policies(context).delete(policy.arn);
  context.emit('policy deleted', policy.name);
  return {};
}

export function getPolicy(context: Context, { PolicyArn }: OfPolicy): Output {
  const aws = awsPolicy(PolicyArn);
  return { Policy: aws ? awsView(context, PolicyArn, aws) : view(context, ownPolicy(context, PolicyArn)) };
}

interface ListInput extends PageInput {
  readonly Scope?: string;
  readonly OnlyAttached?: boolean;
  readonly PathPrefix?: string;
}

export function listPolicies(context: Context, input: ListInput): Output {
  const known = Object.keys(context.row<Readonly<Record<string, object>>>('iam/aws-managed-policies'));
  const paths = context.row<Readonly<Record<string, string>>>('iam/aws-managed-policy-paths');
  const aws = known.map((name) => {
    const arn = `arn:${context.partition}:iam::aws:policy${paths[name] ?? '/'}${name}`;
    return awsView(context, arn, { name, path: paths[name] ?? '/' });
  });
  const own = policies(context).values().map((policy) => ({ ...view(context, policy), Tags: undefined, Description: undefined }));
  const all: Output[] = [...(input.Scope === 'Local' ? [] : aws), ...(input.Scope === 'AWS' ? [] : own)];
  const wanted = all.filter((policy) =>
    String(policy.Path).startsWith(input.PathPrefix ?? '/') && (!input.OnlyAttached || Number(policy.AttachmentCount) > 0));
  const { page, more } = paged(context, wanted, (policy) => String(policy.Arn), input);
  return { Policies: page, ...more };
}

export function createPolicyVersion(context: Context, input: OfPolicy & { PolicyDocument: string; SetAsDefault?: boolean }): Output {
  const policy = ownPolicy(context, input.PolicyArn);
  checkContent(context, input.PolicyDocument);
  if (policy.versions.length >= context.row<number>('iam/versions-per-policy')) throw refuse(context, 'version-limit');
  const version: PolicyVersion = { number: policy.lastVersion + 1, document: input.PolicyDocument, createdAt: context.now };
  const next = policies(context).put(policy.arn, {
    ...policy,
    versions: [...policy.versions, version],
    lastVersion: version.number,
    defaultVersion: input.SetAsDefault ? version.number : policy.defaultVersion,
    updatedAt: context.now,
  });
  context.emit(`policy version v${version.number} created`, policy.name);
  return { PolicyVersion: versionView(context, next, version) };
}

export function deletePolicyVersion(context: Context, { PolicyArn, VersionId }: OfVersion): Output {
  const policy = ownPolicy(context, PolicyArn);
  const version = versionOf(context, policy, VersionId);
  if (version.number === policy.defaultVersion) throw refuse(context, 'version-default');
  policies(context).put(policy.arn, { ...policy, versions: policy.versions.filter((other) => other !== version) });
  return {};
}

export function setDefaultPolicyVersion(context: Context, { PolicyArn, VersionId }: OfVersion): Output {
  const policy = ownPolicy(context, PolicyArn);
  policies(context).put(policy.arn, { ...policy, defaultVersion: versionOf(context, policy, VersionId).number, updatedAt: context.now });
  return {};
}

export function getPolicyVersion(context: Context, { PolicyArn, VersionId }: OfVersion): Output {
  const aws = awsPolicy(PolicyArn);
  if (!aws) {
    const policy = ownPolicy(context, PolicyArn);
    const version = versionOf(context, policy, VersionId);
    return { PolicyVersion: { ...versionView(context, policy, version), Document: encodeDocument(version.document) } };
  }
  const document = awsDocument(context, aws);
  if (document === undefined) throw refuse(context, 'aws-document', PolicyArn);
  return {
    PolicyVersion: { VersionId, IsDefaultVersion: true, Document: encodeDocument(document), CreateDate: new Date(AWS_POLICIES_SINCE) },
  };
}

export function listPolicyVersions(context: Context, input: OfPolicy & PageInput): Output {
  if (awsPolicy(input.PolicyArn)) {
    return { Versions: [{ VersionId: 'v1', IsDefaultVersion: true, CreateDate: new Date(AWS_POLICIES_SINCE) }], IsTruncated: false };
  }
  const policy = ownPolicy(context, input.PolicyArn);
  return { Versions: [...policy.versions].reverse().map((version) => versionView(context, policy, version)), IsTruncated: false };
}

interface EntitiesInput extends OfPolicy, PageInput {
  readonly EntityFilter?: string;
  readonly PolicyUsageFilter?: string;
}

export function listEntitiesForPolicy(context: Context, input: EntitiesInput): Output {
  if (!awsPolicy(input.PolicyArn)) ownPolicy(context, input.PolicyArn);
  const uses = ({ attached, boundary }: { attached: readonly string[]; boundary?: string }): boolean => (
    input.PolicyUsageFilter === 'PermissionsBoundary' ? boundary === input.PolicyArn : attached.includes(input.PolicyArn));
  const wants = (kind: string): boolean => input.EntityFilter === undefined || input.EntityFilter === kind;
  return {
    PolicyRoles: wants('Role') ? roles(context).values().filter(uses).map(({ name, id }) => ({ RoleName: name, RoleId: id })) : [],
    PolicyUsers: wants('User') ? users(context).values().filter(uses).map(({ name, id }) => ({ UserName: name, UserId: id })) : [],
    PolicyGroups: [],
    IsTruncated: false,
  };
}

export function ownPolicy(context: Context, arn: string): Policy {
  const policy = policies(context).get(arn);
  if (!policy) throw refuse(context, 'policy', arn);
  return policy;
}

function versionOf(context: Context, policy: Policy, versionId: string): PolicyVersion {
  const version = policy.versions.find(({ number }) => `v${number}` === versionId);
  if (!version) throw refuse(context, 'version', policy.arn, versionId);
  return version;
}

/** A date long past: when each policy of AWS was made is nobody's concern here. */
const AWS_POLICIES_SINCE = '2015-02-06T18:39:46Z';

function awsView(context: Context, arn: string, { name, path }: { name: string; path: string }): Output {
  return {
    PolicyName: name,
    PolicyId: `ANPA${context.kernel.ids.named('aws-policy', name).toString('hex').toUpperCase().slice(0, 17)}`,
    Arn: arn,
    Path: path,
    DefaultVersionId: 'v1',
    AttachmentCount: attachmentCount(context, arn),
    PermissionsBoundaryUsageCount: boundaryCount(context, arn),
    IsAttachable: true,
    CreateDate: new Date(AWS_POLICIES_SINCE),
    UpdateDate: new Date(AWS_POLICIES_SINCE),
    Tags: [],
  };
}

function view(context: Context, policy: Policy): Output {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: `v${policy.defaultVersion}`,
    AttachmentCount: attachmentCount(context, policy.arn),
    PermissionsBoundaryUsageCount: boundaryCount(context, policy.arn),
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(context.kernel.hostTime(policy.createdAt)),
    UpdateDate: new Date(context.kernel.hostTime(policy.updatedAt)),
    Tags: tagViews(policy.tags),
  };
}

function versionView(context: Context, policy: Policy, version: PolicyVersion): Output {
  return {
    VersionId: `v${version.number}`,
    IsDefaultVersion: version.number === policy.defaultVersion,
    CreateDate: new Date(context.kernel.hostTime(version.createdAt)),
  };
}
