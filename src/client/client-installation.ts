import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ClientHost } from './client-host';
import { checkedInstallation, installationStatements } from './client-options';
import type { ClientInstallationOptions } from './client-options';
import { grantPackages } from './client-role';
import { setUpOn } from './client-set-up';
import { hostSystemProblem } from '../private/client-validation';
import { throwFirst } from '../private/errors';

/** Properties of a `ClientInstallation`. */
export interface ClientInstallationProps extends ClientInstallationOptions {
  /** The host. */
  readonly host: ClientHost;
}

/**
 * The CloudHSM client on a host of yours: packages installed at its first boot, trust anchor in place, every component configured for all HSMs of the
 * cluster, network open on both sides. From then on the host follows the cluster: it configures the components anew when HSMs have come or gone.
 *
 * The host needs the AWS CLI and systemd (on Windows Server the AWS Tools for PowerShell), and a way to the APIs of Systems Manager and CloudHSM and to the
 * packages in Amazon S3. What its user data does after this construct was made is done only if the installation has succeeded.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/configure-sdk-5.html
 */
export class ClientInstallation extends Construct implements ec2.IConnectable, iam.IGrantable {
  public readonly connections: ec2.Connections;
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: ClientInstallationProps) {
    super(scope, id);
    const { cluster } = props;
    const installation = checkedInstallation(this, props);
    const host = props.host.bind(this);
    const { name, operatingSystemType } = installation.platform;
    throwFirst(this, [hostSystemProblem(name, operatingSystemType, host.operatingSystemType)]);
    setUpOn(this, host.userData, cluster, installation);
    this.connections = host.connections;
    this.grantPrincipal = host.role;
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      description: 'Client of a CloudHSM cluster', roles: [host.role], statements: installationStatements(cluster),
    });
    grantPackages(installation.packages, policy);
    cluster.allowClientsFrom(this);
    for (const launcher of host.launchers) launcher.node.addDependency(policy, cluster.ready, cluster.trustAnchor);
  }
}
