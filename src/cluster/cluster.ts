import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-cloudhsm';
import type { CfnClusterProps } from 'aws-cdk-lib/aws-cloudhsm';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import { auditLogKeyArn } from './audit-log-key';
import { ClusterBase } from './cluster-base';
import { initializationSources, isAwaitingCertificates, notActivated, signingInstructions } from './cluster-certificates';
import { DEFAULT_RETENTION_DAYS, noteChoices } from './cluster-choices';
import { importedCluster } from './cluster-imports';
import type { ClusterMode } from './cluster-mode';
import { afterPreflight } from './cluster-preflight';
import { privateCaOrder, privateCaPreflight, privateCaTemplateArn } from './cluster-private-ca';
import type { ClusterAttributes, ICluster } from './cluster-ref';
import { ClusterRestore } from './cluster-restore';
import { adminSecretOf, AUTOMATION_USER, letRead, policyOf, sealedAdminSecret } from './cluster-secrets';
import { ClusterSteps } from './cluster-steps';
import { isOpenList, knownZones } from './cluster-subnets';
import { clusterWarnings } from './cluster-warnings';
import { wishesOf, wishProblems } from './cluster-wishes';
import type { ClusterWishes } from './cluster-wishes';
import { FleetAddresses } from './fleet-addresses';
import type { HsmPlacement } from './hsm-placement';
import type { HsmType } from './hsm-type';
import type { NetworkType } from './network-type';
import type { ClusterBackup } from '../backup/cluster-backup';
import { AdminClient } from '../client/admin-client';
import type { AdminClientOptions } from '../client/admin-client-options';
import { ADMIN_CLIENT_TAG } from '../client/admin-client-ref';
import type { IAdminClient } from '../client/admin-client-ref';
import { AdminUser } from '../client/admin-user';
import type { AdminUserOptions } from '../client/admin-user';
import { CryptoUser } from '../client/crypto-user';
import type { CryptoUserOptions } from '../client/crypto-user';
import type { PasswordRotation } from '../client/password-rotation';
import type { PasswordRotator } from '../client/password-rotator';
import { SecretRotation } from '../client/secret-rotation';
import { CertificateAuthority } from '../initialization/certificate-authority';
import type { CertificateAuthorityConfig } from '../initialization/certificate-authority';
import type { HsmIdentity } from '../initialization/hsm-identity';
import { CustomKeyStore } from '../key-store/custom-key-store';
import type { CustomKeyStoreOptions } from '../key-store/custom-key-store';
import type { FleetProperties } from '../lifecycle/fleet-contract';
import type { AuthorityKind } from '../lifecycle/initialization-contract';
import type { LifecycleResource } from '../lifecycle/lifecycle-resource';
import { LifecycleProvider } from '../lifecycle/provider';
import { clusterParameterName, PARAMETER_NAMES, PARAMETER_PREFIX } from '../lifecycle/resource-contract';
import { throwFirst, ValidationError } from '../private/errors';
import { HSM_PORTS } from '../private/hsm-ports';
import { knownDays, knownNumber, numberText } from '../private/known';
import { networkPath } from '../private/network-path';
import { adminRotationProblems } from '../private/rotation-validation';
import { authorityProblems } from '../private/validation';

/** Properties of a `Cluster`. */
export interface ClusterProps {
  /** The VPC that the HSMs' interfaces are in. Cannot be changed. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the cluster, one for each Availability Zone. Cannot be changed: another set is refused when it is deployed.
   *
   * @default - one private subnet in every Availability Zone of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Whether the cluster may be in public subnets.
   *
   * @default false
   */
  readonly allowPublicSubnets?: boolean;

  /**
   * The type of the HSMs. Cannot be changed here.
   *
   * @default HsmType.HSM2M_MEDIUM
   */
  readonly hsmType?: HsmType;

  /**
   * What the cluster allows. Cannot be changed.
   *
   * @default ClusterMode.FIPS
   */
  readonly mode?: ClusterMode;

