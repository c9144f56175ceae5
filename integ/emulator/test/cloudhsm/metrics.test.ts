import { labAt } from './lab';
import type { Lab } from './lab';
import { neighbours } from './neighbours';
import { cloudwatch } from '../../src/services/cloudwatch/service';

let lab: Lab;
afterEach(() => lab.stop());

const MINUTE = 60_000;

test('an HSM that fails is unhealthy under its cluster and under itself, until it is replaced', async () => {
  const at = await labAt('active', { beside: [...neighbours, cloudwatch] });
  lab = at.lab;
  const ClusterId = at.clusterId;
  const [{ HsmId }] = lab.cluster(ClusterId).Hsms;
  const alarm = (AlarmName: string, Dimensions: object[]) => lab.call('cloudwatch', 'PutMetricAlarm', {
    AlarmName, Dimensions, Namespace: 'AWS/CloudHSM', MetricName: 'HsmUnhealthy', Statistic: 'Maximum', Period: 300, EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold',
  });
  alarm('cluster', [{ Name: 'ClusterId', Value: ClusterId }]);
  alarm('hsm', [{ Name: 'ClusterId', Value: ClusterId }, { Name: 'HsmId', Value: HsmId }]);
  const states = () => lab.call<{ MetricAlarms: Array<{ StateValue: string }> }>('cloudwatch', 'DescribeAlarms', {}).MetricAlarms.map(({ StateValue }) => StateValue);
  await lab.advance(7 * MINUTE);
  expect(states()).toEqual(['OK', 'OK']);

  lab.kernel.transaction(() => lab.kernel.after(0, { kind: 'cloudhsmv2.hsm-failed', args: { hsmId: HsmId, replaceSeconds: 1_200, account: lab.account, region: lab.region } }));
  await lab.advance(10 * MINUTE);
  expect(states()).toEqual(['ALARM', 'ALARM']);

  await lab.advance(60 * MINUTE);
  expect(states()).toEqual(['OK', 'INSUFFICIENT_DATA']);
});

test('nothing is reported while no alarm looks', async () => {
  const at = await labAt('active', { beside: [...neighbours, cloudwatch] });
  lab = at.lab;
  await lab.advance(60 * MINUTE);

  expect(lab.call('cloudwatch', 'ListMetrics', {})).toEqual({ Metrics: [] });
});
