import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { interfacesOf, reboot, start, stateView, stop, terminate } from '../instance-life';
import { instanceType } from '../instance-types';
import { associationOf, checkGroups, groupIdentifiers, interfaceView, privateName, publicName } from '../interface-records';
import { checkUserData } from '../launch';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { instances, interfaces, volumes } from '../state';
import type { Instance, NetworkInterface } from '../state';
import { tagsOf } from '../tags';
import { zoneId } from '../zones';

interface Many {
  readonly InstanceIds: readonly string[];
}

function changes(before: Instance, after: Instance): Output {
  return { InstanceId: after.id, PreviousState: stateView(before.state), CurrentState: stateView(after.state) };
}

function named(context: Context, ids: readonly string[]): Instance[] {
  return ids.map((id) => instanceOf(context, id));
}

export function terminateInstances(context: Context, { InstanceIds }: Many): Output {
  const all = named(context, InstanceIds);
  const kept = all.find(({ disableApiTermination }) => disableApiTermination);
  // Auto Scaling has a protection of its own and does not heed this one.
  if (kept && context.caller.principal.service !== 'autoscaling.amazonaws.com') throw refuse(context, 'termination-protection', kept.id);
  return { TerminatingInstances: all.map((instance) => changes(instance, terminate(context, instance))) };
}

export function stopInstances(context: Context, { InstanceIds }: Many): Output {
  const all = named(context, InstanceIds);
  const kept = all.find(({ disableApiStop }) => disableApiStop);
  if (kept) throw refuse(context, 'stop-protection', kept.id);
  const wrong = all.find(({ state }) => !['running', 'stopping', 'stopped'].includes(state));
  if (wrong) throw refuse(context, 'instance-not-stoppable', wrong.id);
  return { StoppingInstances: all.map((instance) => changes(instance, stop(context, instance, 'User initiated shutdown'))) };
}

export function startInstances(context: Context, { InstanceIds }: Many): Output {
  const all = named(context, InstanceIds);
  const wrong = all.find(({ state }) => !['running', 'pending', 'stopped'].includes(state));
  if (wrong) throw refuse(context, 'instance-not-startable', wrong.id);
  return { StartingInstances: all.map((instance) => changes(instance, instance.state === 'stopped' ? start(context, instance) : instance)) };
}

export function rebootInstances(context: Context, { InstanceIds }: Many): Output {
  named(context, InstanceIds).forEach((instance) => reboot(context, instance));
  return {};
}

export function describeInstances(context: Context, input: ListInput & { InstanceIds?: string[] }): Output {
  if (input.InstanceIds?.length && input.MaxResults !== undefined) throw refuse(context, 'ids-and-max-results');
  input.InstanceIds?.forEach((id) => instanceOf(context, id));
  const primary = (instance: Instance): NetworkInterface | undefined => interfacesOf(context, instance)[0];
  const { page, NextToken } = list(context, input, {
    records: instances(context).values(),
    idOf: (instance) => instance.id,
    ids: input.InstanceIds,
    missing: 'instance',
    filters: {
      'instance-id': (instance) => instance.id,
      'instance-state-name': (instance) => instance.state,
      'instance-state-code': (instance) => stateView(instance.state).Code,
      'instance-type': (instance) => instance.type,
      'image-id': (instance) => instance.imageId,
      'vpc-id': (instance) => instance.vpcId,
      'subnet-id': (instance) => instance.subnetId,
      'availability-zone': (instance) => instance.zone,
      'architecture': (instance) => instance.architecture,
      'private-ip-address': (instance) => primary(instance)?.addresses[0],
      'ip-address': (instance) => publicIpOf(context, primary(instance)),
      'private-dns-name': (instance) => primary(instance) && privateName(context, primary(instance)!.addresses[0]),
      'instance.group-id': (instance) => primary(instance)?.groupIds,
      'network-interface.network-interface-id': (instance) => instance.interfaceIds,
      'network-interface.subnet-id': (instance) => interfacesOf(context, instance).map(({ subnetId }) => subnetId),
      'network-interface.group-id': (instance) => interfacesOf(context, instance).flatMap(({ groupIds }) => groupIds),
      'iam-instance-profile.arn': (instance) => instance.profile?.arn,
      'iam-instance-profile.id': (instance) => instance.profile?.id,
      'key-name': (instance) => instance.keyName,
      'reservation-id': (instance) => instance.reservationId,
      'client-token': (instance) => instance.clientToken,
      'launch-index': (instance) => instance.index,
      'monitoring-state': (instance) => (instance.monitoring ? 'enabled' : 'disabled'),
      'metadata-options.http-tokens': (instance) => instance.metadata.tokens,
      'root-device-name': (instance) => instance.rootDevice,
      'tenancy': (instance) => instance.tenancy,
    },
  });
  const reservations = new Map<string, Instance[]>();
  for (const instance of page) reservations.set(instance.reservationId, [...(reservations.get(instance.reservationId) ?? []), instance]);
  return {
    Reservations: [...reservations].map(([ReservationId, members]) => ({
      ReservationId,
      OwnerId: context.account,
      RequesterId: members[0].requester === '' ? undefined : members[0].requester,
      Groups: [],
      Instances: members.map((instance) => instanceView(context, instance)),
    })),
    NextToken,
  };
}

