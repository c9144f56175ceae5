import type { Context, Output } from '../../../wire/operation';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { regions, zonesOf } from '../zones';

export function describeAvailabilityZones(context: Context, input: ListInput & { ZoneNames?: string[]; ZoneIds?: string[] }): Output {
  const all = zonesOf(context).filter(({ id }) => !input.ZoneIds || input.ZoneIds.length === 0 || input.ZoneIds.includes(id));
  const { page } = list(context, { Filters: input.Filters }, {
    records: all,
    idOf: (zone) => zone.name,
    ids: input.ZoneNames,
    missing: 'zone-name',
    filters: {
      'zone-name': (zone) => zone.name,
      'zone-id': (zone) => zone.id,
      'zone-type': () => 'availability-zone',
      'state': () => 'available',
      'region-name': () => context.region,
      'opt-in-status': () => 'opt-in-not-required',
      'group-name': () => `${context.region}-zg-1`,
    },
  });
  return {
    AvailabilityZones: page.map(({ name, id }) => ({
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      Messages: [],
      RegionName: context.region,
      ZoneName: name,
      ZoneId: id,
      GroupName: `${context.region}-zg-1`,
      NetworkBorderGroup: context.region,
      ZoneType: 'availability-zone',
    })),
  };
}

export function describeRegions(context: Context, input: ListInput & { RegionNames?: string[]; AllRegions?: boolean }): Output {
  const known = Object.entries(regions(context)).map(([name, region]) => ({ name, optIn: region.optIn ?? false }));
  const { page } = list(context, { Filters: input.Filters }, {
    records: known.filter(({ name, optIn }) => !optIn || input.AllRegions || input.RegionNames?.includes(name)),
    idOf: (region) => region.name,
    ids: input.RegionNames,
    missing: 'region-name',
    filters: {
      'region-name': (region) => region.name,
      'endpoint': (region) => `ec2.${region.name}.amazonaws.com`,
      'opt-in-status': (region) => (region.optIn ? 'not-opted-in' : 'opt-in-not-required'),
    },
  });
  return {
    Regions: page.map(({ name, optIn }) => ({
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
      OptInStatus: optIn ? 'not-opted-in' : 'opt-in-not-required',
    })),
  };
}

/** What the console and some tools ask first; the quotas proper are the quota service's. */
export function describeAccountAttributes(context: Context, input: { AttributeNames?: string[] }): Output {
  const values: Record<string, string[]> = {
    'supported-platforms': ['VPC'],
    'default-vpc': ['none'],
    'max-instances': [String(context.row<number>('instances-per-region'))],
    'vpc-max-security-groups-per-interface': [String(context.row<number>('security-groups-per-interface'))],
    'max-elastic-ips': [String(context.row<number>('addresses-per-region'))],
    'vpc-max-elastic-ips': [String(context.row<number>('addresses-per-region'))],
  };
  const names = input.AttributeNames?.length ? input.AttributeNames : Object.keys(values);
  return {
    AccountAttributes: names.filter((name) => name in values).map((name) => ({
      AttributeName: name,
      AttributeValues: values[name].map((value) => ({ AttributeValue: value })),
    })),
  };
}
