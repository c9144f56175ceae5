import { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import type { AppProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';
import { failingSibling } from '../apps/sibling';

let offline: Offline;

afterEach(() => offline.stop());

function stackStatus(): string {
  return offline.report().stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone';
}

function interfaces(): Array<string | undefined> {
  return offline.report().clusters[0].hsms.filter(({ state }) => state !== 'DELETED').map(({ eniId }) => eniId).sort();
}

test('growth whose HSM never comes fails with what to do, and leaves the two former HSMs', async () => {
  offline = await Offline.start({ region: 'eu-west-1', variants: ['cloudhsmv2/delete-hsm-states=other'] });
  await offline.mustDeploy(quickStart());
  const before = interfaces();
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'never' });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3 }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/HsmNeverCame.*they are removed again, deploy again later/s);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('growth that is cancelled by a failing sibling ends with the two former HSMs', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(quickStart());
  const before = interfaces();

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3, and: failingSibling(60) }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/WaitCondition timed out/);
  expect(offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateHsm')).toHaveLength(3);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('another subnet set is refused before anything is touched', async () => {
  offline = await Offline.start();
  const env = { account: '123456789012', region: 'us-east-1' };
  const zones: AppProps = { context: { 'availability-zones:account=123456789012:region=us-east-1': ['us-east-1a', 'us-east-1b', 'us-east-1c'] } };
  const deploy = ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'];
  const first = await offline.cdk(quickStart({ stackProps: { env } }), deploy, zones);
  expect(first.exitCode).toBe(0);
  const before = offline.report().clusters;

  const vpcSubnets: ec2.SubnetSelection = { availabilityZones: ['us-east-1b', 'us-east-1c'], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  const { exitCode, output } = await offline.cdk(quickStart({ stackProps: { env }, vpcSubnets }), deploy, zones);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ClusterReplacementRefused.*choose vpcSubnets explicitly/s);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(offline.report().clusters).toEqual(before);
  const made = offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateCluster');
  expect(made).toHaveLength(1);
});
