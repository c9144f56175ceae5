import { newPublicIp } from './addresses';
import { imageOf } from './images';
import { instanceView } from './instances';
import { templateOf, versionOf } from './launch-templates';
import { interfaceOf } from './network-interfaces';
import { subnetOf } from './subnets';
import type { Context, Output } from '../../../wire/operation';
import { newId } from '../ids';
import type { Image } from '../images';
import { begin } from '../instance-life';
import { instanceType, instanceTypes } from '../instance-types';
import { addInterface, newAttachment } from '../interface-records';
import { checkUserData, merge, profileOf, resolvedImage } from '../launch';
import type { InterfaceRequest, LaunchRequest } from '../launch';
import { refuse } from '../refusals';
import { clientTokens, instances, interfaces, keyPairs, subnets } from '../state';
import type { BlockDevice, Instance, NetworkInterface, Subnet } from '../state';
import { checkTagTypes, putTags, tagNew } from '../tags';
import { addVolume } from '../volume-records';

interface RunInstancesInput extends LaunchRequest {
  readonly MinCount: number;
  readonly MaxCount: number;
  readonly ClientToken?: string;
  readonly LaunchTemplate?: { readonly LaunchTemplateId?: string; readonly LaunchTemplateName?: string; readonly Version?: string };
}

export function runInstances(context: Context, input: RunInstancesInput): Output {
  const before = input.ClientToken === undefined ? undefined : clientTokens(context).get(input.ClientToken);
  if (before) return reservation(context, before.map((id) => instances(context).get(id)).filter((instance) => instance !== undefined));
  const { request, templateTags } = fromTemplate(context, input);
  checkTagTypes(context, request, 'instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu');
  if (input.MinCount < 1 || input.MaxCount < input.MinCount) throw refuse(context, 'instance-count', input.MinCount, input.MaxCount);
  if (request.ImageId === undefined) throw refuse(context, 'missing-parameter', 'ImageId');
  if (request.InstanceType === undefined) throw refuse(context, 'missing-parameter', 'InstanceType');
  const image = imageOf(context, resolvedImage(context, request.ImageId));
  const type = instanceType(context, request.InstanceType);
  if (type.architecture !== image.architecture) throw refuse(context, 'architecture', type.architecture, image.architecture);
  checkVcpus(context, type.vcpus * input.MaxCount);
  if (request.KeyName !== undefined && !keyPairs(context).values().some(({ name }) => name === request.KeyName)) {
    throw refuse(context, 'key-pair', request.KeyName);
  }
  if (request.UserData !== undefined) checkUserData(context, request.UserData);
  const { HttpPutResponseHopLimit: hops = 2 } = request.MetadataOptions ?? {};
  if (hops < 1 || hops > 64) throw refuse(context, 'hop-limit', hops);
  const reservationId = newId(context, 'r');
  const made = Array.from({ length: input.MaxCount }, (_, index) => {
    const instance = launch(context, { request, image, reservationId, index, clientToken: input.ClientToken ?? '' });
    tagNew(context, request, 'instance', instance.id);
    putTags(context, instance.id, templateTags);
    return instance;
  });
  if (input.ClientToken !== undefined) clientTokens(context).put(input.ClientToken, made.map(({ id }) => id));
  return reservation(context, made);
}

function reservation(context: Context, made: readonly Instance[]): Output {
  return {
    ReservationId: made[0]?.reservationId,
    OwnerId: context.account,
    RequesterId: made[0]?.requester === '' ? undefined : made[0]?.requester,
    Groups: [],
    Instances: made.map((instance) => instanceView(context, instance)),
  };
}

function fromTemplate(context: Context, input: RunInstancesInput): { request: LaunchRequest; templateTags: Array<{ Key: string; Value: string }> } {
  if (!input.LaunchTemplate) return { request: input, templateTags: [] };
  const { Version, ...named } = input.LaunchTemplate;
  const template = templateOf(context, named);
  const version = versionOf(context, template, Version);
  return {
    request: merge(version.data as LaunchRequest, input),
    templateTags: context.caller.principal.kind === 'service' || context.caller.position.kind === 'service'
      ? [{ Key: 'aws:ec2launchtemplate:id', Value: template.id }, { Key: 'aws:ec2launchtemplate:version', Value: String(version.number) }]
      : [],
  };
}

