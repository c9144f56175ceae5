/**
 * Rules, routes and endpoints that the library lays, taken away one by one before the first deploy: what they held up must then be out of reach, and the
 * report must name the hop. What is there for another reason (`listed`) is taken away as well: nothing may go wrong.
 *
 * Run: npm run reach-removals [-- --only ec2]
 */
import { DescribeSecurityGroupRulesCommand, EC2Client, RevokeSecurityGroupEgressCommand } from '@aws-sdk/client-ec2';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { hardened } from '../../examples/hardened/hardened';
import { packageMirror } from '../apps/package-mirror';
import { quickStart } from '../apps/quick-start';
import { instanceNamed, onInstance } from '../cases/_harness/admin-client';
import { deployDirectly, mustDeployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import type { Build } from '../cases/_harness/offline';
import { Snapshot } from '../cases/_harness/snapshot';

process.env.CDK_VALIDATION ??= 'false';

const REGION = 'eu-west-1';
const PACKAGES = { bucketName: 'cloudhsm-client-packages', version: '5.18.0', packages: ['cloudhsm-cli', 'cloudhsm-pkcs11'], architecture: 'aarch64' as const };
/** An account that can reserve concurrency, which the hardened example asks for. */
const OPTIONS = { region: REGION, quotas: { 'lambda/concurrency': 1_000 } };

interface Removal {
  readonly name: string;
  readonly build: Build;
  /** What the report then says is missing; where nothing is, all must go well. */
  readonly missing?: RegExp;
  /** Why the deploy goes on all the same. */
  readonly goesOn?: string;
  /** Whether this time nobody may have gone that way. */
  readonly mayBeIdle?: true;
  /** What is taken away after the deploy, for a template cannot leave it out. */
  readonly afterwards?: (offline: Offline) => Promise<void>;
  /** The client instance on which an application's first steps are tried. */
  readonly client?: string;
}

/** How a group without egress is written. */
const NO_EGRESS = [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }];

function find<T>(scope: Construct, path: string): T {
  return path.split('/').reduce((node, id) => node.node.findChild(id) as Construct, scope) as unknown as T;
}

/** The hardened example, in which something of the network's stack or of the cluster's is changed. */
function changed(change: (network: Construct, cluster: Construct) => void): Build {
  return (app: App) => {
    const [network, cluster] = hardened(app);
    change(network, cluster);
  };
}

function withoutEndpoint(service: string): Build {
  return changed((network) => {
    network.node.findChild('Endpoints').node.tryRemoveChild(service);
  });
}

/** The group lets nothing out of what it says itself; rules that are resources of their own stay. */
function withoutOwnEgress(path: string): Build {
  return changed((_, cluster) => find<ec2.CfnSecurityGroup>(cluster, `${path}/Resource`).addPropertyOverride('SecurityGroupEgress', NO_EGRESS));
}

/** Rules between groups, which are resources of their own. */
function withoutRules(isMeant: (path: string) => boolean): Build {
  return changed((_, stack) => {
    const rules = stack.node.findAll()
      .filter((node) => node instanceof ec2.CfnSecurityGroupIngress || node instanceof ec2.CfnSecurityGroupEgress)
      .filter(({ node }) => isMeant(node.path));
    if (rules.length === 0) throw new Error('no such rule');
    rules.forEach(({ node }) => node.scope!.node.tryRemoveChild(node.id));
  });
}

function withoutRoute(subnet: string): Build {
  return (app) => {
    quickStart()(app);
    find<Construct>(app, `Network/Vpc/${subnet}`).node.tryRemoveChild('DefaultRoute');
  };
}

/** Without any egress rule a template would get the one that allows everything. */
async function revokePlaceholders(offline: Offline): Promise<void> {
  const client = new EC2Client(offline.client);
  const { SecurityGroupRules = [] } = await client.send(new DescribeSecurityGroupRulesCommand({}));
  const placeholders = SecurityGroupRules.filter(({ CidrIpv4 }) => CidrIpv4 === '255.255.255.255/32');
  if (placeholders.length === 0) throw new Error('no such rule');
  for (const { GroupId, SecurityGroupRuleId } of placeholders) {
    await client.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId!] }));
  }
}

const CLIENT = 'HardenedCluster/Client/Instance';
const ENDPOINTS = ['autoscaling', 'cloudhsmv2', 'ec2', 'kms', 'logs', 's3', 'secretsmanager', 'servicequotas', 'ssm', 'ssmmessages', 'states'];

const GOES_ON: Readonly<Record<string, string>> = { servicequotas: 'the pre-flight does without quotas it cannot read' };

function noEndpoint(service: string): RegExp {
  return new RegExp(`the VPC no endpoint com\\.amazonaws\\.${REGION}\\.${service}$`);
}

const NO_ROUTE = /^route table rtb-\w+ has no route to the internet/;

