import { ServiceError } from '../../../wire/operation';
import type { ValueMap } from '../../template/template';
import { refused } from '../../texts';
import { neverStable } from '../row-handler';
import type { Request, Row } from '../row-handler';

// --- Secrets Manager

function secretText(request: Request): string | undefined {
  const given = request.text('SecretString');
  if (given !== undefined && request.value('GenerateSecretString') !== undefined) throw refused('text-secret-given-twice', {}, 'InvalidRequestException');
  if (given !== undefined) return given;
  const generate = request.map('GenerateSecretString');
  if (request.value('GenerateSecretString') === undefined) return undefined;
  const { SecretStringTemplate, GenerateStringKey, ...options } = generate;
  const { RandomPassword } = request.send<{ RandomPassword: string }>('GetRandomPassword', {}, options);
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return RandomPassword;
  let template: unknown;
  try {
    template = JSON.parse(String(SecretStringTemplate));
  } catch {
    throw neverStable('SecretStringTemplate must be a valid JSON object');
  }
  return JSON.stringify({ ...(template as object), [String(GenerateStringKey)]: RandomPassword });
}

const secretRow: Row = {
  service: 'secretsmanager',
  create: (request) => {
    const Tags = request.tags();
    // Until something is put into it, a secret that nothing is said of is generated.
    const SecretString = secretText(request) ?? request.call<{ RandomPassword: string }>('GetRandomPassword').RandomPassword;
    return request.send<{ ARN: string }>('CreateSecret', {
      Name: request.name('Name'), SecretString, ...(Tags.length > 0 ? { Tags } : { Tags: undefined }),
    }).ARN;
  },
  update: (request) => {
    const generates = request.changed('GenerateSecretString', 'SecretString');
    const SecretString = generates ? secretText(request) : undefined;
    request.call('UpdateSecret', {
      SecretId: request.id,
      ...(request.changed('Description') ? { Description: request.text('Description') ?? '' } : {}),
      ...(request.changed('KmsKeyId') ? { KmsKeyId: request.text('KmsKeyId') ?? 'alias/aws/secretsmanager' } : {}),
      ...(SecretString === undefined ? {} : { SecretString }),
    });
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { SecretId: request.id, TagKeys: removed });
    const Tags = request.tags().filter(({ Key }) => !Key.startsWith('aws:'));
    if (Tags.length > 0) request.call('TagResource', { SecretId: request.id, Tags });
  },
  delete: (request) => request.call('DeleteSecret', { SecretId: request.id, ForceDeleteWithoutRecovery: true }),
  attributes: (request) => ({ Id: request.id }),
  read: (request) => {
    const { Description, KmsKeyId, DeletedDate } = request.call<{ Description?: string; KmsKeyId?: string; DeletedDate?: Date }>('DescribeSecret', { SecretId: request.id });
    return DeletedDate ? undefined : { Description, KmsKeyId };
  },
};

const secretPolicyRow: Row = {
  service: 'secretsmanager',
  create: (request) => {
    request.call('PutResourcePolicy', { SecretId: request.text('SecretId'), ResourcePolicy: request.text('ResourcePolicy'), BlockPublicPolicy: request.flag('BlockPublicPolicy') });
    return request.text('SecretId')!;
  },
  update: (request) => request.call('PutResourcePolicy', {
    SecretId: request.text('SecretId'), ResourcePolicy: request.text('ResourcePolicy'), BlockPublicPolicy: request.flag('BlockPublicPolicy'),
  }),
  delete: (request) => request.call('DeleteResourcePolicy', { SecretId: request.text('SecretId') }),
  attributes: (request) => ({ Id: request.id }),
};

const rotationRow: Row = {
  service: 'secretsmanager',
  create: (request) => {
    rotate(request);
    return request.text('SecretId')!;
  },
  update: rotate,
  delete: (request) => request.call('CancelRotateSecret', { SecretId: request.text('SecretId') }),
  attributes: (request) => ({ Id: request.id }),
};

