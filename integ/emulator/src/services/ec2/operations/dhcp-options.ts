import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { dhcpOptions, vpcs } from '../state';
import type { DhcpOptions } from '../state';
import { dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';

/** The set that a region's VPCs have unless told otherwise; the first VPC brings it. */
export function defaultDhcpOptions(context: Context): DhcpOptions {
  const known = dhcpOptions(context).values()[0];
  if (known) return known;
  const domain = context.region === 'us-east-1' ? 'ec2.internal' : `${context.region}.compute.internal`;
  return add(context, [{ key: 'domain-name', values: [domain] }, { key: 'domain-name-servers', values: ['AmazonProvidedDNS'] }]);
}

function add(context: Context, configurations: DhcpOptions['configurations']): DhcpOptions {
  const id = newId(context, 'dopt');
  return dhcpOptions(context).put(id, { id, configurations });
}

interface CreateDhcpOptionsInput extends WithTags {
  readonly DhcpConfigurations?: ReadonlyArray<{ readonly Key?: string; readonly Values?: readonly string[] }>;
}

export function createDhcpOptions(context: Context, input: CreateDhcpOptionsInput): Output {
  defaultDhcpOptions(context);
  const made = add(context, (input.DhcpConfigurations ?? []).map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })));
  tagNew(context, input, 'dhcp-options', made.id);
  return { DhcpOptions: view(context, made) };
}

export function deleteDhcpOptions(context: Context, { DhcpOptionsId }: { DhcpOptionsId: string }): Output {
  const options = find(context, dhcpOptions(context), 'dopt', 'dhcp-options', DhcpOptionsId);
  if (vpcs(context).values().some(({ dhcpOptionsId }) => dhcpOptionsId === options.id)) throw refuse(context, 'dhcp-options-dependency', options.id);
  dhcpOptions(context).delete(options.id);
  dropTags(context, options.id);
  return {};
}

export function describeDhcpOptions(context: Context, input: ListInput & { DhcpOptionsIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: dhcpOptions(context).values(),
    idOf: (options) => options.id,
    ids: input.DhcpOptionsIds,
    missing: 'dhcp-options',
    filters: {
      'dhcp-options-id': (options) => options.id,
      'key': (options) => options.configurations.map(({ key }) => key),
      'value': (options) => options.configurations.flatMap(({ values }) => values),
    },
  });
  return { DhcpOptions: page.map((options) => view(context, options)), NextToken };
}

function view(context: Context, options: DhcpOptions): Output {
  return {
    DhcpOptionsId: options.id,
    OwnerId: context.account,
    DhcpConfigurations: options.configurations.map(({ key, values }) => ({ Key: key, Values: values.map((Value) => ({ Value })) })),
    Tags: tagsOf(context, options.id),
  };
}
