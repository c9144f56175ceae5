import { CloudHSMV2Client, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { CreateNetworkInterfaceCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { Offline } from './_harness/offline';
import { Cluster } from 'cdk-cloudhsm';

const [FIRST, SECOND, THIRD] = ['10.0.128.10', '10.0.192.10', '10.0.128.11'];

let offline: Offline;

beforeEach(async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
});
afterEach(() => offline.stop());

/** HSMs in two subnets, by their addresses. */
function at(counts: readonly [number, number], first: string[] = [FIRST]): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 2, natGateways: 1 });
    const [one, other] = vpc.privateSubnets;
    new Cluster(new Stack(app, 'Hsm'), 'Cluster', {
      vpc, placement: [{ subnet: one, count: counts[0], ipAddresses: first }, { subnet: other, count: counts[1], ipAddresses: [SECOND] }],
    });
  };
}

async function hsms(): Promise<Array<{ address: string; id: string }>> {
  const { Clusters: [{ Hsms = [] }] = [{}] } = await new CloudHSMV2Client(offline.client).send(new DescribeClustersCommand({}));
  return Hsms.map(({ EniIp, HsmId }) => ({ address: EniIp!, id: HsmId! })).sort((a, b) => a.address.localeCompare(b.address));
}

test('HSMs have the addresses that were asked for, again after a pause; one that something else has fails the growth, and nothing is left of it', async () => {
  await mustDeployDirectly(offline, at([1, 1]));
  const before = await hsms();
  await mustDeployDirectly(offline, at([0, 0]));
  const paused = await hsms();
  await mustDeployDirectly(offline, at([1, 1]));
  const resumed = await hsms();
  const vpc = new EC2Client(offline.client);
  const { Subnets: [subnet] = [] } = await vpc.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'cidr-block', Values: ['10.0.128.0/18'] }] }));
  await vpc.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet.SubnetId, PrivateIpAddress: THIRD }));
  await deployDirectly(offline, offline.synth(at([2, 1], [FIRST, THIRD])));

  expect([before, paused, resumed].map((some) => some.map(({ address }) => address))).toEqual([[FIRST, SECOND], [], [FIRST, SECOND]]);
  expect(resumed.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));
  expect(await failures(offline, 'Hsm')).toMatch(`it was asked for at ${THIRD}: if something else has that address, free it or choose another`);
  expect(await hsms()).toEqual(resumed);
});
