import { CfnResource, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { ClientHost, ClientInstallation, ClientPackages, ClientSoftware } from 'cdk-cloudhsm';
import type { Cluster } from 'cdk-cloudhsm';

export interface ClientHostsOptions {
  /** How many hosts the Auto Scaling group has. */
  readonly webHosts: number;
  /** One more host, and then something that cannot be made. */
  readonly failing?: boolean;
}

const { CLI, PKCS11 } = ClientSoftware;
const machineImage = ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 });
const instanceType = new ec2.InstanceType('t4g.small');
/** Of no package. */
const WRONG_SUM = '0'.repeat(64);

/** The user's own hosts, in a stack of their own: an instance, a group, and a group of a launch template. */
export function clientHosts(app: App, cluster: Cluster, { webHosts, failing }: ClientHostsOptions): void {
  const stack = new Stack(app, 'Web');
  // As apps have it that `cdk init` makes: new accounts have no launch configurations.
  stack.node.setContext(cxapi.AUTOSCALING_GENERATE_LAUNCH_TEMPLATE, true);
  const { vpc } = cluster;
  const instance = (id: string) => new ec2.Instance(stack, id, { vpc, machineImage, instanceType });

  const batch = instance('Batch');
  batch.addUserData('echo before > /root/before');
  new ClientInstallation(stack, 'BatchClient', { cluster, host: ClientHost.instance(batch), software: [CLI, PKCS11] });
  batch.addUserData('ls /opt/cloudhsm/etc > /root/after');

  const group = new autoscaling.AutoScalingGroup(stack, 'Group', { vpc, machineImage, instanceType, minCapacity: webHosts, maxCapacity: 4 });
  new ClientInstallation(stack, 'GroupClient', { cluster, host: ClientHost.autoScalingGroup(group), packages: ClientPackages.pinned('5.18.0') });

  const template = new ec2.LaunchTemplate(stack, 'Template', {
    machineImage,
    instanceType,
    userData: ec2.UserData.forLinux(),
    role: new iam.Role(stack, 'TemplateRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }),
    securityGroup: new ec2.SecurityGroup(stack, 'TemplateSecurityGroup', { vpc }),
  });
  new ClientInstallation(stack, 'TemplateClient', {
    cluster,
    host: ClientHost.launchTemplate(template),
    packages: ClientPackages.pinned('5.18.0', { checksums: { 'cloudhsm-cli-5.18.0-1.amzn2023.aarch64.rpm': WRONG_SUM } }),
  });
  template.userData!.addCommands('echo after > /root/after');
  new autoscaling.AutoScalingGroup(stack, 'OfTemplate', { vpc, launchTemplate: template, minCapacity: 1, maxCapacity: 1 });

  for (const host of [batch, group, template]) {
    const role = 'role' in host ? host.role : undefined;
    role?.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore'));
  }

  if (failing) {
    const late = instance('Late');
    new ClientInstallation(stack, 'LateClient', { cluster, host: ClientHost.instance(late) });
    new CfnResource(stack, 'Impossible', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Name: cluster.trustAnchor.parameterName, Value: 'x' } })
      .node.addDependency(late);
  }
}
