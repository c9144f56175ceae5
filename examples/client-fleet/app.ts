/**
 * Client fleet: an Auto Scaling group of application hosts that use the HSMs by the PKCS #11 library. Every host, whenever it is launched, installs the client,
 * and follows the cluster from then on: when HSMs come or go, the library is configured anew.
 *
 * Costs: two HSMs, about $3.20 an hour in us-east-1 ($2,300 a month), until the cluster is deleted; two t4g.small hosts.
 *
 * Run: npx cdk deploy --all
 */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ClientHost, ClientInstallation, ClientPackages, ClientSoftware, Cluster } from 'cdk-cloudhsm';

const app = new App();
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

const network = new Stack(app, 'FleetNetwork', { env });
const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1 });

// One stack: the key that encrypts the user's secret names the role of the hosts.
const stack = new Stack(app, 'Fleet', { env });
const cluster = new Cluster(stack, 'Cluster', { vpc });
const signer = cluster.addCryptoUser('Signer', { userName: 'signer' });

const template = new ec2.LaunchTemplate(stack, 'Template', {
  machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
  instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.SMALL),
  userData: ec2.UserData.forLinux(),
  role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }),
  securityGroup: new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc, description: 'Hosts that sign' }),
  httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
});
const client = new ClientInstallation(stack, 'Client', {
  cluster,
  host: ClientHost.launchTemplate(template),
  software: [ClientSoftware.PKCS11],
  packages: ClientPackages.pinned('5.18.0'),
  addressLookupInterval: Duration.minutes(10),
});
// What the application is told of the HSMs: the name and password of its user.
signer.secret.grantRead(client);
// Comes after the client is there: add the application's own commands here.
template.userData!.addCommands('test -f /opt/cloudhsm/etc/cloudhsm-pkcs11.cfg');

const hosts = new autoscaling.AutoScalingGroup(stack, 'Hosts', { vpc, launchTemplate: template, minCapacity: 2, maxCapacity: 6 });

new CfnOutput(stack, 'GroupName', { value: hosts.autoScalingGroupName });