export function describeInstanceStatus(context: Context, input: ListInput & { InstanceIds?: string[]; IncludeAllInstances?: boolean }): Output {
  input.InstanceIds?.forEach((id) => instanceOf(context, id));
  const all = instances(context).values().filter(({ state, id }) =>
    (input.IncludeAllInstances || state === 'running') && (!input.InstanceIds?.length || input.InstanceIds.includes(id)));
  const check = (instance: Instance): string => (instance.state !== 'running' ? 'not-applicable' : instance.checked ? 'ok' : 'initializing');
  const { page, NextToken } = list(context, input, {
    records: all,
    idOf: (instance) => instance.id,
    missing: 'instance',
    filters: {
      'availability-zone': (instance) => instance.zone,
      'instance-state-name': (instance) => instance.state,
      'instance-state-code': (instance) => stateView(instance.state).Code,
      'instance-status.status': check,
      'system-status.status': check,
    },
  });
  const summary = (status: string): Output => ({
    Status: status,
    Details: status === 'not-applicable' ? [] : [{ Name: 'reachability', Status: status === 'ok' ? 'passed' : 'initializing' }],
  });
  return {
    InstanceStatuses: page.map((instance) => ({
      InstanceId: instance.id,
      AvailabilityZone: instance.zone,
      AvailabilityZoneId: zoneId(context, instance.zone),
      InstanceState: stateView(instance.state),
      InstanceStatus: summary(check(instance)),
      SystemStatus: summary(check(instance)),
      AttachedEbsStatus: summary(check(instance)),
    })),
    NextToken,
  };
}

const ATTRIBUTES: Readonly<Record<string, (context: Context, instance: Instance) => Output>> = {
  instanceType: (_, { type }) => ({ InstanceType: { Value: type } }),
  userData: (_, { userData }) => ({ UserData: userData === undefined ? {} : { Value: userData } }),
  disableApiTermination: (_, { disableApiTermination }) => ({ DisableApiTermination: { Value: disableApiTermination } }),
  disableApiStop: (_, { disableApiStop }) => ({ DisableApiStop: { Value: disableApiStop } }),
  instanceInitiatedShutdownBehavior: (_, { shutdownBehavior }) => ({ InstanceInitiatedShutdownBehavior: { Value: shutdownBehavior } }),
  rootDeviceName: (_, { rootDevice }) => ({ RootDeviceName: { Value: rootDevice } }),
  ebsOptimized: (_, { ebsOptimized }) => ({ EbsOptimized: { Value: ebsOptimized } }),
  enaSupport: () => ({ EnaSupport: { Value: true } }),
  sourceDestCheck: (context, instance) => ({ SourceDestCheck: { Value: interfacesOf(context, instance)[0]?.sourceDestCheck ?? true } }),
  groupSet: (context, instance) => ({ Groups: groupIdentifiers(context, interfacesOf(context, instance)[0]?.groupIds ?? []) }),
  blockDeviceMapping: (context, instance) => ({ BlockDeviceMappings: deviceViews(context, instance) }),
};

export function describeInstanceAttribute(context: Context, input: { InstanceId: string; Attribute: string }): Output {
  const instance = instanceOf(context, input.InstanceId);
  return { InstanceId: instance.id, ...ATTRIBUTES[input.Attribute]?.(context, instance) };
}

interface ModifyAttributeInput {
  readonly InstanceId: string;
  readonly Attribute?: string;
  readonly Value?: string;
  readonly InstanceType?: { readonly Value?: string };
  readonly UserData?: { readonly Value?: string | Uint8Array };
  readonly DisableApiTermination?: { readonly Value?: boolean };
  readonly DisableApiStop?: { readonly Value?: boolean };
  readonly InstanceInitiatedShutdownBehavior?: { readonly Value?: string };
  readonly EbsOptimized?: { readonly Value?: boolean };
  readonly SourceDestCheck?: { readonly Value?: boolean };
  readonly Groups?: readonly string[];
}

