import { clusters, livingHsms } from './state';
import type { HsmRecord } from './state';
import type { Context } from '../../wire/operation';

const REPORTING: ReadonlyArray<HsmRecord['state']> = ['ACTIVE', 'DEGRADED'];

/** Event: somebody is about to look at metrics. Each HSM reports, under its cluster and under itself. */
export function metricsDue(context: Context): void {
  const MetricData = clusters(context).values().flatMap(({ clusterId }) => livingHsms(context, clusterId)
    .filter(({ state }) => REPORTING.includes(state))
    .flatMap(({ hsmId, state }) => {
      const cluster = { Name: 'ClusterId', Value: clusterId };
      const datum = { MetricName: 'HsmUnhealthy', Value: state === 'DEGRADED' ? 1 : 0, Unit: 'Count' };
      return [{ ...datum, Dimensions: [cluster] }, { ...datum, Dimensions: [cluster, { Name: 'HsmId', Value: hsmId }] }];
    }));
  if (MetricData.length > 0) context.call('cloudwatch', 'PutMetricData', { Namespace: 'AWS/CloudHSM', MetricData });
}
