import { join } from 'node:path';
import { DeleteRouteCommand, DeleteVpcEndpointsCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { instanceNamed, onAdminClient, onInstance } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { laidNetwork } from './_harness/laid-network';
import type { Laid } from './_harness/laid-network';
import { Offline } from './_harness/offline';
import { Snapshot } from './_harness/snapshot';
import { hardened } from '../../examples/hardened/hardened';
import { packageMirror } from '../apps/package-mirror';
import { QUICK_START, quickStart } from '../apps/quick-start';

/** What held up no way of the run, and why it is there all the same. */
interface Exception {
  readonly is: (laid: Laid, isPassedBy: Passed) => boolean;
  readonly because: string;
}

/** Whether somebody who goes to where a route leads, by whatever table, was in the subnets of its own; undefined when nobody goes there. */
type Passed = (laid: Laid) => boolean | undefined;

const EXCEPTIONS: readonly Exception[] = [
  { is: ({ rule }) => rule?.CidrIpv4 === '255.255.255.255/32', because: 'how the CDK writes a group without egress: it allows nothing' },
  {
    is: (laid, isPassed) => isPassed(laid) === false,
    because: 'every zone has a table of its own; instances and functions may be in any of them, and this time none was in this one',
  },
  { is: ({ endpoint }) => endpoint?.ServiceName?.endsWith('.xray') ?? false, because: 'the function is traced; traces are not emulated' },
];

const CLUSTER_INFO = '/opt/cloudhsm/bin/cloudhsm-cli cluster hsm-info';

let offline: Offline;

afterEach(() => offline.stop());

/** What is neither the sole support of a way nor an exception. */
async function idle(): Promise<string[]> {
  const { supports } = offline.report();
  const waysBy = new Map(supports.map(({ support, ways }) => [support, ways]));
  const laid = await laidNetwork(offline);
  expect(laid.length).toBeGreaterThan(0);
  const isPassed: Passed = ({ route, table }) => {
    if (!route) return undefined;
    const alike = laid.filter((other) => other.route && targetOf(other.route) === targetOf(route));
    const travellers = new Set(alike.flatMap(({ support }) => waysBy.get(support) ?? []).map(({ principal }) => principal));
    if (travellers.size === 0) return undefined;
    const here = new Set(table!.Associations!.map(({ SubnetId }) => SubnetId));
    return supports.some(({ ways }) => ways.some(({ principal, subnetId }) => travellers.has(principal) && here.has(subnetId)));
  };
  return laid.filter((one) => !waysBy.has(one.support) && !EXCEPTIONS.some(({ is }) => is(one, isPassed))).map(({ says }) => says);
}

const targetOf = ({ GatewayId, NatGatewayId }: NonNullable<Laid['route']>) => GatewayId ?? NatGatewayId;

/** Of what is laid and was needed. */
async function theOne(what: (laid: Laid) => boolean): Promise<Laid> {
  const held = new Set(offline.report().supports.map(({ support }) => support));
  const found = (await laidNetwork(offline)).filter((laid) => held.has(laid.support) && what(laid));
  expect(found).toHaveLength(1);
  return found[0];
}

const client = () => new EC2Client(offline.client);
const missing = () => offline.report().unreachable.map((one) => one.missing);

describe('the quick start', () => {
  beforeEach(async () => {
    offline = await beginWith(QUICK_START);
  });

  test('lays no rule and no route that is not the sole support of some way', async () => {
    expect(await idle()).toEqual([]);
    expect(offline.report().unreachable).toEqual([]);
  });

  test('has HSMs that do not answer without the rule that lets the client in', async () => {
    const { rule } = await theOne((laid) => laid.rule?.IsEgress === false);
    await client().send(new RevokeSecurityGroupIngressCommand({ GroupId: rule!.GroupId, SecurityGroupRuleIds: [rule!.SecurityGroupRuleId!] }));

    const { status, output } = await onAdminClient(offline, CLUSTER_INFO);

    expect(status).toBe('Failed');
    expect(output).toMatch(/"error_code": 1,/);
    expect(missing()).toContainEqual(expect.stringMatching(new RegExp(`^no ingress rule of ${rule!.GroupId} allows tcp 2223 from `)));
  });

  test('has an admin client that Systems Manager has lost without the route to the NAT gateway', async () => {
    const { table } = await theOne(({ route }) => route?.NatGatewayId !== undefined);
    await client().send(new DeleteRouteCommand({ RouteTableId: table!.RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }));

    await expect(onAdminClient(offline, 'true')).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    expect(missing()).toContain(`route table ${table!.RouteTableId} has no route to the internet, and the VPC no endpoint com.amazonaws.eu-west-1.ssm`);
  });
});

test('an admin client without its rule for 443 never comes online, and the deploy says what to look at', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const { exitCode, output } = await offline.deploy(quickStart({
    and: (_stack, cluster) => {
      const { defaultChild } = cluster.adminClient.connections.securityGroups[0].node;
      (defaultChild as ec2.CfnSecurityGroup).securityGroupEgress = [{ cidrIp: '10.0.0.0/16', ipProtocol: 'tcp', fromPort: 443, toPort: 443 }];
    },
  }));

  expect(exitCode).toBe(1);
  expect(output.replace(/\s+/g, ' ')).toMatch(/AdminClientOffline: .*agent status: never heard of\); check that .* ssm, ssmmessages and ec2messages can be reached/);
  expect(missing()).toContainEqual(expect.stringMatching(/^no egress rule of sg-[0-9a-f]+ allows tcp 443 to 192\.0\.2\.1$/));
});

