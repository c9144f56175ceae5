import { DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DefaultStackSynthesizer } from 'aws-cdk-lib';
import { onAdminClient } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { mustDeployDirectly } from './_harness/direct';
import { Offline } from './_harness/offline';
import { clientElsewhere } from '../apps/client-elsewhere';
import { importedVpc, vpcOnly } from '../apps/imported-vpc';
import { nestedStage } from '../apps/nested-stage';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { twoClusters } from '../apps/two-clusters';

let offline: Offline;

afterEach(() => offline.stop());

/** Stacks without account and Region have two zones; in this Region both have CloudHSM. */
const AGNOSTIC_REGION = 'eu-west-1';
const env = { account: '123456789012', region: 'us-east-1' };

/** What the CLI would have looked up for a VPC of three zones in the default Region. */
const ZONES = { 'availability-zones:account=123456789012:region=us-east-1': ['us-east-1a', 'us-east-1b', 'us-east-1c'] };

function expectActive(count: number, clusters = offline.report().clusters): void {
  expect(clusters.map(({ state }) => state)).toEqual(Array(count).fill('ACTIVE'));
  for (const { hsms } of clusters) {
    expect(hsms.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
    expect(new Set(hsms.map(({ availabilityZone }) => availabilityZone)).size).toBe(2);
  }
}

test('a VPC of three zones, of which the first has no CloudHSM', async () => {
  offline = await Offline.start();

  const assembly = await offline.cdk(quickStart({ stackProps: { env } }), ['deploy', '--all', '--require-approval', 'never'], { context: ZONES });

  expect(assembly.output).not.toMatch(/FAILED/);
  expectActive(1);
  expect(offline.report().clusters[0].hsms.map(({ availabilityZone }) => availabilityZone).sort()).toEqual(['us-east-1b', 'us-east-1c']);
});

test('two clusters in one stack', async () => {
  offline = await Offline.start({ region: AGNOSTIC_REGION });

  await mustDeployDirectly(offline, twoClusters);

  expectActive(2);
});

test('cluster and client in different stacks; scaled, both still deploy', async () => {
  offline = await Offline.start({ region: AGNOSTIC_REGION });

  await mustDeployDirectly(offline, clientElsewhere(2));
  expectActive(1);
  const { clusters } = await offline.mustDeploy(clientElsewhere(3));

  expect(clusters[0].hsms).toHaveLength(3);
  expect(clusters[0].users.map(({ username }) => username)).toContain('web');
});

test('a VPC that somebody else made', async () => {
  offline = await Offline.start({ region: AGNOSTIC_REGION });
  await mustDeployDirectly(offline, vpcOnly);
  const ec2 = new EC2Client(offline.client);
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['false'] }] }));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({
    Filters: [{ Name: 'vpc-id', Values: [Vpcs[0].VpcId!] }, { Name: 'tag:aws-cdk:subnet-type', Values: ['Private'] }],
  }));

  await mustDeployDirectly(offline, importedVpc({
    vpcId: Vpcs[0].VpcId!,
    availabilityZones: Subnets.map(({ AvailabilityZone }) => AvailabilityZone!),
    privateSubnetIds: Subnets.map(({ SubnetId }) => SubnetId!),
  }));

  expectActive(1);
});

test('a nested stage, by a custom bootstrap qualifier', async () => {
  offline = await Offline.start({ region: AGNOSTIC_REGION, bootstrap: ['mine'] });

  const { exitCode, output } = await offline.cdk(
    nestedStage, ['deploy', 'Outer/Inner/*', '--require-approval', 'never'], { defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'mine' }) });

  expect(output).not.toMatch(/FAILED/);
  expect(exitCode).toBe(0);
  expectActive(1);
});

test('keys can be made and listed by the user that the stack made', async () => {
  offline = await beginWith(QUICK_START);

  const { output, status } = await onAdminClient(offline, '/opt/cloudhsm/bin/cloudhsm-cli user list');

  expect(status).toBe('Success');
  expect(output).toMatch(/"username": *"app"/);
});
