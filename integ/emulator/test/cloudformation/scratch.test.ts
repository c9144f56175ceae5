/* eslint-disable */
import { App, Stack, RemovalPolicy, Duration, CfnOutput, Tags, SecretValue } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sm from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subs from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as cw from 'aws-cdk-lib/aws-cloudwatch';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as asg from 'aws-cdk-lib/aws-autoscaling';
import * as hsm from 'aws-cdk-lib/aws-cloudhsm';
import { World } from '../_helpers/world';
import { cloudformation } from '../../src/cloudformation/service';
import { autoscaling } from '../../src/services/autoscaling/service';
import { cloudhsmServices } from '../../src/services/cloudhsm';
import { cloudwatch } from '../../src/services/cloudwatch/service';
import { ec2 as ec2s } from '../../src/services/ec2/service';
import { ecr as ecrs } from '../../src/services/ecr/service';
import { events as eventss } from '../../src/services/events/service';
import { iam as iams } from '../../src/services/iam/service';
import { kms as kmss } from '../../src/services/kms/service';
import { logs as logss } from '../../src/services/logs/service';
import { s3 as s3s } from '../../src/services/s3/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { sns as snss } from '../../src/services/sns/service';
import { sqs as sqss } from '../../src/services/sqs/service';
import { ssm as ssms } from '../../src/services/ssm/service';

import { stepfunctions } from '../../src/services/stepfunctions/service';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { lambda as lambdas } from '../../src/services/lambda/service';
const stubLambda = lambdas;

async function run(build: (stack: Stack) => void, change?: (stack: Stack) => void) {
  const synth = (b: (stack: Stack) => void) => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'S', { env: { account: '123456789012', region: 'us-east-1' }, synthesizer: new (require('aws-cdk-lib').LegacyStackSynthesizer)() });
    b(stack);
    return JSON.stringify(app.synth().getStackByName('S').template);
  };
  const w = new World({ services: [cloudformation, autoscaling, ...cloudhsmServices(), cloudwatch, ec2s, ecrs, eventss, iams, kmss, logss, s3s, secretsmanager, snss, sqss, ssms, stubLambda, stepfunctions] });
  const settle = async (name: string) => {
    const id = (w.call<any>('cloudformation', 'DescribeStacks', { StackName: name })).Stacks[0].StackId;
    const busy = () => w.context('cloudformation').table('cloudformation/operations').has(id);
    await w.kernel.advanceUntil(() => !busy(), 48 * 3600e3);
    if (w.internalErrors.length) throw w.internalErrors[0];
    const { StackEvents } = w.call<any>('cloudformation', 'DescribeStackEvents', { StackName: id });
    const s = w.call<any>('cloudformation', 'DescribeStacks', { StackName: id }).Stacks[0];
    console.log(s.StackStatus, w.kernel.now, s.StackStatusReason ?? '', StackEvents.filter((e: any) => /FAILED/.test(e.ResourceStatus)).map((e: any) => `${e.LogicalResourceId} ${e.ResourceType} ${e.ResourceStatusReason}`).join('\n'));
    return id;
  };
  const Capabilities = ['CAPABILITY_NAMED_IAM'];
  w.call('cloudformation', 'CreateStack', { StackName: 'S', TemplateBody: synth(build), Capabilities });
  const id = await settle('S');
  const drift = w.call<any>('cloudformation', 'DetectStackDrift', { StackName: 'S' });
  const drifts = w.call<any>('cloudformation', 'DescribeStackResourceDrifts', { StackName: 'S' }).StackResourceDrifts;
  console.log('drift', drifts.length, JSON.stringify(drifts.filter((d: any) => d.StackResourceDriftStatus !== 'IN_SYNC').map((d: any) => [d.LogicalResourceId, d.StackResourceDriftStatus, d.PropertyDifferences])));
  w.call('cloudformation', 'CreateChangeSet', { StackName: 'S', ChangeSetName: 'x', TemplateBody: synth(build), Capabilities });
  console.log('again', JSON.stringify(w.call<any>('cloudformation', 'DescribeChangeSet', { StackName: 'S', ChangeSetName: 'x' }).StatusReason), JSON.stringify(w.call<any>('cloudformation', 'DescribeChangeSet', { StackName: 'S', ChangeSetName: 'x' }).Changes));
  if (change) {
    w.call('cloudformation', 'UpdateStack', { StackName: 'S', TemplateBody: synth(change), Capabilities });
    await settle('S');
  }
  w.call('cloudformation', 'DeleteStack', { StackName: 'S' });
  await settle(id);
  w.stop();
}

