import type { ValueMap } from '../../template/template';
import type { Request, Row } from '../row-handler';

// --- CloudWatch Logs

interface LogGroup { readonly logGroupName: string; readonly arn?: string; readonly logGroupArn?: string; readonly retentionInDays?: number }

function logGroup(request: Request): LogGroup | undefined {
  const { logGroups = [] } = request.call<{ logGroups?: LogGroup[] }>('DescribeLogGroups', { logGroupNamePrefix: request.id });
  return logGroups.find(({ logGroupName }) => logGroupName === request.id);
}

function retention(request: Request, logGroupName: string): void {
  if (!request.changed('RetentionInDays')) return;
  const retentionInDays = request.number('RetentionInDays');
  if (retentionInDays !== undefined) request.call('PutRetentionPolicy', { logGroupName, retentionInDays });
  else if (request.before('RetentionInDays') !== undefined) request.call('DeleteRetentionPolicy', { logGroupName });
}

const logGroupRow: Row = {
  service: 'logs',
  create: (request) => {
    const logGroupName = request.name('LogGroupName');
    const tags = request.tagMap();
    request.call('CreateLogGroup', {
      logGroupName, kmsKeyId: request.text('KmsKeyId'), logGroupClass: request.text('LogGroupClass'), ...(Object.keys(tags).length > 0 ? { tags } : {}),
    });
    retention(request, logGroupName);
    if (request.value('DataProtectionPolicy') !== undefined) request.notBuilt('DataProtectionPolicy');
    return logGroupName;
  },
  update: (request) => {
    retention(request, request.id);
    if (request.changed('KmsKeyId')) {
      const kmsKeyId = request.text('KmsKeyId');
      if (kmsKeyId) request.call('AssociateKmsKey', { logGroupName: request.id, kmsKeyId });
      else request.call('DisassociateKmsKey', { logGroupName: request.id });
    }
    const resourceArn = request.attribute('Arn').replace(/:\*$/, '');
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { resourceArn, tagKeys: removed });
    const tags = Object.fromEntries(Object.entries(request.tagMap()).filter(([name]) => !name.startsWith('aws:')));
    if (Object.keys(tags).length > 0) request.call('TagResource', { resourceArn, tags });
  },
  delete: (request) => request.call('DeleteLogGroup', { logGroupName: request.id }),
  attributes: (request) => ({ Arn: logGroup(request)?.arn ?? request.arn('logs', `log-group:${request.id}:*`) }),
  read: (request) => {
    const found = logGroup(request);
    return found && (request.value('RetentionInDays') === undefined ? {} : { RetentionInDays: found.retentionInDays });
  },
};

const logStreamRow: Row = {
  service: 'logs',
  create: (request) => {
    const logStreamName = request.name('LogStreamName');
    request.send('CreateLogStream', { logStreamName });
    return logStreamName;
  },
  delete: (request) => request.call('DeleteLogStream', { logGroupName: request.text('LogGroupName'), logStreamName: request.id }),
};

const metricFilterRow: Row = {
  service: 'logs',
  create: (request) => {
    const filterName = request.name('FilterName');
    putMetricFilter(request, filterName);
    return filterName;
  },
  update: (request) => putMetricFilter(request, request.id),
  delete: (request) => request.call('DeleteMetricFilter', { logGroupName: request.text('LogGroupName'), filterName: request.id }),
};

/** Dimensions are a list in a template and a map on the wire. */
function putMetricFilter(request: Request, filterName: string): void {
  const metricTransformations = request.list<ValueMap>('MetricTransformations').map(({ Dimensions: given, ...rest }) => {
    if (!Array.isArray(given)) return rest;
    return { ...rest, Dimensions: Object.fromEntries((given as readonly ValueMap[]).map(({ Key, Value }) => [String(Key), Value])) };
  });
  request.send('PutMetricFilter', { filterName }, { ...request.properties, MetricTransformations: metricTransformations });
}

const subscriptionFilterRow: Row = {
  service: 'logs',
  create: (request) => {
    const filterName = request.name('FilterName');
    request.send('PutSubscriptionFilter', { filterName });
    return filterName;
  },
  update: (request) => request.send('PutSubscriptionFilter', { filterName: request.id }),
  delete: (request) => request.call('DeleteSubscriptionFilter', { logGroupName: request.text('LogGroupName'), filterName: request.id }),
};