function rotate(request: Request): void {
  if (request.value('HostedRotationLambda') !== undefined) request.notBuilt('HostedRotationLambda');
  request.send('RotateSecret', {
    RotateImmediately: request.flag('RotateImmediatelyOnUpdate') ?? true,
    RotationRules: request.value('RotationRules') === undefined ? undefined
      : request.fitted('RotateSecret', {}, { RotationRules: request.value('RotationRules') }).RotationRules,
  });
}

/** Writes the address of a database into the secret; without one of its databases it only stands for the secret. */
const attachmentRow: Row = {
  service: 'secretsmanager',
  create: (request) => {
    request.notBuilt('the target is not written into the secret');
    return request.text('SecretId')!;
  },
  delete: () => undefined,
  attributes: (request) => ({ Id: request.id }),
};

// --- Systems Manager

interface Parameter { readonly Type?: string; readonly Value?: string; readonly ARN?: string }

function parameter(request: Request): Parameter {
  return request.call<{ Parameter: Parameter }>('GetParameter', { Name: request.id }).Parameter;
}

const parameterRow: Row = {
  service: 'ssm',
  create: (request) => {
    const Name = request.name('Name');
    const Tags = request.tags();
    request.send('PutParameter', { Name, Overwrite: false, ...(Tags.length > 0 ? { Tags } : { Tags: undefined }) });
    return Name;
  },
  update: (request) => {
    request.send('PutParameter', { Name: request.id, Overwrite: true, Tags: undefined });
    ssmTags(request, 'Parameter');
  },
  delete: (request) => request.call('DeleteParameter', { Name: request.id }),
  attributes: (request) => {
    const { Type, Value: text, ARN } = parameter(request);
    return { Type, Value: text, Arn: ARN };
  },
  read: (request) => {
    const { Type, Value: text } = parameter(request);
    return { Type, Value: text };
  },
};

function ssmTags(request: Request, ResourceType: string): void {
  const removed = request.removedTags();
  if (removed.length > 0) request.call('RemoveTagsFromResource', { ResourceType, ResourceId: request.id, TagKeys: removed });
  const Tags = request.tags().filter(({ Key }) => !Key.startsWith('aws:'));
  if (Tags.length > 0) request.call('AddTagsToResource', { ResourceType, ResourceId: request.id, Tags });
}

const documentRow: Row = {
  service: 'ssm',
  create: (request) => {
    const Name = request.name('Name');
    const Tags = request.tags();
    request.send('CreateDocument', { Name, Content: request.text('Content'), ...(Tags.length > 0 ? { Tags } : { Tags: undefined }) });
    return Name;
  },
  waits: (request) => {
    const { Document: { Status, StatusInformation } } = request.call<{ Document: { Status?: string; StatusInformation?: string } }>('DescribeDocument', { Name: request.id });
    if (Status === 'Failed') throw neverStable(StatusInformation ?? `Document ${request.id} failed`);
    return Status === 'Creating' || Status === 'Updating' ? 'the document to be active' : undefined;
  },
  // `UpdateMethod` says whether a new content is a new version or a new document.
  replaces: (request) => (request.text('UpdateMethod') ?? 'Replace') === 'Replace',
  update: (request) => {
    if (request.changed('Content', 'DocumentFormat', 'TargetType')) {
      request.call('UpdateDocumentDefaultVersion', { Name: request.id, DocumentVersion: newDocumentVersion(request) });
    }
    ssmTags(request, 'Document');
  },
  delete: (request) => request.call('DeleteDocument', { Name: request.id }),
  read: (request) => {
    const { Document: { DocumentType } } = request.call<{ Document: { DocumentType?: string } }>('DescribeDocument', { Name: request.id });
    return request.text('DocumentType') === undefined ? {} : { DocumentType };
  },
};