test('vpc', async () => {
  const b = (natGateways: number, azs: number) => (stack: Stack) => {
    const vpc = new ec2.Vpc(stack, 'V', { availabilityZones: ['us-east-1b', 'us-east-1c', 'us-east-1d'].slice(0, azs), natGateways, restrictDefaultSecurityGroup: false, subnetConfiguration: [
      { name: 'pub', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 }, { name: 'priv', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 }, { name: 'iso', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ] });
    vpc.addFlowLog('F');
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const sg = new ec2.SecurityGroup(stack, 'Sg', { vpc, allowAllOutbound: false });
    sg.addIngressRule(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(443));
    const sg2 = new ec2.SecurityGroup(stack, 'Sg2', { vpc });
    sg.connections.allowFrom(sg2, ec2.Port.tcpRange(2223, 2225));
    sg2.connections.allowTo(sg, ec2.Port.tcp(1));
    new ec2.CfnSecurityGroupIngress(stack, 'In', { groupId: sg.securityGroupId, ipProtocol: 'tcp', fromPort: 1, toPort: 2, sourceSecurityGroupId: sg2.securityGroupId });
    vpc.addInterfaceEndpoint('Ep', { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER, subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
    const c = new hsm.CfnCluster(stack, 'C', { hsmType: 'hsm2m.medium', subnetIds: vpc.isolatedSubnets.map((s) => s.subnetId), mode: 'FIPS', backupRetentionPolicy: { type: 'DAYS', value: '90' }, tags: [{ key: 'a', value: 'b' }] } as any);
    new CfnOutput(stack, 'Cid', { value: c.attrClusterId });
    new CfnOutput(stack, 'Csg', { value: c.attrSecurityGroup });
    new ec2.Instance(stack, 'I', { vpc, instanceType: new ec2.InstanceType('t3.micro'), machineImage: ec2.MachineImage.latestAmazonLinux2023() });
    Tags.of(stack).add('team', 'x');
  };
  await run(b(1, 2), b(2, 2));
});

test('misc', async () => {
  const b = (n: number) => (stack: Stack) => {
    const key = new kms.Key(stack, 'K', { enableKeyRotation: true, alias: 'mine', removalPolicy: RemovalPolicy.DESTROY, description: `d${n}` });
    const bucket = new s3.Bucket(stack, 'B', { encryptionKey: key, versioned: true, enforceSSL: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, removalPolicy: RemovalPolicy.DESTROY, lifecycleRules: [{ expiration: Duration.days(30 + n), noncurrentVersionExpiration: Duration.days(3) }] });
    const lg = new logs.LogGroup(stack, 'L', { retention: n === 1 ? 7 : 14, removalPolicy: RemovalPolicy.DESTROY });
    lg.addMetricFilter('M', { filterPattern: logs.FilterPattern.literal('ERROR'), metricName: 'e', metricNamespace: 'n' });
    new logs.LogStream(stack, 'Ls', { logGroup: lg, removalPolicy: RemovalPolicy.DESTROY });
    const secret = new sm.Secret(stack, 'Sec', { description: `x${n}`, generateSecretString: { secretStringTemplate: '{"u":"a"}', generateStringKey: 'password', excludePunctuation: true } });
    secret.addToResourcePolicy(new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], principals: [new iam.AccountRootPrincipal()], resources: ['*'] }));
    new ssm.StringParameter(stack, 'P', { stringValue: `v${n}` });
    new ssm.CfnDocument(stack, 'D', { documentType: 'Command', updateMethod: 'NewVersion', content: { schemaVersion: '2.2', description: `d${n}`, mainSteps: [{ action: 'aws:runShellScript', name: 'x', inputs: { runCommand: ['ls'] } }] } });
    const topic = new sns.Topic(stack, 'T', { displayName: `t${n}` });
    const queue = new sqs.Queue(stack, 'Q', { visibilityTimeout: Duration.seconds(30 + n), deadLetterQueue: { queue: new sqs.Queue(stack, 'Dlq'), maxReceiveCount: 3 } });
    topic.addSubscription(new subs.SqsSubscription(queue));
    topic.addToResourcePolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], principals: [new iam.ServicePrincipal('events.amazonaws.com')], resources: [topic.topicArn] }));
    new events.Rule(stack, 'R', { schedule: events.Schedule.rate(Duration.hours(n)), targets: [new targets.SqsQueue(queue)] });
    const alarm = new cw.Alarm(stack, 'A', { metric: queue.metricApproximateNumberOfMessagesVisible(), threshold: n, evaluationPeriods: 1 });
    const d = new cw.Dashboard(stack, 'Db'); d.addWidgets(new cw.AlarmWidget({ alarm }));
    new ecr.Repository(stack, 'E', { removalPolicy: RemovalPolicy.DESTROY, imageScanOnPush: n === 1, lifecycleRules: [{ maxImageCount: 3 }] });
    const role = new iam.Role(stack, 'Ro', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), description: `r${n}`, managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')] });
    bucket.grantReadWrite(role);
    new iam.ManagedPolicy(stack, 'Mp', { roles: [role], statements: [new iam.PolicyStatement({ actions: [`s3:GetObject`, ...(n > 1 ? ['s3:PutObject'] : [])], resources: ['*'] })] });
    new iam.CfnInstanceProfile(stack, 'Ip', { roles: [role.roleName] });
    new iam.User(stack, 'U');
    new sfn.StateMachine(stack, 'Sm', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Wait(stack, 'W', { time: sfn.WaitTime.duration(Duration.seconds(n)) })), logs: { destination: lg, level: sfn.LogLevel.ALL } });
    const f = new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(`exports.handler = async () => ${n}`), environment: { NUM: String(n) }, timeout: Duration.seconds(10 + n), retryAttempts: n - 1 });
    f.addPermission('Perm', { principal: new iam.ServicePrincipal('events.amazonaws.com') }); new lambda.Alias(stack, 'Al', { aliasName: 'live', version: f.currentVersion });
    Tags.of(stack).add('team', `x${n}`);
  };
  await run(b(1), b(2));
});
test('asg', async () => {
  const b = (n: number) => (stack: Stack) => {
    const vpc = new ec2.Vpc(stack, 'V', { availabilityZones: ['us-east-1b', 'us-east-1c'], natGateways: 0, restrictDefaultSecurityGroup: false });
    const lt = new ec2.LaunchTemplate(stack, 'Lt', { instanceType: new ec2.InstanceType(n === 1 ? 't3.micro' : 't3.small'), machineImage: ec2.MachineImage.latestAmazonLinux2023(), userData: ec2.UserData.forLinux(), role: new iam.Role(stack, 'R', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }), securityGroup: new ec2.SecurityGroup(stack, 'Sg', { vpc }) });
    new asg.AutoScalingGroup(stack, 'A', { vpc, launchTemplate: lt, minCapacity: 2, maxCapacity: 3, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, updatePolicy: asg.UpdatePolicy.rollingUpdate({ minInstancesInService: 1 }) });
  };
  await run(b(1), b(2));
});