function checkVcpus(context: Context, wanted: number): void {
  const types = instanceTypes(context);
  const used = instances(context).values()
    .filter(({ state }) => state === 'pending' || state === 'running')
    .reduce((sum, instance) => sum + (types[instance.type]?.vcpus ?? 0), 0);
  const limit = context.row<number>('standard-vcpus');
  if (used + wanted > limit) throw refuse(context, 'vcpu-limit', limit);
}

interface Launch {
  readonly request: LaunchRequest;
  readonly image: Image;
  readonly reservationId: string;
  readonly index: number;
  readonly clientToken: string;
}

function launch(context: Context, { request, image, reservationId, index, clientToken }: Launch): Instance {
  const id = newId(context, 'i');
  const { subnet, cards, publicAddress } = network(context, id, request);
  const profile = request.IamInstanceProfile && profileOf(context, request.IamInstanceProfile);
  const metadata = request.MetadataOptions ?? {};
  const { principal } = context.caller;
  const instance = begin(context, {
    id,
    reservationId,
    requester: principal.kind === 'service' ? principal.service ?? '' : '',
    index,
    imageId: image.id,
    type: request.InstanceType!,
    architecture: image.architecture,
    state: 'pending',
    generation: 0,
    launchedAt: context.now,
    transitionReason: '',
    transitionAt: context.now,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    zone: subnet.zone,
    tenancy: request.Placement?.Tenancy ?? 'default',
    interfaceIds: cards.map((card) => card.id),
    publicAddress,
    keyName: request.KeyName,
    profile: profile && { ...profile, associationId: newId(context, 'iip-assoc') },
    monitoring: request.Monitoring?.Enabled ?? false,
    ebsOptimized: request.EbsOptimized ?? false,
    metadata: {
      tokens: metadata.HttpTokens ?? context.row<string>('imds-tokens-default'),
      hopLimit: metadata.HttpPutResponseHopLimit ?? context.row<number>('imds-hop-limit-default'),
      endpoint: metadata.HttpEndpoint ?? 'enabled',
      ipv6: metadata.HttpProtocolIpv6 ?? 'disabled',
      tags: metadata.InstanceMetadataTags ?? 'disabled',
    },
    userData: request.UserData,
    disableApiTermination: request.DisableApiTermination ?? false,
    disableApiStop: request.DisableApiStop ?? false,
    shutdownBehavior: request.InstanceInitiatedShutdownBehavior ?? 'stop',
    rootDevice: image.rootDevice,
    devices: devices(context, id, subnet.zone, image, request),
    clientToken,
    cpuCredits: request.CreditSpecification?.CpuCredits,
    autoRecovery: request.MaintenanceOptions?.AutoRecovery ?? 'default',
    booted: false,
    bootScripts: [],
    checked: false,
  });
  cards.forEach((card) => tagNew(context, request, 'network-interface', card.id));
  return instance;
}

interface Network {
  readonly subnet: Subnet;
  readonly cards: readonly NetworkInterface[];
  readonly publicAddress: boolean;
}

