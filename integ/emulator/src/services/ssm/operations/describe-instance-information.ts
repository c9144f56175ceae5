import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { agents, pingStatus } from '../agents';
import type { Agent } from '../agents';
import { describeInstance } from '../instance-facts';
import { page } from '../paging';
import { platformOf } from '../platform';
import { date } from '../text';

interface Input {
  readonly InstanceInformationFilterList?: ReadonlyArray<{ readonly key: string; readonly valueSet: readonly string[] }>;
  readonly Filters?: ReadonlyArray<{ readonly Key: string; readonly Values: readonly string[] }>;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function describeInstanceInformation(context: Context, input: Input): Record<string, unknown> {
  const filters = [
    ...(input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) => ({ key, values: valueSet })),
    ...(input.Filters ?? []).map(({ Key, Values }) => ({ key: Key, values: Values })),
  ];
  const all = agents(context).values()
    .filter((agent) => filters.every(({ key, values }) => fits(context, agent, key, values)))
    .map((agent) => describe(context, agent));
  const { items, next } = page(all, input.NextToken, input.MaxResults ?? 50);
  return { InstanceInformationList: items, NextToken: next };
}

function describe(context: Context, agent: Agent): Record<string, unknown> {
  const facts = describeInstance(context, agent.instanceId);
  const { name, version } = platformOf(context, facts?.ImageId);
  return {
    InstanceId: agent.instanceId,
    PingStatus: pingStatus(context, agent),
    LastPingDateTime: date(context, agent.stoppedAt ?? context.now),
    AgentVersion: context.row<string>('agent-version'),
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: name,
    PlatformVersion: version,
    ResourceType: 'EC2Instance',
    IPAddress: facts?.PrivateIpAddress,
    ComputerName: facts?.PrivateDnsName,
    SourceId: agent.instanceId,
    SourceType: 'AWS::EC2::Instance',
    AssociationStatus: undefined,
  };
}

function fits(context: Context, agent: Agent, key: string, values: readonly string[]): boolean {
  if (key.startsWith('tag:')) {
    const tags = describeInstance(context, agent.instanceId)?.Tags ?? [];
    return tags.some((tag) => tag.Key === key.slice(4) && values.includes(tag.Value));
  }
  switch (key) {
    case 'InstanceIds': return values.includes(agent.instanceId);
    case 'PingStatus': return values.includes(pingStatus(context, agent));
    case 'PlatformTypes': return values.includes('Linux');
    case 'AgentVersion': return values.includes(context.row<string>('agent-version'));
    case 'ResourceType': return values.includes('EC2Instance') || values.includes('AWS::EC2::Instance');
    case 'IamRole':
    case 'ActivationIds':
    case 'AssociationStatus': return false;
    case 'tag-key': return (describeInstance(context, agent.instanceId)?.Tags ?? []).some((tag) => values.includes(tag.Key));
    default: throw new ServiceError('InvalidInstanceInformationFilterValue', 'The specified filter value isn\'t valid.');
  }
}
