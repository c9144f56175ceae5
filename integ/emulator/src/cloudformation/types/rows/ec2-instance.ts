import type { Value, ValueMap } from '../../template/template';
import { neverStable } from '../row-handler';
import type { Request, Row } from '../row-handler';
import { specified, syncEc2Tags } from './ec2-tags';

const service = 'ec2';

interface Instance {
  readonly InstanceId: string;
  readonly State?: { Name: string };
  readonly VpcId?: string;
  readonly PrivateIpAddress?: string;
  readonly PublicIpAddress?: string;
  readonly PrivateDnsName?: string;
  readonly PublicDnsName?: string;
  readonly Placement?: { AvailabilityZone?: string };
  readonly StateReason?: { Message?: string };
  readonly InstanceType?: string;
  readonly ImageId?: string;
  readonly SubnetId?: string;
}

function instance(request: Request): Instance | undefined {
  const { Reservations: reservations = [] } = request.call<{ Reservations?: Array<{ Instances: Instance[] }> }>('DescribeInstances', { InstanceIds: [request.id] });
  return reservations.flatMap(({ Instances }) => Instances)[0];
}

/** The template by id or name, with the version as text. */
function templateSpecification(value: ValueMap): { [name: string]: unknown } | undefined {
  if (Object.keys(value).length === 0) return undefined;
  const { LaunchTemplateId, LaunchTemplateName, Version } = value;
  return Object.fromEntries(Object.entries({
    LaunchTemplateId,
    LaunchTemplateName: LaunchTemplateId === undefined ? LaunchTemplateName : undefined,
    Version: Version === undefined ? undefined : String(Version),
  }).filter(([, inner]) => inner !== undefined));
}

const instanceRow: Row = {
  service,
  create: (request) => {
    const profile = request.text('IamInstanceProfile');
    const monitoring = request.flag('Monitoring');
    const placement = Object.fromEntries(Object.entries({
      AvailabilityZone: request.text('AvailabilityZone'), Tenancy: request.text('Tenancy'), GroupName: request.text('PlacementGroupName'),
      HostId: request.text('HostId'), Affinity: request.text('Affinity'),
    }).filter(([, value]) => value !== undefined));
    const interfaces = request.list<ValueMap>('NetworkInterfaces');
    const { Instances: [made] } = request.send<{ Instances: Instance[] }>('RunInstances', {
      MinCount: 1,
      MaxCount: 1,
      ClientToken: request.work.token,
      IamInstanceProfile: profile === undefined ? undefined : { Name: profile },
      LaunchTemplate: templateSpecification(request.map('LaunchTemplate')),
      Monitoring: monitoring === undefined ? undefined : { Enabled: monitoring },
      Placement: Object.keys(placement).length === 0 ? undefined : placement,
      NetworkInterfaces: interfaces.length === 0 ? undefined : interfaces.map(interfaceSpecification),
      TagSpecifications: specified(request, 'instance'),
    });
    if (request.flag('SourceDestCheck') === false) {
      request.call('ModifyInstanceAttribute', { InstanceId: made.InstanceId, SourceDestCheck: { Value: false } });
    }
    return made.InstanceId;
  },
  waits: (request) => {
    const found = instance(request);
    const state = found?.State?.Name ?? 'pending';
    if (state === 'terminated' || state === 'shutting-down') {
      throw neverStable(`Instance ${request.id} went to ${state}: ${found?.StateReason?.Message ?? 'no reason was given'}`);
    }
    return state === 'running' ? undefined : 'the instance to be running';
  },
  // Type and user data change on a stopped instance that is backed by a volume: no replacement.
  replaces: (request) => request.changed('AdditionalInfo', 'KernelId', 'RamdiskId', 'PrivateDnsNameOptions', 'BlockDeviceMappings', 'HostId'),
  update: (request) => {
    const restarts = request.changed('InstanceType', 'UserData', 'EbsOptimized', 'Tenancy');
    if (restarts) request.call('StopInstances', { InstanceIds: [request.id], Force: true });
    if (request.changed('InstanceType')) request.call('ModifyInstanceAttribute', { InstanceId: request.id, InstanceType: { Value: request.text('InstanceType') } });
    if (request.changed('UserData')) request.call('ModifyInstanceAttribute', { InstanceId: request.id, UserData: { Value: request.text('UserData') ?? '' } });
    if (request.changed('SecurityGroupIds')) request.call('ModifyInstanceAttribute', { InstanceId: request.id, Groups: [...request.list('SecurityGroupIds')] });
    if (request.changed('SourceDestCheck')) {
      request.call('ModifyInstanceAttribute', { InstanceId: request.id, SourceDestCheck: { Value: request.flag('SourceDestCheck') ?? true } });
    }
    if (request.changed('DisableApiTermination')) {
      request.call('ModifyInstanceAttribute', { InstanceId: request.id, DisableApiTermination: { Value: request.flag('DisableApiTermination') ?? false } });
    }
    if (request.changed('MetadataOptions')) {
      request.send('ModifyInstanceMetadataOptions', { InstanceId: request.id }, request.map('MetadataOptions'));
    }
    if (request.changed('IamInstanceProfile')) changeProfile(request);
    if (restarts) request.call('StartInstances', { InstanceIds: [request.id] });
    syncEc2Tags(request);
  },
  delete: (request) => request.call('TerminateInstances', { InstanceIds: [request.id] }),
  gone: (request) => (instance(request)?.State?.Name ?? 'terminated') === 'terminated',
  attributes: (request) => {
    const found = instance(request);
    return {
      InstanceId: request.id,
      AvailabilityZone: found?.Placement?.AvailabilityZone,
      PrivateDnsName: found?.PrivateDnsName,
      PrivateIp: found?.PrivateIpAddress,
      PublicDnsName: found?.PublicDnsName ?? '',
      PublicIp: found?.PublicIpAddress ?? '',
      VpcId: found?.VpcId,
      State: { Name: found?.State?.Name },
    };
  },
  read: (request) => {
    const found = instance(request);
    if (!found || found.State?.Name === 'terminated') return undefined;
    return { InstanceType: found.InstanceType, ImageId: found.ImageId, SubnetId: found.SubnetId };
  },
};