  /**
   * By which protocol HSMs are reached. Cannot be changed.
   *
   * @default NetworkType.IPV4
   */
  readonly networkType?: NetworkType;

  /**
   * How many HSMs the cluster has, 0 to 28, spread over the Availability Zones that offer CloudHSM. Every HSM is billed by the hour; 0 pauses the
   * cluster, which keeps keys and users in a backup.
   *
   * @default 2
   */
  readonly hsmCount?: number;

  /**
   * Whether the cluster may have fewer HSMs than a KMS key store needs, two in two Availability Zones. The key store is disconnected before the HSMs go, and
   * connected again when there are enough. **Nothing that is encrypted with its keys can be read meanwhile.** With `false` such a change is refused.
   *
   * @default false
   */
  readonly pauseKeyStores?: boolean;

  /**
   * How many HSMs each subnet gets, instead of `hsmCount`.
   *
   * @default - spread evenly
   */
  readonly placement?: HsmPlacement[];

  /**
   * How long backups are kept: 7 to 379 days. The last one of a cluster is always kept.
   *
   * @default - the service's, 90 days
   */
  readonly backupRetention?: Duration;

  /**
   * Who signs the cluster's certificate. Cannot be changed.
   *
   * A `CertificateAuthority` of your own may be given: extend the class.
   *
   * @default CertificateAuthority.kms()
   */
  readonly certificateAuthority?: CertificateAuthority;

  /**
   * What the first HSM has to prove before the cluster's certificate is signed. Afterwards it cannot be asked any more.
   *
   * @default - nothing; a warning says so
   */
  readonly hsmIdentity?: HsmIdentity;

  /**
   * Whether the cluster is initialized, activated and scaled. With `false` it ends with one HSM and its certificate signing request.
   *
   * @default true
   */
  readonly activate?: boolean;

  /**
   * The host that carries out what only a client of the HSMs can do.
   *
   * @default - a t4g.micro instance in the subnets of the cluster
   */
  readonly adminClient?: AdminClientOptions;

  /**
   * User name and password of the automation admin, as JSON with the members `username` and `password`. Given when a cluster is adopted that has such an
   * admin already. Only the admin client may be able to read it.
   *
   * @default - a generated one
   */
  readonly adminSecret?: secretsmanager.ISecret;

  /**
   * How the password of the automation admin is changed from time to time, in windows. Not with `adminSecret`, nor with alternating users.
   *
   * Every password is kept, under a label of its own, until the last backup that was made under it is gone: without it nobody gets into a cluster made from
   * that backup. A secret has room for 16 or so; a rotation that would drop one is refused.
   *
   * @default - never
   */
  readonly adminRotation?: PasswordRotation;

  /**
   * The function that rotates the password of the automation admin. One of the same stack.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly rotator?: PasswordRotator;

  /**
   * Id of an ACTIVE cluster that `cdk import` has brought, or will bring, into the stack, such as `cluster-igklspoyj5v`. It is taken over as it is, which
   * is checked before anything is made: subnets, HSM type, mode and network type must be what they are. Needs `adminSecret`; no certificate authority and
   * no password of `admin` are made. Stays in the code for as long as the cluster.
   *
   * Importing itself needs the context `cdk-cloudhsm:import`, see the README.
   *
   * @default - the cluster is made
   */
  readonly adoptedClusterId?: string;

  /**
   * Backup that the cluster is made from, with the users, keys and the trust anchor of that day; `hsmType` and `mode` must be the backup's. The automation
   * admin logs in once with the password of that day, and then gets the one in `adminSecret`. Stays in the code for as long as the cluster, and cannot be changed.
   *
   * @default - a new, empty cluster
   */
  readonly backup?: ClusterBackup;

