import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

const NAMESPACE = 'AWS/CloudHSM';

/**
 * A metric of a cluster.
 *
 * Only metrics that hsm2m.medium reports have methods of their own; always per cluster, because an HSM's id changes when it is replaced.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/hsm-metrics-cw.html
 */
export function clusterMetric(clusterId: string, metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { ClusterId: clusterId }, statistic: 'Maximum', ...options });
}
