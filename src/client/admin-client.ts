import { Annotations, Tags } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { AdminClientOptions } from './admin-client-options';
import { ADMIN_CLIENT_TAG } from './admin-client-ref';
import type { AdminClientAttributes, IAdminClient } from './admin-client-ref';
import { ClientDocument } from './client-document';
import type { ClientScript } from './client-document';
import { clientSecurityGroup } from './client-network';
import { ClientPackages } from './client-packages';
import { ClientPlatform } from './client-platform';
import { acknowledgeImageParameter, clientRole, grantPackages } from './client-role';
import { scriptHead } from './client-scripts';
import { ClientSoftware } from './client-software';
import { ValidationError } from '../private/errors';
import { CLUSTER_LOOKUP_ACTIONS, TRUST_ANCHOR_ACTIONS } from '../private/permissions';

/** Documents that an imported admin client may lack. */
type OptionalDocument = 'resetKmsUserDocumentName' | 'rotatePasswordDocumentName' | 'rotateAlternateDocumentName' | 'testPasswordDocumentName';

/** Properties of an `AdminClient`. */
export interface AdminClientProps extends AdminClientOptions {
  /** The VPC of the cluster. */
  readonly vpc: ec2.IVpc;

  /** ARN under which the cluster's parameters lie. */
  readonly parameterArn: string;
}

/**
 * The host that carries out what only a client of the HSMs can do: activation and changes of users.
 *
 * An Auto Scaling group of at most one Amazon Linux 2023 instance that is reached by Systems Manager only: no inbound rule, no key, no public address.
 * Its image is resolved when it is launched, so no deploy ever replaces it. It never runs applications.
 */
export class AdminClient extends Construct implements IAdminClient {
  /** An admin client of a cluster that is not made in this app. */
  public static fromAdminClientAttributes(scope: Construct, id: string, attributes: AdminClientAttributes): IAdminClient {
    class ImportedAdminClient extends Construct implements IAdminClient {
      public readonly role = attributes.role;
      public readonly autoScalingGroupName = attributes.autoScalingGroupName;
      public readonly ensureUserDocumentName = attributes.ensureUserDocumentName;
      public readonly deleteUserDocumentName = attributes.deleteUserDocumentName;
      public readonly tagValue = attributes.tagValue;

      public readonly connections = new ec2.Connections({ securityGroups: attributes.securityGroups });

      public get resetKmsUserDocumentName(): string {
        return this.known('resetKmsUserDocumentName');
      }

      public get rotatePasswordDocumentName(): string {
        return this.known('rotatePasswordDocumentName');
      }

      public get rotateAlternateDocumentName(): string {
        return this.known('rotateAlternateDocumentName');
      }

      public get testPasswordDocumentName(): string {
        return this.known('testPasswordDocumentName');
      }

      private known(name: OptionalDocument): string {
        const value = attributes[name];
        if (value !== undefined) return value;
        throw new ValidationError({
          code: 'UnknownAdminClientAttribute',
          text: `${name} of the imported admin client is not known; pass it to AdminClient.fromAdminClientAttributes`,
        }, this);
      }
    }
    return new ImportedAdminClient(scope, id);
  }

  public readonly role: iam.IRole;
  public readonly connections: ec2.Connections;
  public readonly autoScalingGroupName: string;
  public readonly ensureUserDocumentName: string;
  public readonly deleteUserDocumentName: string;
  public readonly resetKmsUserDocumentName: string;
  public readonly rotatePasswordDocumentName: string;
  public readonly rotateAlternateDocumentName: string;
  public readonly testPasswordDocumentName: string;
  public readonly tagValue: string;

  /** Name of the document that activates the cluster. */
  public readonly activateDocumentName: string;

  /** Name of the document that logs in once. */
  public readonly verifyAdminDocumentName: string;

  /** Name of the document that changes the automation admin's password. */
  public readonly changeAdminPasswordDocumentName: string;

  private readonly policy: iam.ManagedPolicy;
  private readonly statements = new Map<string, iam.PolicyStatement>();

  constructor(scope: Construct, id: string, props: AdminClientProps) {
    super(scope, id);
    const packages = props.packages ?? ClientPackages.latest();
    const instanceType = props.instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO);
    const { role, policy } = clientRole(this, 'Admin client of a CloudHSM cluster', props.roleName);
    this.role = role.withoutPolicyUpdates();
    this.policy = policy;
    this.policy.addStatements(
      new iam.PolicyStatement({ actions: CLUSTER_LOOKUP_ACTIONS, resources: ['*'] }),
      new iam.PolicyStatement({ actions: TRUST_ANCHOR_ACTIONS, resources: [props.parameterArn] }),
    );
    grantPackages(packages, this.policy);
    const securityGroup = clientSecurityGroup(this, props.vpc, 'Admin client of a CloudHSM cluster');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.tagValue = this.node.addr;