  /**
   * Key that encrypts the secrets of the cluster. Never one of a key store that rests on the cluster itself.
   *
   * @default - a key of its own, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long the HSMs' audit log is kept, in days.
   *
   * @default logs.RetentionDays.INFINITE
   */
  readonly auditLogRetention?: logs.RetentionDays;

  /**
   * Key that encrypts the HSMs' audit log in CloudWatch Logs. Its policy lets CloudWatch Logs use it for the audit logs of CloudHSM in this account and
   * region; a key that was imported must say so already, or the deploy ends with the refusal of CloudWatch Logs. Never one of a key store that rests on the
   * cluster itself. What was written before a change of the key stays under the key of its day.
   *
   * @default - encrypted by CloudWatch Logs, without a key of yours
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly auditLogEncryptionKey?: kms.IKey;

  /**
   * What becomes of the cluster, its HSMs, users, secrets, keys, trust anchor and audit log when they are removed from the stack or the stack is deleted.
   *
   * The default keeps all of it, usable and billed, and cleans up when the very first create rolls back. DESTROY deletes the HSMs and the cluster; the
   * service's backups outlive it. SNAPSHOT is refused: DESTROY already leaves backups.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What carries the custom resources through. One of the same stack.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly lifecycleProvider?: LifecycleProvider;
}

/**
 * An AWS CloudHSM cluster that is ACTIVE when its stack is deployed.
 *
 * In the order of the service: the cluster, its first HSM, initialization with a signed certificate, activation with a first password, the other HSMs. Each
 * is a resource of the stack, so a deploy shows where it is.
 *
 * @resource AWS::CloudHSM::Cluster
 */
export class Cluster extends ClusterBase {
  /**
   * A cluster that is not made in this app and of which only the id is needed: metrics, permissions and ARN.
   *
   * @param clusterId for instance `cluster-igklspoyj5v`
   */
  public static fromClusterId(scope: Construct, id: string, clusterId: string): ICluster {
    return importedCluster(scope, id, { clusterId });
  }

  /**
   * A cluster that is not made in this app. What is asked of it must have been passed; else an error names the attribute.
   */
  public static fromClusterAttributes(scope: Construct, id: string, attributes: ClusterAttributes): ICluster {
    return importedCluster(scope, id, attributes);
  }

  public readonly clusterId: string;
  public readonly vpc: ec2.IVpc;
  public readonly subnets: ec2.ISubnet[];
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  public readonly trustAnchor: ssm.IStringParameter;
  public readonly adminSecret: secretsmanager.ISecret;
  public readonly adminClient: IAdminClient;
  public readonly encryptionKey?: kms.IKey;
  public readonly ready: IDependable;
  public readonly removalPolicy: RemovalPolicy;

  /** Log group of the HSMs' audit log. */
  public readonly auditLogGroup: logs.ILogGroup;

  /** What carries the custom resources through. */
  public readonly lifecycleProvider: LifecycleProvider;

  /**
   * The custom resource of the HSMs; absent where the cluster is not activated.
   *
   * @internal
   */
  public readonly _fleet?: LifecycleResource<FleetProperties>;

  private readonly addresses: FleetAddresses;
  private readonly sealed?: secretsmanager.ISecret;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const wishes = wishesOf(props);
    throwFirst(this, wishProblems(this, props, wishes));
    const adminRotation = props.adminRotation?.bind(this, { userName: AUTOMATION_USER });
    throwFirst(this, adminRotationProblems(adminRotation !== undefined, props.adminSecret !== undefined, adminRotation?.alternateUserName));
    const { removalPolicy, subnets, networkType, hsmType, mode, hsmCount } = wishes;
    const { vpc, adoptedClusterId } = props;
    this.vpc = vpc;
    this.subnets = subnets;
    this.removalPolicy = removalPolicy;

