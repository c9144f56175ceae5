import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { DependencyGroup } from 'constructs';
import type { Construct } from 'constructs';
import { ClusterBase } from './cluster-base';
import type { ClusterAttributes, ICluster } from './cluster-ref';
import { letRead, policyOf } from './cluster-secrets';
import { AdminClient } from '../client/admin-client';
import type { AdminClientOptions } from '../client/admin-client-options';
import type { IAdminClient } from '../client/admin-client-ref';
import { clusterParameterName, PARAMETER_NAMES } from '../lifecycle/resource-contract';
import { throwFirst, ValidationError } from '../private/errors';
import { HSM_PORTS } from '../private/hsm-ports';
import { twoAdminClientsProblem } from '../private/import-validation';
import { networkPath } from '../private/network-path';

/** A cluster that is not made here. Asked for what it was not told, it says which attribute to pass. */
export function importedCluster(scope: Construct, id: string, attributes: ClusterAttributes): ICluster {
  return new ImportedCluster(scope, id, attributes);
}

class ImportedCluster extends ClusterBase {
  public readonly clusterId: string;
  public readonly trustAnchor: ssm.IStringParameter;
  public readonly encryptionKey?: kms.IKey;
  public readonly ready: DependencyGroup;
  // It is not in this app's hands, so what rests on it is kept as well.
  public readonly removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

  private readonly ownAdminClient?: AdminClient;
  private readonly network?: { readonly securityGroup: ec2.ISecurityGroup; readonly connections: ec2.Connections };

  constructor(scope: Construct, id: string, private readonly attributes: ClusterAttributes) {
    super(scope, id);
    this.clusterId = attributes.clusterId;
    this.encryptionKey = attributes.encryptionKey;
    this.trustAnchor = ssm.StringParameter.fromStringParameterAttributes(this, 'TrustAnchor', {
      parameterName: attributes.trustAnchorParameterName ?? clusterParameterName(this.clusterId, PARAMETER_NAMES.trustAnchor),
      simpleName: false,
      forceDynamicReference: true,
    });
    if (attributes.securityGroupId !== undefined) {
      const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', attributes.securityGroupId);
      this.network = { securityGroup, connections: new ec2.Connections({ securityGroups: [securityGroup] }) };
    }
    throwFirst(this, [twoAdminClientsProblem(attributes)]);
    this.ready = new DependencyGroup();
    if (attributes.adminClientOptions) this.ownAdminClient = this.makeAdminClient(attributes.adminClientOptions);
  }

  public get vpc(): ec2.IVpc {
    return this.attributes.vpc ?? this.unknown('vpc');
  }

  public get subnets(): ec2.ISubnet[] {
    return this.attributes.subnets ?? this.unknown('subnets');
  }

  public get securityGroup(): ec2.ISecurityGroup {
    return this.network?.securityGroup ?? this.unknown('securityGroupId');
  }

  public get connections(): ec2.Connections {
    return this.network?.connections ?? this.unknown('securityGroupId');
  }

  public get adminSecret(): secretsmanager.ISecret {
    return this.attributes.adminSecret ?? this.unknown('adminSecret');
  }

  public get adminClient(): IAdminClient {
    return this.ownAdminClient ?? this.attributes.adminClient ?? this.unknown('adminClient');
  }

  /** The host, with its way to AWS and to the HSMs, is there before whatever waits for the cluster. */
  private makeAdminClient(options: AdminClientOptions): AdminClient {
    const { vpc, adminSecret, securityGroup, trustAnchor } = this;
    const subnets = options.vpcSubnets ? vpc.selectSubnets(options.vpcSubnets).subnets : this.subnets;
    const adminClient = new AdminClient(this, 'AdminClient', { ...options, vpc, vpcSubnets: { subnets }, parameterArn: trustAnchor.parameterArn });
    adminClient.connections.allowTo(securityGroup, HSM_PORTS, 'Admin client');
    letRead(adminSecret, adminClient.role);
    adminClient.grantReadSecrets([adminSecret], adminSecret.encryptionKey ? [adminSecret.encryptionKey] : []);
    this.ready.add(adminClient, securityGroup, ...networkPath(this, vpc, subnets), ...policyOf(adminSecret));
    return adminClient;
  }

  private unknown(attribute: keyof ClusterAttributes): never {
    throw new ValidationError({
      code: 'UnknownClusterAttribute',
      text: `${attribute} of the imported cluster ${this.node.id} is not known; pass ${attribute} to Cluster.fromClusterAttributes`,
    }, this);
  }
}