describe('the hardened example', () => {
  const PACKAGES = { bucketName: 'cloudhsm-client-packages', version: '5.18.0', packages: ['cloudhsm-cli', 'cloudhsm-pkcs11'], architecture: 'aarch64' as const };
  // An account that can reserve concurrency, which the example asks for.
  const OPTIONS = { quotas: { 'lambda/concurrency': 1_000 } };
  const FOLDER = join(__dirname, '..', '..', 'examples', 'hardened');
  let snapshot: Snapshot;

  beforeAll(async () => {
    ({ snapshot } = await Snapshot.of(OPTIONS, async (made) => {
      await made.mustDeploy(packageMirror(PACKAGES));
      const { exitCode, output } = await made.cdkIn(FOLDER, ['deploy', '--all', '--require-approval', 'never', '--progress', 'events']);
      if (exitCode !== 0) throw new Error(output);
    }));
  });

  afterAll(() => snapshot.remove());

  /** The application's instance, which nothing in the deploy makes use of. */
  const application = () => instanceNamed(offline, 'HardenedCluster/Client/Instance');

  async function withoutEndpoint(service: string): Promise<string> {
    const { endpoint } = await theOne((laid) => laid.endpoint?.ServiceName === `com.amazonaws.us-east-1.${service}`);
    await client().send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [endpoint!.VpcEndpointId!] }));
    await offline.emulator.idle();
    return endpoint!.VpcEndpointId!;
  }

  test('lays no rule, route or endpoint that is not the sole support of some way', async () => {
    offline = await snapshot.start();
    expect(await onInstance(offline, await application(), CLUSTER_INFO)).toMatchObject({ status: 'Success' });

    expect(await idle()).toEqual([]);
    expect(offline.report().unreachable).toEqual([]);
  });

  test('has clients that cannot be configured without the endpoint of CloudHSM', async () => {
    offline = await snapshot.start();
    await withoutEndpoint('cloudhsmv2');

    const { status, errorOutput } = await onInstance(offline, await application(), `/opt/cloudhsm/bin/configure-cli --region us-east-1 --cluster-id ${offline.report().clusters[0].clusterId}`);

    expect(status).toBe('Failed');
    expect(errorOutput).toMatch(/DescribeClusters failed|Unable to describe/);
    expect(missing()).toContainEqual(expect.stringMatching(/^route table rtb-[0-9a-f]+ has no route to the internet, and the VPC no endpoint com\.amazonaws\.us-east-1\.cloudhsmv2$/));
  });

  test('has clients without packages when the gateway endpoint of S3 is gone', async () => {
    offline = await snapshot.start();
    await withoutEndpoint('s3');

    const { status, errorOutput } = await onInstance(offline, await application(), 'aws s3 cp s3://cloudhsm-client-packages/any.rpm /tmp/');

    expect(status).toBe('Failed');
    expect(errorOutput).toMatch(/^fatal error: Connect timeout on endpoint URL: "https:\/\/s3\.us-east-1\.amazonaws\.com\/"/);
    expect(missing()).toContainEqual(expect.stringMatching(/has no route to the internet, and the VPC no endpoint com\.amazonaws\.us-east-1\.s3$/));
  });

  test('is not deployed without the endpoint of EC2, and the deploy says so', async () => {
    offline = await Offline.start({ ...OPTIONS, region: 'eu-west-1' });

    const { exitCode, output } = await offline.deploy((app: App) => {
      const [network] = hardened(app);
      network.node.findChild('Endpoints').node.tryRemoveChild('ec2');
    });

    expect(exitCode).toBe(1);
    expect(output.replace(/\s+/g, ' ')).toMatch(/TimeoutError: the lifecycle function gets no connection to a service of AWS; its subnets need NAT or an endpoint/);
    expect(output).not.toMatch(/DELETE_FAILED/);
    expect(missing()).toContainEqual(expect.stringMatching(/the VPC no endpoint com\.amazonaws\.eu-west-1\.ec2$/));
  });
});