    // What the cluster rests on: made beside it.
    const provider = props.lifecycleProvider ?? LifecycleProvider.forStack(this);
    this.lifecycleProvider = provider;
    const encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: 'Encrypts the passwords of a CloudHSM cluster', enableKeyRotation: true, removalPolicy,
    });
    this.encryptionKey = encryptionKey;
    const authority = this.bindAuthority(props, wishes);
    this.announce(props, wishes, authority);
    const restore = ClusterRestore.of(this, props.backup);
    const roleName = props.adminClient?.roleName ?? restore?.roleName;
    const adminSubnets = props.adminClient?.vpcSubnets ? vpc.selectSubnets(props.adminClient.vpcSubnets).subnets : subnets;
    const adminClient = new AdminClient(this, 'AdminClient', {
      ...props.adminClient,
      roleName,
      vpc,
      vpcSubnets: { subnets: adminSubnets },
      parameterArn: Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${PARAMETER_PREFIX.slice(1)}/*` }),
    });
    this.adminClient = adminClient;
    const secretOptions = { encryptionKey, removalPolicy, reader: adminClient.role };
    const adminSecret = props.adminSecret ?? adminSecretOf(this, secretOptions);
    this.adminSecret = adminSecret;
    const sealed = wishes.isNew ? sealedAdminSecret(this, secretOptions) : undefined;
    this.sealed = sealed;
    letRead(adminSecret, adminClient.role);
    adminClient.grantReadSecrets([adminSecret, ...sealed ? [sealed] : []], [encryptionKey, adminSecret.encryptionKey ?? encryptionKey]);
    provider._permissions.runDocuments(adminClient.documentNames, { key: ADMIN_CLIENT_TAG, value: adminClient.tagValue });
    if (sealed) provider._permissions.sealSecret(sealed.secretArn);
    const readable = restore?.grant({ function: provider._permissions, adminClient }, roleName, encryptionKey) ?? [];

    // The cluster, and its first HSM.
    const subnetIds = subnets.map(({ subnetId }) => subnetId);
    const steps = new ClusterSteps(this, { provider, removalPolicy });
    const preflight = steps.placement({
      SubnetIds: subnetIds,
      HsmType: hsmType.name,
      Mode: mode,
      NetworkType: networkType,
      HsmCount: numberText(hsmCount),
      AdoptedClusterId: adoptedClusterId,
      ...privateCaPreflight(authority),
      Addresses: wishes.addresses,
      ...restore?.source,
    }, restore?.after ?? []);
    const zones = preflight.getAttString('AvailabilityZones');
    const retentionDays = props.backupRetention && numberText(props.backupRetention.toDays());
    const shape = { hsmType: hsmType.name, mode, networkType, subnetIds };
    const restored = restore && steps.restoredCluster({
      SubnetIds: subnetIds, HsmType: hsmType.name, Mode: mode, NetworkType: networkType, BackupRetentionDays: retentionDays ?? '', ...restore.source,
    });
    this.clusterId = restored?.getAttString('ClusterId')
      ?? nativeCluster(this, { ...shape, backupRetentionPolicy: retentionDays === undefined ? undefined : { type: 'DAYS', value: retentionDays } }, removalPolicy, preflight);
    restored?.node.addDependency(preflight);
    const firstHsm = steps.firstHsm({
      ClusterId: this.clusterId,
      AvailabilityZones: zones,
      AuditLogRetentionDays: retentionOf(props.auditLogRetention),
      AuditLogKeyArn: props.auditLogEncryptionKey ? auditLogKeyArn(this, props.auditLogEncryptionKey) : '',
      AdoptedClusterId: adoptedClusterId,
      IsRestored: restored && 'true',
      Addresses: wishes.addresses,
    });
    this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', firstHsm.getAttString('SecurityGroupId'));
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.auditLogGroup = logs.LogGroup.fromLogGroupName(this, 'AuditLog', firstHsm.getAttString('AuditLogGroupName'));
    this.trustAnchor = ssm.StringParameter.fromStringParameterAttributes(this, 'TrustAnchor', {
      parameterName: clusterParameterName(this.clusterId, PARAMETER_NAMES.trustAnchor), simpleName: false, forceDynamicReference: true,
    });
    if (!wishes.activate) {
      this.ready = firstHsm;
      this.addresses = FleetAddresses.none();
      return;
    }

    // From its certificate to all its HSMs.
    // By a handle of the admin client's own, so that its rules are part of it: rules of other clients may depend on what comes after activation.
    adminClient.connections.allowTo(ec2.SecurityGroup.fromSecurityGroupId(adminClient, 'ClusterGroup', this.securityGroup.securityGroupId), HSM_PORTS, 'Admin client');
    const sources = initializationSources(this, authority, props.hsmIdentity);
    if (sources.others.length > 0) provider._permissions.readParameters(sources.others);
    if (authority?.kind === 'EXTERNAL') provider._permissions.watchStack();
    const initialization = steps.initialization({
      ClusterId: this.clusterId,
      Authority: (authority?.kind ?? 'NONE') as AuthorityKind,
      AuthorityKeyArn: authority?.key?.keyArn ?? '',
      ValidityYears: authority?.validityYears === undefined ? '' : numberText(authority.validityYears),
      ...privateCaOrder(this, authority),
      ...sources.properties,
    }, [firstHsm]);
    if (isAwaitingCertificates(authority)) {
      this.ready = initialization;
      this.addresses = FleetAddresses.none();
      signingInstructions(this, this.clusterId);
      return;
    }
    // After all of the admin client and its way to AWS, so that a deletion takes them last. The secrets' policies, because sealing replaces one.
    const activation = steps.activation({
      ClusterId: this.clusterId,
      AdminClientGroupName: adminClient.autoScalingGroupName,
      TrustAnchorParameterName: initialization.getAttString('TrustAnchorParameterName'),
      AdminSecretArn: adminSecret.secretArn,
      SealedAdminSecretArn: sealed?.secretArn ?? '',
      AuthorityKeyArn: authority?.key?.keyArn ?? '',
      ActivateDocumentName: adminClient.activateDocumentName,
      VerifyAdminDocumentName: adminClient.verifyAdminDocumentName,
      ChangeAdminPasswordDocumentName: adminClient.changeAdminPasswordDocumentName,
      BackupAdminSecretArn: restore?.source.BackupAdminSecretArn,
      BackupAdminSecretVersions: restored?.getAttString('AdminSecretVersionIds'),
    }, [adminClient, ...networkPath(this, vpc, adminSubnets), ...readable, ...policyOf(adminSecret), ...sealed ? policyOf(sealed) : []]);
    const fleet = steps.fleet({
      ClusterId: activation.getAttString('ClusterId'),
      HsmCount: numberText(hsmCount),
      AvailabilityZones: zones,
      Placement: wishes.placement?.map(({ subnet, count }) => `${subnet.subnetId}=${count}`),
      PauseKeyStores: wishes.pauseKeyStores ? 'true' : undefined,
      Addresses: wishes.addresses,
    });
    this.ready = fleet;
    this._fleet = fleet;
    this.addresses = FleetAddresses.of(this, fleet);
    if (adminRotation) {
      new SecretRotation(this, 'AdminRotation', {
        cluster: this, rotation: adminRotation, rotator: props.rotator, secret: adminSecret, userName: AUTOMATION_USER, role: 'admin', after: [fleet],
      });
    }
  }

  /**
   * User name and password of the user `admin`. After activation no role of this library can read it. Of an adopted cluster, or one that is made from a
   * backup, it is with whoever activated it, and asking for it is an error.
   */
  public get sealedAdminSecret(): secretsmanager.ISecret {
    if (this.sealed) return this.sealed;
    throw new ValidationError({
      code: 'AdminOfAdoptedCluster',
      text: 'sealedAdminSecret of an adopted cluster is not known: the password of admin is with whoever activated it; use the secret it was kept in',
    }, this);
  }

  /**
   * Addresses of the HSMs, as they were when the stack was last deployed. Only within the stack of the cluster: they change, and an export in use
   * cannot. Clients look them up by the cluster's id.
   */
  public get hsmAddresses(): string[] {
    return this.addresses.hsmAddresses;
  }

  /** Network interfaces of the HSMs, as they were when the stack was last deployed; within the stack of the cluster only. */
  public get networkInterfaceIds(): string[] {
    return this.addresses.networkInterfaceIds;
  }

  /** Adds a crypto user: what an application logs in as. */
  public addCryptoUser(id: string, options: CryptoUserOptions = {}): CryptoUser {
    return new CryptoUser(this, id, { cluster: this, ...options });
  }

  /** Adds an admin, beside `admin` and the automation admin: for people who manage users or approve what needs a quorum. */
  public addAdminUser(id: string, options: AdminUserOptions = {}): AdminUser {
    return new AdminUser(this, id, { cluster: this, ...options });
  }

  /** Adds the KMS custom key store of this cluster: it takes one. */
  public addKeyStore(id: string, options: CustomKeyStoreOptions = {}): CustomKeyStore {
    return new CustomKeyStore(this, id, { cluster: this, ...options });
  }

  /** A cluster that is there, or in a backup, has its trust anchor already. */
  private bindAuthority({ certificateAuthority }: ClusterProps, { isNew, removalPolicy }: ClusterWishes): CertificateAuthorityConfig | undefined {
    if (!isNew) return undefined;
    const authority = (certificateAuthority ?? CertificateAuthority.kms()).bind(this, { removalPolicy });
    const { kind, key, privateCa, validityYears } = authority;
    const given = { hasKey: key !== undefined, hasPrivateCa: privateCa !== undefined };
    throwFirst(this, authorityProblems({ kind, ...given, validityYears: knownNumber(validityYears) }));
    if (key) this.lifecycleProvider._permissions.useAuthorityKey(key);
    if (privateCa) this.lifecycleProvider._permissions.usePrivateCa(privateCa.certificateAuthorityArn, privateCaTemplateArn(this));
    return authority;
  }

  /** To people, what is risky; to what rests on the cluster, what it is going to be. */
  private announce(props: ClusterProps, wishes: ClusterWishes, authority: CertificateAuthorityConfig | undefined): void {
    const { knownCount: hsmCount, subnets, networkType, pauseKeyStores } = wishes;
    const isSubnetListOpen = subnets.some(isOpenList);
    clusterWarnings(this, {
      hsmCount,
      zones: wishes.knownSubnets.map(({ availabilityZone }) => availabilityZone),
      isSubnetListOpen,
      validityYears: authority && knownNumber(authority.validityYears),
      isIdentityVerified: props.hsmIdentity !== undefined || !wishes.isNew,
      vpc: this.vpc,
      retained: wishes.removalPolicy !== RemovalPolicy.DESTROY,
    });
    noteChoices(this, {
      hsmCount,
      zones: isSubnetListOpen ? undefined : knownZones(wishes.knownSubnets),
      networkType,
      notActivated: notActivated(wishes, authority),
      pauseKeyStores,
      isRestored: props.backup !== undefined,
      backupRetentionDays: props.backupRetention === undefined ? DEFAULT_RETENTION_DAYS : knownDays(props.backupRetention),
      rotatesAdmin: props.adminRotation !== undefined,
    });
  }
}

/** One that CloudFormation makes by itself. Returns its id. */
function nativeCluster(scope: Construct, props: CfnClusterProps, removalPolicy: RemovalPolicy, preflight: IDependable): string {
  const resource = new CfnCluster(scope, 'Resource', props);
  resource.applyRemovalPolicy(removalPolicy);
  afterPreflight(scope, resource, preflight);
  return resource.attrClusterId;
}

function retentionOf(retention: logs.RetentionDays | undefined): string {
  return retention === undefined || retention === logs.RetentionDays.INFINITE ? '' : numberText(retention);
}
