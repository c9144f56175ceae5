import { Names, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import { DependencyGroup } from 'constructs';
import type { Construct, IDependable } from 'constructs';
import { CustomKeyStoreKey } from './custom-key-store-key';
import type { CustomKeyStoreKeyOptions } from './custom-key-store-key';
import type { ICustomKeyStore } from './custom-key-store-ref';
import { ADMIN_CLIENT_TAG } from '../client/admin-client-ref';
import { choicesOf, notActivatedProblem } from '../cluster/cluster-choices';
import type { ICluster } from '../cluster/cluster-ref';
import { KEY_STORE_TYPE } from '../lifecycle/key-store-contract';
import type { KeyStoreProperties } from '../lifecycle/key-store-contract';
import { LifecycleResource } from '../lifecycle/lifecycle-resource';
import { LifecycleProvider } from '../lifecycle/provider';
import { throwFirst } from '../private/errors';
import { keyStoreNameProblem, restingRemovalProblem, secondStoreProblem, storeClusterProblems } from '../private/key-store-validation';
import { providerStackProblem } from '../private/validation';

/** Settings of a `CustomKeyStore`. */
export interface CustomKeyStoreOptions {
  /**
   * Name of the key store, unique in account and Region: 1 to 256 characters. It shows in CloudTrail. Changed in place, also while the store is connected.
   *
   * @default - made of the construct's path
   */
  readonly customKeyStoreName?: string;

  /**
   * What becomes of the key store when it is removed from the stack. With DESTROY it is deleted if no key is left in it; else the deletion fails and says which
   * keys there are. Cannot be longer than the cluster is kept.
   *
   * @default - the cluster's; of an imported cluster RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What carries the change through. One of the same stack.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly lifecycleProvider?: LifecycleProvider;
}

/** Properties of a `CustomKeyStore`. */
export interface CustomKeyStoreProps extends CustomKeyStoreOptions {
  /**
   * The cluster: ACTIVE, with two HSMs in two Availability Zones or more, reached by IPv4. It has one key store.
   *
   * May be changed to a cluster that was restored from a backup of this one. The new cluster is checked before the store leaves the old one.
   */
  readonly cluster: ICluster;
}

/** Length of names that are made up. */
const MADE_UP_NAME_LENGTH = 128;

/**
 * A KMS custom key store on a CloudHSM cluster, CONNECTED when its stack is deployed.
 *
 * Its keys are ordinary KMS keys for everybody who uses them, while their material never leaves the HSMs of the cluster. KMS works there as the crypto user
 * `kmsuser`, who is made, or given a new password, for the moment of connecting; after it nobody but KMS knows that password.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/keystore-cloudhsm.html
 */
export class CustomKeyStore extends Resource implements ICustomKeyStore {
  /**
   * The one on a cluster, if it is made in this app.
   *
   * @internal
   */
  public static _on(cluster: ICluster): CustomKeyStore | undefined {
    return STORES.get(cluster);
  }

  /**
   * A key store that is not made in this app. It must be CONNECTED.
   *
   * @param customKeyStoreId for instance `cks-1234567890abcdef0`
   */
  public static fromCustomKeyStoreId(scope: Construct, id: string, customKeyStoreId: string): ICustomKeyStore {
    class ImportedKeyStore extends Resource implements ICustomKeyStore {
      public readonly customKeyStoreId = customKeyStoreId;
      public readonly ready: IDependable = new DependencyGroup();
      // It is not in this app's hands, so its keys are kept as well.
      public readonly removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    }
    return new ImportedKeyStore(scope, id);
  }

  public readonly customKeyStoreId: string;
  public readonly ready: IDependable;
  public readonly removalPolicy: RemovalPolicy;

  /** Name of the key store. */
  public readonly customKeyStoreName: string;

  /** The cluster that the key store rests on. */
  public readonly cluster: ICluster;

  private readonly lifecycleProvider?: LifecycleProvider;

  constructor(scope: Construct, id: string, props: CustomKeyStoreProps) {
    super(scope, id);
    const { cluster } = props;
    const removalPolicy = props.removalPolicy ?? cluster.removalPolicy;
    this.customKeyStoreName = props.customKeyStoreName ?? Names.uniqueResourceName(this, { maxLength: MADE_UP_NAME_LENGTH, separator: '-' });
    const choices = choicesOf(cluster);
    throwFirst(this, [
      Token.isUnresolved(this.customKeyStoreName) ? undefined : keyStoreNameProblem(this.customKeyStoreName),
      notActivatedProblem('a key store', this, cluster),
      ...choices ? storeClusterProblems(choices) : [],
      secondStoreProblem(STORES.get(cluster)?.node.path),
      restingRemovalProblem('key store', removalPolicy, 'cluster', cluster.removalPolicy),
      props.lifecycleProvider && providerStackProblem(Stack.of(props.lifecycleProvider).node.path, Stack.of(this).node.path),
    ]);
    STORES.set(cluster, this);
    this.cluster = cluster;
    this.removalPolicy = removalPolicy;
    this.lifecycleProvider = props.lifecycleProvider;

    const provider = props.lifecycleProvider ?? LifecycleProvider.forStack(this);
    const { adminClient } = cluster;
    provider._permissions.runDocuments([adminClient.resetKmsUserDocumentName], { key: ADMIN_CLIENT_TAG, value: adminClient.tagValue });
    provider._permissions.manageKeyStores();
    provider._permissions.readTrustAnchor(cluster.trustAnchor);
    if (cluster.encryptionKey) provider._permissions.useKey(cluster.encryptionKey);
    const resource = new LifecycleResource<KeyStoreProperties>(this, 'Resource', {
      provider,
      type: KEY_STORE_TYPE,
      removalPolicy,
      properties: {
        ClusterId: cluster.clusterId,
        CustomKeyStoreName: this.customKeyStoreName,
        TrustAnchorParameterName: cluster.trustAnchor.parameterName,
        AdminSecretArn: cluster.adminSecret.secretArn,
        AdminClientGroupName: adminClient.autoScalingGroupName,
        AdminClientRoleArn: adminClient.role.roleArn,
        ProviderRoleArn: provider.role.roleArn,
        SecretKeyArn: cluster.encryptionKey?.keyArn ?? '',
        ResetKmsUserDocumentName: adminClient.resetKmsUserDocumentName,
        Paused: String(choices?.hsmCount !== undefined && choices.hsmCount < 2),
      },
      after: [cluster.ready],
    });
    this.customKeyStoreId = resource.getAttString('CustomKeyStoreId');
    this.ready = resource;
  }

  /** Adds a key. */
  public addKey(id: string, options: CustomKeyStoreKeyOptions = {}): CustomKeyStoreKey {
    return new CustomKeyStoreKey(this, id, { keyStore: this, lifecycleProvider: this.lifecycleProvider, ...options });
  }
}

/** The one store of each cluster. */
const STORES = new WeakMap<ICluster, CustomKeyStore>();