export function modifyInstanceAttribute(context: Context, input: ModifyAttributeInput): Output {
  const instance = instanceOf(context, input.InstanceId);
  const type = input.InstanceType?.Value ?? (input.Attribute === 'instanceType' ? input.Value : undefined);
  const userData = input.UserData?.Value === undefined ? undefined : Buffer.from(input.UserData.Value as Uint8Array).toString('base64');
  if ((type !== undefined || userData !== undefined) && instance.state !== 'stopped') throw refuse(context, 'instance-not-stopped', instance.id);
  if (type !== undefined && instanceType(context, type).architecture !== instance.architecture) {
    throw refuse(context, 'architecture', instanceType(context, type).architecture, instance.architecture);
  }
  if (userData !== undefined) checkUserData(context, userData);
  const [primary] = interfacesOf(context, instance);
  if (input.Groups) checkGroups(context, instance.vpcId, input.Groups);
  if (primary && (input.Groups || input.SourceDestCheck)) {
    interfaces(context).put(primary.id, {
      ...primary,
      groupIds: input.Groups ?? primary.groupIds,
      sourceDestCheck: input.SourceDestCheck?.Value ?? primary.sourceDestCheck,
    });
  }
  instances(context).put(instance.id, {
    ...instance,
    type: type ?? instance.type,
    userData: userData ?? instance.userData,
    disableApiTermination: input.DisableApiTermination?.Value ?? instance.disableApiTermination,
    disableApiStop: input.DisableApiStop?.Value ?? instance.disableApiStop,
    shutdownBehavior: input.InstanceInitiatedShutdownBehavior?.Value ?? instance.shutdownBehavior,
    ebsOptimized: input.EbsOptimized?.Value ?? instance.ebsOptimized,
  });
  return {};
}

interface MetadataInput {
  readonly InstanceId: string;
  readonly HttpTokens?: string;
  readonly HttpPutResponseHopLimit?: number;
  readonly HttpEndpoint?: string;
  readonly HttpProtocolIpv6?: string;
  readonly InstanceMetadataTags?: string;
}

export function modifyInstanceMetadataOptions(context: Context, input: MetadataInput): Output {
  const instance = instanceOf(context, input.InstanceId);
  const hops = input.HttpPutResponseHopLimit;
  if (hops !== undefined && (hops < 1 || hops > 64)) throw refuse(context, 'hop-limit', hops);
  const next = instances(context).put(instance.id, {
    ...instance,
    metadata: {
      tokens: input.HttpTokens ?? instance.metadata.tokens,
      hopLimit: hops ?? instance.metadata.hopLimit,
      endpoint: input.HttpEndpoint ?? instance.metadata.endpoint,
      ipv6: input.HttpProtocolIpv6 ?? instance.metadata.ipv6,
      tags: input.InstanceMetadataTags ?? instance.metadata.tags,
    },
  });
  return { InstanceId: instance.id, InstanceMetadataOptions: { ...metadataView(next), State: 'pending' } };
}

export const monitorInstances = (context: Context, input: Many): Output => monitor(context, input, true);
export const unmonitorInstances = (context: Context, input: Many): Output => monitor(context, input, false);

function monitor(context: Context, { InstanceIds }: Many, monitoring: boolean): Output {
  const all = named(context, InstanceIds);
  all.forEach((instance) => instances(context).put(instance.id, { ...instance, monitoring }));
  return { InstanceMonitorings: all.map(({ id }) => ({ InstanceId: id, Monitoring: { State: monitoring ? 'pending' : 'disabling' } })) };
}

export function modifyInstanceMaintenanceOptions(context: Context, input: { InstanceId: string; AutoRecovery?: string }): Output {
  const instance = instanceOf(context, input.InstanceId);
  const next = instances(context).put(instance.id, { ...instance, autoRecovery: input.AutoRecovery ?? instance.autoRecovery });
  return { InstanceId: next.id, AutoRecovery: next.autoRecovery };
}

export function describeInstanceCreditSpecifications(context: Context, input: ListInput & { InstanceIds?: string[] }): Output {
  const all = input.InstanceIds?.length ? named(context, input.InstanceIds) : instances(context).values().filter(({ cpuCredits }) => cpuCredits);
  return {
    InstanceCreditSpecifications: all.filter(({ type }) => type.startsWith('t')).map(({ id, type, cpuCredits }) => ({
      InstanceId: id, CpuCredits: cpuCredits ?? (type.startsWith('t2.') ? 'standard' : 'unlimited'),
    })),
  };
}