/** Either interfaces, new or there already, or a subnet and groups for the one that every instance has. */
function network(context: Context, instanceId: string, request: LaunchRequest): Network {
  const asked = request.NetworkInterfaces ?? [];
  if (asked.length > 0 && request.SubnetId !== undefined) throw refuse(context, 'interface-and-subnet', 'subnet ID');
  if (asked.length > 0 && request.SecurityGroupIds?.length) throw refuse(context, 'interface-and-subnet', 'security groups');
  const wanted: readonly InterfaceRequest[] = asked.length > 0 ? asked : [{
    DeviceIndex: 0,
    SubnetId: request.SubnetId,
    Groups: request.SecurityGroupIds,
    PrivateIpAddress: request.PrivateIpAddress,
    Ipv6AddressCount: request.Ipv6AddressCount,
  }];
  const sorted = [...wanted].sort((a, b) => (a.DeviceIndex ?? 0) - (b.DeviceIndex ?? 0));
  if ((sorted[0].DeviceIndex ?? 0) !== 0) throw refuse(context, 'no-primary-interface');
  const home = homeOf(context, sorted[0], request);
  const publicAddress = sorted[0].AssociatePublicIpAddress ?? (sorted[0].NetworkInterfaceId === undefined && home.mapPublicIp);
  const cards = sorted.map((each, at) => {
    const attachment = {
      instanceId,
      owner: context.account,
      deviceIndex: each.DeviceIndex ?? at,
      deleteOnTermination: each.DeleteOnTermination ?? each.NetworkInterfaceId === undefined,
    };
    if (each.NetworkInterfaceId !== undefined) return attachPresent(context, each.NetworkInterfaceId, attachment);
    const subnet = each.SubnetId === undefined ? home : subnetOf(context, each.SubnetId);
    return addInterface(context, subnet, {
      description: each.Description,
      groupIds: each.Groups,
      addresses: each.PrivateIpAddress === undefined ? [] : [each.PrivateIpAddress],
      count6: each.Ipv6AddressCount,
      attachment,
    });
  });
  if (publicAddress) interfaces(context).put(cards[0].id, { ...cards[0], publicIp: newPublicIp(context) });
  return { subnet: home, cards, publicAddress };
}

function attachPresent(context: Context, id: string, attachment: Parameters<typeof newAttachment>[1]): NetworkInterface {
  const card = interfaceOf(context, id);
  if (card.attachment) throw refuse(context, 'interface-already-attached', card.id);
  return interfaces(context).put(card.id, { ...card, attachment: newAttachment(context, attachment) });
}

function homeOf(context: Context, primary: InterfaceRequest, request: LaunchRequest): Subnet {
  if (primary.NetworkInterfaceId !== undefined) return subnetOf(context, interfaceOf(context, primary.NetworkInterfaceId).subnetId);
  if (primary.SubnetId !== undefined) return subnetOf(context, primary.SubnetId);
  const zone = request.Placement?.AvailabilityZone;
  const home = subnets(context).values().find((subnet) => subnet.isDefault && (zone === undefined || subnet.zone === zone));
  if (!home) throw refuse(context, 'no-default-vpc');
  return home;
}

/** The image's root device and what the request says of it, and further ones. */
function devices(context: Context, instanceId: string, zone: string, image: Image, request: LaunchRequest): BlockDevice[] {
  const mappings = request.BlockDeviceMappings ?? [];
  const root = mappings.find(({ DeviceName }) => DeviceName === image.rootDevice) ?? { DeviceName: image.rootDevice };
  const all = [root, ...mappings.filter((mapping) => mapping !== root && mapping.NoDevice === undefined && mapping.Ebs)];
  return all.map(({ DeviceName: device = '', Ebs = {} }) => {
    const isRoot = device === image.rootDevice;
    const size = Ebs.VolumeSize ?? (isRoot ? image.rootSize : undefined);
    if (size === undefined && Ebs.SnapshotId === undefined) throw refuse(context, 'volume-size-missing');
    if (isRoot && size !== undefined && size < image.rootSize) throw refuse(context, 'volume-size-root', size, image.rootSize);
    const deleteOnTermination = Ebs.DeleteOnTermination ?? isRoot;
    const volume = addVolume(context, {
      zone,
      size: size ?? image.rootSize,
      type: Ebs.VolumeType ?? (isRoot ? 'gp3' : 'gp2'),
      iops: Ebs.Iops,
      throughput: Ebs.Throughput,
      encrypted: Ebs.Encrypted ?? Ebs.KmsKeyId !== undefined,
      kmsKeyId: Ebs.KmsKeyId,
      snapshotId: Ebs.SnapshotId ?? (isRoot ? `snap-${image.id.slice(4)}` : undefined),
      attachment: { instanceId, device, deleteOnTermination, attachedAt: context.now },
    });
    tagNew(context, request, 'volume', volume.id);
    return { device, volumeId: volume.id, deleteOnTermination, attachedAt: context.now };
  });
}
