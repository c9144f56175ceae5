import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { letAlarmsIn, ring, tellOfCalls } from './alarm-topic';
import { HealthProbe } from './health-probe';
import { probeMetric } from './probe-metric';
import { choicesOf } from '../cluster/cluster-choices';
import type { ICluster } from '../cluster/cluster-ref';
import { CustomKeyStore } from '../key-store/custom-key-store';
import { CustomKeyStoreKey } from '../key-store/custom-key-store-key';
import { PROBE_DIMENSIONS, PROBE_METRICS } from '../lifecycle/probe-contract';
import { throwFirst } from '../private/errors';
import { knownDays, knownHours, knownMinutes } from '../private/known';
import { intervalProblem, maxBackupAgeProblem, ownKeyProblem, trustAnchorWarningProblem } from '../private/monitor-validation';

/** Properties of a `ClusterMonitor`. */
export interface ClusterMonitorProps {
  /** The cluster. */
  readonly cluster: ICluster;

  /**
   * Who is told: of alarms, when they are over, and of calls.
   *
   * Not encrypted with a key whose material is in this cluster.
   */
  readonly topic: sns.ITopic;

  /**
   * How often the probe looks: 1 to 60 minutes. Two looks in a row decide.
   *
   * @default Duration.minutes(5)
   */
  readonly interval?: Duration;

  /**
   * How old the newest backup may be. CloudHSM makes one a day.
   *
   * @default Duration.hours(26)
   */
  readonly maxBackupAge?: Duration;

  /**
   * How long before the trust anchor ends to alarm. It cannot be replaced: what ends is the cluster, and its successor takes time to plan.
   *
   * @default Duration.days(180)
   */
  readonly trustAnchorWarning?: Duration;

  /**
   * What looks.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly probe?: HealthProbe;
}

const DEFAULT_INTERVAL = Duration.minutes(5);
const DEFAULT_BACKUP_AGE = Duration.hours(26);
const DEFAULT_ANCHOR_WARNING = Duration.days(180);

/** Zones without which keys that were just made may be lost, and a key store cannot connect. */
const ZONES_WANTED = 2;

/** CloudTrail's documents and the service's model disagree on its name there. */
const CLOUDHSM_CALLS = { sources: ['aws.cloudhsm', 'aws.cloudhsmv2'], eventSources: ['cloudhsm.amazonaws.com', 'cloudhsmv2.amazonaws.com'] };

/**
 * Alarms on a CloudHSM cluster, and word of calls that take something of it away; all to one topic.
 *
 * Alarms: an HSM is unhealthy; ACTIVE HSMs in too few Availability Zones; the newest backup too old; the trust anchor about to end. A function looks
 * every few minutes, and if it stops looking that alarms too.
 *
 * Calls: DeleteHsm and ModifyCluster on this cluster, and DeleteBackup on any backup of the account and Region, for that call names no cluster. They are
 * told of only where a trail of CloudTrail logs management events.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/hsm-metrics-cw.html
 * @resource AWS::CloudWatch::Alarm
 */
export class ClusterMonitor extends Construct {
  /** Rings when CloudHSM finds an HSM unhealthy. */
  public readonly hsmUnhealthyAlarm: cloudwatch.Alarm;

  /** Rings when HSMs are ACTIVE in fewer than two zones, or in none if the cluster has one HSM. */
  public readonly activeZonesAlarm: cloudwatch.Alarm;

  /** Rings when the newest backup is too old. */
  public readonly backupAgeAlarm: cloudwatch.Alarm;

  /** Rings when the trust anchor is about to end. */
  public readonly trustAnchorAlarm: cloudwatch.Alarm;

  /** Tells of DeleteHsm and ModifyCluster on this cluster. */
  public readonly clusterCallRule: events.Rule;

  /** Tells of DeleteBackup on any backup. */
  public readonly backupCallRule: events.Rule;