/** A content that was there before, as after a rollback, is that version again: the service refuses to keep it twice. */
function newDocumentVersion(request: Request): string {
  const Content = request.text('Content');
  try {
    return request.send<{ DocumentDescription: { DocumentVersion: string } }>('UpdateDocument', {
      Name: request.id, Content, DocumentVersion: '$LATEST',
    }).DocumentDescription.DocumentVersion;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'DuplicateDocumentContent') throw error;
    const { DocumentVersions: versions = [] } = request.call<{ DocumentVersions?: Array<{ DocumentVersion: string }> }>('ListDocumentVersions', { Name: request.id });
    const same = versions.find(({ DocumentVersion }) =>
      request.call<{ Content?: string }>('GetDocument', { Name: request.id, DocumentVersion }).Content === Content);
    if (!same) throw error;
    return same.DocumentVersion;
  }
}

// --- KMS

interface KeyMetadata {
  readonly KeyId: string;
  readonly Arn: string;
  readonly KeyState?: string;
  readonly Enabled?: boolean;
  readonly Description?: string;
}

function key(request: Request): KeyMetadata {
  return request.call<{ KeyMetadata: KeyMetadata }>('DescribeKey', { KeyId: request.id }).KeyMetadata;
}

function kmsTags(request: Request): Array<{ TagKey: string; TagValue: string }> {
  return request.tags().map(({ Key, Value: text }) => ({ TagKey: Key, TagValue: text }));
}

const keyRow: Row = {
  service: 'kms',
  create: (request) => {
    const Tags = kmsTags(request);
    const { KeyMetadata: { KeyId } } = request.send<{ KeyMetadata: KeyMetadata }>('CreateKey', {
      Policy: request.text('KeyPolicy'), BypassPolicyLockoutSafetyCheck: request.flag('BypassPolicyLockoutSafetyCheck'),
      ...(Tags.length > 0 ? { Tags } : { Tags: undefined }),
    });
    if (request.flag('EnableKeyRotation')) request.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: request.number('RotationPeriodInDays') });
    if (request.flag('Enabled') === false) request.call('DisableKey', { KeyId });
    return KeyId;
  },
  waits: (request) => (key(request).KeyState === 'Creating' ? 'the key to be made' : undefined),
  update: (request) => {
    const KeyId = request.id;
    if (request.changed('KeyPolicy')) request.call('PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: request.text('KeyPolicy') });
    if (request.changed('Description')) request.call('UpdateKeyDescription', { KeyId, Description: request.text('Description') ?? '' });
    if (request.changed('Enabled')) request.call(request.flag('Enabled') === false ? 'DisableKey' : 'EnableKey', { KeyId });
    if (request.changed('EnableKeyRotation', 'RotationPeriodInDays')) {
      if (request.flag('EnableKeyRotation')) request.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: request.number('RotationPeriodInDays') });
      else request.call('DisableKeyRotation', { KeyId });
    }
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { KeyId, TagKeys: removed });
    const Tags = kmsTags(request).filter(({ TagKey }) => !TagKey.startsWith('aws:'));
    if (Tags.length > 0) request.call('TagResource', { KeyId, Tags });
  },
  delete: (request) => request.call('ScheduleKeyDeletion', { KeyId: request.id, PendingWindowInDays: request.number('PendingWindowInDays') }),
  attributes: (request) => ({ KeyId: request.id, Arn: key(request).Arn }),
  read: (request) => {
    const { KeyState, Enabled, Description } = key(request);
    if (KeyState === 'PendingDeletion') return undefined;
    return { ...(request.value('Enabled') === undefined ? {} : { Enabled }), ...(request.value('Description') === undefined ? {} : { Description }) };
  },
};

const aliasRow: Row = {
  service: 'kms',
  create: (request) => {
    request.send('CreateAlias');
    return request.text('AliasName')!;
  },
  update: (request) => request.send('UpdateAlias'),
  delete: (request) => request.call('DeleteAlias', { AliasName: request.id }),
};

// --- CloudHSM

