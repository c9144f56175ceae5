import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { letAlarmsIn, ring, tellOfCalls } from './alarm-topic';
import { HealthProbe } from './health-probe';
import { probeMetric } from './probe-metric';
import { CustomKeyStoreKey } from '../key-store/custom-key-store-key';
import type { ICustomKeyStore } from '../key-store/custom-key-store-ref';
import { PROBE_DIMENSIONS, PROBE_METRICS } from '../lifecycle/probe-contract';
import type { LifecycleProvider } from '../lifecycle/provider';
import { throwFirst } from '../private/errors';
import { knownMinutes } from '../private/known';
import { intervalProblem, otherStoreProblem, ownKeyProblem } from '../private/monitor-validation';

/** Properties of a `KeyStoreMonitor`. */
export interface KeyStoreMonitorProps {
  /** The key store. */
  readonly keyStore: ICustomKeyStore;

  /**
   * Who is told: of alarms, when they are over, and of calls.
   *
   * Not encrypted with a key of this store: the alarm would die with what it watches.
   */
  readonly topic: sns.ITopic;

  /**
   * A key of the store for the probe to make data keys with. Its policy must let the account decide by IAM, as it does by default.
   *
   * @default - a key of its own. It follows the removal policy of the store: kept, and $1 a month, when the monitor is removed; with DESTROY scheduled
   * for deletion after seven days, and until then the store cannot be deleted
   */
  readonly key?: kms.IKey;

  /**
   * How often the probe makes a data key: 1 to 60 minutes. Two in a row that fail, or do not come, ring.
   *
   * @default Duration.minutes(5)
   */
  readonly interval?: Duration;

  /**
   * What looks.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly probe?: HealthProbe;

  /**
   * What makes the probe's own key. One of the same stack.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly lifecycleProvider?: LifecycleProvider;
}

const DEFAULT_INTERVAL = Duration.minutes(5);

/** The shortest that KMS has. */
const PENDING_WINDOW = Duration.days(7);

const KMS_CALLS = { sources: ['aws.kms'], eventSources: ['kms.amazonaws.com'] };

/**
 * An alarm on a KMS custom key store that does not work, and word of calls that cut off what is encrypted; all to one topic.
 *
 * ConnectionState is no sign of health, and KMS tells nobody when a store fails: so a function really makes a data key every few minutes. If it stops doing
 * so that alarms too. A store that is paused rings.
 *
 * Calls: DisconnectCustomKeyStore on this store, and ScheduleKeyDeletion on any key of the account and Region, for that call does not say which store a key
 * is in. They are told of only where a trail of CloudTrail logs management events.
 *
 * @resource AWS::CloudWatch::Alarm
 */
export class KeyStoreMonitor extends Construct {
  /** Rings when no data key could be made. */
  public readonly dataKeyAlarm: cloudwatch.Alarm;

  /** The key by which data keys are made. */
  public readonly key: kms.IKey;

  /** Tells of DisconnectCustomKeyStore on this store. */
  public readonly storeCallRule: events.Rule;

  /** Tells of ScheduleKeyDeletion on any key. */
  public readonly keyCallRule: events.Rule;

  constructor(scope: Construct, id: string, props: KeyStoreMonitorProps) {
    super(scope, id);
    const { keyStore, topic, interval = DEFAULT_INTERVAL } = props;
    const topicKey = CustomKeyStoreKey._behind(topic.masterKey);
    const probeKey = CustomKeyStoreKey._behind(props.key);
    throwFirst(this, [
      intervalProblem(knownMinutes(interval)),
      ownKeyProblem(topicKey && isSame(topicKey.keyStore, keyStore) ? topicKey.node.path : undefined, 'key store'),
      otherStoreProblem(probeKey && !maybeSame(probeKey.keyStore, keyStore) ? probeKey.node.path : undefined),
    ]);
    letAlarmsIn(this, topic);
    this.key = props.key ?? new CustomKeyStoreKey(this, 'Key', {
      keyStore,
      description: 'Makes data keys for cdk-cloudhsm\'s probe; encrypts nothing',
      pendingWindow: PENDING_WINDOW,
      lifecycleProvider: props.lifecycleProvider,
    });

    const probe = props.probe ?? HealthProbe.forStack(this);
    probe._makeDataKeys(this.key);
    probe._every(this, interval, { Probe: 'KEY_STORE', CustomKeyStoreId: keyStore.customKeyStoreId, KeyArn: this.key.keyArn });
    this.dataKeyAlarm = ring(new cloudwatch.Alarm(this, 'DataKey', {
      alarmDescription: 'No data key could be made in the key store, or the probe is dead: nothing that is encrypted with its keys can be read. Look at the probe\'s log for '
        + 'KMS\'s answer, at the store\'s ConnectionState, and at the HSMs.',
      metric: probeMetric(PROBE_METRICS.dataKeyMade, { [PROBE_DIMENSIONS.keyStore]: keyStore.customKeyStoreId }, cloudwatch.Stats.MAXIMUM, interval),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    }), topic);

    this.storeCallRule = tellOfCalls(this, 'StoreCalls', topic, {
      description: 'Tells when the key store is disconnected',
      ...KMS_CALLS,
      calls: ['DisconnectCustomKeyStore'],
      parameters: { customKeyStoreId: keyStore.customKeyStoreId },
    });
    this.keyCallRule = tellOfCalls(this, 'KeyCalls', topic, {
      description: 'Tells when a KMS key is to be deleted, of whichever store: the call names a key only',
      ...KMS_CALLS,
      calls: ['ScheduleKeyDeletion'],
    });
    // Nothing rings while the store is still being made.
    this.node.addDependency(keyStore.ready);
  }
}

/** Whether they are known to be the same store, perhaps imported twice. */
function isSame(one: ICustomKeyStore, other: ICustomKeyStore): boolean {
  return one === other || (known(one, other) && one.customKeyStoreId === other.customKeyStoreId);
}

/** Whether they are not known to be different ones. */
function maybeSame(one: ICustomKeyStore, other: ICustomKeyStore): boolean {
  return isSame(one, other) || !known(one, other);
}

function known(...stores: readonly ICustomKeyStore[]): boolean {
  return stores.every(({ customKeyStoreId }) => !Token.isUnresolved(customKeyStoreId));
}
