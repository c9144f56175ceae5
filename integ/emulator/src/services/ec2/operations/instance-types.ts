import type { Context, Output } from '../../../wire/operation';
import { instanceTypes } from '../instance-types';
import type { InstanceType } from '../instance-types';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { zoneId, zonesOf } from '../zones';

export function describeInstanceTypes(context: Context, input: ListInput & { InstanceTypes?: string[] }): Output {
  const all = Object.entries(instanceTypes(context)).map(([name, type]) => ({ name, ...type }));
  const unknown = (input.InstanceTypes ?? []).filter((name) => !all.some((type) => type.name === name));
  if (unknown.length > 0) throw refuse(context, 'instance-types', unknown.join(', '));
  const { page, NextToken } = list(context, input, {
    records: all,
    idOf: (type) => type.name,
    ids: input.InstanceTypes,
    missing: 'instance-types',
    filters: {
      'instance-type': (type) => type.name,
      'processor-info.supported-architecture': (type) => type.architecture,
      'vcpu-info.default-vcpus': (type) => type.vcpus,
      'memory-info.size-in-mib': (type) => type.memoryMib,
      'current-generation': (type) => !type.name.startsWith('t2.'),
      'bare-metal': () => false,
      'burstable-performance-supported': (type) => isBurstable(type.name),
      'supported-virtualization-type': () => 'hvm',
      'supported-usage-class': () => ['on-demand', 'spot'],
      'supported-root-device-type': () => 'ebs',
    },
  });
  return { InstanceTypes: page.map((type) => view(type)), NextToken };
}

function isBurstable(name: string): boolean {
  return name.startsWith('t');
}

function view(type: InstanceType & { name: string }): Output {
  const nitro = !type.name.startsWith('t2.');
  return {
    InstanceType: type.name,
    CurrentGeneration: nitro,
    FreeTierEligible: type.name === 't2.micro' || type.name === 't3.micro',
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: false,
    Hypervisor: nitro ? 'nitro' : 'xen',
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: { DefaultVCpus: type.vcpus },
    MemoryInfo: { SizeInMiB: type.memoryMib },
    InstanceStorageSupported: false,
    EbsInfo: { EbsOptimizedSupport: nitro ? 'default' : 'unsupported', EncryptionSupport: 'supported', NvmeSupport: nitro ? 'required' : 'unsupported' },
    NetworkInfo: {
      MaximumNetworkInterfaces: type.interfaces,
      Ipv4AddressesPerInterface: type.addresses,
      Ipv6AddressesPerInterface: type.addresses,
      Ipv6Supported: true,
      EnaSupport: nitro ? 'required' : 'unsupported',
    },
    BurstablePerformanceSupported: isBurstable(type.name),
    AutoRecoverySupported: true,
    HibernationSupported: false,
    DedicatedHostsSupported: false,
  };
}

export function describeInstanceTypeOfferings(context: Context, input: ListInput & { LocationType?: string }): Output {
  const by = input.LocationType ?? 'region';
  const locations = by === 'region' ? [context.region] : zonesOf(context).map(({ name }) => (by === 'availability-zone-id' ? zoneId(context, name) : name));
  const offers = Object.keys(instanceTypes(context)).flatMap((type) => locations.map((location) => ({ type, location })));
  const { page, NextToken } = list(context, input, {
    records: offers,
    idOf: ({ type, location }) => `${type} ${location}`,
    missing: 'instance-types',
    filters: { 'instance-type': ({ type }) => type, 'location': ({ location }) => location },
  });
  return {
    InstanceTypeOfferings: page.map(({ type, location }) => ({ InstanceType: type, LocationType: by, Location: location })),
    NextToken,
  };
}
