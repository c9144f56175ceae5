import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { clusterFixture } from '../_helpers/stacks';

test('grants.connect lets a host look up clusters and read the trust anchor, and no more', () => {
  const { stack, cluster } = clusterFixture();
  const role = new iam.Role(stack, 'Service', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });

  const grant = cluster.grants.connect(role);

  expect(grant.success).toBe(true);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        { Action: 'cloudhsm:DescribeClusters', Effect: 'Allow', Resource: '*' },
        { Action: 'ssm:GetParameter', Effect: 'Allow', Resource: stack.resolve(cluster.trustAnchor.parameterArn) as unknown },
      ],
    },
  });
});

describe('metrics', () => {
  const { cluster, stack } = clusterFixture();
  const dimensions = { ClusterId: cluster.clusterId };

  test.each([
    ['HsmUnhealthy', cluster.metricHsmUnhealthy(), 'Maximum'],
    ['HsmKeysSessionOccupied', cluster.metricHsmKeysSessionOccupied(), 'Maximum'],
    ['HsmKeysTokenOccupied', cluster.metricHsmKeysTokenOccupied(), 'Maximum'],
    ['HsmSessionCount', cluster.metricHsmSessionCount(), 'Maximum'],
    ['HsmUsersAvailable', cluster.metricHsmUsersAvailable(), 'Minimum'],
  ])('%s is per cluster, in the namespace of the service', (metricName, metric, statistic) => {
    expect(metric).toMatchObject({ namespace: 'AWS/CloudHSM', metricName, dimensions, statistic });
  });

  test('are named as aws-cdk-lib has them from the service, in a file that it does not export', () => {
    const canned = readFileSync(join(dirname(require.resolve('aws-cdk-lib/package.json')), 'aws-cloudhsm/lib/cloudhsm-canned-metrics.generated.js'), 'utf8');

    for (const name of ['HsmUnhealthy', 'HsmKeysSessionOccupied', 'HsmKeysTokenOccupied', 'HsmSessionCount', 'HsmUsersAvailable']) {
      expect(canned).toContain(`metricName:"${name}"`);
    }
  });

  test('take options', () => {
    expect(cluster.metricHsmSessionCount({ statistic: 'Average', label: 'Sessions' })).toMatchObject({ statistic: 'Average', label: 'Sessions' });
  });

  test('can be alarmed on', () => {
    cluster.metricHsmUnhealthy().createAlarm(stack, 'Unhealthy', { threshold: 1, evaluationPeriods: 1 });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'AWS/CloudHSM', MetricName: 'HsmUnhealthy' });
  });
});