    const group = this.group(props, instanceType, role, securityGroup, packages);
    this.autoScalingGroupName = group.autoScalingGroupName;

    const documentName = (script: ClientScript, documentId: string) =>
      new ClientDocument(this, documentId, { script, packages, platform: PLATFORM }).documentName;
    this.activateDocumentName = documentName('activate', 'Activate');
    this.verifyAdminDocumentName = documentName('verify-admin', 'VerifyAdmin');
    this.changeAdminPasswordDocumentName = documentName('change-admin-password', 'ChangeAdminPassword');
    this.ensureUserDocumentName = documentName('ensure-user', 'EnsureUser');
    this.deleteUserDocumentName = documentName('delete-user', 'DeleteUser');
    this.resetKmsUserDocumentName = documentName('reset-kms-user', 'ResetKmsUser');
    this.rotatePasswordDocumentName = documentName('rotate-password', 'RotatePassword');
    this.rotateAlternateDocumentName = documentName('rotate-alternate', 'RotateAlternate');
    this.testPasswordDocumentName = documentName('test-password', 'TestPassword');
  }

  /** Names of the documents that the lifecycle runs on the host. */
  public get documentNames(): string[] {
    return [
      this.activateDocumentName, this.verifyAdminDocumentName, this.changeAdminPasswordDocumentName,
      this.ensureUserDocumentName, this.deleteUserDocumentName, this.resetKmsUserDocumentName,
    ];
  }

  /** Lets the host read secrets and use the keys they are encrypted with. */
  public grantReadSecrets(secrets: secretsmanager.ISecret[], keys: kms.IKey[]): void {
    // A secret that is known by its name only has an ARN with six characters more.
    this.allow(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], secrets.map((secret) => secret.secretFullArn ?? `${secret.secretArn}-??????`));
    this.allow(['kms:Decrypt'], keys.map(({ keyArn }) => keyArn));
  }

  /** One statement for the same actions, however many secrets and keys come. */
  private allow(actions: readonly string[], resources: readonly string[]): void {
    if (resources.length === 0) return;
    const known = this.statements.get(actions.join());
    const added = resources.filter((resource) => !known?.resources.includes(resource));
    if (known) {
      known.addResources(...added);
      return;
    }
    const statement = new iam.PolicyStatement({ actions: [...actions], resources: [...new Set(added)] });
    this.statements.set(actions.join(), statement);
    this.policy.addStatements(statement);
  }

  private group(
    props: AdminClientProps, instanceType: ec2.InstanceType, role: iam.Role, securityGroup: ec2.SecurityGroup, packages: ClientPackages,
  ): autoscaling.AutoScalingGroup {
    const userData = ec2.UserData.custom(`${scriptHead({}, { software: [ClientSoftware.CLI], packages, platform: PLATFORM })}\ninstall_client cloudhsm-cli\n`);
    const launchTemplate = new ec2.LaunchTemplate(this, 'LaunchTemplate', {
      instanceType,
      machineImage: PLATFORM.latestImage(instanceType.architecture),
      role,
      securityGroup,
      userData,
      requireImdsv2: true,
      httpPutResponseHopLimit: 2,
      blockDevices: [PLATFORM.encryptedRoot()],
      detailedMonitoring: true,
    });
    acknowledgeImageParameter(launchTemplate);
    const group = new autoscaling.AutoScalingGroup(this, 'Group', {
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      launchTemplate,
      minCapacity: 0,
      maxCapacity: 1,
      desiredCapacity: 1,
      notifications: props.notificationTopic && [{ topic: props.notificationTopic, scalingEvents: autoscaling.ScalingEvents.ALL }],
    });
    Annotations.of(group).acknowledgeWarning('@aws-cdk/aws-autoscaling:desiredCapacitySet', 'the group is one host, nothing scales it');
    Tags.of(group).add(ADMIN_CLIENT_TAG, this.tagValue);
    // The policies are needed from the first boot on.
    group.node.addDependency(this.policy);
    return group;
  }
}

/** Scripts of ours are at home on it: what they use is part of its images. */
const PLATFORM = ClientPlatform.AMAZON_LINUX_2023;
