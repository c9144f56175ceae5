import { CloudHSMV2Client, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

test('from nothing, in a VPC of two zones without account and Region, to an ACTIVE cluster with two HSMs in two zones and a user on both', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const report = await offline.mustDeploy(quickStart());

  const [cluster] = report.clusters;
  expect(report.stacks.map(({ name, status }) => [name, status])).toEqual([['Network', 'CREATE_COMPLETE'], ['Hsm', 'CREATE_COMPLETE']]);
  expect(report.clusters).toHaveLength(1);
  expect(cluster.state).toBe('ACTIVE');
  expect(cluster.hsms.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
  expect(new Set(cluster.hsms.map(({ availabilityZone }) => availabilityZone)).size).toBe(2);
  expect(cluster.users).toEqual(expect.arrayContaining([
    { username: 'admin', role: 'admin', coverage: 'full' },
    { username: 'cdk_automation', role: 'admin', coverage: 'full' },
    { username: 'app', role: 'crypto-user', coverage: 'full' },
  ]));
  expect(report.notBuilt).toEqual([]);
  expect(report.criticalPath.overhead).toBeLessThanOrEqual(0.05);

  const { Clusters } = await new CloudHSMV2Client(offline.client).send(new DescribeClustersCommand({}));
  expect(Clusters!.map(({ State }) => State)).toEqual(['ACTIVE']);
});