interface Cluster {
  readonly ClusterId: string; readonly State?: string; readonly StateMessage?: string; readonly SecurityGroup?: string; readonly VpcId?: string;
  readonly SubnetMapping?: ValueMap; readonly BackupPolicy?: string; readonly HsmType?: string; readonly NetworkType?: string; readonly Mode?: string;
  readonly BackupRetentionPolicy?: ValueMap;
}

function clusterArn(request: Request, clusterId: string): string {
  return request.arn('cloudhsm', `cluster/${clusterId}`);
}

function idOf(request: Request): string {
  return request.id.split('/').pop()!;
}

function cluster(request: Request): Cluster | undefined {
  const { Clusters: [found] = [] } = request.call<{ Clusters?: Cluster[] }>('DescribeClusters', { Filters: { clusterIds: [idOf(request)] } });
  return found;
}

const clusterRow: Row = {
  service: 'cloudhsmv2',
  create: (request) => {
    const TagList = request.tags('Tags');
    const { Cluster: made } = request.send<{ Cluster: Cluster }>('CreateCluster', { ...(TagList.length > 0 ? { TagList } : {}) });
    return request.work.context.row<string>('cloudhsm-cluster-ref') === 'arn' ? clusterArn(request, made.ClusterId) : made.ClusterId;
  },
  waits: (request, action) => {
    const found = cluster(request);
    const state = found?.State ?? 'DELETED';
    if (state === 'DEGRADED' || state === 'DELETED' || state === 'DELETE_IN_PROGRESS') {
      throw neverStable(`Cluster ${idOf(request)} is in state ${state}: ${found?.StateMessage ?? ''}`);
    }
    const settled = action === 'create' ? state !== 'CREATE_IN_PROGRESS' : !/(CREATE|UPDATE|MODIFY)_IN_PROGRESS$/.test(state);
    return settled ? undefined : `the cluster to leave ${state}`;
  },
  update: (request) => {
    if (request.changed('BackupRetentionPolicy') && request.value('BackupRetentionPolicy') !== undefined) {
      request.send('ModifyCluster', { ClusterId: idOf(request) });
    }
    const ResourceId = idOf(request);
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { ResourceId, TagKeyList: removed });
    const TagList = request.tags();
    if (TagList.length > 0 && (request.changed('Tags') || removed.length > 0)) request.call('TagResource', { ResourceId, TagList });
  },
  delete: (request) => request.call('DeleteCluster', { ClusterId: idOf(request) }),
  gone: (request) => (cluster(request)?.State ?? 'DELETED') === 'DELETED',
  attributes: (request) => {
    const found = cluster(request);
    const id = idOf(request);
    return {
      Arn: clusterArn(request, id), ClusterId: id, State: found?.State, SecurityGroup: found?.SecurityGroup, VpcId: found?.VpcId,
      SubnetMapping: found?.SubnetMapping, BackupPolicy: found?.BackupPolicy,
    };
  },
  read: (request) => {
    const found = cluster(request);
    if (!found || found.State === 'DELETED' || found.State === 'DELETE_IN_PROGRESS') return undefined;
    // SubnetIds are write-only: nobody can look.
    return Object.fromEntries((['HsmType', 'NetworkType', 'Mode', 'BackupRetentionPolicy'] as const)
      .filter((name) => request.value(name) !== undefined).map((name) => [name, found[name]]));
  },
};

export const SECRETS: { readonly [type: string]: Row } = {
  'AWS::SecretsManager::Secret': secretRow,
  'AWS::SecretsManager::ResourcePolicy': secretPolicyRow,
  'AWS::SecretsManager::RotationSchedule': rotationRow,
  'AWS::SecretsManager::SecretTargetAttachment': attachmentRow,
  'AWS::SSM::Parameter': parameterRow,
  'AWS::SSM::Document': documentRow,
  'AWS::KMS::Key': keyRow,
  'AWS::KMS::Alias': aliasRow,
  'AWS::CloudHSM::Cluster': clusterRow,
};
