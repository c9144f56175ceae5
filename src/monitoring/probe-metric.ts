import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { PROBE_NAMESPACE } from '../lifecycle/probe-contract';

/** A metric that the probe reports once in each interval. */
export function probeMetric(metricName: string, dimensionsMap: Record<string, string>, statistic: string, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: PROBE_NAMESPACE, metricName, dimensionsMap, statistic, period });
}
