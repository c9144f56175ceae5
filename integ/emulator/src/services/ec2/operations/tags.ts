import type { Context, Output } from '../../../wire/operation';
import { isId, resourceTypeOf } from '../ids';
import { list } from '../listing';
import type { Filter, ListInput } from '../listing';
import { refuse } from '../refusals';
import { tagged } from '../state';
import * as state from '../state';
import { putTags } from '../tags';

/** Where the things of each id prefix are kept. */
const TABLES = {
  acl: state.networkAcls,
  dopt: state.dhcpOptions,
  eigw: state.egressOnlyGateways,
  eipalloc: state.addresses,
  eni: state.interfaces,
  fl: state.flowLogs,
  i: state.instances,
  igw: state.internetGateways,
  key: state.keyPairs,
  lt: state.launchTemplates,
  nat: state.natGateways,
  pcx: state.peerings,
  pl: state.prefixLists,
  rtb: state.routeTables,
  sg: state.securityGroups,
  sgr: state.securityGroupRules,
  subnet: state.subnets,
  vol: state.volumes,
  vpc: state.vpcs,
  vpce: state.endpoints,
} as const;

/** How an unknown id of each kind is refused: row `error-<key>`. */
const MISSING: Readonly<Record<keyof typeof TABLES, string>> = {
  acl: 'acl', dopt: 'dhcp-options', eigw: 'egress-only-gateway', eipalloc: 'allocation', eni: 'interface', fl: 'flow-log-named', i: 'instance',
  igw: 'internet-gateway', key: 'key-pair', lt: 'launch-template', nat: 'nat-gateway', pcx: 'peering', pl: 'prefix-list', rtb: 'route-table',
  sg: 'group', sgr: 'rule', subnet: 'subnet', vol: 'volume', vpc: 'vpc', vpce: 'endpoint',
};

function checkExists(context: Context, id: string): void {
  const prefix = id.slice(0, id.lastIndexOf('-')) as keyof typeof TABLES;
  const table = TABLES[prefix];
  if (!table || !isId(prefix, id)) throw refuse(context, 'resource-id', id);
  if (!table(context).has(id)) throw refuse(context, MISSING[prefix], id);
}

interface TagsInput {
  readonly Resources: readonly string[];
  readonly Tags?: ReadonlyArray<{ readonly Key?: string; readonly Value?: string }>;
}

export function createTags(context: Context, { Resources, Tags = [] }: TagsInput): Output {
  for (const id of Resources) {
    checkExists(context, id);
    putTags(context, id, Tags);
  }
  return {};
}

/** Without tags, all of one's own go; with a value, only when it is that value. */
export function deleteTags(context: Context, { Resources, Tags = [] }: TagsInput): Output {
  for (const id of Resources) {
    checkExists(context, id);
    const present = tagged(context).get(id)?.tags ?? {};
    const gone = ([key, value]: [string, string]): boolean => (Tags.length === 0
      ? !key.startsWith('aws:')
      : Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value)));
    tagged(context).put(id, { resourceId: id, tags: Object.fromEntries(Object.entries(present).filter((entry) => !gone(entry))) });
  }
  return {};
}

export function describeTags(context: Context, input: ListInput): Output {
  const all = tagged(context).values().flatMap(({ resourceId, tags }) =>
    Object.entries(tags).map(([key, value]) => ({ resourceId, key, value, type: resourceTypeOf(resourceId) ?? '' })));
  // Here `tag:<key>` picks single tags, not things that have them; and a key is a key, whatever else `tag-key` means elsewhere.
  const [byTag, others] = [input.Filters?.filter(isTagFilter) ?? [], input.Filters?.filter((filter) => !isTagFilter(filter)) ?? []];
  const records = all.filter((tag) => byTag.every(({ Name, Values }) => Name === `tag:${tag.key}` && Values?.includes(tag.value)));
  const renamed = others.map((filter) => ({ ...filter, Name: (filter.Name ?? '').replace(/^tag-/, '') }));
  const { page, NextToken } = list(context, { ...input, Filters: renamed }, {
    records,
    idOf: (tag) => `${tag.resourceId} ${tag.key}`,
    missing: 'resource-id',
    filters: {
      'key': (tag) => tag.key,
      'value': (tag) => tag.value,
      'resource-id': (tag) => tag.resourceId,
      'resource-type': (tag) => tag.type,
    },
  });
  return {
    Tags: page.map(({ resourceId, key, value, type }) => ({ ResourceId: resourceId, ResourceType: type, Key: key, Value: value })),
    NextToken,
  };
}

function isTagFilter({ Name = '' }: Filter): boolean {
  return Name.startsWith('tag:');
}