  constructor(scope: Construct, id: string, props: ClusterMonitorProps) {
    super(scope, id);
    const { cluster, topic, interval = DEFAULT_INTERVAL, maxBackupAge = DEFAULT_BACKUP_AGE, trustAnchorWarning = DEFAULT_ANCHOR_WARNING } = props;
    const topicKey = CustomKeyStoreKey._behind(topic.masterKey);
    throwFirst(this, [
      intervalProblem(knownMinutes(interval)),
      maxBackupAgeProblem(knownHours(maxBackupAge)),
      trustAnchorWarningProblem(knownDays(trustAnchorWarning)),
      ownKeyProblem(topicKey?.keyStore instanceof CustomKeyStore && topicKey.keyStore.cluster === cluster ? topicKey.node.path : undefined, 'cluster'),
    ]);
    letAlarmsIn(this, topic);

    const probe = props.probe ?? HealthProbe.forStack(this);
    probe._lookAtCluster(cluster.trustAnchor);
    probe._every(this, interval, { Probe: 'CLUSTER', ClusterId: cluster.clusterId, TrustAnchorParameterName: cluster.trustAnchor.parameterName });
    const of = { [PROBE_DIMENSIONS.cluster]: cluster.clusterId };
    const reported = (metricName: string) => probeMetric(metricName, of, cloudwatch.Stats.MINIMUM, interval);
    const alarm = (alarmId: string, alarmProps: Omit<cloudwatch.AlarmProps, 'treatMissingData'>) =>
      ring(new cloudwatch.Alarm(this, alarmId, { treatMissingData: cloudwatch.TreatMissingData.BREACHING, ...alarmProps }), topic);

    this.hsmUnhealthyAlarm = ring(new cloudwatch.Alarm(this, 'HsmUnhealthy', {
      alarmDescription: 'CloudHSM finds an HSM of the cluster unhealthy and replaces it. If this lasts for an hour: open a case with AWS Support.',
      // By cluster, not by HSM: one that is replaced has another id.
      metric: cluster.metricHsmUnhealthy(),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // A cluster that is paused reports nothing, which is no news: the probe tells if HSMs are gone.
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    }), topic);
    const zones = Math.min(ZONES_WANTED, choicesOf(cluster)?.hsmCount ?? ZONES_WANTED);
    this.activeZonesAlarm = alarm('ActiveZones', {
      alarmDescription: `HSMs are ACTIVE in fewer than ${zones} Availability Zones, or the probe is dead. Look at the HSMs' states; one that was deleted comes back when hsmCount is changed.`,
      metric: reported(PROBE_METRICS.activeZones),
      threshold: zones,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      // One may be replaced right now.
      evaluationPeriods: 2,
    });
    this.backupAgeAlarm = alarm('BackupAge', {
      alarmDescription: 'The newest backup of the cluster is too old, or the probe is dead: what was made since then is lost with the last HSM. Look whether backups '
        + 'were deleted, open a case with AWS Support.',
      metric: reported(PROBE_METRICS.backupAge),
      threshold: maxBackupAge.toSeconds(),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
    });
    this.trustAnchorAlarm = alarm('TrustAnchor', {
      alarmDescription: 'The trust anchor of the cluster is about to end and cannot be replaced, or the probe is dead: plan another cluster, restored from a backup.',
      metric: reported(PROBE_METRICS.trustAnchorDaysLeft),
      threshold: trustAnchorWarning.toDays(),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
    });

    this.clusterCallRule = tellOfCalls(this, 'ClusterCalls', topic, {
      description: 'Tells of calls that take HSMs of the cluster away or change it',
      ...CLOUDHSM_CALLS,
      calls: ['DeleteHsm', 'ModifyCluster'],
      parameters: { clusterId: cluster.clusterId },
    });
    this.backupCallRule = tellOfCalls(this, 'BackupCalls', topic, {
      description: 'Tells of deleted CloudHSM backups, of whichever cluster: the call names a backup only',
      ...CLOUDHSM_CALLS,
      calls: ['DeleteBackup'],
    });
    // Nothing rings while the cluster is still being made.
    this.node.addDependency(cluster.ready);
  }
}
