import { Annotations, Resource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { architectureProblem, newestImage } from './client-choices';
import { clientSecurityGroup, differ } from './client-network';
import { checkedInstallation, installationStatements } from './client-options';
import type { ClientInstallationOptions } from './client-options';
import { acknowledgeImageParameter, clientRole, grantPackages } from './client-role';
import { setUpOn } from './client-set-up';
import { throwFirst } from '../private/errors';
import { networkPath } from '../private/network-path';

/** Properties of a `ClientInstance`. */
export interface ClientInstanceProps extends ClientInstallationOptions {
  /**
   * Image of the instance, of its `platform`. Another image means replacement.
   *
   * The script of its first boot needs the AWS CLI, which Amazon Linux 2023 has; on Ubuntu it is installed as a snap if it is not there. Red Hat's images
   * have neither it nor the Systems Manager agent: give one that has both.
   *
   * @default - the newest image of the platform when the instance is launched; must be given for Red Hat Enterprise Linux
   */
  readonly machineImage?: ec2.IMachineImage;

  /**
   * Type of the instance, x86_64 or arm64.
   *
   * @default t4g.small; for Windows Server, which does not run on arm64, t3.medium
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The VPC that the instance is in. Another one than the cluster's must be peered with it.
   *
   * @default - the VPC of the cluster
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where the instance may be: the first of these subnets is taken. It needs a way to the APIs of Systems Manager and CloudHSM, and to the packages in
   * Amazon S3.
   *
   * @default - the subnets of the cluster, or the private subnets of a `vpc` that is given
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
}

/**
 * An instance with the CloudHSM client, ready to use a cluster: packages installed, trust anchor in place, HSMs looked up by the
 * cluster's id, network open on both sides.
 *
 * Reached by Systems Manager only: IMDSv2, encrypted volume, no public address, no inbound rule.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/launch-client-instance.html
 */
export class ClientInstance extends Resource implements ec2.IConnectable, iam.IGrantable {
  public readonly connections: ec2.Connections;
  public readonly grantPrincipal: iam.IPrincipal;

  /** Role of the instance. */
  public readonly role: iam.IRole;

  /** The instance. */
  public readonly instance: ec2.Instance;

  constructor(scope: Construct, id: string, props: ClientInstanceProps) {
    super(scope, id);
    const { cluster } = props;
    const installation = checkedInstallation(this, props);
    const { platform } = installation;
    const isWindows = platform.operatingSystemType === ec2.OperatingSystemType.WINDOWS;
    const instanceType = props.instanceType ?? new ec2.InstanceType(isWindows ? 't3.medium' : 't4g.small');
    throwFirst(this, [architectureProblem(platform, instanceType)]);
    const machineImage = props.machineImage ?? newestImage(this, platform, instanceType.architecture);
    const { role, policy } = clientRole(this, 'Client of a CloudHSM cluster');
    this.role = role;
    this.grantPrincipal = role;
    policy.addStatements(...installationStatements(cluster));
    grantPackages(installation.packages, policy);

    const vpc = props.vpc ?? cluster.vpc;
    if (props.vpc && differ(props.vpc, cluster.vpc)) {
      Annotations.of(this).addWarningV2('cdk-cloudhsm:clientInOtherVpc', 'the client is in another VPC than the cluster: it reaches the HSMs only if both are peered '
        + 'in one Region, with routes both ways; use the VPC of the cluster where you can');
    }
    const subnets = props.vpcSubnets || props.vpc ? vpc.selectSubnets(props.vpcSubnets).subnets : cluster.subnets;
    const securityGroup = clientSecurityGroup(this, vpc, 'Client of a CloudHSM cluster');
    const userData = isWindows ? ec2.UserData.forWindows() : ec2.UserData.forLinux();
    setUpOn(this, userData, cluster, installation);
    this.instance = new ec2.Instance(this, 'Instance', {
      vpc,
      vpcSubnets: { subnets },
      instanceType,
      machineImage,
      role,
      securityGroup,
      userData,
      blockDevices: [platform.encryptedRoot()],
      detailedMonitoring: true,
      propagateTagsToVolumeOnCreation: true,
    });
    this.launchFromTemplate(machineImage);
    this.connections = this.instance.connections;
    cluster.allowClientsFrom(this);
    this.instance.node.addDependency(policy, cluster.ready, cluster.trustAnchor, ...networkPath(this, vpc, subnets));
  }

  /** An instance resolves the image's parameter only by way of a template; the template also asks for IMDSv2. */
  private launchFromTemplate(machineImage: ec2.IMachineImage): void {
    const { imageId } = machineImage.getImage(this);
    const template = new ec2.CfnLaunchTemplate(this, 'LaunchTemplate', {
      launchTemplateData: { imageId, metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2 } },
    });
    acknowledgeImageParameter(template);
    this.instance.instance.imageId = undefined;
    this.instance.instance.launchTemplate = { launchTemplateId: template.ref, version: template.attrLatestVersionNumber };
  }
}
