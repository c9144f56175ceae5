import { evaluate } from './evaluate';
import {
  deleteAlarms, describeAlarmHistory, describeAlarms, describeAlarmsForMetric, disableAlarmActions, enableAlarmActions, putCompositeAlarm,
  putMetricAlarm, setAlarmState,
} from './operations/alarms';
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from './operations/dashboards';
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './operations/metrics';
import { listTagsForResource, tagResource, untagResource } from './operations/tags';
import type { Service } from '../../wire/operation';

/** CloudWatch: metrics that are put, alarms on them, dashboards. */
export const cloudwatch: Service = {
  name: 'cloudwatch',
  operations: {
    DeleteAlarms: deleteAlarms,
    DeleteDashboards: deleteDashboards,
    DescribeAlarmHistory: describeAlarmHistory,
    DescribeAlarms: describeAlarms,
    DescribeAlarmsForMetric: describeAlarmsForMetric,
    DisableAlarmActions: disableAlarmActions,
    EnableAlarmActions: enableAlarmActions,
    GetDashboard: getDashboard,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListDashboards: listDashboards,
    ListMetrics: listMetrics,
    ListTagsForResource: listTagsForResource,
    PutCompositeAlarm: putCompositeAlarm,
    PutDashboard: putDashboard,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
  events: { evaluate },
  aside: ['PutMetricData'],
};
