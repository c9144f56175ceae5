import { interfaceOf } from './network-interfaces';
import { subnetOf } from './subnets';
import type { Context, Output } from '../../../wire/operation';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { flowLogs } from '../state';
import type { FlowLog } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { vpcOf } from '../vpc-of';

interface CreateInput extends WithTags {
  readonly ResourceIds: readonly string[];
  readonly ResourceType: string;
  readonly TrafficType?: string;
  readonly LogDestinationType?: string;
  readonly LogDestination?: string;
  readonly LogGroupName?: string;
  readonly DeliverLogsPermissionArn?: string;
  readonly LogFormat?: string;
  readonly MaxAggregationInterval?: number;
}

const DEFAULT_FORMAT = '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} '
  + '${start} ${end} ${action} ${log-status}';

/** Recorded only: no traffic is logged. */
export function createFlowLogs(context: Context, input: CreateInput): Output {
  checkTagTypes(context, input, 'vpc-flow-log');
  const destinationType = input.LogDestinationType ?? 'cloud-watch-logs';
  if (destinationType === 'cloud-watch-logs' && input.DeliverLogsPermissionArn === undefined) throw refuse(context, 'flow-log-role');
  if (destinationType !== 'cloud-watch-logs' && input.LogDestination === undefined) throw refuse(context, 'flow-log-destination', destinationType);
  for (const id of input.ResourceIds) checkResource(context, input.ResourceType, id);
  const ids = input.ResourceIds.map((resourceId) => {
    const log: Omit<FlowLog, 'id'> = {
      resourceId,
      trafficType: input.TrafficType ?? 'ALL',
      destinationType,
      destination: input.LogDestination ?? context.arn('logs', `log-group:${input.LogGroupName ?? ''}`),
      logGroupName: input.LogGroupName,
      roleArn: input.DeliverLogsPermissionArn,
      format: input.LogFormat ?? DEFAULT_FORMAT,
      interval: input.MaxAggregationInterval ?? 600,
      createdAt: context.now,
    };
    if (flowLogs(context).values().some((other) => same(other, log))) throw refuse(context, 'flow-log-exists');
    const id = newId(context, 'fl');
    flowLogs(context).put(id, { id, ...log });
    tagNew(context, input, 'vpc-flow-log', id);
    return id;
  });
  return { FlowLogIds: ids, Unsuccessful: [] };
}

function same(one: Omit<FlowLog, 'id'>, other: Omit<FlowLog, 'id'>): boolean {
  return one.resourceId === other.resourceId && one.destination === other.destination && one.trafficType === other.trafficType;
}

function checkResource(context: Context, type: string, id: string): void {
  if (type === 'VPC') vpcOf(context, id);
  else if (type === 'Subnet') subnetOf(context, id);
  else interfaceOf(context, id);
}

export function deleteFlowLogs(context: Context, { FlowLogIds }: { FlowLogIds: string[] }): Output {
  const unknown = FlowLogIds.filter((id) => !flowLogs(context).has(id));
  if (unknown.length > 0) throw refuse(context, 'flow-log', unknown.length, unknown.join(' '));
  for (const id of FlowLogIds) {
    flowLogs(context).delete(id);
    dropTags(context, id);
  }
  return { Unsuccessful: [] };
}

export function describeFlowLogs(context: Context, input: ListInput & { Filter?: ListInput['Filters']; FlowLogIds?: string[] }): Output {
  const { page, NextToken } = list(context, { ...input, Filters: input.Filter ?? input.Filters }, {
    records: flowLogs(context).values(),
    idOf: (log) => log.id,
    ids: input.FlowLogIds,
    missing: 'flow-log-named',
    filters: {
      'flow-log-id': (log) => log.id,
      'resource-id': (log) => log.resourceId,
      'log-group-name': (log) => log.logGroupName,
      'log-destination-type': (log) => log.destinationType,
      'traffic-type': (log) => log.trafficType,
      'deliver-log-status': () => 'SUCCESS',
    },
  });
  return {
    FlowLogs: page.map((log) => ({
      FlowLogId: log.id,
      FlowLogStatus: 'ACTIVE',
      DeliverLogsStatus: 'SUCCESS',
      ResourceId: log.resourceId,
      TrafficType: log.trafficType,
      LogDestinationType: log.destinationType,
      LogDestination: log.destination,
      LogGroupName: log.logGroupName,
      DeliverLogsPermissionArn: log.roleArn,
      LogFormat: log.format,
      MaxAggregationInterval: log.interval,
      CreationTime: new Date(context.kernel.hostTime(log.createdAt)),
      Tags: tagsOf(context, log.id),
    })),
    NextToken,
  };
}