interface ModifyCreditInput {
  readonly InstanceCreditSpecifications: ReadonlyArray<{ readonly InstanceId: string; readonly CpuCredits?: string }>;
}

export function modifyInstanceCreditSpecification(context: Context, input: ModifyCreditInput): Output {
  for (const { InstanceId, CpuCredits } of input.InstanceCreditSpecifications) {
    instances(context).put(InstanceId, { ...instanceOf(context, InstanceId), cpuCredits: CpuCredits });
  }
  return {
    SuccessfulInstanceCreditSpecifications: input.InstanceCreditSpecifications.map(({ InstanceId }) => ({ InstanceId })),
    UnsuccessfulInstanceCreditSpecifications: [],
  };
}

export function instanceOf(context: Context, id: string): Instance {
  return find(context, instances(context), 'i', 'instance', id);
}

function publicIpOf(context: Context, card: NetworkInterface | undefined): string | undefined {
  return card && associationOf(context, card, card.addresses[0])?.PublicIp as string | undefined;
}

function metadataView({ metadata }: Instance): Output {
  return {
    State: 'applied',
    HttpTokens: metadata.tokens,
    HttpPutResponseHopLimit: metadata.hopLimit,
    HttpEndpoint: metadata.endpoint,
    HttpProtocolIpv6: metadata.ipv6,
    InstanceMetadataTags: metadata.tags,
  };
}

function deviceViews(context: Context, instance: Instance): Output[] {
  return instance.devices.filter(({ volumeId }) => volumes(context).has(volumeId)).map((device) => ({
    DeviceName: device.device,
    Ebs: {
      VolumeId: device.volumeId,
      Status: 'attached',
      DeleteOnTermination: device.deleteOnTermination,
      AttachTime: new Date(context.kernel.hostTime(device.attachedAt)),
    },
  }));
}

/** An interface as its instance shows it: with fewer members, and without saying whose it is. */
function cardView(context: Context, card: NetworkInterface): Output {
  const view = interfaceView(context, card);
  const { InstanceId: _instance, InstanceOwnerId: _owner, ...Attachment } = view.Attachment as Output;
  const shown = [
    'Association', 'Description', 'Groups', 'Ipv6Addresses', 'MacAddress', 'NetworkInterfaceId', 'OwnerId', 'PrivateDnsName', 'PrivateIpAddress',
    'PrivateIpAddresses', 'SourceDestCheck', 'Status', 'SubnetId', 'VpcId', 'InterfaceType',
  ];
  return { ...Object.fromEntries(shown.map((name) => [name, view[name]])), Attachment };
}

export function instanceView(context: Context, instance: Instance): Output {
  const cards = interfacesOf(context, instance);
  const [primary] = cards;
  const publicIp = publicIpOf(context, primary);
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.type,
    Architecture: instance.architecture,
    AmiLaunchIndex: instance.index,
    State: stateView(instance.state),
    StateTransitionReason: instance.transitionReason && `${instance.transitionReason} (${gmt(context, instance.transitionAt)})`,
    StateReason: instance.stateReason && { Code: instance.stateReason.code, Message: instance.stateReason.message },
    LaunchTime: new Date(context.kernel.hostTime(instance.launchedAt)),
    ClientToken: instance.clientToken,
    KeyName: instance.keyName,
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    Placement: { AvailabilityZone: instance.zone, AvailabilityZoneId: zoneId(context, instance.zone), GroupName: '', Tenancy: instance.tenancy },
    VpcId: primary && instance.vpcId,
    SubnetId: primary && instance.subnetId,
    PrivateIpAddress: primary?.addresses[0],
    PrivateDnsName: primary ? privateName(context, primary.addresses[0]) : '',
    PublicIpAddress: publicIp,
    PublicDnsName: publicIp === undefined ? '' : publicName(context, publicIp),
    Ipv6Address: primary?.addresses6[0],
    SecurityGroups: groupIdentifiers(context, primary?.groupIds ?? []),
    NetworkInterfaces: cards.map((card) => cardView(context, card)),
    SourceDestCheck: primary?.sourceDestCheck,
    IamInstanceProfile: instance.profile && { Arn: instance.profile.arn, Id: instance.profile.id },
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceName: instance.rootDevice,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: deviceViews(context, instance),
    MetadataOptions: metadataView(instance),
    MaintenanceOptions: { AutoRecovery: instance.autoRecovery },
    CurrentInstanceBootMode: 'uefi',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Tags: tagsOf(context, instance.id),
  };
}

function gmt(context: Context, at: number): string {
  return new Date(context.kernel.hostTime(at)).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' GMT');
}