const logPolicyRow: Row = {
  service: 'logs',
  create: (request) => {
    request.send('PutResourcePolicy');
    return request.text('PolicyName')!;
  },
  update: (request) => request.send('PutResourcePolicy'),
  delete: (request) => request.call('DeleteResourcePolicy', { policyName: request.id }),
};

const queryDefinitionRow: Row = {
  service: 'logs',
  create: (request) => request.send<{ queryDefinitionId: string }>('PutQueryDefinition').queryDefinitionId,
  update: (request) => request.send('PutQueryDefinition', { queryDefinitionId: request.id }),
  delete: (request) => request.call('DeleteQueryDefinition', { queryDefinitionId: request.id }),
  attributes: (request) => ({ QueryDefinitionId: request.id }),
};

// --- CloudWatch

/** Alarms of both kinds share their names. */
function takenAlarm(request: Request): string | undefined {
  const AlarmName = request.name('AlarmName');
  const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } = request.call<{ MetricAlarms?: object[]; CompositeAlarms?: object[] }>(
    'DescribeAlarms', { AlarmNames: [AlarmName], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  return metric.length + composite.length > 0 ? AlarmName : undefined;
}

const alarmRow: Row = {
  service: 'cloudwatch',
  taken: takenAlarm,
  create: (request) => {
    const AlarmName = request.name('AlarmName');
    const Tags = request.tags();
    request.send('PutMetricAlarm', { AlarmName, ...(Tags.length > 0 ? { Tags } : { Tags: undefined }) });
    return AlarmName;
  },
  update: (request) => request.send('PutMetricAlarm', { AlarmName: request.id, Tags: undefined }),
  delete: (request) => request.call('DeleteAlarms', { AlarmNames: [request.id] }),
  attributes: (request) => ({ Arn: request.arn('cloudwatch', `alarm:${request.id}`) }),
  read: (request) => {
    const { MetricAlarms: [found] = [] } = request.call<{ MetricAlarms?: Array<{ Threshold?: number; EvaluationPeriods?: number }> }>(
      'DescribeAlarms', { AlarmNames: [request.id] });
    return found && { Threshold: found.Threshold, EvaluationPeriods: found.EvaluationPeriods };
  },
};

const compositeAlarmRow: Row = {
  service: 'cloudwatch',
  taken: takenAlarm,
  create: (request) => {
    const AlarmName = request.name('AlarmName');
    request.send('PutCompositeAlarm', { AlarmName, Tags: undefined });
    return AlarmName;
  },
  update: (request) => request.send('PutCompositeAlarm', { AlarmName: request.id, Tags: undefined }),
  delete: (request) => request.call('DeleteAlarms', { AlarmNames: [request.id] }),
  attributes: (request) => ({ Arn: request.arn('cloudwatch', `alarm:${request.id}`) }),
};

const dashboardRow: Row = {
  service: 'cloudwatch',
  create: (request) => {
    const DashboardName = request.name('DashboardName');
    request.call('PutDashboard', { DashboardName, DashboardBody: request.text('DashboardBody') });
    return DashboardName;
  },
  update: (request) => request.call('PutDashboard', { DashboardName: request.id, DashboardBody: request.text('DashboardBody') }),
  delete: (request) => request.call('DeleteDashboards', { DashboardNames: [request.id] }),
};

export const MONITORING: { readonly [type: string]: Row } = {
  'AWS::Logs::LogGroup': logGroupRow,
  'AWS::Logs::LogStream': logStreamRow,
  'AWS::Logs::MetricFilter': metricFilterRow,
  'AWS::Logs::SubscriptionFilter': subscriptionFilterRow,
  'AWS::Logs::ResourcePolicy': logPolicyRow,
  'AWS::Logs::QueryDefinition': queryDefinitionRow,
  'AWS::CloudWatch::Alarm': alarmRow,
  'AWS::CloudWatch::CompositeAlarm': compositeAlarmRow,
  'AWS::CloudWatch::Dashboard': dashboardRow,
};