const REMOVALS: readonly Removal[] = [
  ...ENDPOINTS.map((service): Removal => ({
    name: service, build: withoutEndpoint(service), missing: noEndpoint(service), client: CLIENT, goesOn: GOES_ON[service],
  })),
  {
    name: 'endpoints-ingress', missing: /^no ingress rule of sg-\w+ allows tcp 443 from/,
    build: changed((network) => find<ec2.CfnSecurityGroup>(network, 'Endpoints/SecurityGroup/Resource').addPropertyOverride('SecurityGroupIngress', [])),
  },
  { name: 'lifecycle-egress', build: withoutOwnEgress('Lifecycle/Handler/SecurityGroup'), missing: /^no egress rule of sg-\w+ allows tcp 443 to/ },
  {
    name: 'rotator-egress', build: withoutOwnEgress('Rotator/Handler/SecurityGroup'), missing: /^no egress rule of sg-\w+ allows tcp 443 to/,
    goesOn: 'the first rotation begins when its secret is made, and nobody waits for it',
  },
  { name: 'admin-client-egress', build: withoutOwnEgress('Cluster/AdminClient/SecurityGroup'), missing: /^no egress rule of sg-\w+ allows tcp 443 to/ },
  { name: 'client-egress', build: withoutOwnEgress('Client/SecurityGroup'), missing: /^no egress rule of sg-\w+ allows tcp 443 to/, client: CLIENT },
  {
    name: 'client-to-hsm', build: withoutRules((path) => path.includes('Cluster/Client/SecurityGroup/')), missing: /^no egress rule of sg-\w+ allows tcp 2223 to/, client: CLIENT,
  },
  {
    name: 'hsm-from-client', build: withoutRules((path) => /from HardenedClusterClient/.test(path)), missing: /^no ingress rule of sg-\w+ allows tcp 2223 from/, client: CLIENT,
  },
  { name: 'admin-client-to-hsm', build: withoutRules((path) => path.includes('AdminClient/SecurityGroup/')), missing: /^no egress rule of sg-\w+ allows tcp 2223 to/ },
  { name: 'hsm-from-admin-client', build: withoutRules((path) => /from HardenedClusterAdminClient/.test(path)), missing: /^no ingress rule of sg-\w+ allows tcp 2223 from/ },
  ...['PrivateSubnet1', 'PrivateSubnet2'].map((subnet): Removal => ({
    name: `quick-start-route-${subnet}`, build: withoutRoute(subnet), missing: NO_ROUTE, mayBeIdle: true,
  })),
  { name: 'allow-nothing (listed: it allows nothing)', build: changed(() => undefined), afterwards: revokePlaceholders, client: CLIENT },
  { name: 'nothing', build: changed(() => undefined), client: CLIENT },
  { name: 'xray (listed: traces are not emulated)', build: withoutEndpoint('xray'), client: CLIENT },
  {
    name: 'quick-start-admin-client-egress', missing: /^no egress rule of sg-\w+ allows tcp 443 to/,
    build: quickStart({
      and: (_, cluster) => (cluster.adminClient.connections.securityGroups[0].node.defaultChild as ec2.CfnSecurityGroup).addPropertyOverride('SecurityGroupEgress', NO_EGRESS),
    }),
  },
];

interface Outcome {
  readonly isWell: boolean;
  readonly says: string;
}

/** A deploy, and what an application's operator does first on its host. */
async function carryOut(offline: Offline, { build, afterwards, client }: Removal): Promise<Outcome> {
  const { stacks } = await deployDirectly(offline, offline.synth(build));
  const failed = stacks.find(({ status }) => status !== 'CREATE_COMPLETE');
  if (failed) return { isWell: false, says: `${failed.name} is ${failed.status}` };
  await afterwards?.(offline);
  if (client === undefined) return { isWell: true, says: 'deployed' };
  const [{ clusterId }] = offline.report().clusters;
  const script = [
    'set -e', `aws s3 cp s3://${PACKAGES.bucketName}/none /tmp/ 2>&1 | grep -v 'Connect timeout'`,
    `/opt/cloudhsm/bin/configure-cli --region ${REGION} --cluster-id ${clusterId}`, '/opt/cloudhsm/bin/cloudhsm-cli cluster hsm-info',
  ].join('\n');
  const status = await onInstance(offline, await instanceNamed(offline, client), script).then((tried) => tried.status, (error: Error) => error.name);
  return { isWell: status === 'Success', says: `deployed; an application's first steps: ${status}` };
}

async function main(args: readonly string[]): Promise<number> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const chosen = REMOVALS.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) throw new Error(`--only takes one of ${REMOVALS.map(({ name }) => name).join(', ')}, got ${only}`);
  const { snapshot } = await Snapshot.of(OPTIONS, (made) => mustDeployDirectly(made, packageMirror(PACKAGES)));
  let unnoticed = 0;
  try {
    for (const removal of chosen) {
      const startedAt = performance.now();
      const offline = await snapshot.start();
      try {
        const { isWell, says } = await carryOut(offline, removal);
        const missing = offline.report().unreachable.map((one) => one.missing);
        const named = removal.missing && missing.find((one) => removal.missing!.test(one));
        const isIdle = removal.missing === undefined || (removal.mayBeIdle && missing.length === 0);
        const isNoticed = isIdle ? isWell && missing.length === 0 : named !== undefined && isWell === (removal.goesOn !== undefined);
        if (!isNoticed) unnoticed += 1;
        const { name, goesOn } = removal;
        const hostSeconds = Math.round(performance.now() - startedAt) / 1000;
        console.log(JSON.stringify({ removed: name, isNoticed, says, goesOn, missing: named ?? [...new Set(missing)], hostSeconds }));
      } finally {
        await offline.stop();
      }
    }
  } finally {
    snapshot.remove();
  }
  console.log(JSON.stringify({ removed: chosen.length, unnoticed }));
  return unnoticed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