function interfaceSpecification(given: ValueMap): { [name: string]: unknown } {
  const { GroupSet, DeviceIndex, AssociatePublicIpAddress, DeleteOnTermination, ...rest } = given;
  return Object.fromEntries(Object.entries({
    ...rest,
    DeviceIndex: DeviceIndex === undefined ? undefined : Number(DeviceIndex),
    Groups: GroupSet,
    AssociatePublicIpAddress: asFlag(AssociatePublicIpAddress),
    DeleteOnTermination: asFlag(DeleteOnTermination),
  }).filter(([, value]) => value !== undefined));
}

function asFlag(value: Value | undefined): boolean | undefined {
  return value === undefined ? undefined : String(value) === 'true';
}

function changeProfile(request: Request): void {
  const { IamInstanceProfileAssociations: [association] = [] } = request.call<{ IamInstanceProfileAssociations?: Array<{ AssociationId: string }> }>(
    'DescribeIamInstanceProfileAssociations', { Filters: [{ Name: 'instance-id', Values: [request.id] }] });
  const name = request.text('IamInstanceProfile');
  if (association && name) request.call('ReplaceIamInstanceProfileAssociation', { AssociationId: association.AssociationId, IamInstanceProfile: { Name: name } });
  else if (association) request.call('DisassociateIamInstanceProfile', { AssociationId: association.AssociationId });
  else if (name) request.call('AssociateIamInstanceProfile', { InstanceId: request.id, IamInstanceProfile: { Name: name } });
}

interface Template { readonly LaunchTemplateId: string; readonly LatestVersionNumber?: number; readonly DefaultVersionNumber?: number }

/** A template's data are those of the operation, but for numbers and switches as text. */
function templateData(request: Request): { [name: string]: unknown } {
  const fitted = request.fitted('CreateLaunchTemplate', {}, { LaunchTemplateData: request.value('LaunchTemplateData') });
  return fitted.LaunchTemplateData as { [name: string]: unknown };
}

const launchTemplateRow: Row = {
  service,
  create: (request) => request.call<{ LaunchTemplate: Template }>('CreateLaunchTemplate', {
    LaunchTemplateName: request.name('LaunchTemplateName'), LaunchTemplateData: templateData(request), VersionDescription: request.text('VersionDescription'),
    TagSpecifications: request.value('TagSpecifications') === undefined ? undefined : [...request.list<object>('TagSpecifications')],
  }).LaunchTemplate.LaunchTemplateId,
  update: (request) => {
    if (request.changed('LaunchTemplateData', 'VersionDescription')) {
      request.call('CreateLaunchTemplateVersion', { LaunchTemplateId: request.id, LaunchTemplateData: templateData(request), VersionDescription: request.text('VersionDescription') });
    }
  },
  delete: (request) => request.call('DeleteLaunchTemplate', { LaunchTemplateId: request.id }),
  attributes: (request) => {
    const { LaunchTemplates: [found] } = request.call<{ LaunchTemplates: Template[] }>('DescribeLaunchTemplates', { LaunchTemplateIds: [request.id] });
    return {
      LaunchTemplateId: request.id,
      LatestVersionNumber: String(found.LatestVersionNumber ?? 1),
      DefaultVersionNumber: String(found.DefaultVersionNumber ?? 1),
    };
  },
};

const keyPairRow: Row = {
  service,
  create: (request) => {
    const name = request.text('KeyName')!;
    const material = request.text('PublicKeyMaterial');
    if (material) request.call('ImportKeyPair', { KeyName: name, PublicKeyMaterial: Buffer.from(material), TagSpecifications: specified(request, 'key-pair') });
    else request.send('CreateKeyPair', { TagSpecifications: specified(request, 'key-pair') });
    return name;
  },
  delete: (request) => request.call('DeleteKeyPair', { KeyName: request.id }),
  attributes: (request) => {
    const { KeyPairs: [found] } = request.call<{ KeyPairs: Array<{ KeyPairId?: string; KeyFingerprint?: string }> }>('DescribeKeyPairs', { KeyNames: [request.id] });
    return { KeyPairId: found.KeyPairId, KeyFingerprint: found.KeyFingerprint };
  },
};

const volumeRow: Row = {
  service,
  create: (request) => request.send<{ VolumeId: string }>('CreateVolume', { TagSpecifications: specified(request, 'volume') }).VolumeId,
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteVolume', { VolumeId: request.id }),
  attributes: (request) => ({ VolumeId: request.id }),
};

export const EC2_INSTANCE: { readonly [type: string]: Row } = {
  'AWS::EC2::Instance': instanceRow,
  'AWS::EC2::LaunchTemplate': launchTemplateRow,
  'AWS::EC2::KeyPair': keyPairRow,
  'AWS::EC2::Volume': volumeRow,
};
