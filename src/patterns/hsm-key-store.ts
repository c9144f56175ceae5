import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Cluster } from '../cluster/cluster';
import type { ClusterProps } from '../cluster/cluster';
import { CustomKeyStore } from '../key-store/custom-key-store';
import type { CustomKeyStoreKey, CustomKeyStoreKeyOptions } from '../key-store/custom-key-store-key';
import { ClusterMonitor } from '../monitoring/cluster-monitor';
import { KeyStoreMonitor } from '../monitoring/key-store-monitor';

/** Properties of an `HsmKeyStore`: all that a `Cluster` takes, and what is said of its key store. */
export interface HsmKeyStoreProps extends ClusterProps {
  /**
   * Name of the key store, unique in account and Region.
   *
   * @default - made of the construct's path
   */
  readonly customKeyStoreName?: string;

  /**
   * A first key. More can be added by `keyStore.addKey`.
   *
   * @default - none
   */
  readonly key?: CustomKeyStoreKeyOptions;

  /**
   * Who is told when cluster or store fail, and of calls that take something of them away: makes a `ClusterMonitor` and a `KeyStoreMonitor`.
   *
   * @default - nobody, and nothing is watched
   */
  readonly alarmTopic?: sns.ITopic;
}

/**
 * A CloudHSM cluster, a KMS custom key store on it and, if asked, a first key: what it takes to encrypt with keys that live in HSMs of your own.
 *
 * Removal policy and lifecycle provider of the cluster are those of store and key.
 */
export class HsmKeyStore extends Construct {
  /** The cluster. */
  public readonly cluster: Cluster;

  /** The key store. */
  public readonly keyStore: CustomKeyStore;

  /** The first key, if one was asked for. */
  public readonly key?: CustomKeyStoreKey;

  /** Watches the cluster, if there is a topic. */
  public readonly clusterMonitor?: ClusterMonitor;

  /** Watches the key store, if there is a topic. */
  public readonly keyStoreMonitor?: KeyStoreMonitor;

  constructor(scope: Construct, id: string, props: HsmKeyStoreProps) {
    super(scope, id);
    const { customKeyStoreName, key, alarmTopic: topic, ...clusterProps } = props;
    this.cluster = new Cluster(this, 'Cluster', clusterProps);
    this.keyStore = this.cluster.addKeyStore('KeyStore', { customKeyStoreName, lifecycleProvider: props.lifecycleProvider });
    this.key = key && this.keyStore.addKey('Key', key);
    if (!topic) return;
    this.clusterMonitor = new ClusterMonitor(this, 'ClusterMonitor', { cluster: this.cluster, topic });
    // A key of its own: the first key may have a policy that lets nobody else in.
    this.keyStoreMonitor = new KeyStoreMonitor(this, 'KeyStoreMonitor', { keyStore: this.keyStore, topic, lifecycleProvider: props.lifecycleProvider });
  }
}
