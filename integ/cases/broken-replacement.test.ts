import type { AppProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { mustDeployDirectly } from './_harness/direct';
import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

function stackStatus(): string {
  return offline.report().stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone';
}

test('another subnet set is refused before anything is touched', async () => {
  offline = await Offline.start();
  const env = { account: '123456789012', region: 'us-east-1' };
  const zones: AppProps = { context: { 'availability-zones:account=123456789012:region=us-east-1': ['us-east-1a', 'us-east-1b', 'us-east-1c'] } };
  const deploy = ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'];
  const vpcSubnets: ec2.SubnetSelection = { availabilityZones: ['us-east-1b', 'us-east-1c'], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  const { clusters: before } = await mustDeployDirectly(offline, quickStart({ stackProps: { env }, vpcSubnets }), zones);

  const { exitCode, output } = await offline.cdk(quickStart({ stackProps: { env } }), deploy, zones);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ClusterReplacementRefused.*choose vpcSubnets explicitly/s);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(offline.report().clusters).toEqual(before);
  const made = offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateCluster');
  expect(made).toHaveLength(1);
});

test('a VPC that grows from two zones to three would replace a cluster without chosen subnets: refused before the cluster is touched', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const env = { account: '123456789012', region: 'eu-west-1' };
  const zones: AppProps = { context: { 'availability-zones:account=123456789012:region=eu-west-1': ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] } };
  const deploy = ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'];
  const { clusters: before } = await mustDeployDirectly(offline, quickStart({ stackProps: { env }, maxAzs: 2, reservedAzs: 1 }), zones);

  const { exitCode, output } = await offline.cdk(quickStart({ stackProps: { env }, maxAzs: 3 }), deploy, zones);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ClusterReplacementRefused.*choose vpcSubnets explicitly/s);
  expect(offline.report().stacks.map(({ name, status }) => [name, status])).toEqual([['Network', 'UPDATE_COMPLETE'], ['Hsm', 'UPDATE_ROLLBACK_COMPLETE']]);
  expect(offline.report().clusters).toEqual(before);
  expect(offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateCluster')).toHaveLength(1);
});
