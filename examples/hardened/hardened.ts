import { Duration, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledgeFindings } from './acknowledgements';
import {
  ClientInstance, ClientPackages, ClientSoftware, Cluster, EndpointUse, IsolatedEndpoints, LifecycleProvider, PasswordRotation, PasswordRotator,
} from 'cdk-cloudhsm';

const CLIENT_VERSION = '5.18.0';
/** A bucket of yours, in the Region of the cluster, with AWS's packages of that version under their names. */
const PACKAGE_BUCKET = 'cloudhsm-client-packages';
const CIDR = '10.0.0.0/16';

/** What app.ts deploys. */
export function hardened(app: App): Stack[] {
  const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
  // In a stack of its own: the interfaces of HSMs that are kept would keep EC2 from deleting the VPC.
  const network = new Stack(app, 'HardenedNetwork', { env });
  const vpc = isolatedVpc(network);

  const stack = new Stack(app, 'HardenedCluster', { env, terminationProtection: true });
  const permissionsBoundary = boundary(stack);
  const operations = operationsTopic(stack);
  const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    permissionsBoundary,
    reservedConcurrentExecutions: 10,
    deadLetterTopic: operations,
    logRetention: logs.RetentionDays.TEN_YEARS,
  });
  const rotator = new PasswordRotator(stack, 'Rotator', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    permissionsBoundary,
    reservedConcurrentExecutions: 10,
    deadLetterTopic: operations,
    logRetention: logs.RetentionDays.TEN_YEARS,
  });
  const rotation = PasswordRotation.maintenanceWindow();
  const packages = ClientPackages.fromBucket(s3.Bucket.fromBucketName(stack, 'Packages', PACKAGE_BUCKET), { version: CLIENT_VERSION });
  const cluster = new Cluster(stack, 'Cluster', {
    vpc,
    hsmCount: 3,
    backupRetention: Duration.days(379),
    auditLogRetention: logs.RetentionDays.TEN_YEARS,
    auditLogEncryptionKey: new kms.Key(stack, 'AuditLogKey', { enableKeyRotation: true, description: 'Encrypts the audit log of the HSMs' }),
    lifecycleProvider,
    adminClient: { packages, notificationTopic: operations },
    adminRotation: rotation,
    rotator,
  });
  const user = cluster.addCryptoUser('App', { userName: 'app', lifecycleProvider, rotation, rotator });
  const client = new ClientInstance(stack, 'Client', { cluster, software: [ClientSoftware.CLI, ClientSoftware.PKCS11], packages });
  // By the secret's policy: a grant to the role would be an inline policy.
  user.secret.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ArnPrincipal(client.role.roleArn)], actions: ['secretsmanager:GetSecretValue'], resources: ['*'],
  }));
  // Nobody ends it by mistake. Take this away, and deploy, before you delete the stack.
  client.instance.instance.disableApiTermination = true;

  acknowledgeFindings({ packageBucket: PACKAGE_BUCKET, network, boundary: permissionsBoundary, lifecycleProvider, rotator, cluster, client });
  return [network, stack];
}

/** Three zones, no internet gateway, no NAT: everything reaches AWS by endpoints. */
function isolatedVpc(scope: Construct): ec2.Vpc {
  const key = new kms.Key(scope, 'FlowLogKey', { enableKeyRotation: true, description: 'Encrypts the flow logs' });
  const { region, urlSuffix } = Stack.of(scope);
  key.grantEncryptDecrypt(new iam.ServicePrincipal(`logs.${region}.${urlSuffix}`));
  const flowLogs = new logs.LogGroup(scope, 'FlowLogs', { encryptionKey: key, retention: logs.RetentionDays.ONE_YEAR });
  const role = new iam.Role(scope, 'FlowLogRole', { assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com') });
  new iam.ManagedPolicy(scope, 'FlowLogPolicy', {
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], resources: [flowLogs.logGroupArn] })],
  });
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr(CIDR),
    maxAzs: 3,
    natGateways: 0,
    createInternetGateway: false,
    subnetConfiguration: [{ name: 'Hsm', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    flowLogs: { All: { destination: ec2.FlowLogDestination.toCloudWatchLogs(flowLogs, role.withoutPolicyUpdates()) } },
  });
  new IsolatedEndpoints(scope, 'Endpoints', {
    vpc, uses: [EndpointUse.CLIENTS, EndpointUse.LIFECYCLE_FUNCTION], peers: [ec2.Peer.ipv4(CIDR)],
  });
  return vpc;
}

/** What no role here may ever do, whatever its policies say. */
function boundary(stack: Stack): iam.ManagedPolicy {
  const policy = new iam.ManagedPolicy(stack, 'Boundary', {
    description: 'Boundary of all roles of the hardened cluster',
    statements: [
      new iam.PolicyStatement({
        notActions: ['iam:*', 'organizations:*', 'account:*', 'sts:AssumeRole', 'cloudhsm:DeleteBackup', 'cloudhsm:DeleteCluster', 'kms:ScheduleKeyDeletion'], resources: ['*'],
      }),
    ],
  });
  iam.PermissionsBoundary.of(stack).apply(policy);
  return policy;
}

/** Told when the admin client comes and goes, and when a request could not be handled. The latter hold response URLs: keep readers few. */
function operationsTopic(scope: Construct): sns.Topic {
  const masterKey = new kms.Key(scope, 'OperationsKey', { enableKeyRotation: true, description: 'Encrypts what the operators are told' });
  // Auto Scaling publishes by its service-linked role, whose own policy knows nothing of keys. By condition: as a principal it would have to exist.
  const { partition, account } = Stack.of(scope);
  masterKey.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()],
    actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'kms:CallerAccount': account },
      ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*` },
    },
  }));
  return new sns.Topic(scope, 'Operations', { masterKey, enforceSSL: true });
}
